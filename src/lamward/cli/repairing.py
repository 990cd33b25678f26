"""Repairs in memory: the proof that the applications which read a file are as promised, and the difference it makes."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from lamward.audit.pipeline import Audited
from lamward.errors import NothingToAudit
from lamward.fixes.apply import Examined, Repaired
from lamward.sources.file import instead

Run = Callable[[Sequence[Path]], Audited]


def examiner(audited: Audited, again: Run) -> Callable[[str, Mapping[Path, bytes]], Examined]:
    """Audit only the applications that read a file: the others cannot tell the difference."""

    def examine(name: str, contents: Mapping[Path, bytes]) -> Examined:
        applications = audited.loaded.applications
        concerned = [Path(each.name) for each in applications if name in {each.name, *each.coverage.files}]
        with instead(contents):
            try:
                found = again(concerned)
            except NothingToAudit:
                return Examined((), (), ())
        report, loaded = found.report, found.loaded
        return Examined(loaded.applications, report.open, report.failures, found.sources)

    return examine


def difference(repaired: Repaired) -> list[str]:
    """Give a file's unified difference with secrets covered, for reading."""
    before, after = (text.replace("\r\n", "\n").split("\n") for text in repaired.shown)
    name = repaired.before.name
    return list(difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm=""))
