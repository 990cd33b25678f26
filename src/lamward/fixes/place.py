"""Finding the place of a symbolic edit in a document, and refusing the places that are not one plain place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from lamward.fixes.content import function_of
from lamward.fixes.refusal import Reason, refuse
from lamward.model.location import Location, Step
from lamward.sources.node import Document, Mapping, Node, Scalar
from lamward.sources.node import Sequence as SequenceNode

_ANCHOR: Final = re.compile(r"(![^\s]*\s+)?&")


class Place(Struct, frozen=True):
    """The deepest node that is written on the way to a path.

    `trail` are the nodes from the root to `node`; `path` leads to the node, every intrinsic on the way spelt out;
    `missing` is the rest, empty when the place itself is written. `inside` says that `node` carries a short
    intrinsic tag and the path speaks of the tag's argument.
    """

    trail: tuple[Node, ...]
    path: tuple[Step, ...]
    missing: tuple[Step, ...] = ()
    inside: bool = False

    @property
    def node(self) -> Node:
        """The deepest node."""
        return self.trail[-1]

    @property
    def full_path(self) -> tuple[Step, ...]:
        """The explicit path of the place."""
        return (*self.path, *self.missing)

    @property
    def parent(self) -> Mapping | SequenceNode | None:
        """The collection that holds the node, None at the root."""
        holders = [node for node in self.trail[:-1] if isinstance(node, Mapping | SequenceNode)]
        return holders[-1] if holders else None


def intrinsic_of(node: Node, *, inside: bool = False) -> str:
    """Give the long name of the intrinsic a node is, "" when it is none."""
    if inside:
        return ""
    if node.tag:
        return function_of(node.tag)
    if isinstance(node, Mapping) and len(node.entries) == 1:
        (key,) = node.entries
        return key if key == "Ref" or key.startswith("Fn::") else ""
    return ""


def locate(document: Document, path: Sequence[Step]) -> Place:
    """Follow a path; `Refused` when an edit there would touch more than that one place."""
    if document.root is None:
        refuse(Reason.NOT_WRITTEN, "the document is empty", Location(document.source.span(0, 0)))
    trail, spelt, inside = [document.root], list[Step](), False
    remaining = list(path)
    while remaining:
        node = trail[-1]
        function = intrinsic_of(node, inside=inside)
        step = remaining[0]
        if function and step != function:
            # A model's path leaves out the names of intrinsics, so that a branch of `Fn::If` is only a number.
            if isinstance(step, str):
                refuse(Reason.INTRINSIC, f"`{function}` decides what is here", node.location(tuple(spelt)))
            remaining.insert(0, function)
            continue
        if function and node.tag:
            spelt.append(function)
            remaining.pop(0)
            inside = True
            continue
        child = _child(document, node, step, tuple(spelt))
        if child is None:
            break
        trail.append(child)
        spelt.append(remaining.pop(0))
        inside = False
    return Place(tuple(trail), tuple(spelt), tuple(remaining), inside)


def _child(document: Document, node: Node, step: Step, path: tuple[Step, ...]) -> Node | None:
    where = node.location(path)
    if isinstance(node, Mapping):
        if "Fn::Transform" in node.entries:
            refuse(Reason.TRANSFORM, "a transform adds to what is written here", where)
        child = _value(node, str(step), path)
    elif isinstance(node, SequenceNode):
        child = _item(node, step, path)
    elif isinstance(node, Scalar) and node.value is None and not node.tag:
        return None
    else:
        refuse(Reason.SHAPE, "there is a scalar where a mapping is expected", where)
    if child is not None and document.aliased and _ANCHOR.match(document.source.text, child.start):
        refuse(Reason.SHARED, "an anchor makes this value count in several places", child.location(path))
    return child


def _value(mapping: Mapping, key: str, path: tuple[Step, ...]) -> Node | None:
    child = mapping.get(key)
    if child is None:
        return None
    where = mapping.keys[key].location((*path, key))
    if mapping.keys[key].start < mapping.start:
        refuse(Reason.MERGED, f"`{key}` comes from another place by a merge key", where)
    if any(shadowed.text == key for shadowed in mapping.shadowed):
        refuse(Reason.DUPLICATE_KEY, f"the key `{key}` is written twice", where)
    if child.start < mapping.keys[key].start:
        refuse(Reason.SHARED, f"`{key}` is an alias of a value that counts elsewhere too", where)
    return child


def _item(sequence: SequenceNode, step: Step, path: tuple[Step, ...]) -> Node | None:
    where = sequence.location(path)
    if not isinstance(step, int):
        refuse(Reason.SHAPE, "there is a list where a mapping is expected", where)
    if not 0 <= step < len(sequence.items):
        refuse(Reason.NOT_WRITTEN, f"the list has no item {step}", where)
    refuse_aliases(sequence, path)
    return sequence.items[step]


def refuse_aliases(sequence: SequenceNode, path: tuple[Step, ...]) -> None:
    """Refuse a list some item of which is an alias: where its text stands is not known."""
    end = sequence.start
    for item in sequence.items:
        if item.start < end:
            refuse(Reason.SHARED, "an item of this list is an alias", sequence.location(path))
        end = item.end


def own_keys(mapping: Mapping) -> list[str]:
    """List the keys that are written in this mapping and not merged into it, in the order of the text."""
    own = [(key.start, name) for name, key in mapping.keys.items() if key.start >= mapping.start]
    return [name for _, name in sorted(own)]


def refuse_merged(mapping: Mapping, path: tuple[Step, ...]) -> None:
    """Refuse a mapping into which another is merged: what it says is not all written here."""
    if len(own_keys(mapping)) < len(mapping.keys):
        refuse(Reason.MERGED, "a merge key adds to this mapping", mapping.location(path))
