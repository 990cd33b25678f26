"""The evaluator: a set of policies prepared once, then asked many times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final, NamedTuple

from lamward.iam import context, platform, worlds
from lamward.iam.compiled import CERTAIN, LEVELS, Compiled, compile_policy, slot_of
from lamward.iam.conditions import View
from lamward.iam.principals import Naming
from lamward.model.access import (
    Block,
    Caller,
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
    """What to ask about one action of one kind of caller: only the statements that bind it and speak of it.

    `controlled` and `limited` say whether resource and service control policies bind.
    """

    controlled: bool
    limited: bool
    governable: bool
    denies: tuple[tuple[Compiled, Truth], ...]
    allows: tuple[tuple[Compiled, Truth], ...]


class _World:
    """A set of policies without guards."""

    def __init__(self, policies: Policies) -> None:
        self.policies = policies
        self.statements = tuple(_compile(policies))
        self.plans: dict[tuple[str, CallerKind, bool], _Plan] = {}
        self.plain: dict[str, tuple[Compiled, ...] | None] = {}
        self.simple = policies == Policies(identity=policies.identity)

    def decide(self, request: Request) -> Decision:
        """Decide a request."""
        action, caller = request.action, request.principal
        if self.simple and caller.kind is CallerKind.ROLE_SESSION and context.same_account(request):
            allows = self.plain[action] if action in self.plain else self._plain(action)
            if allows is not None:
                return _decide_plainly(allows, request)
        lowered = action.lower()
        if lowered in platform.FREE_ACTIONS:
            return Decision(Verdict.ALLOWED)
        refused = platform.refusal(request) if lowered.startswith(("iam:", "kms:")) else ""
        if refused:
            return Decision(Verdict.EXPLICITLY_DENIED, blocked_by=(Block(Layer.AWS, refused),))
        return _Question(self.policies, request, self._plan(action, caller)).decide()

    def _plain(self, action: str) -> tuple[Compiled, ...] | None:
        """Give the statements to ask where only allowing ones of identity policies have a say; None elsewhere."""
        speaking = [(each, each.actions(action)) for each in self.statements]
        special = (
            action.lower().startswith(("iam:", "kms:", "sts:"))
            or platform.effective_resource(action, "") == "*"
        )
        plain = not special and all(
            truth is NO or (truth is YES and each.allows and not each.denies) for each, truth in speaking
        )
        if len(self.plain) >= PLANS_KEPT:
            self.plain.clear()
        self.plain[action] = tuple(each for each, truth in speaking if truth is YES) if plain else None
        return self.plain[action]

    def _plan(self, action: str, caller: Caller) -> _Plan:
        key = (action, caller.kind, caller.service_linked)
        found = self.plans.get(key)
        if found is None:
            if len(self.plans) >= PLANS_KEPT:
                self.plans.clear()
            found = self.plans[key] = self._make(action, caller)
        return found

    def _make(self, action: str, caller: Caller) -> _Plan:
        bound = _bound(self.policies, caller, controlled=platform.has_resource_control(action))
        speaking = [(each, each.actions(action)) for each in self.statements if each.layer in bound]
        return _Plan(
            controlled=Layer.RESOURCE_CONTROL in bound,
            limited=Layer.SERVICE_CONTROL in bound,
            governable=action.lower().startswith(("kms:", "sts:")),
            denies=tuple((each, truth) for each, truth in speaking if each.denies and truth is not NO),
            allows=tuple((each, truth) for each, truth in speaking if each.allows and truth is not NO),
        )


def _decide_plainly(allows: tuple[Compiled, ...], request: Request) -> Decision:
    """Decide where only identity policies have a say and nothing is denied."""
    view = View(request, bounded=False)
    hits = []
    unsure: dict[str, None] = {}
    for each in allows:
        truth = each.match(view)
        if truth is YES:
            hits.append(each.determining)
        elif truth is UNKNOWN:
            unsure[_why(each)] = None
    if hits:
        return Decision(Verdict.ALLOWED, tuple(hits))
    return Decision(Verdict.UNKNOWN, unknowns=tuple(unsure)) if unsure else _IMPLICIT


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


def _bound(policies: Policies, caller: Caller, *, controlled: bool) -> frozenset[Layer]:
    found = {Layer.ENDPOINT, Layer.RESOURCE}
    if caller.kind in _WITH_IDENTITY:
        if not (policies.caller_in_management_account or caller.service_linked):
            found.add(Layer.SERVICE_CONTROL)
        if caller.kind is not CallerKind.ROOT:
            found |= _OWN_LAYERS
    if controlled and not (policies.resource_in_management_account or caller.service_linked):
        found.add(Layer.RESOURCE_CONTROL)
    return frozenset(found)


class _Question:
    """One request put to one plan."""

    __slots__ = ("best", "named", "plan", "policies", "request", "unsure", "view")

    def __init__(self, policies: Policies, request: Request, plan: _Plan) -> None:
        self.policies = policies
        self.request = request
        self.plan = plan
        self.view = View(request, bounded=policies.boundary is not None)
        self.best: dict[int, Truth] = {}
        self.named: dict[Naming, Truth] = {}
        self.unsure: dict[str, None] = {}

    def _match(self, each: Compiled, action: Truth) -> Mapping[Naming, Truth]:
        """Tell how surely a statement matches, for each way in which it names the caller."""
        names = CERTAIN if each.names is None else each.names(self.view)
        if not names:
            return names
        rest = each.match(self.view)
        if rest is YES and action is YES and names is CERTAIN:
            return CERTAIN
        found = {grade: truth & rest & action for grade, truth in names.items()}
        found = {grade: truth for grade, truth in found.items() if truth is not NO}
        if UNKNOWN in found.values():
            self.unsure[_why(each)] = None
        return found

    def decide(self) -> Decision:
        """Decide: denies first, then every layer that must allow."""
        refusing = []
        denied = NO
        for each, action in self.plan.denies:
            found = self._match(each, action)
            if found:
                truth = max(found.values())
                denied = denied | truth
                if truth is YES:
                    refusing.append(each.determining)
        if refusing:
            blocks = tuple(Block(each.layer, "a statement denies it", each) for each in refusing)
            return Decision(Verdict.EXPLICITLY_DENIED, tuple(refusing), blocks)
        allowing = self._collect()
        steps = [*self._ceilings(), *_nearest(self._paths())]
        blocks = tuple(Block(layer, reason) for layer, reason, truth in steps if truth is NO)
        if blocks:
            return Decision(Verdict.IMPLICITLY_DENIED, blocked_by=blocks)
        if denied is UNKNOWN or any(step[2] is UNKNOWN for step in steps):
            unknowns = tuple(self.unsure) or ("the resource's own policy is not known",)
            return Decision(Verdict.UNKNOWN, unknowns=unknowns)
        layers = [step[0] for step in steps]
        return Decision(Verdict.ALLOWED, tuple(each for each in allowing if each.layer in layers))

    def _collect(self) -> list[Determining]:
        """Ask the statements that allow; keep the best answer of each level, and of each naming by the resource."""
        allowing: list[Determining] = []
        for each, action in self.plan.allows:
            found = self._match(each, action)
            if not found:
                continue
            truth = YES if found is CERTAIN else max(found.values())
            if truth is YES:
                allowing.append(each.determining)
            if truth > self.best.get(each.slot, NO):
                self.best[each.slot] = truth
            if each.slot == _RESOURCE:
                for grade, named in found.items():
                    self.named[grade] = max(named, self.named.get(grade, NO))
        return allowing

    def _ceilings(self) -> list[_Step]:
        found: list[_Step] = []
        plan, best = self.plan, self.best
        for layer, levels, bound in (
            (Layer.RESOURCE_CONTROL, self.policies.resource_control, plan.controlled),
            (Layer.SERVICE_CONTROL, self.policies.service_control, plan.limited),
        ):
            if bound and levels:
                first = slot_of(layer)
                found += [
                    (layer, _REASONS[level], best.get(first + level, NO)) for level in range(len(levels))
                ]
        if self.policies.endpoint is not None:
            found.append((Layer.ENDPOINT, "no statement allows it", best.get(_ENDPOINT, NO)))
        return found

    def _paths(self) -> list[list[_Step]]:
        caller = self.request.principal
        governed = self.plan.governable and platform.governed_by_resource(
            self.request.action, self.request.resource
        )
        unseen = governed and self.policies.resource is None
        anyhow = UNKNOWN if unseen else self.best.get(_RESOURCE, NO)
        resource = (Layer.RESOURCE, "no statement allows it", anyhow)
        if caller.kind not in _WITH_IDENTITY:
            return [[resource]]
        if caller.kind is CallerKind.ROOT and self.request.action.lower() == "sts:assumerole":
            return [[(Layer.AWS, "the root user cannot assume roles", NO)]]
        limits = self._limits()
        identity = YES if caller.kind is CallerKind.ROOT else self.best.get(_IDENTITY, NO)
        identified = [(Layer.IDENTITY, "no statement allows it", identity), *limits]
        if not context.same_account(self.request):
            return [[resource, *identified]]
        return self._own_account(identified, limits, governed=governed, unseen=unseen)

    def _own_account(
        self, identified: list[_Step], limits: list[_Step], *, governed: bool, unseen: bool
    ) -> list[list[_Step]]:
        """Write the ways in the caller's own account, where the resource may grant by itself."""
        named = dict.fromkeys(Naming, UNKNOWN) if unseen else self.named
        delegated = (Layer.RESOURCE, "no statement delegates to the account", named.get(Naming.ACCOUNT, NO))
        found = [[delegated, *identified] if governed else identified]
        direct, limited = named.get(Naming.CALLER, NO), named.get(Naming.ISSUER, NO)
        if direct is not NO:
            found.append([(Layer.RESOURCE, "no statement names the caller", direct)])
        if limited is not NO:
            found.append([(Layer.RESOURCE, "no statement names the caller's role or user", limited), *limits])
        return found

    def _limits(self) -> list[_Step]:
        if self.request.principal.kind is CallerKind.ROOT:
            return []
        found: list[_Step] = []
        if self.policies.boundary is not None:
            found.append((Layer.BOUNDARY, "no statement allows it", self.best.get(_BOUNDARY, NO)))
        if self.policies.session is not None:
            found.append((Layer.SESSION, "no statement allows it", self.best.get(_SESSION, NO)))
        return found


_Step = tuple[Layer, str, Truth]
_RESOURCE, _ENDPOINT = slot_of(Layer.RESOURCE), slot_of(Layer.ENDPOINT)
_IDENTITY, _BOUNDARY, _SESSION = slot_of(Layer.IDENTITY), slot_of(Layer.BOUNDARY), slot_of(Layer.SESSION)
_REASONS: Final = tuple(f"level {level + 1} does not allow it" for level in range(LEVELS))


def _nearest(paths: list[list[_Step]]) -> list[_Step]:
    """Give the way to be allowed that fails least: first by its worst step, then by how many fail."""
    if len(paths) == 1:
        return paths[0]
    return max(paths, key=lambda path: (min(step[2] for step in path), -[step[2] for step in path].count(NO)))
