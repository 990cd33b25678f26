"""Applying suppressions: which finding each one accepts, which have expired, which accept nothing."""

from __future__ import annotations

import datetime
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import assert_never

import msgspec
from msgspec import Struct

from lamward.audit.ask import About, Answers, Doubted, Raised
from lamward.audit.ignores import OnFile, OnLine, OnResource, Scope, Suppression
from lamward.audit.settings import Ignore
from lamward.model.finding import Related, Suppressed
from lamward.model.location import NOWHERE, Location, Span
from lamward.model.report import Failure


class Judged(Struct, frozen=True):
    """The findings with their status, what to tell about the suppressions, and those that could not be read."""

    raised: tuple[Raised, ...]
    notices: tuple[Failure, ...] = ()
    failures: tuple[Failure, ...] = ()


def configured(ignores: Iterable[Ignore]) -> list[Suppression]:
    """Make suppressions of a configuration file's entries."""
    return [
        Suppression(
            each.check, each.reason, _written_at(each.where), each, each.match, each.until, each.where
        )
        for each in ignores
    ]


def apply(
    suppressions: Sequence[Suppression], answers: Answers, *, today: datetime.date, files: Collection[str]
) -> Judged:
    """Mark what is suppressed; tell of suppressions that have expired, or match nothing in the audited files."""
    judged: list[Raised] = []
    index = _Index(suppressions)
    used = _doubtful(index, answers.doubted)
    expired: set[int] = set()
    for each in answers.raised:
        place = each.finding.location
        near = index.near(each.finding.check, place, each.about)
        fitting = {number: one for number, one in near if _covers(one, place, each.about)}
        current = [one for one in fitting.values() if not _has_expired(one, today)]
        used.update(fitting)
        expired.update(number for number, one in fitting.items() if _has_expired(one, today))
        judged.append(_mark(each, (current or list(fitting.values()))[0], today) if fitting else each)
    ends = [_expiry(suppressions[number], today) for number in sorted(expired)]
    rest = [one for number, one in enumerate(suppressions) if number not in used]
    return Judged(tuple(judged), (*ends, *_unused(rest, answers.settled, files)))


def _mark(raised: Raised, by: Suppression, today: datetime.date) -> Raised:
    finding = raised.finding
    if _has_expired(by, today):
        note = Related(by.where, f"the suppression written here expired {_ago(by, today)}")
        return Raised(msgspec.structs.replace(finding, related=(*finding.related, note)), raised.about)
    until = by.until.isoformat() if by.until else ""
    status = Suppressed(by.reason, until, by.written)
    return Raised(msgspec.structs.replace(finding, status=status), raised.about)


def _has_expired(suppression: Suppression, today: datetime.date) -> bool:
    return suppression.until is not None and suppression.until < today


def _doubtful(index: _Index, doubted: Sequence[Doubted]) -> set[int]:
    """Find the suppressions that may be needed where a check could not decide: they are not to be called unused."""
    return {
        number
        for each in doubted
        for number, one in index.near(each.unanswered.check, each.unanswered.doubt.location, each.about)
        if _covers(msgspec.structs.replace(one, match=""), each.unanswered.doubt.location, each.about)
    }


class _Index:
    """Suppressions by what they speak of: only a few of thousands come into question for a place."""

    def __init__(self, suppressions: Sequence[Suppression]) -> None:
        self._numbers: dict[tuple[object, ...], list[int]] = defaultdict(list)
        self._suppressions = suppressions
        for number, one in enumerate(suppressions):
            for key in _keys(one.scope):
                self._numbers[one.check, *key].append(number)

    def near(self, check: str, place: Location, about: About) -> Iterator[tuple[int, Suppression]]:
        """List those of a check that may cover a place, each with its number, in order."""
        file = place.span.file
        keys: list[tuple[object, ...]] = [(), (file,), *((file, line) for line in _lines(place.span))]
        keys += [(about.application, resource) for resource in about.resources]
        found = {number for key in keys for number in self._numbers.get((check, *key), ())}
        return ((number, self._suppressions[number]) for number in sorted(found))


def _keys(scope: Scope) -> Iterator[tuple[object, ...]]:
    match scope:
        case OnLine():
            yield scope.file, scope.line
            yield from scope.resources
        case OnResource():
            yield scope.application, scope.resource
        case OnFile():
            yield (scope.file,)
        case Ignore():
            yield ()
        case _ as never:
            assert_never(never)


def _covers(suppression: Suppression, place: Location, about: About) -> bool:
    if suppression.match and suppression.match != about.discriminator:
        return False
    scope = suppression.scope
    match scope:
        case OnLine():
            on_it = scope.file == place.span.file and scope.line in _lines(place.span)
            return on_it or any(
                (about.application, resource) in scope.resources for resource in about.resources
            )
        case OnResource():
            return scope.application == about.application and scope.resource in about.resources
        case OnFile():
            return scope.file == place.span.file
        case Ignore():
            named = not scope.resource or scope.resource in about.resources
            return named and _fits(scope, place.span.file)
        case _ as never:
            assert_never(never)


def _lines(span: Span) -> range:
    # A span is half-open: one that ends before a line's first character does not touch that line.
    last = span.end_line - 1 if span.end_column == 1 and span.end_line > span.line else span.end_line
    return range(span.line, last + 1)


def _fits(ignore: Ignore, file: str) -> bool:
    """Tell whether a configuration file's entry speaks of a template, by its path below the file's folder."""
    if not ignore.path:
        return True
    below = Path(os.path.relpath(file, ignore.folder or ".")).as_posix()
    return fnmatchcase(below, ignore.path) or fnmatchcase(below, ignore.path.rstrip("/") + "/*")


def _expiry(suppression: Suppression, today: datetime.date) -> Failure:
    message = f"the suppression of `{suppression.check}` expired {_ago(suppression, today)}"
    return Failure(
        "expired-suppression", message, suppression.where, "mend the finding, or give the reason a new date"
    )


def _ago(suppression: Suppression, today: datetime.date) -> str:
    until = suppression.until or today
    days = (today - until).days
    return "yesterday" if days == 1 else f"{days} days ago, on {until.isoformat()}"


def _unused(
    suppressions: Iterable[Suppression], settled: Collection[str], files: Collection[str]
) -> Iterator[Failure]:
    for each in suppressions:
        if each.check in settled and _was_looked_at(each.scope, files):
            message = f"the suppression of `{each.check}` matches nothing"
            yield Failure("unused-suppression", message, each.where, "remove it")


def _was_looked_at(scope: Scope, files: Collection[str]) -> bool:
    match scope:
        case OnLine() | OnFile():
            return scope.file in files
        case OnResource():
            return True
        case Ignore():
            return any(_fits(scope, file) for file in files)
        case _ as never:
            assert_never(never)


def _written_at(where: str) -> Location:
    file, _, line = where.rpartition(":")
    if not file or not line.isdigit():
        return msgspec.structs.replace(NOWHERE, span=msgspec.structs.replace(NOWHERE.span, file=where))
    number = int(line)
    return Location(Span(file=file, start=0, end=0, line=number, column=1, end_line=number, end_column=1))
