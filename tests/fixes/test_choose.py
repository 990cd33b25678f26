"""The largest set of fixes that go together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lamward.fixes.choose import compatible


def test_the_largest_set_wins() -> None:
    clashes = {(0, 1), (0, 2), (3, 4)}
    assert compatible(range(5), lambda one, other: (one, other) in clashes) == [1, 2, 3]


@given(st.integers(1, 20), st.sets(st.tuples(st.integers(0, 19), st.integers(0, 19))))
def test_nothing_chosen_clashes_and_nothing_more_could_be_chosen(
    size: int, clashes: set[tuple[int, int]]
) -> None:
    def clash(one: int, other: int) -> bool:
        return (one, other) in clashes or (other, one) in clashes

    chosen = compatible(range(size), clash)
    assert not any(clash(one, other) for one in chosen for other in chosen if one != other)
    rest = set(range(size)) - set(chosen)
    assert all(any(clash(one, other) for other in chosen) for one in rest)
