"""Edits that take actions out of a statement: the actions, the statement with its last, the policy with its last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lamward.checks.repairs import Edits, all_of, remove
from lamward.model.application import Role
from lamward.model.location import Location, Step
from lamward.model.policy import Policy, Statement
from lamward.model.value import Case, location_of

_POLICIES: Final = ("Properties", "Policies")


def without(role: Role, statement: Statement, gone: Sequence[Case]) -> Edits:
    """Take actions out of a statement of a role's own; None where they do not stand in it one by one."""
    document = next((each for each in role.policies if _holds(each, statement)), None)
    if document is None or "Statement" not in statement.location.path:
        return None
    if len(gone) == len(statement.actions or ()):
        return _removed(document, statement.location)
    owner = (*statement.location.path, "Action")
    parts = [_item(case, owner) for case in gone]
    return all_of(*parts)


def _holds(document: Policy, statement: Statement) -> bool:
    return any(each.location == statement.location for each in document.statements)


def _item(case: Case, owner: tuple[Step, ...]) -> Edits:
    where = location_of(case.value)
    *outer, last = where.path or ("",)
    return remove(where) if tuple(outer) == owner and isinstance(last, int) else None


def _removed(document: Policy, where: Location) -> Edits:
    """Take out a statement that allows nothing any more; with the only one of a policy goes its item of the list."""
    if isinstance(where.path[-1], int) and len(document.statements) > 1:
        return remove(where)
    owner = where.path[:5]
    if len(document.statements) > 1 or owner[2:4] != _POLICIES or not isinstance(owner[-1], int):
        return None
    return remove(Location(where.span, owner))
