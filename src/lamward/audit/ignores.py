"""Suppressions as people write them in a template: comments, and `Metadata` where there are no comments."""

from __future__ import annotations

import datetime
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, Final

from msgspec import Struct

from lamward.audit.convert import as_date, suggest
from lamward.audit.settings import Ignore
from lamward.audit.subjects import ResourceIndex
from lamward.model.application import Application
from lamward.model.location import Location
from lamward.model.report import Failure
from lamward.model.value import Absent, Fields, Items, Known, Unknown, Value, at, location_of
from lamward.sources import node
from lamward.sources.file import SourceFile

BAD: Final = "bad-suppression"
"""The kind of failure of a suppression that cannot be read; it leaves its finding open."""

HINT: Final = "write `# lamward: ignore[check-name] the reason`"

_MARK = re.compile(r"(?:(?<=\s)|^)#+[ \t]*lamward:[ \t]*(.*)$", re.MULTILINE | re.IGNORECASE)
_IGNORE = re.compile(r"ignore[ \t]*\[([^\]]*)\][ \t]*(.*)")
_UNTIL = re.compile(r"\(until\s+([^)]*)\)\s*$")


class OnLine(Struct, frozen=True):
    """The suppression speaks of a line, and of the resources named on it as (application, logical id)."""

    file: str
    line: int
    resources: frozenset[tuple[str, str]] = frozenset()


class OnResource(Struct, frozen=True):
    """The suppression speaks of a resource of an application."""

    application: str
    resource: str


class OnFile(Struct, frozen=True):
    """The suppression speaks of a whole template."""

    file: str


Scope = OnLine | OnResource | OnFile | Ignore
"""What a suppression speaks of; one of a configuration file says it with its own fields."""


class Suppression(Struct, frozen=True):
    """Somebody's decision to accept what a check says of a place; `match` narrows it to one detail."""

    check: str
    reason: str
    where: Location
    scope: Scope
    match: str = ""
    until: datetime.date | None = None
    written: str = ""


Read = Suppression | Failure


def written_in(
    files: Mapping[str, SourceFile], applications: Sequence[Application], *, checks: Sequence[str]
) -> Iterator[Read]:
    """Read every suppression in the templates; a failure says what is wrong with one."""
    indexes = {application.name: ResourceIndex(application) for application in applications}
    for file in files.values():
        if "lamward" in file.text.lower():
            document = node.parse(file)
            yield from _comments(file, document, indexes, checks)
            yield from _of_template(file, document, checks)
    for application in applications:
        for resource in application.resources.values():
            if resource.declared_by in {"", resource.id}:
                scope = OnResource(application.name, resource.id)
                yield from _entries(at(resource.metadata, "lamward"), scope, checks)


def _comments(
    file: SourceFile, document: node.Document, indexes: Mapping[str, ResourceIndex], checks: Sequence[str]
) -> Iterator[Read]:
    texts = _Texts(document)
    for mark in _MARK.finditer(file.text):
        # A `#` inside of a text, such as an inline script, is not a comment.
        if texts.hold(mark.start()):
            continue
        where = Location(file.span(mark.start(), mark.end()))
        line = _target(file, where.span.line)
        named = {
            (name, resource)
            for name, index in indexes.items()
            for resource in index.named_on(file.name, line)
        }
        yield from _comment(mark[1], where, OnLine(file.name, line, frozenset(named)), checks)


class _Texts:
    """Where the scalars of a document stand."""

    def __init__(self, document: node.Document) -> None:
        # Nothing can be told apart in a file that does not parse, so nothing in it counts.
        spans = [(0, len(document.source.text) + 1)]
        if document.root is not None:
            nodes = node.walk(document.root)
            spans = sorted((each.start, each.end) for each in nodes if isinstance(each, node.Scalar))
        self._starts = [start for start, _ in spans]
        self._ends = list(accumulate((end for _, end in spans), max))

    def hold(self, offset: int) -> bool:
        """Tell whether an offset is inside of one of them."""
        before = bisect_right(self._starts, offset)
        return before > 0 and offset < self._ends[before - 1]


