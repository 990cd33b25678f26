"""The evaluator: a set of policies prepared once, then asked many times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final, NamedTuple

from lamward.iam import context, platform, worlds
from lamward.iam.compiled import CERTAIN, Compiled, compile_policy
from lamward.iam.conditions import View
from lamward.iam.principals import Naming
from lamward.model.access import (
    Block,
    CallerKind,
    Decision,
    Determining,
    Layer,
    Policies,
    Request,
    Truth,
    Verdict,
)
from lamward.model.value import Guard

NO, UNKNOWN, YES = Truth.NO, Truth.UNKNOWN, Truth.YES
PLANS_KEPT: Final = 4096
_WITH_IDENTITY: Final = frozenset(
    {CallerKind.ROOT, CallerKind.USER, CallerKind.ROLE_SESSION, CallerKind.FEDERATED_USER}
)
_OWN_LAYERS: Final = frozenset({Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION})
_IMPLICIT: Final = Decision(
    Verdict.IMPLICITLY_DENIED, blocked_by=(Block(Layer.IDENTITY, "no statement allows it"),)
)


def decide(policies: Policies, request: Request) -> Decision:
    """Decide one request; prepare the policies once where there are more."""
    return prepare(policies).decide(request)


def prepare(policies: Policies) -> Evaluator:
    """Compile a set of policies."""
    return Evaluator(policies)


class Evaluator:
    """A set of policies that answers requests."""

    def __init__(self, policies: Policies) -> None:
        self.policies = policies
        found = worlds.worlds(worlds.every(policies))
        self._worlds: tuple[tuple[Guard, _World], ...] = tuple(
            (world, _World(worlds.rewrite(policies, partial(worlds.settle, world=world))))
            for world in found or ()
        )

    def decide(self, request: Request) -> Decision:
        """Decide a request; an answer that depends on the template's conditions is unknown, and says so."""
        if not self._worlds:
            return worlds.TOO_MANY
        if len(self._worlds) == 1:
            return self._worlds[0][1].decide(request)
        return worlds.combine((world, settled.decide(request)) for world, settled in self._worlds)


class _Plan(NamedTuple):
    """What to ask about one action: only the statements that speak of it, those that are sure to come first."""

    free: bool
    guarded: bool
    denies: tuple[tuple[Compiled, Truth], ...]
    allows: tuple[tuple[Compiled, Truth], ...]
    plain_allows: tuple[Compiled, ...] | None


class _World:
    """A set of policies without guards."""

    def __init__(self, policies: Policies) -> None:
        self.policies = policies
        self.statements = tuple(_compile(policies))
        self.plans: dict[str, _Plan] = {}
        self.simple = policies == Policies(identity=policies.identity)

    def plan(self, action: str) -> _Plan:
        """Give the plan for an action."""
        found = self.plans.get(action)
        if found is None:
            if len(self.plans) >= PLANS_KEPT:
                self.plans.clear()
            found = self.plans[action] = self._make(action)
        return found

    def _make(self, action: str) -> _Plan:
        speaking = [(each, each.actions(action)) for each in self.statements]
        allows = tuple((each, truth) for each, truth in speaking if each.allows and truth is not NO)
        denies = tuple((each, truth) for each, truth in speaking if each.denies and truth is not NO)
        lowered = action.lower()
        plain = self.simple and not denies and all(truth is YES for _, truth in allows)
        guarded = (
            lowered in platform.FREE_ACTIONS
            or lowered.startswith(("iam:", "kms:", "sts:"))
            or platform.effective_resource(action, "x") == "*"
        )
        return _Plan(
            lowered in platform.FREE_ACTIONS,
            guarded,
            denies,
            allows,
            tuple(each for each, _ in allows) if plain else None,
        )

    def decide(self, request: Request) -> Decision:
        """Decide a request."""
        plan = self.plan(request.action)
        if plan.plain_allows is not None and not plan.guarded:
            caller = request.principal
            if caller.kind is CallerKind.ROLE_SESSION and context.same_account(request):
                return self._decide_plainly(plan.plain_allows, request)
        if plan.free:
            return Decision(Verdict.ALLOWED)
        refused = platform.refusal(request)
        if refused:
            return Decision(Verdict.EXPLICITLY_DENIED, blocked_by=(Block(Layer.AWS, refused),))
        return _Question(self.policies, request, plan).decide()

    def _decide_plainly(self, allows: tuple[Compiled, ...], request: Request) -> Decision:
        """Decide where only identity policies have a say and nothing is denied."""
        view = View(request, bounded=False)
        hits = []
        unsure = None
        for each in allows:
            truth = each.match(view)
            if truth is YES:
                hits.append(each.determining)
            elif truth is UNKNOWN:
                unsure = unsure or each
        if hits:
            return Decision(Verdict.ALLOWED, tuple(hits))
        return _IMPLICIT if unsure is None else Decision(Verdict.UNKNOWN, unknowns=(_why(unsure),))


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


def _why(statement: Compiled) -> str:
    if statement.unreadable:
        return f"the {statement.layer} cannot be read in full: {statement.unreadable}"
    name = f" `{statement.determining.policy}`" if statement.determining.policy else ""
    return f"statement {statement.determining.index + 1} of the {statement.layer}{name} may match"


