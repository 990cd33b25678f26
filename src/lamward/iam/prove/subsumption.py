"""What can be seen without a search: a statement that another one covers as it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from lamward.iam import pattern, worlds
from lamward.iam.conditions import written
from lamward.iam.parse import VERSIONS
from lamward.iam.prove.sides import Clause, LayerClauses, Side
from lamward.model.access import Policies, Truth
from lamward.model.policy import Effect, Policy, Statement
from lamward.model.value import Case, Symbolic

Texts = frozenset[str | Symbolic]


class _Shape(NamedTuple):
    """A statement without its places, its actions and its principals.

    `varying` are the resources that may hold a policy variable, `wild` those with wildcards and no such variable.
    """

    resources: Texts | None
    not_resources: Texts | None
    conditions: frozenset[tuple[str, str, Texts]]
    varying: Texts
    wild: tuple[str, ...]


class _Ground:
    """Where statements plainly allow what another one does, of its resources; their actions are known to be its."""

    def __init__(self, general: Iterable[_Shape], specific: _Shape) -> None:
        self._specific = specific
        near = [each for each in general if _asks_no_more(each, specific)]
        self._anywhere = any(_is_anywhere(each, specific) for each in near)
        placed = [each for each in near if each.not_resources is None]
        self._exact = frozenset[str | Symbolic]().union(*(each.resources or () for each in placed))
        self._wild = tuple(dict.fromkeys(text for each in placed for text in each.wild))

    def holds(self, text: str | Symbolic | None) -> bool:
        """Tell whether it is all there of one of the other's resources; of every one of them for None."""
        if self._anywhere:
            return True
        if text is None:
            resources = self._specific.resources
            return resources is not None and all(map(self.holds, resources))
        return text in self._exact or (
            isinstance(text, str)
            and "${" not in text
            and any(pattern.covers(each, text) is Truth.YES for each in self._wild)
        )


def _asks_no_more(one: _Shape, other: _Shape) -> bool:
    """Tell whether a statement matches wherever another does, as far as conditions and variables go."""
    if not one.conditions <= other.conditions:
        return False
    # A variable without a value keeps its whole statement from matching, whatever else the statement names.
    return one.varying <= (other.resources or frozenset())


def _is_anywhere(one: _Shape, other: _Shape) -> bool:
    if one.not_resources is not None:
        return one.resources is None and one.not_resources == other.not_resources
    return one.resources is None or "*" in one.resources


def evident(other: Side, clause: Clause) -> Callable[[str | Symbolic | None], bool]:
    """Give what tells whether all that a clause allows on a resource of its is plainly allowed by the other side too.

    What that side denies is another question.
    """
    specific = _shape(clause.statement) if clause.surely else None
    if specific is None:
        return lambda _text: False
    paths = [[_ground(layer, clause, specific) for layer in path] for path in other.paths]
    return lambda text: any(all(layer.holds(text) for layer in path) for path in paths)


def _ground(layer: LayerClauses, clause: Clause, specific: _Shape) -> _Ground:
    sure = (each for each in layer if each.surely and each.variables is clause.variables)
    return _Ground(filter(None, (_shape(each.statement) for each in sure)), specific)


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
    if not all(_key(each, variables=variables) in denied for each, variables in denies):
        return False
    allows = _by_action(pair for pair in one if pair[0].effect is Effect.ALLOW)
    return all(_allowed(allows, pair) for pair in other if pair[0].effect is Effect.ALLOW)


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


def _by_action(allows: Iterable[_Read]) -> Mapping[str | Symbolic, Sequence[_Read]]:
    """Index statements by the actions they write."""
    found: dict[str | Symbolic, list[_Read]] = {}
    for pair in allows:
        wanted = _spoken(pair[0])[0] if pair[0].not_actions is None else None
        for action in wanted or ():
            found.setdefault(action, []).append(pair)
    return found


def _allowed(general: Mapping[str | Symbolic, Sequence[_Read]], specific: _Read) -> bool:
    """Tell whether each action of a statement is plainly allowed on each of its resources, by whatever statements."""
    shape, asked = _shape(specific[0]), _spoken(specific[0])[0]
    if shape is None:
        return False
    return all(
        _Ground(
            (found for one in near if _is_for(one, specific) and (found := _shape(one[0])) is not None), shape
        ).holds(None)
        for near in (
            (*general.get("*", ()), *general.get(action, ()))
            for action in (("*",) if asked is None else asked)
        )
    )


def _is_for(one: _Read, other: _Read) -> bool:
    """Tell whether two statements name the same principals, and read variables alike."""
    return (
        one[1] is other[1]
        and one[0].principals == other[0].principals
        and one[0].not_principals == other[0].not_principals
    )


def _key(statement: Statement, *, variables: bool) -> tuple[object, ...]:
    """Give what two statements that deny the same have in common."""
    found = _shape(statement)
    if found is None or statement.principals is not None or statement.not_principals is not None:
        return (id(statement),)
    return found, *_spoken(statement), variables


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
    varying = frozenset(filter(_may_vary, resources or ()))
    wild = (text for text in resources or () if isinstance(text, str) and ("*" in text or "?" in text))
    return _Shape(
        resources,
        not_resources,
        frozenset(conditions),
        varying,
        tuple(text for text in wild if text not in varying),
    )


def _may_vary(text: str | Symbolic) -> bool:
    """Tell whether a text may hold a policy variable."""
    parts = (text,) if isinstance(text, str) else text.parts
    return any(isinstance(part, str) and "${" in part for part in parts)


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


def _placeless(text: str | Symbolic) -> str | Symbolic:
    return text if isinstance(text, str) else Symbolic(text.parts)


def placeless(text: str | Symbolic | None) -> str | Symbolic | None:
    """Give a text without the place it is written at."""
    return None if text is None else _placeless(text)
