"""Which of several fixes go together: the largest set without contradictions, the same one every time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final, TypeVar

Choice = TypeVar("Choice")

_EXACT: Final = 12
"""Up to so many entangled fixes every combination is looked at; beyond, those with the fewest opponents come first."""


def compatible(
    choices: Sequence[Choice],
    clash: Callable[[Choice, Choice], bool],
    *,
    pairs: Iterable[tuple[int, int]] | None = None,
) -> list[Choice]:
    """Choose as many as possible without a clash; of equally many those that come first.

    `pairs` are the numbers of those that may clash at all, where that is known.
    """
    opponents: dict[int, set[int]] = {index: set() for index in range(len(choices))}
    for one, other in combinations(range(len(choices)), 2) if pairs is None else pairs:
        if clash(choices[one], choices[other]):
            opponents[one].add(other)
            opponents[other].add(one)
    kept: set[int] = set()
    for group in _groups(opponents):
        kept |= set(_largest(group, opponents))
    return [choice for index, choice in enumerate(choices) if index in kept]


def _groups(opponents: Mapping[int, set[int]]) -> list[list[int]]:
    """Part indexes into groups that have nothing against each other."""
    groups, seen = [], set[int]()
    for start in opponents:
        group, waiting = set[int](), {start} - seen
        while waiting:
            index = waiting.pop()
            group.add(index)
            waiting |= opponents[index] - group
        seen |= group
        if group:
            groups.append(sorted(group))
    return groups


def _largest(group: list[int], opponents: Mapping[int, set[int]]) -> list[int]:
    if len(group) > _EXACT:
        kept: list[int] = []
        for index in sorted(group, key=lambda index: (len(opponents[index]), index)):
            if not opponents[index] & set(kept):
                kept.append(index)
        return kept
    for size in range(len(group), 0, -1):
        for chosen in combinations(group, size):
            if not any(opponents[index] & set(chosen) for index in chosen):
                return list(chosen)
    return []
