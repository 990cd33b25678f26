"""The sentence every report for people ends with: what was audited, what was not, and what was found."""

from __future__ import annotations

from collections import Counter

from lamward.model.finding import Baselined, Fixed, Severity, Suppressed
from lamward.model.report import Failure, Report

_ACCEPTED = ((Suppressed, "suppressed"), (Baselined, "baselined"), (Fixed, "fixed"))


def counted(number: int, noun: str, plural: str = "") -> str:
    """Write a number with its noun, such as "1 file" or "2 files"."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"


def summary(report: Report) -> str:
    """Say in one line what was audited, how long it took, what was found and what could not be audited."""
    gaps = unaudited(report.failures)
    skipped = f"; skipped: {counted(len(report.skipped), 'file')}" if report.skipped else ""
    missing = f"; not audited: {gaps}" if gaps else ""
    return f"audited {_audited(report)} in {_duration(report.seconds)}: {verdict(report)}{skipped}{missing}"


def _audited(report: Report) -> str:
    if not report.applications:
        return "nothing"
    coverages = [application.coverage for application in report.applications]
    return ", ".join(
        (
            counted(len(report.applications), "application"),
            counted(sum(coverage.functions for coverage in coverages), "function"),
            counted(sum(coverage.resources for coverage in coverages), "resource"),
        )
    )


def _duration(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds < 60 else f"{int(seconds // 60)} min {int(seconds % 60)} s"


def verdict(report: Report) -> str:
    """Count the findings by severity and those that were accepted, such as "2 findings (2 high), 1 suppressed"."""
    counts = Counter(finding.severity for finding in report.open)
    found = counted(counts.total(), "finding") if counts else "no findings"
    if counts:
        worst = (
            f"{counts[severity]} {severity.value}" for severity in reversed(Severity) if counts[severity]
        )
        found += f" ({', '.join(worst)})"
    accepted = (
        (sum(isinstance(finding.status, kind) for finding in report.findings), word)
        for kind, word in _ACCEPTED
    )
    return ", ".join([found, *(f"{count} {word}" for count, word in accepted if count)])


def unaudited(failures: tuple[Failure, ...]) -> str:
    """Count what could not be audited: whole files, places in files and checks that broke; "" for nothing."""
    crashed = sum(1 for failure in failures if failure.kind == "crashed-check")
    others = [failure for failure in failures if failure.kind != "crashed-check"]
    files = {failure.location.span.file for failure in others if failure.location.span.end == 0}
    places = {failure.location for failure in others if failure.location.span.end > 0}
    parts = (
        counted(len(files), "file") if files else "",
        counted(len(places), "place") if places else "",
        counted(crashed, "check that crashed", "checks that crashed") if crashed else "",
    )
    return ", ".join(part for part in parts if part)
