"""Where findings point, which come first, and what tells equal ones apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lamward.model.finding import Finding
from lamward.model.location import Location
from lamward.model.value import Guard
from lamward.report.escape import visible


def file_of(location: Location, application: str = "") -> str:
    """Name a location's file; what no file says belongs to its application. Never empty."""
    return location.span.file or application or "."


def place(location: Location, application: str = "") -> str:
    """Write a location as `file:line:column`, safe to print."""
    return f"{visible(file_of(location, application))}:{location.span.line}:{location.span.column}"


def condition(when: Guard) -> str:
    """Write a guard as a clause, such as "when condition `IsProd` is true"; "" when it always holds."""
    return "when " + " and ".join(str(assumption) for assumption in when) if when else ""


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Sort by severity, then confidence; equals keep their order."""
    return sorted(findings, key=lambda finding: (-finding.severity.rank, -finding.confidence.rank))


def with_fingerprints(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str, int]]:
    """Give each finding a fingerprint that no other has, and how often its own one came so far (from 1)."""
    counts: dict[str, int] = {}
    used: set[str] = set()
    for finding in findings:
        own = finding.fingerprint or finding.check
        count = counts[own] = counts.get(own, 0) + 1
        unique = own if count == 1 else f"{own}:{count}"
        while unique in used:
            unique += ":"
        used.add(unique)
        yield finding, unique, count
