"""Actions cut into cells: within a cell no statement in play can tell two actions apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from lamward.iam import catalogue, pattern, platform
from lamward.iam.automaton import Exhausted, build, explore
from lamward.iam.conditions import written
from lamward.iam.prove.answers import GaveUp
from lamward.iam.prove.sides import platform_actions, platform_statements
from lamward.iam.prove.universe import Universe, of, special
from lamward.model.access import Truth
from lamward.model.policy import Effect, Statement
from lamward.model.value import Case

STATES = 50_000


class Cell:
    """Actions that all statements treat alike.

    `representative` is one of them. Actions that know no resources are in cells of their own, by the `resource` that
    AWS compares for them; it is empty for all others. `truths` is by the identity of a statement.
    """

    def __init__(
        self, representative: str, found: tuple[Universe, int] | None, truths: dict[int, Truth]
    ) -> None:
        self.representative = representative
        self.known = found is not None
        self.resource = "" if found is None else platform.resource_of(found[0].action(found[1]))
        self.resourceless = self.resource != ""
        self._found = found
        self._truths = truths

    def members(self, service: str) -> Iterator[catalogue.Action]:
        """List the actions of the catalogue: those on ARNs of a service first where one is named."""
        if self._found is not None:
            universe, mask = self._found
            first = mask & universe.on(service) if service and not self.resourceless else mask
            yield from universe.actions(first)
            yield from universe.actions(mask & ~first)

    def speaks_of(self, statement: Statement) -> Truth:
        """Tell whether a statement speaks of the actions of the cell."""
        return self._truths.get(id(statement), Truth.NO)


_Hits = tuple[int, int]
"""Which statements match an action with `Action`, and which with `NotAction`, as bits."""

_NONE: Final = (0, 0)


class Cut:
    """The actions cut by some statements. Cells that none of a `leading` group allows are left out."""

    def __init__(
        self,
        statements: Sequence[Statement],
        leading: Iterable[Iterable[Statement]],
        *,
        layered: bool = False,
        refusable: bool = False,
    ) -> None:
        self.statements = list({id(each): each for each in statements}.values())
        self.layered = layered
        self.wild: dict[str, _Hits] = {}
        self.literal: dict[str, _Hits] = {}
        self.everything = _NONE
        self.unsure = _NONE
        self.unlisted = 0
        bits: dict[int, int] = {}
        for index, statement in enumerate(self.statements):
            bit = bits[id(statement)] = 1 << index
            self.unlisted |= bit if statement.actions is None else 0
            self._read(bit, statement.actions, statement.not_actions)
        self.refusals = [
            (bit << len(self.statements), names) for bit, names in platform_actions() if refusable
        ]
        self.statements += platform_statements() if refusable else ()
        self.leading = [
            sum({bits[id(each)] for each in group if each.effect is Effect.ALLOW}) for group in leading
        ]
        self._cells: list[Cell] = []
        self._coming = self._find()

    def __iter__(self) -> Iterator[Cell]:
        """List the cells, those of the catalogue's actions first; each is made when first asked for."""
        place = 0
        while True:
            if place == len(self._cells):
                found = next(self._coming, None)
                if found is None:
                    return
                self._cells.append(found)
            yield self._cells[place]
            place += 1

    def _read(self, bit: int, actions: tuple[Case, ...] | None, not_actions: tuple[Case, ...] | None) -> None:
        for cases, hits in ((actions, (bit, 0)), (not_actions, (0, bit))):
            for case in cases or ():
                text = written(case)
                if not isinstance(text, str):
                    self.unsure = _join(self.unsure, hits)
                elif text and not text.strip("*"):
                    self.everything = _join(self.everything, hits)
                else:
                    place = self.wild if "*" in text or "?" in text else self.literal
                    text = text.lower()
                    place[text] = _join(place.get(text, _NONE), hits)

    def _find(self) -> Iterator[Cell]:
        seen: set[tuple[_Hits, str]] = set()
        universe, blocks = self._blocks()
        for hits, block in blocks:
            for part in universe.parts(layered=self.layered):
                inside = block & part
                if inside:
                    cell = Cell(universe.action(inside).name, (universe, inside), self._truths(hits))
                    seen |= set() if cell.resourceless else {(hits, self._special(cell.representative))}
                    yield cell
        for text, hits in self._future():
            key = hits, self._special(text)
            if key not in seen and self._allows(hits):
                seen.add(key)
                yield Cell(text, None, self._truths(hits))

    def _special(self, name: str) -> str:
        """Give what AWS treats an action by in a way of its own."""
        found = special(name)
        return found + " controlled" if self.layered and platform.has_resource_control(name) else found

    def _blocks(self) -> tuple[Universe, list[tuple[_Hits, int]]]:
        """Cut the catalogue: what other patterns than `*` speak of, in order, then the rest."""
        patterns = {**self.wild, **self.literal}
        prefixes = {text.partition(":")[0] for text in patterns}
        prefixes |= {"iam", "kms", "sts"} if self.refusals else set()
        rest = self._allows(self.everything)
        universe = of(
            None
            if rest or any("*" in each or "?" in each for each in prefixes)
            else tuple(sorted(prefixes.intersection(catalogue.services())))
        )
        masks: dict[_Hits, int] = {}
        for text, hits in patterns.items():
            masks[hits] = masks.get(hits, 0) | universe.mask(text)
        for bits, names in self.refusals:
            masks[bits, 0] = universe.names(names)
        blocks = {self.everything: universe.everything}
        touched = 0
        for hits, mask in masks.items():
            touched |= mask
            following: dict[_Hits, int] = {}
            for before, block in blocks.items():
                for key, part in ((_join(before, hits), block & mask), (before, block & ~mask)):
                    if part:
                        following[key] = following.get(key, 0) | part
            blocks = following
        found = [each for each in blocks.items() if self._allows(each[0])]
        return universe, sorted(found, key=lambda each: (not each[1] & touched, each[1] & -each[1]))

    def _allows(self, hits: _Hits) -> bool:
        """Tell whether a statement that allows may speak of actions with these hits, in each leading group."""
        possible = (self.unlisted | hits[0] | self.unsure[0]) & ~hits[1]
        return all(possible & group for group in self.leading)

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
            if not self._may_allow((*own, *anywhere)):
                continue
            shape = f"{prefix}:?*" if prefix else "?*:?*"
            for text, matched in _texts(shape, (*own, *anywhere)):
                if (
                    text not in self.literal
                    and catalogue.action(text) is None
                    and (prefix or text.partition(":")[0] not in services)
                ):
                    yield text, _joined(self.everything, (self.wild[each] for each in matched))

    def _may_allow(self, patterns: Iterable[str]) -> bool:
        """Tell whether anything that some of these patterns speak of, and no other, may be allowed."""
        wanted = _joined(self.everything, (self.wild[each] for each in patterns))[0]
        return self._allows((wanted, self.everything[1]))

    def _truths(self, hits: _Hits) -> dict[int, Truth]:
        return {id(each): self._truth(each, 1 << index, hits) for index, each in enumerate(self.statements)}

    def _truth(self, statement: Statement, bit: int, hits: _Hits) -> Truth:
        wanted, unwanted = Truth.YES, Truth.NO
        if statement.actions is not None:
            unsure = Truth.UNKNOWN if self.unsure[0] & bit else Truth.NO
            wanted = Truth.YES if hits[0] & bit else unsure
        if statement.not_actions is not None:
            unsure = Truth.UNKNOWN if self.unsure[1] & bit else Truth.NO
            unwanted = Truth.YES if hits[1] & bit else unsure
        return wanted & ~unwanted


def _join(first: _Hits, second: _Hits) -> _Hits:
    return first[0] | second[0], first[1] | second[1]


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
    stems = [each[:-1] for each in patterns]
    matches = pattern.matcher(shape)
    for stem in (shape.replace("?*", ""), *stems):
        for end in (*_ENDS, *(":" + each for each in _ENDS), *(each + ":" + each for each in _ENDS)):
            text = stem + end
            matched = tuple(each for each in patterns if text.startswith(each[:-1]))
            if matches(text) and not any(len(each) > len(stem) and text.startswith(each) for each in stems):
                yield text, matched
                break


_ENDS: Final = ("zzzz", "yyyy", *("xqjvwkbgfphdmlucnirsoaet0123456789"))
