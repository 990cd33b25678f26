"""One line for each finding and failure: `file:line:column: check-name [severity] message`."""

from __future__ import annotations

from collections.abc import Iterator

from lamward.model.finding import Finding
from lamward.model.report import Failure, Report
from lamward.report.escape import visible
from lamward.report.layout import harmless
from lamward.report.options import Options
from lamward.report.order import condition, place


def render(report: Report, _options: Options) -> str:
    """Render the open findings in the report's order, then the failures, whose severity is `error`."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    for finding in report.open:
        yield _finding(finding)
    for failure in report.failures:
        yield _failure(failure)


def _finding(finding: Finding) -> str:
    when = f" ({condition(finding.when)})" if finding.when else ""
    text = f"{finding.check} [{finding.severity.value}] {finding.message}{when}"
    return _line(place(finding.location, finding.application), text)


def _failure(failure: Failure) -> str:
    remedy = f"; {failure.hint}" if failure.hint else ""
    return _line(place(failure.location), f"{failure.kind} [error] {failure.message}{remedy}")


def _line(where: str, text: str) -> str:
    return harmless(f"{where}: {visible(text)}").rstrip(" ")
