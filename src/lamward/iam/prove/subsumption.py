"""What can be seen without a search: a statement that another one covers as it is written."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from msgspec.structs import replace

from lamward.iam import worlds
from lamward.iam.conditions import written
from lamward.iam.parse import VERSIONS
from lamward.iam.prove.sides import Clause, LayerClauses, Side
from lamward.model.access import Policies
from lamward.model.policy import Effect, Policy, Statement
from lamward.model.value import Case, Symbolic

Texts = frozenset[str | Symbolic]


class _Shape(NamedTuple):
    """A statement without its places, its actions and its principals."""

    resources: Texts | None
    not_resources: Texts | None
    conditions: frozenset[tuple[str, str, Texts]]


def evident(other: Side, clause: Clause, text: str | Symbolic | None) -> bool:
    """Tell whether all that a clause allows on one of its resources is plainly allowed by the other side too.

    What that side denies is another question.
    """
    return clause.surely and any(
        all(any(_covers(each, clause, text) for each in layer) for layer in path) for path in other.paths
    )


def refused_more(other: Side, denies: LayerClauses) -> LayerClauses:
    """List what a side denies that is not plainly denied already."""
    sure = {id(each.statement) for each in denies if each.surely}
    new = tuple(each for each in other.denies if id(each.statement) not in sure)
    if not new:
        return ()
    refused = {_key(each.statement, variables=each.variables) for each in denies if each.surely}
    return tuple(
        each
        for each in new
        if not each.surely or _key(each.statement, variables=each.variables) not in refused
    )


def includes(larger: Policies, smaller: Policies) -> bool:
    """Tell whether all that a set of policies allows is plainly allowed by another, as it is written.

    They may differ in what their identity policies, or their resource policies, say.
    """
    rest = _rest(larger)
    if rest != _rest(smaller) or not all(map(_told, worlds.every(rest))):
        return False
    one, other = larger.resource, smaller.resource
    if (one is None) is not (other is None):
        return False
    return _includes(larger.identity, smaller.identity) and (
        one is None or other is None or _includes((one,), (other,), principals=True)
    )


def _rest(policies: Policies) -> Policies:
    return replace(policies, identity=(), resource=None)


def _includes(larger: tuple[Policy, ...], smaller: tuple[Policy, ...], *, principals: bool = False) -> bool:
    one, other = _readable(larger, principals=principals), _readable(smaller, principals=principals)
    if one is None or other is None:
        return False
    denied = {_key(each, variables=variables) for each, variables in other if each.effect is Effect.DENY}
    denies = (pair for pair in one if pair[0].effect is Effect.DENY)
    allows = [pair for pair in one if pair[0].effect is Effect.ALLOW]
    return all(_key(each, variables=variables) in denied for each, variables in denies) and all(
        any(_allows_all(pair, each) for pair in allows) for each in other if each[0].effect is Effect.ALLOW
    )


def _told(document: Policy) -> bool:
    """Tell whether every word of a policy can be told: what cannot be may differ though it looks the same."""
    return not document.unreadable and all(
        not each.unreadable and all(written(case) is not None for case in worlds.scalars(each))
        for each in document.statements
    )


_Read = tuple[Statement, bool]


def _readable(documents: tuple[Policy, ...], *, principals: bool) -> list[_Read] | None:
    """List statements and whether variables have a meaning in them; None when anything cannot be told."""
    found: list[_Read] = []
    for document in documents:
        if not _told(document):
            return None
        for each in document.statements:
            named = each.principals is not None or each.not_principals is not None
            placed = each.resources is not None or each.not_resources is not None
            if named is not principals or not (placed or principals):
                return None
            found.append((each, document.version == VERSIONS[1]))
    return found


def _allows_all(general: _Read, specific: _Read) -> bool:
    one, other = general[0], specific[0]
    if general[1] is not specific[1] or one.principals != other.principals:
        return False
    if one.not_principals != other.not_principals or one.not_actions is not None:
        return False
    wanted, asked = _spoken(one)[0], _spoken(other)[0]
    if wanted is None or not ("*" in wanted or (asked is not None and asked <= wanted)):
        return False
    first, second = _shape(one), _shape(other)
    return first is not None and second is not None and _includes_shape(first, second, None)


def _key(statement: Statement, *, variables: bool) -> tuple[object, ...]:
    """Give what two statements that deny the same have in common."""
    found = _shape(statement)
    if found is None or statement.principals is not None or statement.not_principals is not None:
        return (id(statement),)
    return found, *_spoken(statement), variables


def _covers(general: Clause, specific: Clause, text: str | Symbolic | None) -> bool:
    """Compare what is written; the actions are known to match, and the caller to be named."""
    if not general.surely or general.variables is not specific.variables:
        return False
    one, other = _shape(general.statement), _shape(specific.statement)
    return one is not None and other is not None and _includes_shape(one, other, text)


def _includes_shape(one: _Shape, other: _Shape, text: str | Symbolic | None) -> bool:
    if not one.conditions <= other.conditions:
        return False
    if one.not_resources is not None:
        return one.resources is None and one.not_resources == other.not_resources
    if not _varying(one.resources) <= (other.resources or frozenset()):
        # A variable without a value keeps its whole statement from matching, whatever else the statement names.
        return False
    if one.resources is None or "*" in one.resources or (text is not None and text in one.resources):
        return True
    return other.resources is not None and other.resources <= one.resources


def _varying(texts: Texts | None) -> Texts:
    """List the texts that may hold a policy variable."""
    return frozenset(
        text
        for text in texts or ()
        if any(
            "${" in part
            for part in ((text,) if isinstance(text, str) else text.parts)
            if isinstance(part, str)
        )
    )


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


_spoken_of: dict[int, tuple[Statement, tuple[Texts | None, Texts | None]]] = {}


def _spoken(statement: Statement) -> tuple[Texts | None, Texts | None]:
    """Give the actions of a statement; what cannot be told makes it like no other."""
    found = _spoken_of.get(id(statement))
    if found is None or found[0] is not statement:
        if len(_spoken_of) >= KEPT:
            _spoken_of.clear()
        found = _spoken_of[id(statement)] = (
            statement,
            (_actions(statement.actions), _actions(statement.not_actions)),
        )
    return found[1]


def _actions(cases: tuple[Case, ...] | None) -> Texts | None:
    if cases is None:
        return None
    texts = _texts(cases)
    return frozenset((f"\0{id(cases)}",)) if texts is None else texts


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
