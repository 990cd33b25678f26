"""From symbolic edits to text edits of one document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final

from msgspec import Struct

from lamward.fixes import block, flow
from lamward.fixes.block import Entry
from lamward.fixes.page import Page, TextEdit, changed, ordered
from lamward.fixes.place import Place, own_keys, refuse_aliases, refuse_merged
from lamward.fixes.plan import Planned, planned
from lamward.fixes.refusal import Reason, Refusal, Refused, refuse
from lamward.fixes.render import indented
from lamward.model.finding import Edit, EditKind
from lamward.model.location import Location
from lamward.sources.node import Document, Mapping, Node
from lamward.sources.node import Sequence as SequenceNode

_TEMPLATE_LANGUAGE: Final = re.compile(r"\{%-?\s*\w|\{\{\s*(?!\s*resolve:)[\w.]+\s*(\|[^}]*)?\}\}")
_NEARBY: Final = 200
"""How far from an edit a placeholder is still about it, where the whole document is one line."""

_SECTIONS: Final = (
    "AWSTemplateFormatVersion",
    "Description",
    "Transform",
    "Metadata",
    "Globals",
    "Parameters",
    "Mappings",
    "Rules",
    "Conditions",
)
"""The sections that stand before `Resources`, in their usual order."""


class Draft(Struct, frozen=True):
    """A document's text with edits: the edits as asked for with explicit paths, as text, and the text they make."""

    edits: tuple[Edit, ...]
    changes: tuple[TextEdit, ...]
    text: str


class _Work(Struct):
    """What happens to one collection: keys or items that come, and those that go (with their comments above?)."""

    place: Place
    entries: dict[str, Entry] = {}
    items: list[Any] = []
    gone: dict[Any, bool] = {}


def draft(document: Document, edits: Iterable[Edit], *, like: Page | None = None) -> Draft | Refusal:
    """Turn symbolic edits into text; what already is as asked is left out.

    `like` is a page of the document for which somebody has looked at its habits before.
    """
    try:
        steps = planned(document, edits)
        try:
            return _drafted(Page(document, like), steps, unfold=True)
        except Refused as refused:
            if refused.refusal.reason is not Reason.OVERLAP:
                raise
        # To write a mapping anew leaves no room for an edit inside it: then it stays on its one line.
        return _drafted(Page(document, like), steps, unfold=False)
    except Refused as refused:
        return refused.refusal


def _drafted(page: Page, steps: Sequence[Planned], *, unfold: bool) -> Draft:
    document = page.document
    if re.search(r"\r(?!\n)", page.text):
        refuse(Reason.SHAPE, "the file has line ends of its own kind", Location(document.source.span(0, 0)))
    works: dict[int, _Work] = {}
    for step in steps:
        if step.edit.kind is not EditKind.SET:
            _gather(works, step)
    tasks: list[tuple[Place, Any]] = [
        (step.place, step.edit) for step in steps if step.edit.kind is EditKind.SET
    ]
    tasks += [(work.place, work) for work in works.values()]
    # The innermost first: of two additions after the same line, that of the inner collection comes first.
    for place, task in sorted(tasks, key=lambda task: (-len(task[0].path), task[0].node.start)):
        if isinstance(task, Edit):
            _set(page, place, task.value)
        else:
            _rework(page, task, unfold=unfold)
    changes = _apart(document, page.edits)
    _refuse_template_language(page, changes)
    return Draft(tuple(step.edit for step in steps), changes, changed(page.text, changes))


def _gather(works: dict[int, _Work], step: Planned) -> None:
    edit, place = step.edit, step.place
    if edit.kind is EditKind.REMOVE:
        place = Place(place.trail[:-1], place.path[:-1])
    work = works.setdefault(id(place.node), _Work(place, {}, [], {}))
    if edit.kind is EditKind.REMOVE:
        work.gone[step.edit.path[-1]] = edit.comments
    elif place.missing:
        _nest(work, step)
    else:
        work.items.append(edit.value)


def _nest(work: _Work, step: Planned) -> None:
    """Note a key to add, with the mappings that are missing on the way to it."""
    key, *inner = step.place.missing
    value = [step.edit.value] if step.edit.kind is EditKind.APPEND else step.edit.value
    for name in reversed(inner):
        value = {name: value}
    before = work.entries.get(str(key))
    after = "" if inner else step.edit.after
    if before is not None:
        value, after = _merged(before.value, value), before.after
    work.entries[str(key)] = Entry(str(key), value, after)