class _Question:
    """One request put to one plan."""

    def __init__(self, policies: Policies, request: Request, plan: _Plan) -> None:
        self.policies = policies
        self.request = request
        self.plan = plan
        self.view = View(request, bounded=policies.boundary is not None)
        self.bound = self._bound_layers()
        self.best: dict[tuple[Layer, int, Naming], Truth] = {}
        self.unsure: dict[str, None] = {}

    def _bound_layers(self) -> frozenset[Layer]:
        """Give the layers that have a say: not all bind every caller and every resource."""
        caller, policies = self.request.principal, self.policies
        found = {Layer.ENDPOINT, Layer.RESOURCE}
        if caller.kind in _WITH_IDENTITY:
            if not (policies.caller_in_management_account or caller.service_linked):
                found.add(Layer.SERVICE_CONTROL)
            if caller.kind is not CallerKind.ROOT:
                found |= _OWN_LAYERS
        exempt = policies.resource_in_management_account or caller.service_linked
        if not exempt and platform.has_resource_control(self.request.action):
            found.add(Layer.RESOURCE_CONTROL)
        return frozenset(found)

    def _match(self, each: Compiled, action: Truth) -> Mapping[Naming, Truth]:
        """Tell how surely a statement matches, for each way in which it names the caller."""
        if each.layer not in self.bound:
            return {}
        names = CERTAIN if each.names is None else each.names(self.view)
        if not names:
            return {}
        rest = each.match(self.view) & action
        if rest is NO:
            return {}
        found = {grade: truth & rest for grade, truth in names.items() if truth is not NO}
        if UNKNOWN in found.values():
            self.unsure[_why(each)] = None
        return found

    def decide(self) -> Decision:
        """Decide: denies first, then every layer that must allow."""
        refusing = []
        denied = NO
        for each, action in self.plan.denies:
            truth = max(self._match(each, action).values(), default=NO)
            denied |= truth
            if truth is YES:
                refusing.append(each.determining)
        if refusing:
            blocks = tuple(Block(each.layer, "a statement denies it", each) for each in refusing)
            return Decision(Verdict.EXPLICITLY_DENIED, tuple(refusing), blocks)
        allowing = []
        for each, action in self.plan.allows:
            found = self._match(each, action)
            for grade, truth in found.items():
                place = (each.layer, each.level, grade)
                self.best[place] = self.best.get(place, NO) | truth
            if YES in found.values():
                allowing.append(each.determining)
        return self._conclude(denied, allowing)

    def _conclude(self, denied: Truth, allowing: list[Determining]) -> Decision:
        steps = [*self._ceilings(), *self._nearest_path()]
        blocks = tuple(Block(layer, reason) for layer, reason, truth in steps if truth is NO)
        if blocks:
            return Decision(Verdict.IMPLICITLY_DENIED, blocked_by=blocks)
        if denied is UNKNOWN or any(truth is UNKNOWN for _, _, truth in steps):
            return Decision(
                Verdict.UNKNOWN,
                unknowns=tuple(self.unsure) or ("the resource's own policy is not known",),
            )
        layers = {layer for layer, _, _ in steps}
        return Decision(Verdict.ALLOWED, tuple(each for each in allowing if each.layer in layers))

    def _allowed(self, layer: Layer, level: int = 0, grade: Naming | None = None) -> Truth:
        grades = Naming if grade is None else (grade,)
        return max(self.best.get((layer, level, each), NO) for each in grades)

    def _ceilings(self) -> list[tuple[Layer, str, Truth]]:
        found: list[tuple[Layer, str, Truth]] = []
        for layer, levels in (
            (Layer.RESOURCE_CONTROL, self.policies.resource_control),
            (Layer.SERVICE_CONTROL, self.policies.service_control),
        ):
            found += [
                (layer, f"level {level + 1} does not allow it", self._allowed(layer, level))
                for level in range(len(levels) if layer in self.bound else 0)
            ]
        if self.policies.endpoint is not None:
            found.append((Layer.ENDPOINT, "no statement allows it", self._allowed(Layer.ENDPOINT)))
        return found

    def _nearest_path(self) -> list[tuple[Layer, str, Truth]]:
        """Give the way to be allowed that fails least: first by its worst step, then by how many fail."""
        paths = self._paths()
        return max(
            paths, key=lambda path: (min(step[2] for step in path), -[step[2] for step in path].count(NO))
        )

    def _paths(self) -> list[list[tuple[Layer, str, Truth]]]:
        caller = self.request.principal
        governed = platform.governed_by_resource(self.request.action, self.request.resource)
        unseen = governed and self.policies.resource is None
        anyhow = UNKNOWN if unseen else self._allowed(Layer.RESOURCE)
        resource = (Layer.RESOURCE, "no statement allows it", anyhow)
        if caller.kind not in _WITH_IDENTITY:
            return [[resource]]
        if caller.kind is CallerKind.ROOT and self.request.action.lower() == "sts:assumerole":
            return [[(Layer.AWS, "the root user cannot assume roles", NO)]]
        limits = self._limits()
        identity = YES if caller.kind is CallerKind.ROOT else self._allowed(Layer.IDENTITY)
        identified = [(Layer.IDENTITY, "no statement allows it", identity), *limits]
        if not context.same_account(self.request):
            return [[resource, *identified]]

        def named(grade: Naming) -> Truth:
            return UNKNOWN if unseen else self._allowed(Layer.RESOURCE, 0, grade)

        direct = (Layer.RESOURCE, "no statement names the caller", named(Naming.CALLER))
        limited = (Layer.RESOURCE, "no statement names the caller's role or user", named(Naming.ISSUER))
        delegated = (Layer.RESOURCE, "no statement delegates to the account", named(Naming.ACCOUNT))
        found = [[delegated, *identified] if governed else identified]
        if direct[2] is not NO:
            found.append([direct])
        if limited[2] is not NO:
            found.append([limited, *limits])
        return found

    def _limits(self) -> list[tuple[Layer, str, Truth]]:
        if self.request.principal.kind is CallerKind.ROOT:
            return []
        present = {Layer.BOUNDARY: self.policies.boundary, Layer.SESSION: self.policies.session}
        return [
            (layer, "no statement allows it", self._allowed(layer))
            for layer, group in present.items()
            if group is not None
        ]
