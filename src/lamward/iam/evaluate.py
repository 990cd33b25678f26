"""The evaluator: a set of policies prepared once, then asked many times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Final, TypeVar

from lamward.iam import context, platform, worlds
from lamward.iam.attached import with_attached
from lamward.iam.compiled import CERTAIN, Compiled, compile_policy
from lamward.iam.conditions import Check, View
from lamward.iam.principals import Naming
from lamward.iam.ruling import Line, Matter, Ruling, bound
from lamward.model.access import (
    Block,
    Caller,
    CallerKind,
    ContextValue,
    Decision,
    Layer,
    Policies,
    Request,
    Truth,
    Verdict,
)
from lamward.model.value import Guard

NO, YES = Truth.NO, Truth.YES
_Outcome = tuple[tuple[Truth, ...], bool, bool]
PLANS_KEPT: Final = 2048
"""Pairs of action and caller for which a set of policies remembers what to ask.

Where no statement tells callers of a kind apart, the kind stands for all of them.
"""

RULINGS_KEPT: Final = 32
"""Decisions that a plan remembers; they differ only in what the statements it asks say."""


def decide(policies: Policies, request: Request) -> Decision:
    """Decide one request; prepare the policies once where there are more."""
    return prepare(policies).decide(request)


def prepare(policies: Policies) -> Evaluator:
    """Compile a set of policies."""
    return Evaluator(policies)


class Evaluator:
    """A set of policies that answers requests."""

    def __init__(self, policies: Policies) -> None:
        self.policies = policies = with_attached(policies)
        found = worlds.worlds(worlds.every(policies))
        self._worlds: tuple[tuple[Guard, _World], ...] = tuple(
            (world, _World(worlds.rewrite(policies, partial(worlds.settle, world=world))))
            for world in found or ()
        )
        self._only = self._worlds[0][1] if len(self._worlds) == 1 else None

    def decide(self, request: Request) -> Decision:
        """Decide a request; an answer that depends on the template's conditions is unknown, and says so."""
        if self._only is not None:
            return self._only.decide(request)
        if not self._worlds:
            return worlds.TOO_MANY
        return worlds.combine((world, settled.decide(request)) for world, settled in self._worlds)


class _Plan:
    """What to ask about one action of one caller, and the decisions that came of it.

    `denying` and `allowing` are what is left to ask once action and caller are known. `fixed` decides whatever else
    the request says; `refusable` says that AWS itself may refuse; `governable` that the resource's own policy may
    have to allow; `contextual` that context keys matter; `decisive` that any deny that matches settles the matter.
    """

    __slots__ = (
        "allowing",
        "allows",
        "bound",
        "contextual",
        "decisive",
        "denies",
        "denying",
        "fixed",
        "governable",
        "refusable",
        "resource",
        "rulings",
    )

    def __init__(
        self, action: str, kind: CallerKind, lines: Iterable[Line], layers: frozenset[Layer]
    ) -> None:
        lowered = action.lower()
        self.bound = layers
        self.fixed = Decision(Verdict.ALLOWED) if platform.is_free(lowered, kind) else None
        self.refusable = lowered.startswith(("iam:", "kms:")) or lowered in platform.FREE_ACTIONS
        self.governable = lowered.startswith(("kms:", "sts:"))
        self.resource = platform.fixed_resource(action)
        found = tuple(lines)
        self.contextual = any(line.statement.contextual for line in found)
        self.denies = tuple(line for line in found if line.statement.denies)
        self.allows = tuple(line for line in found if line.statement.allows)
        self.denying = tuple(line.ask for line in self.denies if line.ask is not None)
        self.allowing = tuple(line.ask for line in self.allows if line.ask is not None)
        self.decisive = all(YES in line.names.values() for line in self.denies)
        self.rulings: dict[_Outcome, Decision] = {}


