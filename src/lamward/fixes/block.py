"""Edits of block YAML: whole lines go in and out, between siblings and at their indentation."""

from __future__ import annotations

from collections.abc import Mapping as ReadOnly
from collections.abc import Sequence as Ordered
from itertools import pairwise
from typing import Any

from msgspec import Struct

from lamward.fixes.page import Page
from lamward.fixes.place import own_keys
from lamward.fixes.render import entry_lines, indented, item_lines, short_form
from lamward.sources.node import Mapping, Node, Scalar, Sequence


class Entry(Struct, frozen=True):
    """A key to add, its value, and the sibling it comes after ("" for the last)."""

    key: str
    value: Any
    after: str = ""


def add_entries(page: Page, mapping: Mapping, entries: Ordered[Entry], gone: ReadOnly[str, bool]) -> None:
    """Add keys to a mapping that keeps at least one of its own; `gone` are those that are taken out."""
    kept = {name: None for name in own_keys(mapping) if name not in gone}
    last = next(reversed(kept))
    pen = page.pen(mapping)
    grouped: dict[str, list[Entry]] = {}
    for entry in entries:
        grouped.setdefault(entry.after if entry.after in kept else last, []).append(entry)
    blank = _stand_apart(page, mapping)
    for sibling, group in grouped.items():
        column = mapping.keys[sibling].column - 1
        lines: list[str] = []
        for entry in group:
            lines += [""] if blank else []
            lines += indented(entry_lines(pen.key(entry.key, flow=False), entry.value, pen), column)
        _insert_after(page, mapping.entries[sibling], page.entry_end(mapping, sibling), lines)


def append_items(page: Page, sequence: Sequence, values: Ordered[Any], gone: ReadOnly[int, bool]) -> None:
    """Append items to a list that keeps at least one of its own."""
    last = [item for index, item in enumerate(sequence.items) if index not in gone][-1]
    dash = page.dash_of(last)
    offset = last.start - dash if page.line_start(last.start) == page.line_start(dash) else 2
    column = dash - page.line_start(dash)
    lines = [
        line for value in values for line in item_lines(value, page.pen(sequence), offset=max(2, offset))
    ]
    _insert_after(page, last, page.end_of(last), indented(lines, column))


def _insert_after(page: Page, node: Node, end: int, lines: list[str]) -> None:
    offset = page.closed_line(node, end)
    page.replace(offset, offset, "\n" + "\n".join(lines))


def _stand_apart(page: Page, mapping: Mapping) -> bool:
    """Tell whether most siblings have a blank line between them."""
    if id(mapping) not in page.apart:
        page.apart[id(mapping)] = _are_apart(page, mapping)
    return page.apart[id(mapping)]


def _are_apart(page: Page, mapping: Mapping) -> bool:
    names = own_keys(mapping)
    apart = 0
    for one, other in pairwise(names):
        between = page.text[page.entry_end(mapping, one) : page.line_start(mapping.keys[other].start)]
        apart += any(not line.strip() for line in between.split("\n")[1:-1])
    return len(names) > 1 and apart * 2 >= len(names) - 1 and apart > 0


def remove_entries(page: Page, mapping: Mapping, gone: ReadOnly[str, bool]) -> None:
    """Take keys out of a mapping that keeps at least one; a value says whether the comments above go too."""
    names = own_keys(mapping)
    pieces = [
        (mapping.keys[name].start, page.closed_line(mapping.entries[name], page.entry_end(mapping, name)))
        for name in names
    ]
    _remove(page, pieces, {names.index(name): comments for name, comments in gone.items()})


def remove_items(page: Page, sequence: Sequence, gone: ReadOnly[int, bool]) -> None:
    """Take items out of a list that keeps at least one."""
    pieces = [(page.dash_of(item), page.closed_line(item, page.end_of(item))) for item in sequence.items]
    _remove(page, pieces, gone)