def _target(file: SourceFile, line: int) -> int:
    """Tell which line a comment speaks of: its own or, when it stands alone, the one below the comments."""
    if not file.lines[line - 1].lstrip().startswith("#"):
        return line
    while line <= len(file.lines) and file.lines[line - 1].lstrip().startswith("#"):
        line += 1
    return line


def _comment(said: str, where: Location, scope: OnLine, checks: Sequence[str]) -> Iterator[Read]:
    parts = _IGNORE.match(said.strip())
    if not parts or not parts[1].strip():
        yield Failure(BAD, "this comment for lamward is not a suppression", where, HINT)
        return
    until = _UNTIL.search(parts[2])
    reason = parts[2][: until.start()] if until else parts[2]
    for named in parts[1].split(","):
        check, _, match = named.partition(":")
        fields = {"check": check.strip(), "match": match.strip(), "reason": reason.strip()}
        yield _read(fields | ({"until": until[1].strip()} if until else {}), where, scope, checks)


def _of_template(file: SourceFile, document: node.Document, checks: Sequence[str]) -> Iterator[Read]:
    step: node.Node | None = document.root
    for key in ("Metadata", "lamward"):
        step = step.get(key) if isinstance(step, node.Mapping) else None
    if step is not None:
        yield from _entries(_value(step), OnFile(file.name), checks)


def _value(found: node.Node) -> Value:
    """Give a piece of a document as the value it spells; an intrinsic is not one."""
    origins = (found.location(),)
    if isinstance(found, node.Mapping) and not found.tag:
        keys = {name: key.location() for name, key in found.keys.items()}
        return Fields({name: _value(child) for name, child in found.entries.items()}, keys, origins)
    if isinstance(found, node.Sequence) and not found.tag:
        return Items(tuple(_value(item) for item in found.items), origins)
    if isinstance(found, node.Scalar) and not found.tag:
        return Known(found.value, origins)
    return Unknown("it is an intrinsic", origins)


def _entries(metadata: Value, scope: OnResource | OnFile, checks: Sequence[str]) -> Iterator[Read]:
    if isinstance(metadata, Absent):
        return
    listed = at(metadata, "ignore")
    if not isinstance(metadata, Fields) or not isinstance(listed, Items):
        hint = "write `lamward: {ignore: [{check: ..., reason: ...}]}`"
        yield Failure(
            BAD, "the `lamward` metadata is not a list of suppressions", location_of(metadata), hint
        )
        return
    for entry in listed.items:
        where = location_of(entry)
        if isinstance(entry, Fields) and all(isinstance(field, Known) for field in entry.fields.values()):
            fields = {name: field.value for name, field in entry.fields.items() if isinstance(field, Known)}
            yield _read(fields, where, scope, checks)
        else:
            yield Failure(
                BAD,
                "the suppression is not a mapping of plain texts",
                where,
                "intrinsics cannot be used here",
            )


_FIELDS: Final = ("check", "reason", "until", "match")


def _read(fields: Mapping[str, Any], where: Location, scope: Scope, checks: Sequence[str]) -> Read:
    """Check a suppression's fields; whatever is wrong with them makes it a failure."""
    for name, value in fields.items():
        if name not in _FIELDS:
            return Failure(BAD, f"a suppression has no `{name}`", where, suggest(name, _FIELDS))
        if not isinstance(value, str):
            return Failure(BAD, f"the suppression's `{name}` is not text", where, "write it in quotes")
    check, reason = fields.get("check", ""), fields.get("reason", "").strip()
    if check not in checks:
        hint = suggest(check, checks) or "`lamward checks` lists the checks there are"
        return Failure(BAD, f"the suppression names a check that does not exist: `{check}`", where, hint)
    if not reason:
        return Failure(BAD, f"the suppression of `{check}` gives no reason", where, "say in a few words why")
    until = as_date(fields["until"]) if "until" in fields else None
    if until is None and "until" in fields:
        hint = "write year, month and day: 2027-03-01"
        return Failure(BAD, f"the suppression of `{check}` ends on no date: `{fields['until']}`", where, hint)
    return Suppression(check, reason, where, scope, fields.get("match", ""), until, str(where))
