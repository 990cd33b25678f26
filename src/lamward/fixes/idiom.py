"""How a document is written: JSON or YAML, its indentation, its quotes and its way to write intrinsics."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final, TypeVar

from msgspec import Struct

from lamward.fixes.content import function_of
from lamward.fixes.place import own_keys
from lamward.sources.node import Document, Mapping, Node, Scalar, Sequence, walk

Habit = TypeVar("Habit", bound=object)

_DASH: Final = re.compile(r"^(?P<indent> *)-(?: |$)", re.MULTILINE)


class Idiom(Struct, frozen=True):
    """A document's habits.

    `step` columns a nested mapping is indented by, `dash` columns a list's dashes are indented below their key;
    `quote` is used where a text needs one; `short` tells that intrinsics are written as tags; `ascii` that the
    text has no other characters; `blocks` that texts of several lines are written so, and not in quotes.
    """

    json: bool
    step: int = 2
    dash: int = 2
    quote: str = '"'
    short: bool = True
    ascii: bool = False
    blocks: bool = True


def observe(document: Document) -> Idiom:
    """Look at a document's habits."""
    text = document.source.text
    nodes = list(walk(document.root)) if document.root else []
    mappings = [node for node in nodes if isinstance(node, Mapping)]
    return Idiom(
        json=_is_json(document.root),
        step=_usual((_steps(mapping) for mapping in mappings), 2),
        dash=_usual((_dashes(text, mapping) for mapping in mappings), 2),
        quote=_usual(
            ([node.style] for node in nodes if isinstance(node, Scalar) and node.style in {"'", '"'}), '"'
        ),
        short=_writes_short(nodes),
        ascii=text.isascii(),
    )


def _is_json(root: Node | None) -> bool:
    return isinstance(root, Mapping) and root.flow and all(key.style == '"' for key in root.keys.values())


def _usual(seen: Iterable[Iterable[Habit]], otherwise: Habit) -> Habit:
    counted = Counter(one for some in seen for one in some)
    return counted.most_common(1)[0][0] if counted else otherwise


def _steps(mapping: Mapping) -> list[int]:
    """Give how far the mappings inside a block mapping are indented below their keys."""
    found = []
    for name in [] if mapping.flow else own_keys(mapping):
        key, child = mapping.keys[name], mapping.entries[name]
        if isinstance(child, Mapping) and not child.flow and child.start > key.end and own_keys(child):
            found.append(child.keys[own_keys(child)[0]].column - key.column)
    return [step for step in found if step > 0]


def _dashes(text: str, mapping: Mapping) -> list[int]:
    found = []
    for name in [] if mapping.flow else own_keys(mapping):
        key, child = mapping.keys[name], mapping.entries[name]
        if isinstance(child, Sequence) and not child.flow and child.start > key.end:
            dash = _DASH.search(text, text.find("\n", key.end) + 1, child.end)
            if dash:
                found.append(len(dash["indent"]) + 1 - key.column)
    return [dash for dash in found if dash >= 0]


def _writes_short(nodes: list[Node]) -> bool:
    short = sum(bool(node.tag) and bool(function_of(node.tag)) for node in nodes)
    long = sum(
        isinstance(node, Mapping)
        and len(node.entries) == 1
        and any(key == "Ref" or key.startswith("Fn::") for key in node.entries)
        for node in nodes
    )
    return short > 0 or long == 0
