"""Policies where parameters keep their defaults, as the needs of functions are read: other values are set aside."""

from __future__ import annotations

from msgspec.structs import replace

from lamward.model.policy import Policy, Statement
from lamward.model.value import AssumptionKind, Case, Guard, Unknown


def by_default(policy: Policy) -> Policy:
    """Give a policy as it is where every parameter keeps its default."""
    return replace(
        policy, statements=tuple(map(_statement, policy.statements)), when=_without_defaults(policy.when)
    )


def _statement(statement: Statement) -> Statement:
    return replace(
        statement,
        actions=_cases(statement.actions),
        not_actions=_cases(statement.not_actions),
        resources=_cases(statement.resources),
        not_resources=_cases(statement.not_resources),
        conditions=tuple(
            replace(each, values=_cases(each.values) or (), when=_without_defaults(each.when))
            for each in statement.conditions
        ),
        when=_without_defaults(statement.when),
    )


def _cases(group: tuple[Case, ...] | None) -> tuple[Case, ...] | None:
    """Leave out what only other values of parameters lead to: it stands at the same place as the default."""
    if group is None:
        return None
    defaults = [each for each in group if any(map(_is_default, each.when))]
    places = {place for each in defaults for place in each.value.origins[:1]}
    return tuple(
        Case(each.value, _without_defaults(each.when))
        for each in group
        if not (isinstance(each.value, Unknown) and places & set(each.value.origins[:1]))
    )


def _without_defaults(when: Guard) -> Guard:
    return tuple(each for each in when if not _is_default(each))


def _is_default(assumption: object) -> bool:
    return getattr(assumption, "kind", None) is AssumptionKind.DEFAULT