class _World:
    """A set of policies without guards."""

    def __init__(self, policies: Policies) -> None:
        self.policies = policies
        self.bounded = policies.boundary is not None
        self.statements = tuple((each, each.open()) for each in _compile(policies))
        self.personal = any(each.personal for each, _ in self.statements)
        # Only a principal written as a unique id is compared with a key of the context.
        self.by_id = any(each.by_id for each, _ in self.statements)
        self.plans: dict[tuple[str, Caller | CallerKind, bool, ContextValue | None], _Plan] = {}
        self.speaking: dict[str, tuple[tuple[Compiled, Check | None, Truth], ...]] = {}

    def decide(self, request: Request) -> Decision:
        """Decide a request."""
        action, caller = request.action, request.principal
        userid = context.stated(request, "aws:userid") if self.by_id else None
        key = (action, caller if self.personal else caller.kind, caller.service_linked, userid)
        plan = self.plans.get(key)
        if plan is None:
            plan = _kept(self.plans, PLANS_KEPT, key, self._plan(action, caller, userid))
        if plan.fixed is not None:
            return plan.fixed
        refused = platform.refusal(request) if plan.refusable else ""
        if refused:
            return Decision(Verdict.EXPLICITLY_DENIED, blocked_by=(Block(Layer.AWS, refused),))
        account = context.resource_account(request)
        keys = context.complete(request, account) if plan.contextual else _NO_KEYS
        view = View(request, keys, plan.resource or request.resource, bounded=self.bounded)
        said = [ask(view) for ask in plan.denying] if plan.denying else []
        if not (plan.decisive and YES in said):
            said += [ask(view) for ask in plan.allowing]
        governed = plan.governable and platform.governed_by_resource(action, request.resource)
        outcome = (tuple(said), account == caller.account != "", governed)
        return plan.rulings.get(outcome) or _kept(
            plan.rulings, RULINGS_KEPT, outcome, self._rule(request, plan, outcome)
        )

    def _rule(self, request: Request, plan: _Plan, outcome: _Outcome) -> Decision:
        said, same_account, governed = outcome
        matter = Matter(request.action, request.principal.kind, plan.bound, same_account, governed)
        answers = iter(said)
        denies = [(line, _answer(line, answers)) for line in plan.denies]
        allows = ((line, _answer(line, answers)) for line in plan.allows)
        return Ruling(self.policies, matter).decide(denies, allows)

    def _plan(self, action: str, caller: Caller, userid: ContextValue | None) -> _Plan:
        """Settle what action and caller alone decide."""
        speaking = self.speaking.get(action)
        if speaking is None:
            found = ((each, ask, each.actions(action)) for each, ask in self.statements)
            speaking = tuple(each for each in found if each[2] is not NO)
            _kept(self.speaking, PLANS_KEPT, action, speaking)
        layers = bound(self.policies, caller, controlled=platform.has_resource_control(action))
        shown = Request(caller, action, "*", {} if userid is None else {"aws:userid": userid})
        view = View.of(shown, bounded=self.bounded)
        lines = (
            Line(each, _names(each, view, truth), ask)
            for each, ask, truth in speaking
            if each.layer in layers
        )
        return _Plan(action, caller.kind, (line for line in lines if line.names), layers)


_NO_KEYS: Final[Mapping[str, ContextValue]] = {}
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _kept(store: dict[_Key, _Value], most: int, key: _Key, value: _Value) -> _Value:
    """Remember a value; forget all where there are too many."""
    if len(store) >= most:
        store.clear()
    store[key] = value
    return value


def _names(statement: Compiled, view: View, action: Truth) -> Mapping[Naming, Truth]:
    """Tell by what a statement names the caller of a view, and how surely it speaks of the action too."""
    names = CERTAIN if statement.names is None else statement.names(view)
    if action is YES and NO not in names.values():
        return names
    return {grade: truth & action for grade, truth in names.items() if truth is not NO}


def _answer(line: Line, answers: Iterator[Truth]) -> Truth:
    return line.statement.at_most if line.ask is None else next(answers)


def _compile(policies: Policies) -> Iterable[Compiled]:
    for level, documents in enumerate(policies.resource_control):
        for policy in documents:
            yield from compile_policy(policy, Layer.RESOURCE_CONTROL, level)
    for level, documents in enumerate(policies.service_control):
        for policy in documents:
            yield from compile_policy(policy, Layer.SERVICE_CONTROL, level)
    groups = {
        Layer.ENDPOINT: policies.endpoint,
        Layer.RESOURCE: None if policies.resource is None else (policies.resource,),
        Layer.BOUNDARY: policies.boundary,
        Layer.SESSION: policies.session,
        Layer.IDENTITY: policies.identity,
    }
    for layer, group in groups.items():
        for policy in group or ():
            yield from compile_policy(policy, layer)
