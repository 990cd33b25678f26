"""Edits of flow collections, which JSON is made of: entries go in and out between their commas."""

from __future__ import annotations

import re
from collections.abc import Mapping as ReadOnly
from collections.abc import Sequence as Ordered
from itertools import pairwise
from typing import Any, Final

from lamward.fixes.block import Entry
from lamward.fixes.page import Page
from lamward.fixes.place import own_keys, refuse_aliases
from lamward.fixes.render import Pen, Spread, flow_text, mapping_lines
from lamward.sources.node import Mapping, Node, Scalar, Sequence

_COMMA: Final = re.compile(r"\s*,")
_COMMENT: Final = re.compile(r"[ \t]*#")
_WIDTH: Final = 120
"""The longest line that an addition may make; beyond it a one-line mapping becomes a block."""


class _Layout:
    """How a flow collection is laid out: the text between its brackets, entry by entry."""

    def __init__(self, page: Page, node: Mapping | Sequence) -> None:
        self.page = page
        text = page.text
        self.opening = text.index("{" if isinstance(node, Mapping) else "[", node.start)
        self.closing = node.end - 1
        if isinstance(node, Mapping):
            self.pieces = [
                (node.keys[name].start, max(node.keys[name].end, page.entry_end(node, name)))
                for name in own_keys(node)
            ]
        else:
            refuse_aliases(node, ())
            self.pieces = [(item.start, item.end) for item in node.items]
        first = self.pieces[0][0] if self.pieces else self.closing
        self.many_lines = "\n" in text[self.opening : first]
        self.lead = page.margin(first)
        outer = page.margin(self.opening)
        inner = self.lead.removeprefix(outer)
        self.step = (
            inner if self.many_lines and inner else ("  " if page.idiom.step == 2 else " " * page.idiom.step)
        )
        self.gap = self._gap()

    def _gap(self) -> str:
        """Give what separates entries on one line: the white space after a comma or a colon."""
        text = self.page.text
        for (_, end), (start, _) in pairwise(self.pieces):
            if "\n" not in text[end:start]:
                return "" if text[end:start].endswith(",") else " "
        compact = "\n" not in text and self.page.idiom.json and ": " not in text and ", " not in text
        return "" if compact else " "

    def written(self, value: Any, pen: Pen) -> str:
        """Write a value as this collection's entries are."""
        return flow_text(value, pen, Spread(self.gap, self.lead if self.many_lines else None, self.step))


def add_entries(page: Page, mapping: Mapping, entries: Ordered[Entry], gone: ReadOnly[str, bool]) -> None:
    """Add keys to a mapping that keeps at least one of its own."""
    names = own_keys(mapping)
    kept = [name for name in names if name not in gone]
    layout, pen = _Layout(page, mapping), page.pen(mapping)
    colon = _colon(page, mapping, kept[-1])
    grouped: dict[str, list[str]] = {}
    for entry in entries:
        written = pen.key(entry.key, flow=True) + colon + layout.written(entry.value, pen)
        grouped.setdefault(entry.after if entry.after in kept else kept[-1], []).append(written)
    for sibling, texts in grouped.items():
        _insert(page, layout, names.index(sibling), texts)


def append_items(page: Page, sequence: Sequence, values: Ordered[Any], gone: ReadOnly[int, bool]) -> None:
    """Append items to a list that keeps at least one of its own."""
    layout, pen = _Layout(page, sequence), page.pen(sequence)
    last = max(index for index in range(len(sequence.items)) if index not in gone)
    _insert(page, layout, last, [layout.written(value, pen) for value in values])


def _colon(page: Page, mapping: Mapping, name: str) -> str:
    """Give the text between a key and its value, as the neighbour has it."""
    key, child = mapping.keys[name], mapping.entries[name]
    between = page.text[key.end : child.start] if child.start > key.end else ""
    allowed = {":", ": ", " : "} if page.idiom.json else {": ", " : "}
    return between if between in allowed else ": "


def _insert(page: Page, layout: _Layout, index: int, texts: list[str]) -> None:
    """Put entries after the one at an index."""
    end = layout.pieces[index][1]
    comma = _COMMA.match(page.text, end, layout.closing)
    parted = f"\n{layout.lead}" if layout.many_lines else layout.gap
    body = f",{parted}".join(texts)
    behind = comma.end() if comma and index == len(layout.pieces) - 1 else end
    comment = _COMMENT.match(page.text, comma.end() if comma else end)
    if comment and layout.many_lines:
        # The neighbour's comment stays on its line, so the new entries start on the next.
        if not comma:
            page.replace(end, end, ",")
        line = page.line_end(end)
        page.replace(line, line, f"{parted}{body}" + ("," if comma else ""))
    elif behind > end:
        page.replace(behind, behind, f"{parted}{body},")
    else:
        page.replace(end, end, f",{parted}{body}")


def remove_entries(page: Page, mapping: Mapping, gone: ReadOnly[str, bool]) -> None:
    """Take keys out of a mapping that keeps at least one."""
    names = own_keys(mapping)
    _remove(page, _Layout(page, mapping), {names.index(name) for name in gone})


def remove_items(page: Page, sequence: Sequence, gone: ReadOnly[int, bool]) -> None:
    """Take items out of a list that keeps at least one."""
    _remove(page, _Layout(page, sequence), set(gone))


def _remove(page: Page, layout: _Layout, gone: set[int]) -> None:
    pieces = layout.pieces
    last_kept = max(index for index in range(len(pieces)) if index not in gone)
    for index in sorted(gone):
        start, end = pieces[index]
        if index > last_kept:
            page.replace(pieces[index - 1][1], end, "")
        elif "#" not in page.text[end : pieces[index + 1][0]]:
            page.replace(start, pieces[index + 1][0], "")
        else:
            comma = _COMMA.match(page.text, end)
            page.replace(start, comma.end() if comma else end, "")


def set_value(page: Page, holder: Mapping | Sequence, node: Node, value: Any) -> None:
    """Replace a value inside a flow collection."""
    pen = page.pen(holder)
    if isinstance(node, Scalar) and node.style and not node.tag:
        pen = Pen(pen.idiom, pen.key_quote, node.style)
    layout = _Layout(page, holder)
    lead = page.margin(node.start) if layout.many_lines else None
    written = flow_text(value, pen, Spread(layout.gap, lead, layout.step))
    if node.end > node.start:
        page.replace(node.start, node.end, written)
    else:
        page.replace(node.start, node.start, f" {written}")


def too_long(page: Page, mapping: Mapping, entries: Ordered[Entry]) -> bool:
    """Tell whether additions to a one-line mapping would make a line nobody wants to read."""
    layout, pen = _Layout(page, mapping), page.pen(mapping)
    if page.idiom.json or layout.many_lines or mapping.tag or page.text[mapping.start] != "{":
        return False
    line = page.line_end(mapping.end) - page.line_start(mapping.start)
    return line + sum(len(flow_text({entry.key: entry.value}, pen)) for entry in entries) > _WIDTH


def rewritten(page: Page, mapping: Mapping, entries: Ordered[Entry], gone: ReadOnly[str, bool]) -> list[str]:
    """Give the lines of a one-line mapping as a block, its own entries as they are written."""
    pen = page.pen(mapping)
    lines = []
    for name in own_keys(mapping):
        if name not in gone:
            key, child = mapping.keys[name], mapping.entries[name]
            value = page.text[child.start : child.end] if child.start > key.end else ""
            lines.append(f"{page.text[key.start : key.end]}: {value}".rstrip())
    return lines + [line for entry in entries for line in mapping_lines({entry.key: entry.value}, pen)]
