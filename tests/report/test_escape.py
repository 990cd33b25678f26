"""Each language's escaping, on the text that would break out of it."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamward.report.encode import encode
from lamward.report.escape import (
    encodable,
    markdown_code,
    markdown_sentence,
    markdown_text,
    visible,
    workflow_property,
    workflow_value,
    xml_text,
)
from tests.strategies import hostile_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain `code` 日本語 é 👩", "plain `code` 日本語 é 👩"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\r\nb\tc", "a\\r\\nb\\tc"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\x9b\x7f\xad", "\\x9b\\x7f\\xad"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("x ##[error]y", "x #\\#[error]y"),
        ("###vso[task]", "##\\#vso[task]"),
        ("## heading", "## heading"),
    ],
)
def test_hidden_characters_become_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(hostile_text())
def test_making_visible_twice_is_making_it_once(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@given(st.text())
def test_text_that_can_be_encoded_is_kept(text: str) -> None:
    assert encodable(text) == text  # `st.text` makes no halves of surrogate pairs


@given(st.dictionaries(hostile_text(), hostile_text()))
def test_json_keeps_the_meaning_of_every_string(strings: dict[str, str]) -> None:
    written = {encodable(key): encodable(value) for key, value in strings.items()}
    read = json.loads(encode(strings))
    assert read == written or len(written) < len(strings)


def test_a_workflow_message_keeps_its_lines_and_a_property_cannot_end() -> None:
    assert workflow_value("100 %\n::error::x") == "100 %25%0A::error::x"
    assert workflow_property("a:b,c\n%") == "a%3Ab%2Cc\\n%25"


def test_xml_has_no_character_that_xml_does_not_know() -> None:
    assert xml_text('</x> & "\x00\ufffe"') == "&lt;/x&gt; &amp; &quot;\\x00\\ufffe&quot;"
    assert xml_text("::error::x") == "&#58;:error::x"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain-name", "`plain-name`"),
        ("a|b", "<code>a&#124;b</code>"),
        ("a`b", "<code>a&#96;b</code>"),
        ("</code><b>", "<code>&#60;/code&#62;&#60;b&#62;</code>"),
        ("", "<code></code>"),
    ],
)
def test_code_in_markdown_cannot_be_left(text: str, written: str) -> None:
    assert markdown_code(text) == written


def test_text_in_markdown_mentions_and_links_nothing() -> None:
    assert markdown_text("@me #1 https://x www.x") == "@&#8203;me #&#8203;1 https:&#8203;//x www&#8203;.x"
    assert markdown_text("[a](b) <b> *c* d|e") == "&#91;a&#93;(b) &#60;b&#62; &#42;c&#42; d&#124;e"


def test_backticks_of_a_message_become_code() -> None:
    assert markdown_sentence("set `A_B` to *") == "set `A_B` to &#42;"
    assert markdown_sentence("one ` alone") == "one &#96; alone"


@given(hostile_text())
def test_markdown_has_no_html_but_code_and_no_bar(text: str) -> None:
    for written in (markdown_text(text), markdown_code(text), markdown_sentence(text)):
        bare = re.sub(r"</?code>|`[^`]*`", "", written)
        assert "|" not in bare
        assert "<" not in bare
        assert "](" not in bare
        assert not re.search(r"(?<!&)[@#]\w", bare)
