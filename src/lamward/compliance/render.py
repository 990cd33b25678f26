"""The forms of assessments: text for people, CSV and JSON for programs, Markdown for a page."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from lamward.compliance.assess import Assessment, Evidence, Judgement, Status
from lamward.errors import UsageError
from lamward.model.finding import Finding, Open, Suppressed
from lamward.report.encode import encode
from lamward.report.escape import encodable, markdown_code, markdown_sentence, visible
from lamward.report.layout import painted, wrapped
from lamward.report.order import file_of

CAVEAT: Final = (
    "This is evidence for the technical part of requirements, as far as templates show it. It is no certificate, and "
    "what was not assessed is not a pass."
)

_STYLES: Final = {Status.FAIL: "high", Status.PASS: "low", Status.NOT_ASSESSED: "medium"}
_MARGIN: Final = 4
_COLUMNS: Final = (
    *("framework", "version", "requirement", "title", "status"),
    *("practice", "practice_status", "check", "place", "message"),
)


class _Found(Struct, frozen=True):
    check: str
    fingerprint: str
    place: str
    message: str
    accepted: str


class _Practice(Struct, frozen=True):
    practice: str
    title: str
    status: str
    reason: str
    findings: tuple[_Found, ...]


class _Requirement(Struct, frozen=True):
    requirement: str
    title: str
    status: str
    practices: tuple[_Practice, ...]


class _Framework(Struct, frozen=True):
    framework: str
    title: str
    version: str
    source: str
    counts: dict[str, int]
    requirements: tuple[_Requirement, ...]


class _Page(Struct, frozen=True):
    caveat: str
    frameworks: tuple[_Framework, ...]


def render(format_name: str, assessments: Sequence[Assessment], *, colour: bool, width: int) -> str:
    """Render assessments in a format of `FORMATS`; the result ends with a line end."""
    if format_name not in FORMATS:
        raise UsageError(
            f"there is no format `{format_name}` for assessments", f"use one of {', '.join(FORMATS)}"
        )
    if format_name == "text":
        return _text(assessments, colour=colour, width=width)
    return FORMATS[format_name](assessments)


def _text(assessments: Sequence[Assessment], *, colour: bool = False, width: int = 100) -> str:
    lines: list[str] = []
    for each in assessments:
        title = f"{each.framework.title}, {each.framework.version}"
        lines += [painted(title, "strong", colour=colour), _counts(each), ""]
        for judgement in each.judgements:
            lines += _told(judgement, colour=colour, width=width)
        lines.append("")
    return "\n".join([*lines, *wrapped("", CAVEAT, width, indent=0)]) + "\n"


def _counts(assessment: Assessment) -> str:
    return ", ".join(f"{assessment.count(status)} {status}" for status in Status if assessment.count(status))


def _told(judgement: Judgement, *, colour: bool, width: int) -> Iterator[str]:
    status = judgement.status
    label = painted(f"{status:<14}", _STYLES.get(status, "faint"), colour=colour)
    yield f"{label}  {judgement.requirement}  {judgement.title}"
    if status is Status.MANUAL:
        yield f"{'':{_MARGIN}}somebody has to look at this"
    for evidence in judgement.evidence:
        if evidence.status is status and status is not Status.PASS:
            yield from _reasons(evidence, width)


def _reasons(evidence: Evidence, width: int) -> Iterator[str]:
    margin = " " * _MARGIN
    if evidence.reason:
        yield from wrapped(margin, f"{evidence.title}: {evidence.reason}", width, indent=_MARGIN + 2)
    for finding in evidence.findings:
        line = f"{_place(finding)} {finding.check}: {finding.message}{_accepted(finding)}"
        yield from wrapped(margin, visible(line), width, indent=_MARGIN + 2)


def _place(finding: Finding) -> str:
    span = finding.location.span
    return f"{file_of(finding.location, finding.application)}:{span.line}:{span.column}"


def _accepted(finding: Finding) -> str:
    match finding.status:
        case Open():
            return ""
        case Suppressed(reason=reason):
            return f" (accepted: {reason})"
        case _:
            return " (accepted by the baseline)"


def _markdown(assessments: Sequence[Assessment]) -> str:
    parts = ["# Compliance"]
    for each in assessments:
        rows = ["| requirement | | status | evidence |", "|---|---|---|---|"]
        for judgement in each.judgements:
            told = "<br>".join(_cell(judgement))
            rows.append(f"| {judgement.requirement} | {judgement.title} | {judgement.status} | {told} |")
        title = f"## {each.framework.title}, {each.framework.version}"
        parts += [title, f"{_counts(each)}. [Source]({each.framework.source})", "\n".join(rows)]
    return "\n\n".join([*parts, CAVEAT]) + "\n"


def _cell(judgement: Judgement) -> Iterator[str]:
    for evidence in judgement.evidence:
        if evidence.reason:
            yield f"{evidence.title}: {markdown_sentence(evidence.reason)}"
        for finding in evidence.findings:
            said = markdown_sentence(f"{finding.message}{_accepted(finding)}")
            yield f"{markdown_code(finding.check)} {markdown_code(_place(finding))} {said}"


def _csv(assessments: Sequence[Assessment]) -> str:
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for each in assessments:
        for judgement in each.judgements:
            head = (each.name, each.framework.version, judgement.requirement, judgement.title)
            for tail in _rows(judgement):
                writer.writerow(map(_harmless, (*head, str(judgement.status), *tail)))
    return sheet.getvalue()


def _rows(judgement: Judgement) -> Iterator[tuple[str, ...]]:
    if not judgement.evidence:
        yield ("", "", "", "", "")
    for evidence in judgement.evidence:
        practice = (evidence.practice, str(evidence.status))
        if not evidence.findings:
            yield (*practice, "", "", evidence.reason)
        for finding in evidence.findings:
            yield (*practice, finding.check, _place(finding), f"{finding.message}{_accepted(finding)}")


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from taking text for a formula."""
    shown = visible(cell)
    return f"'{shown}" if shown.startswith(("=", "+", "-", "@")) else shown


def _json(assessments: Sequence[Assessment]) -> str:
    page = _Page(CAVEAT, tuple(map(_framework, assessments)))
    return encode(page)


def _framework(assessment: Assessment) -> _Framework:
    return _Framework(
        assessment.name,
        assessment.framework.title,
        assessment.framework.version,
        assessment.framework.source,
        {str(status): assessment.count(status) for status in Status},
        tuple(
            _Requirement(each.requirement, each.title, str(each.status), tuple(map(_practice, each.evidence)))
            for each in assessment.judgements
        ),
    )


def _practice(evidence: Evidence) -> _Practice:
    found = tuple(
        _Found(
            each.check,
            each.fingerprint,
            encodable(_place(each)),
            encodable(each.message),
            encodable(_accepted(each).strip(" ()")),
        )
        for each in evidence.findings
    )
    return _Practice(evidence.practice, evidence.title, str(evidence.status), evidence.reason, found)


FORMATS: Final[dict[str, Callable[[Sequence[Assessment]], str]]] = {
    "text": _text,
    "json": _json,
    "csv": _csv,
    "markdown": _markdown,
}
"""The formats of assessments."""
