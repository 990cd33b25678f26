"""The document tree: every span points at its text, and no input makes the reader raise."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lamward.sources.file import SourceFile
from lamward.sources.node import Mapping, Node, Scalar, Sequence, parse, walk
from lamward.sources.scalar import plain

PLAIN = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=8)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLAIN, inner, max_size=4),
    max_leaves=20,
)


def tree(text: str) -> Node:
    document = parse(SourceFile("t.yaml", text.encode()))
    assert document.failures == []
    assert document.root is not None
    return document.root


def data(node: Node) -> object:
    match node:
        case Scalar():
            return node.value
        case Sequence():
            return [data(item) for item in node.items]
        case Mapping():
            return {name: data(child) for name, child in node.entries.items()}
        case _:
            raise TypeError(type(node))


@given(DATA)
def test_json_reads_as_json_does(value: object) -> None:
    text = json.dumps(value)
    assert data(tree(text)) == json.loads(text)


@given(DATA, st.sampled_from(["\n", "\r\n"]), st.sampled_from([2, 4]))
def test_every_span_points_at_its_text(value: object, newline: str, indent: int) -> None:
    text = yaml.safe_dump(value, indent=indent, allow_unicode=True).replace("\n", newline)
    document = parse(SourceFile("t.yaml", text.encode()))
    assert document.root is not None
    for node in walk(document.root):
        span = node.span
        assert document.source.span(span.start, span.end) == span
        if isinstance(node, Scalar) and node.style is None:
            assert document.source.text[span.start : span.end].split() == node.text.split()


@given(st.text(max_size=80))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    source = SourceFile("t.yaml", text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").encode())
    document = parse(source)
    for failure in document.failures:
        assert failure.message
        assert failure.location.span.file == "t.yaml"


@given(st.text("{}[]:,-&*!|>'\"% \n#ab", max_size=40))
def test_no_syntax_makes_the_reader_raise(text: str) -> None:
    document = parse(SourceFile("t.yaml", text.encode()))
    assert document.root is None or list(walk(document.root))


@given(
    st.sampled_from(
        ["yes", "No", "TRUE", "~", "null", "1", "-7", "1.5", "1.0e+3", "on", "text", "2012-10-17", "1_000"]
    )
)
def test_plain_scalars_are_those_of_yaml_or_stay_text(text: str) -> None:
    official = yaml.safe_load(text)
    assert plain(text) in {official if isinstance(official, bool | int | float | str) else None, text}


def test_account_numbers_keep_their_leading_zeros() -> None:
    assert plain("012345678901") == "012345678901"


@pytest.mark.parametrize(
    ("text", "kind", "line", "column"),
    [
        ("a: &a [*a]", "cyclic-alias", 1, 8),
        ("a: {{ name }}", "template-language", 1, 5),
        ("{% if x %}\na: 1", "template-language", 1, 1),
        ("a: 1\nb: 2\na: 3", "duplicate-key", 3, 1),
        ("[" * 500, "too-deep", 1, 101),
        ("a: 'x", "malformed", 1, 6),
        ("a: b: c", "malformed", 1, 5),
        ("\x01: 3", "malformed", 1, 1),
        ("a: 1\n---\nb: 2", "several-documents", 2, 1),
        ("? [a]\n: b", "malformed", 1, 3),
        ("a: *nowhere", "malformed", 1, 4),
    ],
)
def test_what_cannot_be_read_is_one_clear_failure(text: str, kind: str, line: int, column: int) -> None:
    (failure,) = parse(SourceFile("t.yaml", text.encode())).failures
    span = failure.location.span
    assert (failure.kind, span.line, span.column) == (kind, line, column)


def test_aliases_cannot_expand_without_measure() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    (failure,) = parse(SourceFile("t.yaml", "\n".join(lines).encode())).failures
    assert failure.kind == "alias-bomb"


def test_line_breaks_that_editors_do_not_count_do_not_move_spans() -> None:
    root = tree('a: "x\u2028y\x85z"\nb: 1\n')
    assert isinstance(root, Mapping)
    assert (root.entries["b"].span.line, root.entries["b"].span.column) == (2, 4)


def test_merge_keys_give_way_to_own_keys() -> None:
    root = tree("base: &base {a: 1, b: 2}\nown:\n  <<: *base\n  b: 3")
    assert data(root) == {"base": {"a": 1, "b": 2}, "own": {"a": 1, "b": 3}}


def test_surrogate_pairs_are_one_character_and_later_spans_still_point() -> None:
    text = '{"a": "\\ud83d\\ude00", "b": "c"}'
    root = tree(text)
    assert data(root) == {"a": "😀", "b": "c"}
    assert isinstance(root, Mapping)
    span = root.entries["b"].span
    assert text[span.start : span.end] == '"c"'


def test_block_scalars_end_at_their_last_visible_character() -> None:
    text = "a: |\n  one\n  two\n\n\nb: 1\n"
    root = tree(text)
    assert isinstance(root, Mapping)
    span = root.entries["a"].span
    assert text[span.start : span.end] == "|\n  one\n  two"
