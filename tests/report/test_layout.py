from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamward.report.layout import columns, wrapped

_WORDS = st.lists(st.sampled_from(["a", "seven77", "::stop", "日本語", "", "a-word-longer-than-any-line-is"]))


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("one two", 11, ["    one two"]),
        ("one two", 10, ["    one", "    two"]),
        ("one ::two and", 13, ["    one ::two", "    and"]),
        ("long-one ::two and", 13, ["    long-one", "    \\::two", "    and"]),
        ("long-one ::two and", 14, ["    long-one", "    \\::two and"]),
    ],
)
def test_words_wrap_behind_their_lead(text: str, width: int, expected: list[str]) -> None:
    assert wrapped("    ", text, width, indent=4) == expected


@given(_WORDS, st.integers(10, 30), st.integers(0, 6))
def test_wrapped_lines_fit_or_hold_one_word(words: list[str], width: int, indent: int) -> None:
    for line in wrapped("", " ".join(words), width, indent=indent):
        assert columns(line) <= width or len(line.split()) == 1
        assert not line.lstrip().startswith("::")


@given(_WORDS, st.integers(10, 30))
def test_wrapping_loses_no_word(words: list[str], width: int) -> None:
    lines = wrapped("", " ".join(words), width, indent=2)
    assert " ".join(lines).replace("\\", "").split() == " ".join(words).split()
