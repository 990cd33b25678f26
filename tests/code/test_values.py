"""Values are sets that only grow, within limits, and come to rest."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from lamward.code.calls.values import MAX_TEXTS, TOO_MANY, Value, is_mystery, join
from lamward.code.pattern import Constant, Env, Part, Pattern, Unknown, text

PARTS: st.SearchStrategy[Part] = st.one_of(
    st.text("ab", max_size=3), st.builds(Env, st.sampled_from("XY")), st.builds(Unknown, st.just("why"))
)
PATTERNS = st.lists(PARTS, max_size=4).map(lambda parts: text(*parts))
VALUES: st.SearchStrategy[Value] = st.frozensets(
    st.one_of(PATTERNS, st.builds(Constant, st.integers(0, 3))), max_size=12
)


@settings(deadline=None)
@given(VALUES, VALUES)
def test_joining_again_changes_nothing(first: Value, second: Value) -> None:
    joined = join(first, second)
    assert join(joined, second) == joined
    assert join(joined, first) == joined


@settings(deadline=None)
@given(st.lists(VALUES, max_size=12), VALUES)
def test_adding_to_what_is_given_up_comes_to_rest(values: list[Value], more: Value) -> None:
    held: Value = frozenset({text("a", Unknown(TOO_MANY))})
    for value in values:
        held = join(held, value)
    grown = join(held, more | held)
    assert join(grown, more | grown) == grown


@settings(deadline=None)
@given(st.lists(VALUES, max_size=12))
def test_however_much_is_joined_it_stays_within_the_limit(values: list[Value]) -> None:
    joined: Value = frozenset()
    for value in values:
        joined = join(joined, value)
    assert len([atom for atom in joined if isinstance(atom, Pattern)]) <= MAX_TEXTS


@settings(deadline=None)
@given(st.lists(VALUES, max_size=8))
def test_a_text_that_is_joined_is_there_or_begins_like_one_that_is_given_up(values: list[Value]) -> None:
    joined: Value = frozenset()
    for value in values:
        joined = join(joined, value)
    heads = [atom.parts[:-1] for atom in joined if isinstance(atom, Pattern) and atom.parts]
    for atom in frozenset().union(*values):
        covered = atom in joined or any(begins(atom, head) for head in heads)
        assert covered or any(map(is_mystery, joined))


def begins(atom: object, head: tuple[Part, ...]) -> bool:
    if not isinstance(atom, Pattern):
        return False
    written, start = str(atom), str(Pattern(head))
    return written.startswith(start)


def test_constants_that_are_equal_in_python_are_not_the_same() -> None:
    assert len({Constant(1), Constant(True), Constant(1.0)}) == 3


@settings(deadline=None)
@given(st.lists(PARTS, max_size=6))
def test_a_pattern_has_no_empty_pieces_and_no_two_texts_in_a_row(parts: list[Part]) -> None:
    made = text(*parts).parts
    assert "" not in made
    assert not any(isinstance(a, str) and isinstance(b, str) for a, b in pairwise(made))
