"""From what each statement says to a decision: denies first, then every layer that must allow.

A ruling knows nothing of the request but what is in `Matter`: requests to which the same statements say the same are
decided alike, so a ruling can be kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from lamward.iam.compiled import CERTAIN, LEVELS, Compiled, slot_of
from lamward.iam.conditions import Check
from lamward.iam.principals import Naming
from lamward.model.access import (
    Block,
    Caller,
    CallerKind,
    Decision,
    Determining,
    Layer,
    Policies,
    Truth,
    Verdict,
)

NO, UNKNOWN, YES = Truth.NO, Truth.UNKNOWN, Truth.YES
_WITH_IDENTITY: Final = frozenset(
    {CallerKind.ROOT, CallerKind.USER, CallerKind.ROLE_SESSION, CallerKind.FEDERATED_USER}
)
_OWN_LAYERS: Final = frozenset({Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION})
_RESOURCE, _ENDPOINT = slot_of(Layer.RESOURCE), slot_of(Layer.ENDPOINT)
_IDENTITY, _BOUNDARY, _SESSION = slot_of(Layer.IDENTITY), slot_of(Layer.BOUNDARY), slot_of(Layer.SESSION)
_REASONS: Final = tuple(f"level {level + 1} does not allow it" for level in range(LEVELS))
_Step = tuple[Layer, str, Truth]


class Line(NamedTuple):
    """A statement that speaks of the action and names the caller, how surely, and what is still to ask it.

    `ask` is None where resource and conditions leave nothing open; the statement then says its `at_most`.
    """

    statement: Compiled
    names: Mapping[Naming, Truth]
    ask: Check | None


class Matter(NamedTuple):
    """What a ruling turns on besides what the statements say.

    `governed` says that the resource's own policy must allow even callers of its account.
    """

    action: str
    kind: CallerKind
    bound: frozenset[Layer]
    same_account: bool
    governed: bool


def bound(policies: Policies, caller: Caller, *, controlled: bool) -> frozenset[Layer]:
    """List the layers that bind a caller; `controlled` says that control policies reach the resource."""
    found = {Layer.ENDPOINT, Layer.RESOURCE}
    if caller.kind in _WITH_IDENTITY:
        if not (policies.caller_in_management_account or caller.service_linked):
            found.add(Layer.SERVICE_CONTROL)
        if caller.kind is not CallerKind.ROOT:
            found |= _OWN_LAYERS
    if controlled and not (policies.resource_in_management_account or caller.service_linked):
        found.add(Layer.RESOURCE_CONTROL)
    return frozenset(found)


class Ruling:
    """One matter, and what has been found of it so far: the best answer of each level, and of each naming."""

    def __init__(self, policies: Policies, matter: Matter) -> None:
        self.policies = policies
        self.matter = matter
        self.best: dict[int, Truth] = {}
        self.named: dict[Naming, Truth] = {}
        self.unsure: dict[str, None] = {}

    def decide(self, denies: Iterable[tuple[Line, Truth]], allows: Iterable[tuple[Line, Truth]]) -> Decision:
        """Decide by what each statement says; `allows` is not looked at where something denies for certain."""
        denied, refusing = self._deny(denies)
        if refusing:
            blocks = tuple(Block(each.layer, "a statement denies it", each) for each in refusing)
            return Decision(Verdict.EXPLICITLY_DENIED, tuple(refusing), blocks)
        allowing = self._collect(allows)
        steps = [*self._ceilings(), *_nearest(self._paths())]
        blocks = tuple(Block(layer, reason) for layer, reason, truth in steps if truth is NO)
        if blocks:
            return Decision(Verdict.IMPLICITLY_DENIED, blocked_by=blocks)
        if denied is UNKNOWN or any(step[2] is UNKNOWN for step in steps):
            unknowns = tuple(self.unsure) or ("the resource's own policy is not known",)
            return Decision(Verdict.UNKNOWN, unknowns=unknowns)
        layers = [step[0] for step in steps]
        return Decision(Verdict.ALLOWED, tuple(each for each in allowing if each.layer in layers))

    def _match(self, line: Line, said: Truth) -> Mapping[Naming, Truth]:
        """Tell how surely a statement matches, for each way in which it names the caller."""
        if said is YES and line.names is CERTAIN:
            return CERTAIN
        found = {grade: truth & said for grade, truth in line.names.items()}
        found = {grade: truth for grade, truth in found.items() if truth is not NO}
        if UNKNOWN in found.values():
            self.unsure[_why(line.statement)] = None
        return found

    def _deny(self, denies: Iterable[tuple[Line, Truth]]) -> tuple[Truth, list[Determining]]:
        """Tell whether anything denies, and list the statements that do for certain."""
        denied, refusing = NO, []
        for line, said in denies:
            truth = max(self._match(line, said).values(), default=NO)
            denied |= truth
            if truth is YES:
                refusing.append(line.statement.determining)
        return denied, refusing

    def _collect(self, allows: Iterable[tuple[Line, Truth]]) -> list[Determining]:
        """Keep the best answer of each level, and of each naming by the resource; list what allows for certain."""
        allowing: list[Determining] = []
        for line, said in allows:
            found = self._match(line, said)
            truth = max(found.values(), default=NO)
            if truth is YES:
                allowing.append(line.statement.determining)
            slot = line.statement.slot
            self.best[slot] = max(truth, self.best.get(slot, NO))
            if slot == _RESOURCE:
                for grade, named in found.items():
                    self.named[grade] = max(named, self.named.get(grade, NO))
        return allowing

    def _ceilings(self) -> list[_Step]:
        """Control policies, each level of which must allow, and the endpoint: everyone passes below these."""
        found: list[_Step] = []
        for layer, levels in (
            (Layer.RESOURCE_CONTROL, self.policies.resource_control),
            (Layer.SERVICE_CONTROL, self.policies.service_control),
        ):
            if layer in self.matter.bound:
                found += [
                    (layer, _REASONS[level], self.best.get(slot_of(layer, level), NO))
                    for level in range(len(levels))
                ]
        if self.policies.endpoint is not None:
            found.append((Layer.ENDPOINT, "no statement allows it", self.best.get(_ENDPOINT, NO)))
        return found

    def _paths(self) -> list[list[_Step]]:
        """List every way to be allowed: all steps of one must allow."""
        kind, governed = self.matter.kind, self.matter.governed
        unseen = governed and self.policies.resource is None
        anyhow = UNKNOWN if unseen else self.best.get(_RESOURCE, NO)
        resource = (Layer.RESOURCE, "no statement allows it", anyhow)
        if kind not in _WITH_IDENTITY:
            return [[resource]]
        if kind is CallerKind.ROOT and self.matter.action.lower() == "sts:assumerole":
            return [[(Layer.AWS, "the root user cannot assume roles", NO)]]
        limits = self._limits()
        identity = YES if kind is CallerKind.ROOT else self.best.get(_IDENTITY, NO)
        identified = [(Layer.IDENTITY, "no statement allows it", identity), *limits]
        if not self.matter.same_account:
            return [[resource, *identified]]
        return self._own_account(identified, limits, unseen=unseen)

    def _own_account(
        self, identified: list[_Step], limits: list[_Step], *, unseen: bool
    ) -> list[list[_Step]]:
        """Write the ways in the caller's own account, where the resource may grant by itself."""
        named = dict.fromkeys(Naming, UNKNOWN) if unseen else self.named
        delegated = (Layer.RESOURCE, "no statement delegates to the account", named.get(Naming.ACCOUNT, NO))
        found = [[delegated, *identified] if self.matter.governed else identified]
        direct, limited = named.get(Naming.CALLER, NO), named.get(Naming.ISSUER, NO)
        if direct is not NO:
            found.append([(Layer.RESOURCE, "no statement names the caller", direct)])
        if limited is not NO:
            found.append([(Layer.RESOURCE, "no statement names the caller's role or user", limited), *limits])
        return found

    def _limits(self) -> list[_Step]:
        if self.matter.kind is CallerKind.ROOT:
            return []
        found: list[_Step] = []
        if self.policies.boundary is not None:
            found.append((Layer.BOUNDARY, "no statement allows it", self.best.get(_BOUNDARY, NO)))
        if self.policies.session is not None:
            found.append((Layer.SESSION, "no statement allows it", self.best.get(_SESSION, NO)))
        return found


def _why(statement: Compiled) -> str:
    if statement.unreadable:
        return f"the {statement.layer} cannot be read in full: {statement.unreadable}"
    name = f" `{statement.determining.policy}`" if statement.determining.policy else ""
    said = f"statement {statement.determining.index + 1} of the {statement.layer}{name} may match"
    return f"{said}: {statement.doubt}" if statement.doubt else said


def _nearest(paths: list[list[_Step]]) -> list[_Step]:
    """Give the way to be allowed that fails least: first by its worst step, then by how many fail."""
    if len(paths) == 1:
        return paths[0]
    return max(paths, key=lambda path: (min(step[2] for step in path), -[step[2] for step in path].count(NO)))