def _merged(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return {
            **one,
            **{key: _merged(one[key], value) if key in one else value for key, value in other.items()},
        }
    return [*one, *other]


def _rework(page: Page, work: _Work, *, unfold: bool) -> None:
    node, path = work.place.node, work.place.path
    if isinstance(node, Mapping):
        refuse_merged(node, path)
        _rework_mapping(page, work, node, unfold=unfold)
    elif isinstance(node, SequenceNode):
        _rework_sequence(page, work, node)
    else:
        _set(page, work.place, work.items or {entry.key: entry.value for entry in work.entries.values()})


def _rework_mapping(page: Page, work: _Work, node: Mapping, *, unfold: bool) -> None:
    entries = (
        [_seated(entry, node) for entry in work.entries.values()]
        if len(work.place.trail) == 1
        else [*work.entries.values()]
    )
    if len(work.gone) == len(own_keys(node)):
        _set(page, work.place, {entry.key: entry.value for entry in entries})
        return
    style = flow if node.flow else block
    unfold = unfold and node.flow and work.place.parent is not None and not _in_flow(work.place)
    if unfold and entries and flow.too_long(page, node, entries):
        _unfold(page, work.place, flow.rewritten(page, node, entries, work.gone))
        return
    if entries:
        style.add_entries(page, node, entries, work.gone)
    if work.gone:
        style.remove_entries(page, node, work.gone)


def _rework_sequence(page: Page, work: _Work, node: SequenceNode) -> None:
    refuse_aliases(node, work.place.path)
    if len(work.gone) == len(node.items):
        _set(page, work.place, work.items)
        return
    style = flow if node.flow else block
    if work.items:
        style.append_items(page, node, work.items, work.gone)
    if work.gone:
        style.remove_items(page, node, work.gone)


def _seated(entry: Entry, root: Mapping) -> Entry:
    """Give a new section its usual seat: before `Resources`, after the sections that come before it."""
    names = own_keys(root)
    if entry.after or entry.key not in _SECTIONS or "Resources" not in names:
        return entry
    before = names[: names.index("Resources")]
    earlier = [name for name in before if name in _SECTIONS[: _SECTIONS.index(entry.key)]]
    seat = earlier[-1:] or before[-1:]
    return Entry(entry.key, entry.value, seat[0] if seat else "")


def _in_flow(place: Place) -> bool:
    return any(isinstance(node, Mapping | SequenceNode) and node.flow for node in place.trail[:-1])


def _set(page: Page, place: Place, value: Any) -> None:
    holder = place.parent
    if holder is None or place.inside:
        refuse(Reason.SHAPE, "the whole of this cannot be replaced", place.node.location(place.path))
    if holder.flow:
        flow.set_value(page, holder, place.node, value)
    elif isinstance(holder, Mapping):
        block.set_entry(page, holder, _name_of(holder, place.node), value)
    else:
        block.set_item(page, holder, holder.items.index(place.node), value)


def _unfold(page: Page, place: Place, lines: list[str]) -> None:
    """Write a one-line mapping as a block."""
    holder, node = place.parent, place.node
    if isinstance(holder, Mapping):
        key = holder.keys[_name_of(holder, node)]
        start, head = key.start, page.after_colon(key)
        first, step = page.text[key.start : head], page.idiom.step
        block.replace_lines(page, start, head, node, [first, *indented(lines, step)])
    elif holder is not None:
        dash = page.dash_of(node)
        block.replace_lines(page, dash, dash + 1, node, [f"- {lines[0]}", *indented(lines[1:], 2)])


def _name_of(holder: Mapping, node: Node) -> str:
    return next(name for name, child in holder.entries.items() if child is node)


def _apart(document: Document, edits: Sequence[TextEdit]) -> tuple[TextEdit, ...]:
    """Sort edits; refuse those that overlap."""
    cuts = [edit for edit in edits if edit.end > edit.start and not edit.text]
    changes = ordered(_behind(edit, cuts) for edit in edits)
    for one, other in pairwise(changes):
        if one.end > other.start:
            span = document.source.span(other.start, one.end)
            refuse(Reason.OVERLAP, "two edits would change the same text", Location(span))
    return changes


def _refuse_template_language(page: Page, changes: Iterable[TextEdit]) -> None:
    for change in changes:
        start = max(page.line_start(max(0, page.line_start(change.start) - 1)), change.start - _NEARBY)
        end = min(page.line_end(page.next_line(change.end)), change.end + _NEARBY)
        marker = _TEMPLATE_LANGUAGE.search(page.text, start, end)
        if marker:
            place = Location(page.document.source.span(marker.start(), marker.end()))
            refuse(Reason.TEMPLATE_LANGUAGE, "a template language writes the text around here", place)


def _behind(edit: TextEdit, cuts: Sequence[TextEdit]) -> TextEdit:
    """Move lines that go in behind a line which is taken out to where that line ended."""
    if edit.end > edit.start or not edit.text.startswith(("\n", "\r\n")):
        return edit
    for cut in cuts:
        if cut.start < edit.start < cut.end:
            newline, _, body = edit.text.partition("\n")
            return TextEdit(cut.end, cut.end, f"{body}{newline}\n")
    return edit
