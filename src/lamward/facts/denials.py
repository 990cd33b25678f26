"""What a role's own Deny statements take back from what it is allowed.

Only what holds on every branch and for every caller counts: a Deny under a condition of the template, or under one that
says who, from where or when, leaves the Allow in force for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator

from lamward.facts import Facts, fact
from lamward.facts.breadth import allows, names_resource, plain, reaches_everything
from lamward.facts.grants import Grant, compute_grants
from lamward.iam.pattern import matcher
from lamward.model.application import Role
from lamward.model.policy import ConditionEntry, Statement


@fact
def _denials(facts: Facts) -> dict[str, tuple[Statement, ...]]:
    """List for each compute role the Deny statements that narrow what the role may touch."""
    found: dict[str, list[Statement]] = {}
    for grant in compute_grants(facts):
        for statement in grant.policy.statements:
            for role in grant.roles:
                if not allows(statement) and _always(grant, statement, role) and _narrows(statement):
                    found.setdefault(role.id, []).append(statement)
    return {role: tuple(statements) for role, statements in found.items()}


def _always(grant: Grant, statement: Statement, role: Role) -> bool:
    """Tell whether a statement is in force wherever its role is."""
    return set(grant.when) | set(statement.when) <= set(role.when)


def _narrows(statement: Statement) -> bool:
    """Tell whether a Deny leaves nothing, or only resources that it names or describes."""
    if statement.conditions:
        covers = any(reaches_everything(case) for case in statement.resources or ())
        return covers and all(_bounds_by_denial(entry) for entry in statement.conditions)
    if statement.not_resources is not None:
        return bool(statement.not_resources) and all(map(names_resource, statement.not_resources))
    return any(reaches_everything(case) for case in statement.resources or ())


def _bounds_by_denial(entry: ConditionEntry) -> bool:
    """Tell whether a condition denies what is not of the own account, organisation or tag: `StringNotEquals`."""
    key, operator = entry.key.lower(), entry.operator.lower()
    values = [plain(value).strip("*") for value in entry.values]
    about = key.startswith("aws:resource") and "not" in operator and not entry.when
    return about and bool(values) and all(values)


def _patterns(statement: Statement) -> Iterator[str]:
    yield from (plain(case) for case in statement.actions or () if not case.when)


def is_denied(facts: Facts, grant: Grant, action: str) -> bool:
    """Tell whether every holder of a grant is denied an action pattern where it would go too far."""
    denials = _denials(facts)
    return all(
        any(
            matcher("*" if pattern == "*:*" else pattern, ignore_case=True)(action)
            for statement in denials.get(role.id, ())
            for pattern in _patterns(statement)
        )
        for role in grant.roles
    )
