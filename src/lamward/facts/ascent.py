"""The path itself: an application as an account, branch by branch, and the shortest way up from a role of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from lamward.facts import Facts, fact
from lamward.facts.actions import elevates, handles_content, restrictable, step_services
from lamward.facts.assumed import assume
from lamward.facts.breadth import allows, plain
from lamward.facts.escalation import is_administrator, own_policies
from lamward.facts.links import roles_by_id
from lamward.facts.power import imagined
from lamward.facts.reach import account, policies_of
from lamward.iam import worlds
from lamward.iam.account import Account, Entity
from lamward.iam.escalation import ADMINISTRATOR, Edge, Edges, Power
from lamward.model.access import Policies, Truth
from lamward.model.application import Role
from lamward.model.policy import ConditionEntry, Effect, Policy, Statement
from lamward.model.value import Case, Guard, Known, Unknown, both

_BRANCHES: Final = 6
_LONGEST: Final = 4
_Order = tuple[bool, bool, int]
"""Whether a path falls short of administrator, has conditions, and how long it is: the least is the best."""

_ASSUMING: Final = "sts-001"
"""The way of the catalogue that only assumes a role."""


class Ascent(Struct, frozen=True):
    """A path from a role to more: its steps, and where it leads.

    `target` is None for administrator. `gains` are actions that the target may do and the role may not. `guard` are
    the conditions of the policies under which it holds. Without steps, `unreadable` are what keeps it from being told.
    `ids` are the logical ids of what the steps name by ARN.
    """

    role: Role
    steps: tuple[Edge, ...] = ()
    target: Role | None = None
    gains: tuple[str, ...] = ()
    when: Guard = ()
    unreadable: tuple[Unknown, ...] = ()
    ids: Mapping[str, str] = {}

    @property
    def guard(self) -> tuple[str, ...]:
        """The conditions of all steps."""
        return tuple(dict.fromkeys(text for step in self.steps for text in step.guard))


def find(facts: Facts, role: Role) -> Ascent | None:
    """Find the surest and shortest path of a role: on every branch, else on one; else say what cannot be read."""
    uncertain: Ascent | None = None
    for held in _branches(facts, role):
        found = _world(facts, held=held).best(role)
        if found is not None and not found.guard:
            return found
        uncertain = uncertain or found
    if uncertain is not None and (unseen := _unseen_boundary(facts, role)):
        return Ascent(role, unreadable=unseen)
    return uncertain or _doubtful(facts, role)


def _unseen_boundary(facts: Facts, role: Role) -> tuple[Unknown, ...]:
    """Say that nobody shows the document of a boundary, which may take any step away."""
    return tuple(
        Unknown(unreadable.reason, role.boundary.origins)
        for policy in policies_of(facts, role).boundary or ()
        for unreadable in policy.unreadable
    )


def _branches(facts: Facts, role: Role) -> tuple[Guard, ...]:
    """List the branches worth a look: the one without assumptions, those of its steps, and all of them together."""
    found: dict[Guard, None] = {role.when: None}
    together: Guard | None = role.when
    for policy in own_policies(facts, role):
        for statement in policy.statements:
            for case in (*(statement.actions or ()), *(statement.resources or ())):
                within = both(policy.when, statement.when)
                when = None if within is None else both(within, case.when)
                joined = None if when is None else both(role.when, when)
                if joined is not None and _steps(statement):
                    found[joined] = None
                    together = None if together is None else both(together, joined)
    if together is not None:
        found[together] = None
    return tuple(islice(sorted(found, key=len), _BRANCHES))


def _steps(statement: Statement) -> bool:
    return allows(statement) and any(step_services(plain(case)) for case in statement.actions or ())


def _doubtful(facts: Facts, role: Role) -> Ascent | None:
    """Name what cannot be read of a role, if it might hold the rest of a path."""
    unreadable = tuple(
        each
        for policy in own_policies(facts, role)
        for statement in policy.statements
        if _steps(statement)
        for each in (
            *statement.unreadable,
            *(case.value for case in statement.resources or () if isinstance(case.value, Unknown)),
        )
    )
    return Ascent(role, unreadable=tuple(dict.fromkeys(unreadable))) if unreadable else None


@fact
def _world(facts: Facts, *, held: Guard) -> _World:
    return _World(facts, held)


class _World:
    """The application as an account, where assumptions hold; what else is open is taken as not there."""

    def __init__(self, facts: Facts, held: Guard) -> None:
        self.facts = facts
        self.held = held
        self.deployment = imagined(facts)
        self.roles = {self.deployment.arn(each): role for each, role in roles_by_id(facts).items()}
        self.ids = {arn: each for each, arn in self.deployment.arns.items()}
        self.edges = Edges(_cut(_account(facts), held, self.roles))
        self._powers: dict[str, Power] = {}

    def best(self, role: Role) -> Ascent | None:
        """Choose a path: to administrator first, then without conditions, then the shortest."""
        start = self.deployment.arn(role.id)
        if start not in self.edges.entities:
            return None
        best: Ascent | None = None
        for steps in self._paths(start):
            if best is None or self._at_best(steps) < _order(best):
                found = self._ascent(role, steps)
                best = found if found and (best is None or _order(found) < _order(best)) else best
            if best is not None and best.target is None and not best.guard:
                break  # none of those to come is shorter
        return best

    def _at_best(self, steps: tuple[Edge, ...]) -> _Order:
        """Rank a path before its end is looked at."""
        end = self.roles.get(steps[-1].target)
        falls_short = end is not None and not is_administrator(self.facts, end)
        return falls_short, any(step.guard for step in steps), len(steps)

    def _paths(self, start: str) -> Iterator[tuple[Edge, ...]]:
        """Walk breadth first; an edge with conditions is only looked at where there is none without."""
        seen: set[tuple[str, bool]] = {(start, False)}
        queue: list[tuple[Edge, ...]] = [()]
        for path in queue:
            source = path[-1].target if path else start
            if source not in self.edges.entities or len(path) == _LONGEST:
                continue
            for edge in self.edges.of(source):
                guarded = bool(edge.guard) or any(step.guard for step in path)
                key = (edge.target, guarded)
                leads = edge.gains_entity or edge.target == ADMINISTRATOR
                if leads and edge.target != start and key not in seen and (edge.target, False) not in seen:
                    seen.add(key)
                    queue.append((*path, edge))
                    yield (*path, edge)

    def _ascent(self, role: Role, steps: tuple[Edge, ...]) -> Ascent | None:
        when = self._when(steps)
        if when is None:
            return None
        end = steps[-1].target
        if end == ADMINISTRATOR:
            return Ascent(role, steps, when=when, ids=self.ids)
        target = self.roles[end]
        if is_administrator(self.facts, target) and self._reigns(end):
            return Ascent(role, steps, when=when, ids=self.ids)
        # Assuming a role that lets one in is what the role is for, unless it is worth an administrator's.
        if all(step.way == _ASSUMING for step in steps):
            return None
        gains = tuple(islice(self._gains(steps[0].source, end), 3))
        return Ascent(role, steps, target, gains, when, ids=self.ids) if gains else None

    def _when(self, steps: tuple[Edge, ...]) -> Guard | None:
        """Join the branches on which all the roles of a path are there."""
        joined: Guard | None = self.held
        for step in steps:
            other = self.roles.get(step.target)
            if joined is not None and other is not None:
                joined = both(joined, other.when)
        return joined

    def _reigns(self, arn: str) -> bool:
        return self._power(arn).can("iam:CreateUser", "*").truth is Truth.YES

    def _power(self, arn: str) -> Power:
        if arn not in self._powers:
            self._powers[arn] = Power(self.edges.entities[arn])
        return self._powers[arn]

    def _gains(self, start: str, end: str) -> Iterator[str]:
        """List actions of worth that one role surely may do somewhere and the other surely may not."""
        less, more = self._power(start), self._power(end)
        for policy in self.edges.entities[end].policies.identity:
            for statement in policy.statements:
                for case in statement.actions or () if allows(statement) else ():
                    for action in restrictable(plain(case)):
                        if not (elevates(action.name) or handles_content(action.name)):
                            continue
                        there = more.can_anywhere(action.name)
                        if (
                            there.truth is Truth.YES
                            and less.can(action.name, there.resource).truth is Truth.NO
                        ):
                            yield action.name


def _order(found: Ascent) -> _Order:
    return found.target is not None, bool(found.guard), len(found.steps)


@fact
def _account(facts: Facts) -> Account:
    return account(facts, imagined(facts))


def _cut(whole: Account, held: Guard, roles: dict[str, Role]) -> Account:
    """Leave what is there where assumptions hold; nobody waits here for a changed artifact to be deployed."""
    there = [each for each in whole.entities if both(held, roles[each.arn].when) is not None]
    return replace(
        whole,
        entities=tuple(_entity(each, held, roles[each.arn]) for each in there),
        functions=tuple(replace(each, artifact="") for each in whole.functions),
    )


def _entity(entity: Entity, held: Guard, role: Role) -> Entity:
    own = both(held, role.when) or held
    return replace(entity, policies=_policies(entity.policies, own))


def _policies(policies: Policies, held: Guard) -> Policies:
    return replace(
        worlds.rewrite(policies, partial(_readable, held=held)),
        boundary=policies.boundary
        and tuple(filter(None, (assume(each, held) for each in policies.boundary))),
    )


def _readable(policy: Policy, held: Guard) -> Policy:
    """Leave of a policy what surely allows, and all that denies."""
    assumed = assume(policy, held)
    if assumed is None:
        return replace(policy, statements=(), unreadable=())
    kept = (_statement(each, there=not assumed.when) for each in assumed.statements)
    return replace(assumed, statements=tuple(filter(None, kept)), unreadable=(), when=())


def _statement(statement: Statement, *, there: bool) -> Statement | None:
    if statement.effect is Effect.DENY:
        return statement
    excluded = (*(statement.not_actions or ()), *(statement.not_resources or ()))
    if not there or statement.when or statement.unreadable or not all(map(_plain, excluded)):
        return None
    if any(_defuses(entry) for entry in statement.conditions):
        return None
    return replace(statement, actions=_cases(statement.actions), resources=_cases(statement.resources))


def _defuses(entry: ConditionEntry) -> bool:
    """Tell whether a condition takes the power out of changing identities: only these policies, only so bounded."""
    operator, values = entry.operator.lower(), [plain(value) for value in entry.values]
    return (
        entry.key.lower() in {"iam:policyarn", "iam:permissionsboundary"}
        and not entry.when
        and "not" not in operator
        and operator != "null"
        and not any(value.endswith(("*", "/AdministratorAccess", "/IAMFullAccess")) for value in values)
    )


def _cases(group: tuple[Case, ...] | None) -> tuple[Case, ...] | None:
    return None if group is None else tuple(case for case in group if _plain(case))


def _plain(case: Case) -> bool:
    return isinstance(case.value, Known) and not case.when
