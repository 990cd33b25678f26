"""Edits that meet are found by their paths: exactly those of which one path leads to the other."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from lamward.fixes.near import pairs

steps = st.sampled_from(["Resources", "A", "B", 0, 1])
paths = st.lists(steps, max_size=4).map(tuple)


def meet(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


@given(st.lists(st.lists(paths, max_size=3), max_size=8))
def test_pairs_are_those_whose_paths_meet(every: list[list[tuple[str | int, ...]]]) -> None:
    expected = {
        (number, later)
        for (number, one), (later, other) in combinations(enumerate(every), 2)
        if any(meet(mine, yours) for mine in one for yours in other)
    }
    found = list(pairs(every))
    assert set(found) == expected
    assert len(found) == len(expected)
