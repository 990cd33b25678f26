"""What a role holds as its author wrote it, in pieces that can be taken away one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from lamward.facts import Facts
from lamward.facts.grants import attached_to
from lamward.facts.links import resources_named
from lamward.facts.needs.compare import Wanted, surpluses
from lamward.facts.needs.defaults import by_default
from lamward.facts.needs.deployed import deployed, together
from lamward.facts.reach import managed_by
from lamward.iam import prove
from lamward.model.access import Policies
from lamward.model.application import IdentityPolicy, Role
from lamward.model.evidence import Access
from lamward.model.location import Location, Step
from lamward.model.policy import Effect, Policy, Statement
from lamward.model.value import elements
from lamward.roles.placing import Unwritable
from lamward.roles.texts import Texts, decider

BASIC: Final = "AWSLambdaBasicExecutionRole"
"""The policy of AWS's that lets a function write logs, wherever CloudFormation lets them go."""

Path = tuple[Step, ...]


class Unit(Struct, frozen=True):
    """A statement, or an entry of a list of policies whose statements are not written there.

    `entry` is the path of what goes when all of its statements go. What is `fixed` stays: it denies something.
    """

    policy: Policy
    where: Location
    entry: Path
    fixed: bool = False


class Holding(Struct, frozen=True):
    """The pieces of a role's policies, and the policies that others attach to it."""

    units: tuple[Unit, ...]
    given: tuple[Policy, ...] = ()


def holding(facts: Facts, texts: Texts, role: Role, lists: Sequence[Location]) -> Holding:
    """Take apart what stands in lists of policies, and what is attached besides; raises `Unwritable`."""
    for listed in lists:
        name = decider(texts.at(listed))
        if name:
            raise Unwritable(f"`{name}` decides about its policies")
    pieces = [*_inline(texts, role, lists), *_managed(facts, texts, role, lists)]
    units = [each for each in pieces if isinstance(each, Unit)]
    units += [unit for policy in attached_to(facts, role) for unit in _attached(facts, policy)]
    given = [each for each in pieces if isinstance(each, Policy)]
    for policy in (*(unit.policy for unit in units), *given):
        _refuse_unreadable(policy)
    return Holding(tuple(units), tuple(given))


def _inline(texts: Texts, role: Role, lists: Sequence[Location]) -> Iterator[Unit | Policy]:
    for policy in role.policies:
        where = _list_of(policy.location, lists)
        if where is None:
            yield policy
        else:
            yield from _statements(texts, policy, where)


def _managed(facts: Facts, texts: Texts, role: Role, lists: Sequence[Location]) -> Iterator[Unit | Policy]:
    own = {policy.id for policy in attached_to(facts, role)}
    for case in elements(role.managed, role.when):
        if any(resource.id in own for resource, _ in resources_named(facts, case.value, case.when)):
            continue
        location = case.value.origins[0] if case.value.origins else role.location
        where = _list_of(location, lists)
        policy = managed_by(case)
        yield policy if where is None else Unit(policy, location, _entry(texts, location, where))


def _list_of(where: Location, lists: Sequence[Location]) -> Location | None:
    return next((each for each in lists if where.path[: len(each.path)] == each.path), None)


def _entry(texts: Texts, where: Location, listed: Location) -> Path:
    """Give the path of the entry of a list that a place is in; what is no list is one entry."""
    deep = len(listed.path)
    return where.path[: deep + 1] if isinstance(texts.at(listed), list) else where.path[:deep]


def _statements(texts: Texts, policy: Policy, listed: Location) -> Iterator[Unit]:
    entry = _entry(texts, policy.location, listed)
    plain = entry != listed.path and all(_is_item(each) for each in policy.statements)
    if not plain or not policy.statements:
        yield Unit(policy, policy.location, entry, fixed=_denies(policy.statements))
        return
    for each in policy.statements:
        yield Unit(_alone(policy, each), each.location, entry, fixed=_denies((each,)))


def _is_item(statement: Statement) -> bool:
    """Tell whether a statement is written as an item of a list."""
    return statement.location.path[-2:-1] == ("Statement",) and isinstance(statement.location.path[-1], int)


def _denies(statements: Sequence[Statement]) -> bool:
    return any(each.effect is Effect.DENY for each in statements)


def _alone(policy: Policy, statement: Statement) -> Policy:
    return replace(policy, statements=(statement,))


def _attached(facts: Facts, policy: IdentityPolicy) -> Iterator[Unit]:
    """Take apart a policy of its own; one that other roles have too stays as it is."""
    shared = sum(policy in attached_to(facts, role) for role in facts.application.roles) > 1
    for each in policy.policy.statements:
        fixed = shared or _denies((each,))
        yield Unit(_alone(policy.policy, each), each.location, policy.location.path, fixed=fixed)


def _refuse_unreadable(policy: Policy) -> None:
    known = by_default(policy)
    reasons = [each.reason for each in known.unreadable]
    for statement in known.statements:
        reasons += [each.reason for each in statement.unreadable]
    if reasons:
        raise Unwritable(f"a policy of its role cannot be read: {reasons[0]}")


def is_excess(facts: Facts, unit: Unit, wanted: Wanted, whole: Sequence[Access]) -> bool:
    """Tell whether a piece allows anything that is not needed."""
    if unit.fixed:
        return False
    held = deployed(facts, Policies(identity=(unit.policy,)))
    if any(True for _ in surpluses(held, wanted)):
        return True
    return isinstance(prove.implies(held, deployed(facts, together(whole))), prove.Refuted)


def is_for_logs(policy: Policy) -> bool:
    """Tell whether a policy is the one of AWS's that lets a function write logs."""
    return policy.name.rpartition("/")[2] == BASIC
