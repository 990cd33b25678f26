"""Policies where some assumptions about the template hold: what contradicts these is gone."""

from __future__ import annotations

from msgspec.structs import replace

from lamward.facts import Facts, fact
from lamward.model.policy import Policy, Principal, Statement
from lamward.model.value import Assumption, Case, Fields, Guard, Items, OneOf, Value, both


@fact
def certain(facts: Facts) -> Guard:
    """List what the values of parameters have settled: where a choice has one option left, its guard holds."""
    found: set[Assumption] = set()
    rest: list[Value] = [each.properties for each in facts.application.resources.values() if not each.when]
    while rest:
        match rest.pop():
            case OneOf(options=(option,), exhaustive=True):
                found |= set(option.when)
                rest.append(option.value)
            case Fields(fields=fields):
                rest += fields.values()
            case Items(items=items):
                rest += items
            case _:
                pass
    return tuple(sorted(found))


def assume(policy: Policy, held: Guard) -> Policy | None:
    """Give a policy as it is where assumptions hold; None where it is not there at all."""
    if not held:
        return policy
    when = _left(policy.when, held)
    if when is None:
        return None
    statements = tuple(filter(None, (_statement(each, held) for each in policy.statements)))
    return replace(policy, statements=statements, when=when)


def _left(when: Guard, held: Guard) -> Guard | None:
    """Give the assumptions still open; None for those that contradict what holds."""
    if both(when, held) is None:
        return None
    return tuple(each for each in when if each not in held)


def _statement(statement: Statement, held: Guard) -> Statement | None:
    when = _left(statement.when, held)
    if when is None:
        return None
    entries = ((entry, _left(entry.when, held)) for entry in statement.conditions)
    return replace(
        statement,
        actions=_cases(statement.actions, held),
        not_actions=_cases(statement.not_actions, held),
        resources=_cases(statement.resources, held),
        not_resources=_cases(statement.not_resources, held),
        principals=_principals(statement.principals, held),
        not_principals=_principals(statement.not_principals, held),
        conditions=tuple(
            replace(entry, values=_cases(entry.values, held) or (), when=left)
            for entry, left in entries
            if left is not None
        ),
        when=when,
    )


def _cases(group: tuple[Case, ...] | None, held: Guard) -> tuple[Case, ...] | None:
    if group is None:
        return None
    return tuple(Case(case.value, left) for case in group if (left := _left(case.when, held)) is not None)


def _principals(group: tuple[Principal, ...] | None, held: Guard) -> tuple[Principal, ...] | None:
    if group is None:
        return None
    return tuple(
        Principal(each.kind, Case(each.value.value, left))
        for each in group
        if (left := _left(each.value.when, held)) is not None
    )
