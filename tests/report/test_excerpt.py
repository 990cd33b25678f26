"""Excerpts: the right line, the caret under the span, never wider than asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamward.model.location import Span
from lamward.report.excerpt import Sources, excerpt_lines, window
from lamward.report.layout import columns
from tests.report.sample import TEMPLATE, locate
from tests.strategies import hostile_text


def excerpt(text: str, needle: str, width: int = 60) -> list[str]:
    span = locate(needle, text).span
    lines = Sources({"template.yaml": text}).lines("template.yaml")[span.line - 1 : span.end_line]
    return [f"{line.gutter} {line.text}".rstrip() for line in excerpt_lines(span, lines, width)]


def test_the_caret_is_under_the_span() -> None:
    assert excerpt("Key: value\n", "value") == ["   1 | Key: value", "     |      ^^^^^"]


def test_a_tab_takes_the_columns_to_the_next_stop() -> None:
    assert excerpt("a\tb: c\n", "c") == ["   1 | a   b: c", "     |        ^"]


def test_wide_characters_take_two_columns_and_combining_ones_none() -> None:
    assert excerpt("日本e\u0301: 値\n", "値") == ["   1 | 日本e\u0301: 値", "     |        ^^"]


def test_characters_that_are_shown_by_name_count_as_shown() -> None:
    assert excerpt("\x1b[31m: x\n", "x") == ["   1 | \\x1b[31m: x", "     |           ^"]


def test_a_long_line_is_cut_around_the_span() -> None:
    assert excerpt("a" * 1000 + " HERE " + "b" * 1000, "HERE", 50) == [
        "   1 | ...aaaaaaaaaaaaa HERE bbbbbbbbbbbbbbbbbb...",
        "     |                  ^^^^",
    ]


def test_a_long_line_is_cut_at_its_end_when_the_span_is_at_its_start() -> None:
    assert excerpt("HERE " + "b" * 1000, "HERE", 40) == [
        "   1 | HERE bbbbbbbbbbbbbbbbbbbbbbbbb...",
        "     | ^^^^",
    ]


def test_a_span_of_several_lines_is_marked_at_its_side() -> None:
    assert excerpt("a:\n  - b\n  - c\nd: e\n", "- b\n  - c") == ["   2 >   - b", "   3 >   - c"]


def test_a_span_of_many_lines_is_cut() -> None:
    text = "a:\n" + "".join(f"  - {index}\n" for index in range(10))
    assert excerpt(text, text.rstrip("\n")) == [
        "   1 > a:",
        "   2 >   - 0",
        "   3 >   - 1",
        "     > ... 8 more lines",
    ]


def test_a_span_that_ends_with_its_line_is_of_that_line() -> None:
    assert excerpt("a: b\nc: d\n", "b\n") == ["   1 | a: b", "     |    ^"]


def test_an_empty_span_has_one_caret() -> None:
    span = Span("t", 2, 2, 1, 3, 1, 3)
    assert [line.text for line in excerpt_lines(span, ["a:"], 60)] == ["a:", "  ^"]


def test_windows_line_ends_are_not_shown() -> None:
    assert excerpt("a: b\r\nc: d\r\n", "b") == ["   1 | a: b", "     |    ^"]


@pytest.mark.parametrize("line", [27, 400])
def test_a_line_that_is_not_there_gives_no_excerpt(line: int) -> None:
    span = Span("template.yaml", 0, 1, line, 1, line, 2)
    lines = Sources({"template.yaml": TEMPLATE}).lines("template.yaml")[line - 1 :]
    assert list(excerpt_lines(span, lines, 60)) == []


@given(
    st.lists(st.one_of(hostile_text(), st.integers(0, 200).map("x日".__mul__)), max_size=5).map("".join),
    st.integers(0, 500),
    st.integers(0, 500),
    st.integers(30, 100),
)
def test_an_excerpt_and_its_underline_fit(line: str, start: int, length: int, available: int) -> None:
    text, offset, underlined = window(line, start, start + length, available)
    assert columns(text) <= available
    assert underlined >= 1
    assert offset + underlined <= available


@given(st.text(st.sampled_from("ab \t日e\u0301\x1b"), max_size=400), st.integers(40, 100), st.data())
def test_the_underline_starts_at_the_span(line: str, available: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(line)))
    marked = f"{line[:start]}@{line[start:]}"
    text, offset, length = window(marked, start, start + 1, available)
    assert length == 1
    assert columns(text[: text.index("@")]) == offset
