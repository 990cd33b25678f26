"""The positioned document tree: what YAML or JSON says, every node with its place. One reader for both.

Built iteratively from libyaml's events (marks count code points), so deep nesting cannot exhaust the stack.
No tag builds an object; aliases share nodes and their expansion is counted; the last of duplicate keys counts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from lamward.model.location import Location, Span, Step
from lamward.model.report import Failure
from lamward.model.value import Scalar as Plain
from lamward.sources import surrogates
from lamward.sources.file import SourceFile
from lamward.sources.scalar import plain

MAX_DEPTH = 100
"""CloudFormation templates rarely nest deeper than 20."""

MAX_EXPANDED_NODES = 2_000_000
"""A document whose aliases expand to more nodes is refused."""


class Node:
    """A piece of a document. Offsets and columns are in code points; lines and columns are 1-based."""

    __slots__ = ("column", "end", "end_column", "end_line", "line", "source", "start", "tag", "weight")

    source: SourceFile
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int
    tag: str
    weight: int

    @property
    def span(self) -> Span:
        """Give the piece of text this node was read from."""
        return Span(
            file=self.source.name,
            start=self.start,
            end=self.end,
            line=self.line,
            column=self.column,
            end_line=self.end_line,
            end_column=self.end_column,
        )

    def location(self, path: tuple[Step, ...] = ()) -> Location:
        """Give the place of this node; `path` is where it is in its document."""
        return Location(self.span, path)


class Scalar(Node):
    """A scalar. `value` is what YAML 1.1 makes of plain text; dates, and numbers written oddly, stay text."""

    __slots__ = ("style", "text", "value")

    text: str
    value: Plain
    style: str | None


class Sequence(Node):
    """A list of nodes."""

    __slots__ = ("flow", "items")

    items: list[Node]
    flow: bool


class Mapping(Node):
    """A mapping, keys by their text. `shadowed` has the keys that were written again later."""

    __slots__ = ("entries", "flow", "keys", "shadowed")

    entries: dict[str, Node]
    keys: dict[str, Scalar]
    shadowed: list[Scalar]
    flow: bool

    def get(self, key: str) -> Node | None:
        """Give the value of a key, None when it is not there."""
        return self.entries.get(key)


@dataclass(slots=True)
class Document:
    """One parsed document: its root (None when the file is empty) and what was odd about it."""

    source: SourceFile
    root: Node | None = None
    failures: list[Failure] = field(default_factory=list)
    aliased: bool = False


class _Refused(Exception):
    """The document is not one we read; carries the failure."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


_REMEDIES = {
    "alias-bomb": "write out what the aliases stand for",
    "cyclic-alias": "write out what the alias stands for",
    "malformed": "mend the syntax at this place",
    "several-documents": "put each template into a file of its own",
    "too-deep": "split the document",
}

_ODD_BREAKS = re.compile("\\r(?!\\n)|[\\x85\\u2028\\u2029]")
_TEMPLATE_MARKERS = re.compile(r"\{%-?\s*\w|\{\{\s*(?!\s*resolve:)[\w.]+\s*(\|[^}]*)?\}\}")


def parse(source: SourceFile) -> Document:
    """Read the first document of a file. Never raises for what the file says: see `Document.failures`."""
    document = Document(source)
    text, shifts = surrogates.joined(source.text)
    try:
        reader = _Reader(source, text, shifts, document)
        document.root = reader.read()
    except _Refused as refused:
        document.failures.append(refused.failure)
    except yaml.YAMLError as problem:
        document.failures.append(_explain(source, problem))
    return document


def _explain(source: SourceFile, problem: yaml.YAMLError) -> Failure:
    """Turn libyaml's complaint into one clear line with its place and a remedy."""
    mark = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
    offset = min(mark.index, len(source.text)) if mark is not None else 0
    if mark is None and isinstance(problem, yaml.reader.ReaderError):
        offset = min(int(problem.position), len(source.text))
    location = Location(source.span(offset, offset))
    marker = _TEMPLATE_MARKERS.search(source.text)
    if marker:
        place = Location(source.span(marker.start(), marker.end()))
        return Failure(
            "template-language",
            "the file is a Jinja or cookiecutter template, not yet YAML",
            place,
            "render it first and audit the result",
        )
    said = str(getattr(problem, "problem", "") or getattr(problem, "reason", "") or "malformed")
    return Failure(
        "malformed", f"the file is not valid YAML or JSON: {said}", location, "mend the syntax at this place"
    )


