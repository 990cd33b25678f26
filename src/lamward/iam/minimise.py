"""From the accesses that are needed to the fewest statements that allow them and nothing else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Final

from msgspec import Struct

from lamward.iam import pattern
from lamward.iam.pattern import FIRST_LETTER
from lamward.model.access import Truth
from lamward.model.evidence import Condition
from lamward.model.policy import ConditionEntry, Effect, Policy, Statement
from lamward.model.value import Case, Known, Part, Reference, Symbolic

_VARIABLE: Final = re.compile(r"\$\{[^{}]*\}?")
_MOST: Final = 256
"""Accesses that are tried for covering one: of very many alike some may stay that another covers, to no harm."""


class Needed(Struct, frozen=True, order=False):
    """One action on one resource pattern, under conditions that may be demanded."""

    action: str
    resource: Known | Symbolic
    conditions: tuple[Condition, ...] = ()


class Allow(Struct, frozen=True):
    """One statement: every action on every resource, under all the conditions."""

    actions: tuple[str, ...]
    resources: tuple[Known | Symbolic, ...]
    conditions: tuple[Condition, ...] = ()


def minimise(needed: Iterable[Needed]) -> tuple[Allow, ...]:
    """Write accesses as few statements: nothing more is allowed, nothing less.

    What another access covers is left out. Statements are of one service each and in the order of their actions, so
    that a change of one need changes one statement.
    """
    kept = _without_covered(needed)
    groups: dict[tuple[str, tuple[Condition, ...]], list[Needed]] = defaultdict(list)
    for each in kept:
        groups[(_service(each.action), each.conditions)].append(each)
    statements = (
        Allow(actions, resources, conditions)
        for (_, conditions), members in groups.items()
        for actions, resources in _blocks(members)
    )
    return tuple(sorted(statements, key=lambda each: (each.actions, list(map(shown, each.resources)))))


def policy(statements: Iterable[Allow], *, name: str = "") -> Policy:
    """Give statements as the policy that the engine evaluates and proves."""
    return Policy(tuple(map(_statement, statements)), name=name, version="2012-10-17")


def _statement(allow: Allow) -> Statement:
    return Statement(
        Effect.ALLOW,
        actions=tuple(Case(Known(action)) for action in allow.actions),
        resources=tuple(Case(resource) for resource in allow.resources),
        conditions=tuple(
            ConditionEntry(operator, key, (Case(value),)) for operator, key, value in allow.conditions
        ),
    )


def shown(value: Known | Symbolic) -> str:
    """Write a text with its references."""
    return str(value.value) if isinstance(value, Known) else str(value)


def _service(action: str) -> str:
    return action.partition(":")[0]


def _without_covered(needed: Iterable[Needed]) -> list[Needed]:
    """Leave out what another access allows already, for every request."""
    by_action: dict[str, list[Needed]] = defaultdict(list)
    for each in dict.fromkeys(needed):
        by_action[each.action].append(each)
    return [each for members in by_action.values() for each in _widest(members)]


def _widest(members: Sequence[Needed]) -> Iterator[Needed]:
    """Give the accesses of one action that no other covers; of two that cover each other, the first by its text."""
    ordered = sorted(members, key=lambda each: (shown(each.resource), len(each.conditions)))
    near = _Near(ordered)
    for place, each in enumerate(ordered):
        if not any(
            _covers(ordered[other], each) and not (_covers(each, ordered[other]) and place < other)
            for other in near.of(place)
        ):
            yield each


class _Near:
    """Accesses by what of their resources no wildcard touches: only those that share it with another may cover it."""

    def __init__(self, ordered: Sequence[Needed]) -> None:
        letters: dict[Reference, str] = {}
        self._texts = [_lettered(each.resource, letters) for each in ordered]
        self._same: dict[str, list[int]] = defaultdict(list)
        self._starts: dict[str, list[int]] = defaultdict(list)
        self._ends: dict[str, list[int]] = defaultdict(list)
        for place, text in enumerate(self._texts):
            self._same[text].append(place)
            start, wildcard, end = _frame(text)
            if wildcard and len(start) >= len(end):
                self._starts[start].append(place)
            elif wildcard:
                self._ends[end].append(place)
        self._lengths = sorted({*map(len, self._starts)}), sorted({*map(len, self._ends)})

    def of(self, place: int) -> Iterable[int]:
        """List the accesses that may cover another, those with the shortest starts first."""
        text = self._texts[place]
        found = [self._same[text]]
        found += [self._starts.get(text[:length], []) for length in self._lengths[0] if length <= len(text)]
        found += [
            self._ends.get(text[len(text) - length :], [])
            for length in self._lengths[1]
            if length <= len(text)
        ]
        others = (each for each in dict.fromkeys(chain.from_iterable(found)) if each != place)
        return islice(others, _MOST)


def _lettered(resource: Known | Symbolic, letters: dict[Reference, str]) -> str:
    """Write a resource with a letter for each reference, the same for the same, that no policy uses."""
    if isinstance(resource, Known):
        return str(resource.value)
    return "".join(
        part if isinstance(part, str) else letters.setdefault(part, chr(FIRST_LETTER + len(letters)))
        for part in resource.parts
    )


def _frame(text: str) -> tuple[str, str, str]:
    """Split a text before its first wildcard and behind its last one; "" in the middle where it has none."""
    first = next((place for place, letter in enumerate(text) if letter in "*?"), len(text))
    last = max(text.rfind("*"), text.rfind("?"))
    return text[:first], text[first : last + 1], text[last + 1 :] if last >= 0 else ""


def _covers(wide: Needed, narrow: Needed) -> bool:
    if not set(wide.conditions) <= set(narrow.conditions):
        return False
    if wide.resource == narrow.resource:
        return True
    if _at_most(wide.resource) != wide.resource:
        return False
    return pattern.covers(*_rests(wide.resource, _at_most(narrow.resource))) is Truth.YES


def _at_most(resource: Known | Symbolic) -> Known | Symbolic:
    """Put a star in the place of what policies call variables: whatever they stand for, it matches no less."""
    if isinstance(resource, Known):
        return Known(_VARIABLE.sub("*", str(resource.value)), resource.origins)
    parts = (_VARIABLE.sub("*", part) if isinstance(part, str) else part for part in resource.parts)
    return Symbolic(tuple(parts), resource.origins)


def _rests(first: Known | Symbolic, second: Known | Symbolic) -> tuple[str | Symbolic, str | Symbolic]:
    """Leave out the reference that both begin with: the rests tell as much, and mostly without an automaton."""
    match first, second:
        case Symbolic(parts=(Reference() as one, *left)), Symbolic(parts=(other, *right)) if one == other:
            return _rest(left), _rest(right)
        case _:
            return _text(first), _text(second)


def _rest(parts: Sequence[Part]) -> str | Symbolic:
    texts = [part for part in parts if isinstance(part, str)]
    return "".join(texts) if len(texts) == len(parts) else Symbolic(tuple(parts))


def _text(value: Known | Symbolic) -> str | Symbolic:
    return str(value.value) if isinstance(value, Known) else value


Block = tuple[tuple[str, ...], tuple[Known | Symbolic, ...]]


def _blocks(members: Sequence[Needed]) -> Iterator[Block]:
    """Group one service's accesses: actions with the same resources together."""
    resources: dict[str, list[Known | Symbolic]] = defaultdict(list)
    for each in members:
        resources[each.action].append(each.resource)
    actions: dict[tuple[Known | Symbolic, ...], list[str]] = defaultdict(list)
    for action, found in resources.items():
        actions[tuple(sorted(found, key=shown))].append(action)
    for listed, names in actions.items():
        yield tuple(sorted(names)), listed
