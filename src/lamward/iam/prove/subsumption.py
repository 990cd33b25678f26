"""What can be seen without a search: a statement that another one covers as it is written."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from lamward.iam.conditions import written
from lamward.iam.prove.sides import Clause, LayerClauses, Side
from lamward.model.policy import Statement
from lamward.model.value import Case, Symbolic

Texts = frozenset[str | Symbolic]


class _Shape(NamedTuple):
    """A statement without its places, its actions and its principals."""

    resources: Texts | None
    not_resources: Texts | None
    conditions: frozenset[tuple[str, str, Texts]]


def evident(other: Side, denies: LayerClauses, clause: Clause, text: str | Symbolic | None) -> bool:
    """Tell whether all that a clause allows on one of its resources is plainly allowed by the other side too."""
    refused = {_key(each) for each in denies}
    if not all(each.surely and _key(each) in refused for each in other.denies):
        return False
    return clause.surely and any(
        all(any(_covers(each, clause, text) for each in layer) for layer in path) for path in other.paths
    )


def _key(clause: Clause) -> tuple[object, ...]:
    """Give what two statements that deny the same have in common."""
    statement, shape = clause.statement, _shape(clause.statement)
    actions, not_actions = _texts(statement.actions), _texts(statement.not_actions)
    told = (actions is None) is (statement.actions is None) and (not_actions is None) is (
        statement.not_actions is None
    )
    if shape is None or not told or statement.principals is not None or statement.not_principals is not None:
        return (id(statement),)
    return shape, actions, not_actions, clause.variables


def _covers(general: Clause, specific: Clause, text: str | Symbolic | None) -> bool:
    """Compare what is written; the actions are known to match, and the caller to be named."""
    if not general.surely or general.variables is not specific.variables:
        return False
    one, other = _shape(general.statement), _shape(specific.statement)
    if one is None or other is None or not one.conditions <= other.conditions:
        return False
    if one.not_resources is not None:
        return one.resources is None and one.not_resources == other.not_resources
    if one.resources is None or "*" in one.resources or (text is not None and text in one.resources):
        return True
    return other.resources is not None and other.resources <= one.resources


_shapes: dict[int, tuple[Statement, _Shape | None]] = {}
KEPT = 65_536


def _shape(statement: Statement) -> _Shape | None:
    """Give the shape of a statement; None when something in it cannot be told."""
    found = _shapes.get(id(statement))
    if found is None or found[0] is not statement:
        if len(_shapes) >= KEPT:
            _shapes.clear()
        found = _shapes[id(statement)] = (statement, _make(statement))
    return found[1]


def _make(statement: Statement) -> _Shape | None:
    resources, not_resources = _texts(statement.resources), _texts(statement.not_resources)
    if (resources is None) is not (statement.resources is None):
        return None
    if (not_resources is None) is not (statement.not_resources is None):
        return None
    conditions = set()
    for entry in statement.conditions:
        values = _texts(entry.values)
        if values is None:
            return None
        conditions.add((entry.operator.lower(), entry.key.lower(), values))
    return _Shape(resources, not_resources, frozenset(conditions))


def _texts(cases: tuple[Case, ...] | None) -> Texts | None:
    texts = [] if cases is None else [written(case) for case in cases]
    if cases is None or None in texts:
        return None
    return frozenset(_placeless(text) for text in texts if text is not None)


@lru_cache(maxsize=4096)
def _placeless(text: str | Symbolic) -> str | Symbolic:
    return text if isinstance(text, str) else Symbolic(text.parts)


def placeless(text: str | Symbolic | None) -> str | Symbolic | None:
    """Give a text without the place it is written at."""
    return None if text is None else _placeless(text)
