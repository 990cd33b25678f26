"""Which statements speak of an action of a role's, AWS's managed policies counted; and what cannot be read of them."""

from __future__ import annotations

from collections.abc import Iterator

from lamward.facts import Facts
from lamward.facts.breadth import allows, plain
from lamward.facts.reach import policies_of
from lamward.iam.pattern import matcher
from lamward.model.application import Role
from lamward.model.policy import Statement
from lamward.model.value import Unknown


def statements_on(facts: Facts, role: Role, action: str) -> Iterator[Statement]:
    """List the statements of a role's policies that name an action, in whatever branch."""
    for policy in policies_of(facts, role).identity:
        yield from (statement for statement in policy.statements if _names(statement, action))


def _names(statement: Statement, action: str) -> bool:
    if statement.not_actions is not None:
        return not any(matcher(plain(case), ignore_case=True)(action) for case in statement.not_actions)
    return any(matcher(plain(case), ignore_case=True)(action) for case in statement.actions or ())


def is_named(facts: Facts, role: Role, action: str) -> bool:
    """Tell whether any statement allows a role an action."""
    return any(allows(statement) for statement in statements_on(facts, role, action))


def unreadable(facts: Facts, role: Role) -> Unknown | None:
    """Give what cannot be read of a role's policies, None where all can."""
    policies = policies_of(facts, role).identity
    parts = (
        each
        for policy in policies
        for each in (
            *policy.unreadable,
            *(one for statement in policy.statements for one in statement.unreadable),
        )
    )
    unknown = (
        case.value
        for policy in policies
        for statement in policy.statements
        for case in statement.actions or ()
        if isinstance(case.value, Unknown)
    )
    return next(parts, None) or next(unknown, None)
