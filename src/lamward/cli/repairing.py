"""Repairs in memory: the proof that the applications which read a file are as promised, and the difference it makes."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from lamward.audit.pipeline import Audited
from lamward.errors import NothingToAudit
from lamward.facts.covering import cover
from lamward.fixes.apply import Examined, Repaired, commit, repair
from lamward.fixes.changes import changes_of
from lamward.fixes.page import Page
from lamward.fixes.refusal import Reason
from lamward.model.finding import Finding, Fix, Persona, TextChange
from lamward.model.report import Report
from lamward.report.escape import LOG_COMMAND
from lamward.report.layout import harmless
from lamward.sources.file import instead
from lamward.sources.node import parse

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
        return Examined(
            loaded.applications, report.open, report.failures, found.sources, _for_auditors(report)
        )

    return examine


def written(
    wanted: Sequence[Finding], audited: Audited, audit: Callable[[], Audited], examine: Run
) -> tuple[list[Repaired], Audited]:
    """Repair and write; what gave way to another fix gets its turn on the new text.

    `audit` audits all again, `examine` proves fixes. Returns what became of the files, and the audit of what is there.
    """
    done: list[Repaired] = []
    while True:
        made = repair(wanted, audited.loaded.files, examiner(audited, examine))
        repaired = [commit(each) for each in made]
        changed = [each for each in repaired if each.changed]
        audited = audit() if changed else audited
        waiting = {
            mark(finding)
            for each in changed
            for finding, refusal in each.refused
            if refusal.reason is Reason.CONFLICT
        }
        wanted = [finding for finding in audited.report.open if mark(finding) in waiting]
        if not wanted:
            return [*done, *repaired], audited
        done += [_without(each, waiting) for each in repaired]


def _without(repaired: Repaired, waiting: set[tuple[str, str]]) -> Repaired:
    refused = tuple(each for each in repaired.refused if mark(each[0]) not in waiting)
    return msgspec.structs.replace(repaired, refused=refused)


def mark(finding: Finding) -> tuple[str, str]:
    """Give what a finding is known by in every audit."""
    return (finding.application, finding.fingerprint)


def _for_auditors(report: Report) -> frozenset[str]:
    return frozenset(check.name for check in report.checks if check.persona == Persona.AUDITOR.value)


def difference(repaired: Repaired) -> list[str]:
    """Give a file's unified difference for reading: secrets covered, and no line that a build server would obey."""
    before, after = (text.replace("\r\n", "\n").split("\n") for text in repaired.shown)
    name = repaired.before.name
    # What surrounds a change is no finding's line: any secret in it has still to be covered.
    lines = difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm="")
    return [LOG_COMMAND.sub(r"#\\", harmless(cover(line))) for line in lines]


def changes(audited: Audited) -> dict[tuple[str, str], tuple[TextChange, ...]]:
    """Give what fixes do to the text of files, by a finding's application and fingerprint."""
    found: dict[tuple[str, str], tuple[TextChange, ...]] = {}
    by_file: dict[str, list[tuple[tuple[str, str], Fix]]] = {}
    for finding in audited.report.findings:
        if finding.fix is not None and finding.fix.edits:
            file = finding.fix.edits[0].location.span.file
            by_file.setdefault(file, []).append(((finding.application, finding.fingerprint), finding.fix))
    for file, fixes in by_file.items():
        if file in audited.loaded.files:
            page = Page(parse(audited.loaded.files[file]))
            for mark, fix in fixes:
                found[mark] = changes_of(page, fix, audited.sources.get(file, ""))
    return found