def _remove(page: Page, pieces: list[tuple[int, int]], gone: ReadOnly[int, bool]) -> None:
    cuts: list[tuple[int, int]] = []
    for index, comments in sorted(gone.items()):
        start, end = pieces[index]
        if page.lead(start).strip():
            _remove_first(page, pieces, index, gone)
            continue
        above = pieces[index - 1][1] if index else 0
        start = _with_comments(page, page.line_start(start), above) if comments else page.line_start(start)
        if cuts and cuts[-1][1] == start:
            start = cuts.pop()[0]
        cuts.append((start, page.next_line(end)))
    for start, end in cuts:
        # Where the file does not end with a line end, the line end before goes instead of the one behind.
        unended = end == len(page.text) and not page.text.endswith("\n")
        page.replace(max(0, start - len(page.newline(start))) if unended else start, end, "")


def _remove_first(page: Page, pieces: list[tuple[int, int]], index: int, gone: ReadOnly[int, bool]) -> None:
    """Remove what begins on its parent's line: the next one moves there, or comments stay between."""
    start, end = pieces[index]
    after = page.next_line(end)
    following = pieces[index + 1][0]
    stays = index + 1 not in gone
    if stays and not page.text[after : page.line_start(following)].strip():
        page.replace(start, following, "")
    else:
        page.replace(page.line_start(start) + len(page.lead(start).rstrip()), end, "")


def _with_comments(page: Page, start: int, end: int) -> int:
    """Give the start of the comment lines directly above a line; above `end` such a line may be one of a text."""
    while start > 0:
        above = page.line_start(start - 1)
        if above < end or not page.text[above:start].lstrip().startswith("#"):
            break
        start = above
    return start


def set_entry(page: Page, mapping: Mapping, name: str, value: Any) -> None:
    """Replace the value of a key."""
    key, child = mapping.keys[name], mapping.entries[name]
    pen = page.pen(mapping)
    if _set_scalar(page, child, value, page.after_colon(key)):
        return
    lines = entry_lines(page.text[key.start : key.end], value, pen)
    replace_lines(page, key.start, page.after_colon(key), child, lines)


def set_item(page: Page, sequence: Sequence, index: int, value: Any) -> None:
    """Replace an item of a list."""
    item = sequence.items[index]
    dash = page.dash_of(item)
    if _set_scalar(page, item, value, dash + 1):
        return
    lines = item_lines(value, page.pen(sequence))
    replace_lines(page, dash, dash + 1, item, lines)


def _set_scalar(page: Page, node: Node, value: Any, offset: int) -> bool:
    """Replace one scalar by another where it stands, in the same quotes."""
    plain = not isinstance(value, dict | list | tuple) or short_form(value, page.pen(None))
    if not plain or not isinstance(node, Scalar) or node.style in {"|", ">"}:
        return False
    if isinstance(value, str) and "\n" in value:
        return False
    pen = page.pen(None)
    if node.style and not node.tag:
        pen = type(pen)(pen.idiom, "", node.style)
    head, *more = entry_lines("", value, pen)
    if more:
        return False
    written = head.removeprefix(":")
    if node.end > node.start:
        page.replace(node.start, node.end, written.lstrip(" "))
    else:
        page.replace(offset, offset, written)
    return True


def replace_lines(page: Page, start: int, head: int, node: Node, lines: list[str]) -> None:
    """Put lines in the place of a key or a dash and all that follows; a comment behind it stays."""
    end = max(head, page.end_of(node))
    page.closed_line(node, end)
    column = start - page.line_start(start)
    comment, behind = page.rest(head), page.rest(end)
    first = lines[0]
    if comment.lstrip().startswith("#"):
        first += comment
        end = max(end, page.line_end(head))
    if len(lines) > 1 and behind.strip() and end < page.line_end(end):
        # Behind a block scalar's last line it would be content.
        first += behind
        end = page.line_end(end)
    page.replace(start, end, "\n".join([first, *indented(lines[1:], column)]))
