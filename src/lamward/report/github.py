"""Annotations of GitHub Actions: one workflow command for each finding and failure, worst first."""

from __future__ import annotations

from collections.abc import Iterator

from lamward.model.finding import Finding, Severity
from lamward.model.location import Location
from lamward.model.report import Failure, Report
from lamward.report.escape import workflow_property, workflow_value
from lamward.report.options import Options
from lamward.report.order import condition, file_of, worst_first
from lamward.report.prose import advice

_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}


def render(report: Report, _options: Options) -> str:
    """Render the open findings; failures come right after the critical ones, for GitHub shows only the first ten."""
    remedies = {check.name: advice(check.remedy) for check in report.checks}
    findings = worst_first(report.open)
    critical = sum(1 for finding in findings if finding.severity is Severity.CRITICAL)
    lines = [
        *(_finding(finding, remedies.get(finding.check, "")) for finding in findings[:critical]),
        *(_failure(failure) for failure in report.failures),
        *(_finding(finding, remedies.get(finding.check, "")) for finding in findings[critical:]),
    ]
    return "".join(f"{line}\n" for line in lines)


def _finding(finding: Finding, remedy: str) -> str:
    title = f"{finding.check} ({finding.severity.value})"
    detail = (finding.message, condition(finding.when), finding.help or remedy)
    message = "\n".join(part for part in detail if part) or finding.check
    return _command(_LEVELS[finding.severity], finding.location, finding.application, title, message)


def _failure(failure: Failure) -> str:
    message = "\n".join(part for part in (failure.message, failure.hint) if part) or failure.kind
    return _command("error", failure.location, "", f"not audited ({failure.kind})", message)


def _command(level: str, location: Location, application: str, title: str, message: str) -> str:
    properties = ",".join(
        f"{name}={workflow_property(value)}" for name, value in _properties(location, application, title)
    )
    return f"::{level} {properties}::{workflow_value(message)}"


def _properties(location: Location, application: str, title: str) -> Iterator[tuple[str, str]]:
    span = location.span
    yield "file", file_of(location, application)
    yield "line", str(span.line)
    yield "endLine", str(span.end_line)
    if span.line == span.end_line:  # GitHub refuses columns on an annotation of several lines
        yield "col", str(span.column)
        yield "endColumn", str(span.end_column)
    yield "title", title
