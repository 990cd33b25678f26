"""Hypothesis strategies for documents in every style, and for edits of them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from lamward.fixes.idiom import Idiom
from lamward.fixes.render import Pen, Spread, flow_text
from lamward.fixes.scalars import literal_lines
from lamward.model.finding import Edit, EditKind
from lamward.model.location import NOWHERE, Step

ODD = (
    *(
        "",
        " ",
        "yes",
        "No",
        "null",
        "~",
        "012",
        "0x1F",
        "1e3",
        "1_000",
        "1:30",
        "2012-10-17",
        ".5",
        "-",
        "---",
        "...",
    ),
    *(
        "a: b",
        "a #b",
        "#a",
        "*a",
        "&a",
        "!a",
        "|",
        ">",
        "%a",
        "@a",
        "`a",
        "'",
        '"',
        "it's",
        'say "x"',
        "\\",
        "[a",
        "a]",
    ),
    *(
        "{a",
        "a}",
        "a,b",
        "?",
        "? a",
        ": a",
        "a:",
        "=",
        "<<",
        "\t",
        "a\tb",
        " a",
        "a ",
        "a\nb",
        "a\nb\n",
        "a\n\n",
        "\n",
    ),
    *(
        "é",
        "日本",
        "😀",
        "\u2028",
        "\x85",
        "\x00",
        "\x7f",
        "\xa0",
        "\ufeff",
        "arn:aws:s3:::b/*",
        "${A}",
        "a\r\nb",
        "k: |\n  x",
    ),
)
texts = st.one_of(
    st.sampled_from(ODD),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.text("ab:# -\n'\"", max_size=8),
)
scalars = st.one_of(
    texts, st.booleans(), st.none(), st.integers(-(10**6), 10**6), st.sampled_from([0.5, -1.25, 1e16, 1e-7])
)
keys = st.one_of(
    st.sampled_from("ABCDEFGH"), st.from_regex(r"[A-Z][a-z]{1,5}", fullmatch=True), texts
).filter(
    lambda key: (
        key not in {"Ref", "Condition", "<<", "Resources"} and not key.startswith("Fn::") and len(key) < 20
    )
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=8,
)
trees = st.dictionaries(keys, values, min_size=1, max_size=4)
intrinsics = st.one_of(
    st.builds(lambda text: {"Ref": text}, texts),
    st.builds(lambda text: {"Fn::Sub": text}, texts),
    st.builds(
        lambda one, two: {"Fn::GetAtt": [one, two]}, st.sampled_from("AB"), st.sampled_from(["Arn", "x.y"])
    ),
    st.builds(lambda items: {"Fn::Join": [",", items]}, st.lists(texts, max_size=3)),
    st.builds(lambda inner: {"Fn::Base64": {"Fn::Sub": inner}}, texts),
)
wanted = st.one_of(values, intrinsics, st.dictionaries(keys, intrinsics, max_size=2))


@st.composite
def written(draw: st.DrawFn) -> str:
    """Write a tree as JSON, as flow YAML, or as block YAML with comments, blank lines and mixed styles."""
    tree = draw(trees)
    style = draw(st.sampled_from(["json", "json lines", "flow", "block", "block"]))
    if style == "json":
        text = json.dumps(
            tree, ensure_ascii=draw(st.booleans()), separators=draw(st.sampled_from([None, (",", ":")]))
        )
    elif style == "json lines":
        indent = draw(st.sampled_from(["  ", "    ", "\t"]))
        text = json.dumps(tree, indent=indent) + draw(st.sampled_from(["", "\n"]))
    elif style == "flow":
        lead = draw(st.sampled_from([None, ""]))
        text = flow_text(tree, _pen(draw), Spread(lead=lead)) + "\n"
    else:
        text = "\n".join(_mapping(draw, tree, 0)) + "\n"
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


def _pen(draw: st.DrawFn) -> Pen:
    quotes = st.sampled_from(["", "", "'", '"'])
    return Pen(Idiom(json=False, quote=draw(st.sampled_from("'\""))), draw(quotes), draw(quotes))


def _mapping(draw: st.DrawFn, tree: dict[str, Any], column: int) -> list[str]:
    pen = _pen(draw)
    lines: list[str] = []
    for key, value in tree.items():
        lines += draw(st.sampled_from([[], [], [" " * column + "# above"], [""], ["", "# far left"]]))
        lines += _value(draw, " " * column + pen.key(key, flow=False) + ":", value, column, pen)
    return lines


def _sequence(draw: st.DrawFn, items: list[Any], column: int) -> list[str]:
    pen = _pen(draw)
    lines: list[str] = []
    for item in items:
        lines += draw(st.sampled_from([[], [], [" " * column + "# above"]]))
        if isinstance(item, dict) and item and draw(st.booleans()):
            inner = _mapping(draw, item, column + 2)
            while not inner[0].strip() or inner[0].lstrip().startswith("#"):
                inner.pop(0)
            lines += [" " * column + "- " + inner[0][column + 2 :], *inner[1:]]
        else:
            lines += _value(draw, " " * column + "-", item, column, pen)
    return lines


def _value(draw: st.DrawFn, head: str, value: Any, column: int, pen: Pen) -> list[str]:
    comment = draw(st.sampled_from(["", "", " # note"]))
    block = draw(st.booleans())
    if isinstance(value, dict) and value and block:
        return [head + comment, *_mapping(draw, value, column + draw(st.sampled_from([1, 2, 4])))]
    if isinstance(value, list) and value and block:
        steps = [2, 4] if head.endswith("-") else [0, 2, 4]
        return [head + comment, *_sequence(draw, value, column + draw(st.sampled_from(steps)))]
    literal = literal_lines(value) if isinstance(value, str) and block else None
    if literal:
        return [
            f"{head} {literal[0]}{comment}",
            *(" " * (column + 2) + line if line else "" for line in literal[1]),
        ]
    if value is None and block:
        return [head + comment]
    return [f"{head} {flow_text(value, pen)}{comment}"]


@st.composite
def edits_of(draw: st.DrawFn, data: Any) -> Edit:
    """Make an edit that fits a document."""
    places = list(_places(data, ()))
    path, there = draw(st.sampled_from(places))
    value = draw(wanted)
    kinds = [EditKind.SET, EditKind.REMOVE] if path else []
    if len(path) == 1 and path[0] == next(iter(data)):
        kinds.remove(EditKind.REMOVE)  # a document keeps something
    if isinstance(there, dict):
        kinds.append(EditKind.ADD)
    if isinstance(there, list):
        kinds.append(EditKind.APPEND)
    kind = draw(st.sampled_from(kinds))
    if kind is EditKind.ADD:
        new = draw(keys.filter(lambda key: key not in there))
        after = draw(st.sampled_from(["", *there]))
        return Edit(kind, NOWHERE, (*path, new), value, after=after)
    return Edit(kind, NOWHERE, path, value, comments=draw(st.booleans()))


def _places(data: Any, path: tuple[Step, ...]) -> list[tuple[tuple[Step, ...], Any]]:
    found = [(path, data)]
    inner: list[tuple[Step, Any]] = list(data.items()) if isinstance(data, dict) else []
    inner += list(enumerate(data)) if isinstance(data, list) else []
    for step, child in inner:
        found += _places(child, (*path, step))
    return found
