"""Actions cut into cells: within a cell no statement in play can tell two actions apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice

from msgspec import Struct

from lamward.iam import catalogue, pattern, platform
from lamward.iam.automaton import Exhausted, build, explore
from lamward.iam.conditions import written
from lamward.iam.prove.answers import GaveUp
from lamward.model.access import Truth
from lamward.model.policy import Effect, Statement
from lamward.model.value import Case

STATES = 50_000
MEMBERS = 200
"""How many actions of a cell that only `*` speaks of are kept to be tried."""


class Cell(Struct, frozen=True):
    """Actions that all statements treat alike.

    `representative` is one of them; `members` are those of the catalogue, in order of name. Actions that know no
    resources are in cells of their own. `truths` is by the identity of a statement.
    """

    representative: str
    members: tuple[catalogue.Action, ...]
    resourceless: bool
    truths: dict[int, Truth]

    def speaks_of(self, statement: Statement) -> Truth:
        """Tell whether a statement speaks of the actions of the cell."""
        return self.truths.get(id(statement), Truth.NO)


class _Hits(Struct, frozen=True):
    """Which statements match an action with `Action`, and which with `NotAction`, as bits."""

    wanted: int
    unwanted: int


_Key = tuple[int, int, bool, str]


class Cut:
    """The actions cut by some statements."""

    def __init__(self, statements: Sequence[Statement], *, layered: bool = False) -> None:
        self.statements = list({id(each): each for each in statements}.values())
        self.layered = layered
        self.wild: dict[str, _Hits] = {}
        self.literal: dict[str, _Hits] = {}
        self.everything = _Hits(0, 0)
        self.unsure = _Hits(0, 0)
        for index, statement in enumerate(self.statements):
            self._read(1 << index, statement.actions, statement.not_actions)
        self.cells = tuple(self._cells())

    def _read(self, bit: int, actions: tuple[Case, ...] | None, not_actions: tuple[Case, ...] | None) -> None:
        for cases, hits in ((actions, _Hits(bit, 0)), (not_actions, _Hits(0, bit))):
            for case in cases or ():
                text = written(case)
                if not isinstance(text, str):
                    self.unsure = _join(self.unsure, hits)
                elif text and not text.strip("*"):
                    self.everything = _join(self.everything, hits)
                else:
                    place = self.wild if "*" in text or "?" in text else self.literal
                    place[text.lower()] = _join(place.get(text.lower(), _Hits(0, 0)), hits)

    def _cells(self) -> Iterator[Cell]:
        groups: dict[_Key, list[catalogue.Action]] = {}
        found = self._known()
        for action, hits in found.values():
            groups.setdefault(
                self._key(action.name, hits, resourceless=not action.supports_resources), []
            ).append(action)
        for members in self._others(found):
            name, resourceless = members[0].name, not members[0].supports_resources
            groups.setdefault(self._key(name, self.everything, resourceless=resourceless), []).extend(members)
        for key, members in groups.items():
            if self._allows(_Hits(key[0], key[1])):
                yield Cell(members[0].name, tuple(members), key[2], self._truths(key))
        seen = set(groups)
        for text, hits in self._future():
            key = self._key(text, hits, resourceless=False)
            if key not in seen and self._allows(hits):
                seen.add(key)
                yield Cell(text, (), resourceless=False, truths=self._truths(key))

    def _key(self, name: str, hits: _Hits, *, resourceless: bool) -> _Key:
        """Give what tells actions apart: the statements, and the few names that AWS treats in ways of their own."""
        lowered = name.lower()
        special = "kms" if lowered.startswith("kms:") else ""
        if platform.governed_by_resource(name, "x:role/"):
            special = lowered
        if self.layered:
            special += " controlled" if platform.has_resource_control(name) else ""
        return hits.wanted, hits.unwanted, resourceless, special

    def _known(self) -> dict[str, tuple[catalogue.Action, _Hits]]:
        """Find the actions of the catalogue that patterns other than `*` speak of."""
        found: dict[str, tuple[catalogue.Action, _Hits]] = {}
        for text, hits in self.wild.items():
            for action in catalogue.matching(text):
                before = found.get(action.name)
                found[action.name] = action, _join(before[1] if before else self.everything, hits)
        for text, hits in self.literal.items():
            known = catalogue.action(text)
            if known is not None:
                before = found.get(known.name)
                found[known.name] = known, _join(before[1] if before else self.everything, hits)
        return found

    def _others(self, found: dict[str, tuple[catalogue.Action, _Hits]]) -> Iterator[list[catalogue.Action]]:
        """List the actions that only `*` speaks of, some of each sort."""
        if self._allows(self.everything):
            for part in _parts():
                members = list(islice((each for each in part if each.name not in found), MEMBERS))
                if members:
                    yield members

    def _allows(self, hits: _Hits) -> bool:
        """Tell whether any statement that allows may speak of actions with these hits."""
        key = (hits.wanted, hits.unwanted, False, "")
        return any(
            self._truth(each, 1 << index, key) is not Truth.NO
            for index, each in enumerate(self.statements)
            if each.effect is Effect.ALLOW
        )

    def _future(self) -> Iterator[tuple[str, _Hits]]:
        """List actions that AWS does not have (yet): one for every combination of patterns they may match."""
        services: dict[str, list[str]] = {}
        anywhere: list[str] = []
        for text in self.wild:
            prefix, colon, _ = text.partition(":")
            if colon and "*" not in prefix and "?" not in prefix:
                services.setdefault(prefix, []).append(text)
            else:
                anywhere.append(text)
        for text in self.literal:
            services.setdefault(text.partition(":")[0], [])
            if catalogue.action(text) is None:
                hits = _join(self.everything, self.literal[text])
                matching = (self.wild[each] for each in self.wild if pattern.matcher(each)(text))
                yield text, _joined(hits, matching)
        for prefix, own in (*sorted(services.items()), ("", [])):
            shape = f"{prefix}:?*" if prefix else "?*:?*"
            for text, matched in _texts(shape, (*own, *anywhere)):
                if text not in self.literal and (prefix or text.partition(":")[0] not in services):
                    yield text, _joined(self.everything, (self.wild[each] for each in matched))

    def _truths(self, key: _Key) -> dict[int, Truth]:
        return {id(each): self._truth(each, 1 << index, key) for index, each in enumerate(self.statements)}

    def _truth(self, statement: Statement, bit: int, key: _Key) -> Truth:
        wanted, unwanted = Truth.YES, Truth.NO
        if statement.actions is not None:
            unsure = Truth.UNKNOWN if self.unsure.wanted & bit else Truth.NO
            wanted = Truth.YES if key[0] & bit else unsure
        if statement.not_actions is not None:
            unsure = Truth.UNKNOWN if self.unsure.unwanted & bit else Truth.NO
            unwanted = Truth.YES if key[1] & bit else unsure
        return wanted & ~unwanted


@cache
def _parts() -> tuple[tuple[catalogue.Action, ...], ...]:
    """Sort all actions by what AWS treats in ways of its own."""
    found: dict[tuple[bool, str], list[catalogue.Action]] = {}
    for action in catalogue.matching("*"):
        special = action.name if platform.governed_by_resource(action.name, "x:role/") else ""
        special = "kms" if action.name.startswith("kms:") else special
        special += " controlled" if platform.has_resource_control(action.name) else ""
        found.setdefault((action.supports_resources, special), []).append(action)
    return tuple(map(tuple, found.values()))


def _join(first: _Hits, second: _Hits) -> _Hits:
    return _Hits(first.wanted | second.wanted, first.unwanted | second.unwanted)


def _joined(start: _Hits, others: Iterable[_Hits]) -> _Hits:
    for each in others:
        start = _join(start, each)
    return start


@lru_cache(maxsize=4096)
def _texts(shape: str, patterns: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give a text of a shape for every combination of patterns that some text of it matches."""
    if all(each.endswith("*") and "*" not in each[:-1] and "?" not in each for each in patterns):
        return tuple(_by_prefix(shape, patterns))
    reading = pattern.Reading()
    machine = build([pattern.tokens((each,), reading) for each in (shape, *patterns)])
    found: dict[tuple[str, ...], str] = {}
    try:
        for state, text in explore(machine, alive=machine.regions[0], limit=STATES):
            if state & machine.accepts[0]:
                matched = zip(patterns, machine.accepts[1:], strict=True)
                found.setdefault(tuple(each for each, bit in matched if state & bit), text)
    except Exhausted:
        raise GaveUp("the patterns cut actions into too many pieces") from None
    return tuple((text, matched) for matched, text in found.items())


def _by_prefix(shape: str, patterns: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Do the same where every pattern is a prefix: one text that goes on unlike any, for each."""
    for prefix in (shape.replace("?*", "zz"), *(each[:-1] for each in patterns)):
        text = prefix if ":" in prefix and not prefix.endswith(":") else prefix + "zz"
        longer = text + "zz"
        yield longer, tuple(each for each in patterns if longer.startswith(each[:-1]))
