"""What a document says as plain data, and what it shall say after symbolic edits: the yardstick of every fix.

Knows nothing of text, on purpose: the text editor is checked against it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from lamward.model.finding import Edit, EditKind
from lamward.model.location import Step
from lamward.sources.node import Mapping, Node, Scalar
from lamward.sources.node import Sequence as SequenceNode

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_UNPREFIXED: Final = frozenset({"Ref", "Condition"})


def function_of(tag: str) -> str:
    """Give the long form of a short intrinsic tag, "" for any other tag."""
    name = tag[1:] if tag.startswith("!") else ""
    if not name.isalnum():
        return ""
    return name if name in _UNPREFIXED else f"Fn::{name}"


def content(node: Node) -> Any:
    """Give a node as plain data, intrinsics in their long form."""
    return _content(node, {})


def _content(node: Node, known: dict[int, Any]) -> Any:
    if id(node) not in known:
        known[id(node)] = _tagged(node.tag, _untagged(node, known))
    return known[id(node)]


def _untagged(node: Node, known: dict[int, Any]) -> Any:
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, SequenceNode):
        return [_content(item, known) for item in node.items]
    if isinstance(node, Mapping):
        return _canonical({key: _content(child, known) for key, child in node.entries.items()})
    raise TypeError(type(node))


def _tagged(tag: str, value: Any) -> Any:
    if tag in {"", "!"}:
        return value
    function = function_of(tag)
    return _canonical({function: value}) if function else {"!": tag, "value": value}


def _canonical(mapping: dict[str, Any]) -> dict[str, Any]:
    """Write `Fn::GetAtt` one way: a text with a dot and a list of two mean the same."""
    attribute = mapping.get("Fn::GetAtt")
    if len(mapping) == 1 and isinstance(attribute, str):
        return {"Fn::GetAtt": attribute.split(".", 1)}
    return mapping


def canonical(value: Any) -> Any:
    """Copy plain data, so that it compares with what `content` gives."""
    if isinstance(value, dict):
        return _canonical({key: canonical(child) for key, child in value.items()})
    if isinstance(value, list | tuple):
        return [canonical(child) for child in value]
    return value


def is_json(value: Any) -> bool:
    """Tell whether a value is plain JSON data that UTF-8 can hold."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and is_json(key) and is_json(child) for key, child in value.items())
    if isinstance(value, list | tuple):
        return all(is_json(child) for child in value)
    if isinstance(value, str):
        return not _SURROGATE.search(value)
    return value is None or isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))


def same(one: Any, other: Any) -> bool:
    """Compare plain data strictly: `1`, `1.0` and `true` differ; the order of keys does not count."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def intended(data: Any, edits: Iterable[Edit]) -> Any:
    """Give what the document shall say: edits whose paths are explicit, applied to its plain data."""
    result = [canonical(data)]
    edits = list(edits)
    for edit in edits:
        if edit.kind is not EditKind.REMOVE:
            _put(result, edit)
    # From the end, so that an index still means what it meant in the document as it was read.
    for path in sorted(
        (edit.path for edit in edits if edit.kind is EditKind.REMOVE), key=_order, reverse=True
    ):
        holder = _follow(result, path[:-1])
        del holder[path[-1]]
    return canonical(result[0])


def _order(path: Sequence[Step]) -> list[tuple[bool, int, str]]:
    return [(isinstance(step, str), *((0, step) if isinstance(step, str) else (step, ""))) for step in path]


def _put(result: list[Any], edit: Edit) -> None:
    value = canonical(edit.value)
    path = edit.path
    if edit.kind is EditKind.APPEND:
        _follow(result, path, create=list).append(value)
    else:
        _follow(result, path[:-1], create=dict)[path[-1]] = value


def _follow(result: list[Any], path: Sequence[Step], *, create: type | None = None) -> Any:
    """Go to a place; what is missing or null on the way becomes a mapping, and the last one what `create` makes."""
    holder: Any = result
    last: Step = 0
    for step in path:
        holder, last = _entered(holder, last, dict if create else None), step
    return _entered(holder, last, create)


def _entered(holder: Any, step: Step, create: type | None) -> Any:
    there = holder[int(step)] if isinstance(holder, list) else holder.get(step)
    if there is None and create is not None:
        there = create()
        holder[step] = there
    return there
