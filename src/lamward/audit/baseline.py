"""The baseline: findings that were there before, so that only new ones fail; a small file kept with the templates.

A finding is known by its fingerprint and its application. An application that has been renamed is recognised by
its entry's template being gone: then the fingerprint alone decides, and every entry stands for one finding only.
"""

from __future__ import annotations

import datetime
import errno
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from lamward.audit.ask import Raised
from lamward.audit.convert import as_date
from lamward.errors import ConfigurationError
from lamward.model.finding import Baselined, Finding, Open
from lamward.sources.file import contents

DEFAULT_FILE: Final = "lamward-baseline.json"
SCHEMA: Final = 1


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """A finding of the baseline; all but the fingerprint and the application is there for people to read.

    `application` is the template's path from the baseline's folder; `since` the day it was first recorded.
    """

    application: str
    resource: str
    check: str
    fingerprint: str
    since: str


class Baseline(Struct, frozen=True, forbid_unknown_fields=True):
    """The content of a baseline file."""

    findings: tuple[Entry, ...]
    schema: int = SCHEMA


def read(path: Path) -> Baseline:
    """Read a baseline file."""
    try:
        baseline = msgspec.json.decode(_content(path), type=Baseline)
    except FileNotFoundError:
        hint = "`lamward baseline write` makes one"
        raise ConfigurationError(f"there is no baseline `{path}`", hint) from None
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise ConfigurationError(f"cannot read the baseline `{path}`: {reason}") from None
    except msgspec.DecodeError as problem:
        said = str(problem).removeprefix("JSON is malformed: ")
        raise ConfigurationError(
            f"`{path}` is not a baseline: {said[:1].lower()}{said[1:]}", "`lamward baseline write` makes one"
        ) from None
    if baseline.schema != SCHEMA:
        hint = "update lamward, or write the baseline again"
        raise ConfigurationError(f"`{path}` is a baseline of version {baseline.schema}, not {SCHEMA}", hint)
    for entry in baseline.findings:
        if as_date(entry.since) is None:
            raise ConfigurationError(
                f"`{path}`: `since` of {entry.fingerprint} is not a date: `{entry.since}`"
            )
    return baseline


def _content(path: Path) -> bytes:
    # A configuration may name it, and that may come from anyone: a pipe would keep us waiting for ever.
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(errno.EINVAL, "it is not a regular file")
    return contents(path)


def render(baseline: Baseline) -> str:
    """Write a baseline as text that diffs well: sorted, one finding a line."""
    ordered = sorted(baseline.findings, key=msgspec.structs.astuple)
    lines = ",\n".join("    " + msgspec.json.encode(entry).decode() for entry in ordered)
    listed = f"[\n{lines}\n  ]" if lines else "[]"
    return f'{{\n  "schema": {SCHEMA},\n  "findings": {listed}\n}}\n'


def apply(baseline: Baseline, raised: Sequence[Raised], folder: Path) -> list[Raised]:
    """Mark the open findings that the baseline knows; `folder` is its own."""
    known = match(
        baseline, [each.finding for each in raised if isinstance(each.finding.status, Open)], folder
    )
    return [
        Raised(msgspec.structs.replace(each.finding, status=Baselined(known[key].since)), each.about)
        if isinstance(each.finding.status, Open) and (key := _key(each.finding)) in known
        else each
        for each in raised
    ]


def match(baseline: Baseline, findings: Sequence[Finding], folder: Path) -> dict[tuple[str, str], Entry]:
    """Find the entry of each finding that has one, by application and fingerprint."""
    exact = {(entry.application, entry.fingerprint): entry for entry in baseline.findings}
    moved: dict[str, list[Entry]] = {}
    for entry in baseline.findings:
        if not os.path.exists(folder / entry.application):  # noqa: PTH110 - a name no file can have is no error
            moved.setdefault(entry.fingerprint, []).append(entry)
    known: dict[tuple[str, str], Entry] = {}
    for finding in findings:
        found = exact.get((_relative(finding.application, folder), finding.fingerprint))
        if found is None and moved.get(finding.fingerprint):
            found = moved[finding.fingerprint].pop(0)
        if found is not None:
            known[_key(finding)] = found
    return known


def record(findings: Sequence[Finding], before: Baseline, folder: Path, *, today: datetime.date) -> Baseline:
    """Make a baseline of the findings; what was recorded before keeps its day."""
    known = match(before, findings, folder)
    return Baseline(
        tuple(
            Entry(
                application=_relative(finding.application, folder),
                resource=finding.resource,
                check=finding.check,
                fingerprint=finding.fingerprint,
                since=known[_key(finding)].since if _key(finding) in known else today.isoformat(),
            )
            for finding in findings
        )
    )


def _key(finding: Finding) -> tuple[str, str]:
    return finding.application, finding.fingerprint


def _relative(application: str, folder: Path) -> str:
    return Path(os.path.relpath(application, folder)).as_posix()
