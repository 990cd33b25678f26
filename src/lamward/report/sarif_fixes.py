"""Fixes as SARIF writes them: regions of files that go, and the text that comes in their place."""

from __future__ import annotations

from collections.abc import Sequence

from lamward.model.finding import Finding, FixSafety, TextChange
from lamward.report.escape import encodable
from lamward.report.order import file_of
from lamward.report.sarif_places import artifact, region


def fixes(finding: Finding, changes: Sequence[TextChange]) -> list[dict[str, object]]:
    """Write the fix of a finding, whose changes are all in one file; nothing where they are not known."""
    if finding.fix is None or not changes:
        return []
    replacements = [
        {"deletedRegion": region(change.location.span), "insertedContent": {"text": encodable(change.text)}}
        for change in changes
    ]
    change = {
        "artifactLocation": artifact(file_of(changes[0].location, finding.application)),
        "replacements": replacements,
    }
    return [{"description": {"text": _description(finding)}, "artifactChanges": [change]}]


def _description(finding: Finding) -> str:
    fix = finding.fix
    if fix is None:
        return ""
    title = f"{fix.title[:1].upper()}{fix.title[1:]}"
    return f"{title}. Unsafe: {fix.why_unsafe}." if fix.safety is FixSafety.UNSAFE else f"{title}."
