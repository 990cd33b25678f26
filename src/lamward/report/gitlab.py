"""A Code Quality report of GitLab: a JSON array with one issue for each finding and failure."""

from __future__ import annotations

from lamward.model.finding import Finding, Severity
from lamward.model.location import Location
from lamward.model.report import Failure, Report
from lamward.report.encode import encode
from lamward.report.options import Options
from lamward.report.order import condition, file_of, with_fingerprints

_SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}


def render(report: Report, _options: Options) -> str:
    """Render the open findings and the failures; every fingerprint is unique, for GitLab drops repeated ones."""
    findings = [_finding(finding, unique) for finding, unique, _ in with_fingerprints(report.open)]
    failures = [_failure(failure, index) for index, failure in enumerate(report.failures, 1)]
    return encode(findings + failures)


def _finding(finding: Finding, fingerprint: str) -> dict[str, object]:
    when = f" ({condition(finding.when)})" if finding.when else ""
    return {
        "description": f"{finding.message or finding.check}{when}",
        "check_name": finding.check,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": _location(finding.location, finding.application),
    }


def _failure(failure: Failure, index: int) -> dict[str, object]:
    remedy = f"; {failure.hint}" if failure.hint else ""
    return {
        "description": f"not audited: {failure.message}{remedy}",
        "check_name": failure.kind,
        "fingerprint": f"not-audited:{index}:{failure.kind}:{file_of(failure.location)}",
        "severity": "critical",
        "location": _location(failure.location),
    }


def _location(location: Location, application: str = "") -> dict[str, object]:
    return {
        "path": file_of(location, application).removeprefix("./"),
        "lines": {"begin": location.span.line, "end": location.span.end_line},
    }