class _Reader:
    """Turns libyaml's events into nodes."""

    def __init__(self, source: SourceFile, text: str, shifts: list[int], document: Document) -> None:
        self.source = source
        self.shifts = shifts
        # libyaml's own line numbers serve unless offsets moved, or it counts line breaks that editors do not.
        self.recount = bool(shifts or _ODD_BREAKS.search(text))
        self.document = document
        self.anchors: dict[str, Node] = {}
        self.parser = yaml.CLoader(text)

    def read(self) -> Node | None:
        """Read the first document."""
        root: Node | None = None
        stack: list[tuple[Node, Scalar | None]] = []
        documents = 0
        get_event: Any = self.parser.get_event
        while True:
            event = get_event()
            kind = type(event)
            if kind is yaml.ScalarEvent:
                node: Node = self._scalar(event)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                stack.append((self._collection(event, kind), None))
                if len(stack) > MAX_DEPTH:
                    self._refuse("too-deep", f"the document nests deeper than {MAX_DEPTH} levels", event)
                continue
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                node, key = stack.pop()
                self._close(node, event)
                if key is not None:
                    self._refuse("malformed", "a key has no value", event)
            elif kind is yaml.AliasEvent:
                node = self._alias(event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self._note("several-documents", "only the first document of the file is read", event)
                    return root
                continue
            elif kind is yaml.StreamEndEvent:
                return root
            else:
                continue
            if not stack:
                root = node
            else:
                self._attach(stack, node, event)

    def _attach(self, stack: list[tuple[Node, Scalar | None]], node: Node, event: Any) -> None:
        parent, key = stack[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
            parent.weight += node.weight
        elif isinstance(parent, Mapping):
            if key is None:
                if not isinstance(node, Scalar):
                    self._refuse_key(node)
                stack[-1] = (parent, node)  # type: ignore[assignment]
                return
            stack[-1] = (parent, None)
            self._put(parent, key, node)
        if parent.weight > MAX_EXPANDED_NODES:
            self._refuse("alias-bomb", "the document's aliases expand without measure", event)

    def _refuse_key(self, node: Node) -> None:
        if _TEMPLATE_MARKERS.search(self.source.text):
            message = "the file is a Jinja or cookiecutter template, not yet YAML"
            raise _Refused(
                Failure("template-language", message, node.location(), "render it first, audit the result")
            )
        message = "a mapping's key is not plain text"
        raise _Refused(Failure("malformed", message, node.location(), "quote the key or the value"))

    def _put(self, mapping: Mapping, key: Scalar, node: Node) -> None:
        name = key.text
        if name == "<<" and key.style is None and self._merge(mapping, node):
            return
        # A key that came by `<<` stands before this mapping in the file, and gives way without a word.
        if name in mapping.keys and mapping.keys[name].start >= mapping.start:
            mapping.shadowed.append(mapping.keys[name])
            self.document.failures.append(
                Failure(
                    "duplicate-key",
                    f"the key `{name}` is written twice; the last one counts",
                    key.location(),
                    "remove one of them",
                )
            )
        mapping.keys[name] = key
        mapping.entries[name] = node
        mapping.weight += node.weight + 1

    def _merge(self, mapping: Mapping, node: Node) -> bool:
        sources = node.items if isinstance(node, Sequence) else [node]
        if not all(isinstance(source, Mapping) for source in sources):
            return False
        for source in sources:
            if isinstance(source, Mapping):
                mapping.weight += source.weight
                for name, value in source.entries.items():
                    if name not in mapping.entries:
                        mapping.entries[name] = value
                        mapping.keys[name] = source.keys[name]
        return True

    def _scalar(self, event: Any) -> Scalar:
        node = Scalar()
        self._place(node, event.start_mark, event.end_mark)
        node.tag = event.tag or ""
        node.text = event.value
        node.style = event.style or None
        node.value = plain(event.value) if event.implicit[0] and node.style is None else event.value
        node.weight = 1
        if event.style in {"|", ">"}:
            self._trim(node)
        self._anchor(node, event)
        return node

    def _trim(self, node: Node) -> None:
        """End a block scalar after its last character that is not a line end."""
        text = self.source.text[node.start : node.end].rstrip("\r\n \t")
        self._finish_at(node, node.start + len(text))

    def _collection(self, event: Any, kind: type) -> Node:
        node: Node
        if kind is yaml.MappingStartEvent:
            node = mapping = Mapping()
            mapping.entries, mapping.keys, mapping.shadowed, mapping.flow = {}, {}, [], bool(event.flow_style)
        else:
            node = sequence = Sequence()
            sequence.items, sequence.flow = [], bool(event.flow_style)
        self._place(node, event.start_mark, event.start_mark)
        node.tag = event.tag or ""
        node.weight = 1
        if event.anchor:
            self.anchors.pop(event.anchor, None)
            node.end = -1
            self.anchors[event.anchor] = node
        return node

    def _close(self, node: Node, event: Any) -> None:
        flow = node.flow if isinstance(node, Mapping | Sequence) else False
        if flow:
            self._place_end(node, event.end_mark)
            return
        # A block collection's own end mark runs on to the next token: it ends where its last child ends.
        last = self._last_child(node)
        if last is None or last.end < node.start:
            self._place_end(node, event.start_mark if last is None else event.end_mark)
        else:
            node.end, node.end_line, node.end_column = last.end, last.end_line, last.end_column

    @staticmethod
    def _last_child(node: Node) -> Node | None:
        children: list[Node] = []
        if isinstance(node, Mapping):
            children = [*node.entries.values(), *node.keys.values()]
        elif isinstance(node, Sequence):
            children = node.items
        own = [child for child in children if child.start >= node.start]
        return max(own, key=lambda child: child.end, default=None)

    def _alias(self, event: Any) -> Node:
        node = self.anchors.get(event.anchor)
        if node is None:
            self._refuse("malformed", f"the alias `{event.anchor}` has no anchor", event)
        if node.end < 0:
            self._refuse("cyclic-alias", f"the alias `{event.anchor}` contains itself", event)
        self.document.aliased = True
        return node

    def _anchor(self, node: Node, event: Any) -> None:
        if event.anchor:
            self.anchors[event.anchor] = node

    def _place(self, node: Node, start: Any, end: Any) -> None:
        node.source = self.source
        if self.recount:
            node.start = self._original(start.index)
            span = self.source.span(node.start, node.start)
            node.line, node.column = span.line, span.column
        else:
            node.start, node.line, node.column = start.index, start.line + 1, start.column + 1
        self._place_end(node, end)

    def _place_end(self, node: Node, end: Any) -> None:
        if self.recount:
            self._finish_at(node, self._original(end.index))
        else:
            node.end, node.end_line, node.end_column = end.index, end.line + 1, end.column + 1

    def _finish_at(self, node: Node, offset: int) -> None:
        span = self.source.span(node.start, offset)
        node.end, node.end_line, node.end_column = offset, span.end_line, span.end_column

    def _original(self, index: int) -> int:
        return index + 11 * bisect_right(self.shifts, index)

    def _refuse(self, kind: str, message: str, event: Any) -> NoReturn:
        raise _Refused(self._failure(kind, message, event))

    def _note(self, kind: str, message: str, event: Any) -> None:
        self.document.failures.append(self._failure(kind, message, event))

    def _failure(self, kind: str, message: str, event: Any) -> Failure:
        offset = min(self._original(event.start_mark.index), len(self.source.text))
        return Failure(kind, message, Location(self.source.span(offset, offset)), _REMEDIES[kind])


def walk(node: Node) -> Iterator[Node]:
    """Visit a node and everything below it, each shared node once."""
    seen: set[int] = set()
    stack = [node]
    while stack:
        current = stack.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if isinstance(current, Mapping):
            stack.extend(current.keys.values())
            stack.extend(current.entries.values())
        elif isinstance(current, Sequence):
            stack.extend(current.items)
