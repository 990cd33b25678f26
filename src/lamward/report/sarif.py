"""SARIF 2.1.0, with what GitHub code scanning and editors show: rules, places, fingerprints, suppressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lamward.model.finding import Baselined, Finding, Fixed, Open, Suppressed
from lamward.model.report import CheckSummary, Failure, Report, Story
from lamward.report.encode import encode
from lamward.report.escape import encodable
from lamward.report.options import Options
from lamward.report.order import condition, with_fingerprints, worst_first
from lamward.report.prose import clipped, opening, without_code
from lamward.report.sarif_fixes import fixes
from lamward.report.sarif_places import ROOT, artifact, logical_location, physical_location
from lamward.report.summary import counted

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

MAX_RESULTS = 5000
"""GitHub keeps no more results of one run than these."""

MAX_DESCRIPTION = 1024
MAX_NAME = 255
MAX_TAGS = 10

_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
_PROBLEM_LEVELS = {"error": "error", "warning": "warning", "note": "recommendation"}
_SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0", "info": "1.0"}

Object = dict[str, object]


def render(report: Report, options: Options) -> str:
    """Render all findings but those repaired in this run; at most `MAX_RESULTS`, the worst first."""
    remaining = [finding for finding in report.findings if not isinstance(finding.status, Fixed)]
    kept = _worst(remaining)
    rules = _rules(report.checks, kept)
    indexes = {str(rule["id"]): index for index, rule in enumerate(rules)}
    baselined = any(isinstance(finding.status, Baselined) for finding in remaining)
    results = [
        {
            **_result(finding, indexes[_identity(finding.check)], occurrence, baselined=baselined),
            **_filled(
                fixes=fixes(finding, options.changes.get((finding.application, finding.fingerprint), ()))
            ),
        }
        for finding, _, occurrence in with_fingerprints(kept)
    ]
    run = {
        "tool": {"driver": {**_filled(name="lamward", version=report.version), "rules": rules}},
        "automationDetails": {"id": "lamward/audit/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The directory that lamward was started in."}}},
        "invocations": [_invocation(report, cut=len(remaining) - len(kept))],
        "results": results,
        **_filled(artifacts=_artifacts(report), properties=_run_properties(report)),
    }
    return encode({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _worst(findings: Sequence[Finding]) -> list[Finding]:
    standing = worst_first(finding for finding in findings if isinstance(finding.status, Open))
    accepted = worst_first(finding for finding in findings if not isinstance(finding.status, Open))
    return (standing + accepted)[:MAX_RESULTS]


def _filled(**values: object) -> Object:
    """Leave out what is empty: GitHub refuses empty strings."""
    filled = ((name, value.strip() if isinstance(value, str) else value) for name, value in values.items())
    return {name: value for name, value in filled if value not in ("", [], {}, (), None)}


def _identity(check: str) -> str:
    return encodable(check) if check.strip() else "unnamed"


def _text(text: str, otherwise: str) -> Object:
    return {"text": text.strip() or otherwise}


def _rules(checks: Sequence[CheckSummary], findings: Iterable[Finding]) -> list[Object]:
    """Describe every check that was asked, and by name alone those that only findings mention."""
    rules = {check.name: _rule(check) for check in checks if check.name.strip()}
    for finding in findings:
        if finding.check not in rules:
            rules[finding.check] = _rule(_unknown_check(finding))
    unique: dict[object, Object] = {}
    for rule in rules.values():
        unique.setdefault(rule["id"], rule)
    return list(unique.values())


def _unknown_check(finding: Finding) -> CheckSummary:
    return CheckSummary(
        name=_identity(finding.check),
        title="",
        family="",
        severity=finding.severity.value,
        confidence=finding.confidence.value,
        persona="",
        why="",
        remedy="",
        references=(),
    )


def _rule(check: CheckSummary) -> Object:
    level = _LEVELS.get(check.severity, "warning")
    tags = dict.fromkeys(
        tag for tag in ("security", "aws-lambda", check.family, check.persona) if tag.strip()
    )
    title = check.title.strip() or check.name
    return {
        "id": _identity(check.name),
        "name": clipped("".join(part.capitalize() for part in check.name.split("-")) or check.name, MAX_NAME),
        "shortDescription": {"text": clipped(title, MAX_DESCRIPTION)},
        "fullDescription": _text(clipped(opening(check.why, MAX_DESCRIPTION), MAX_DESCRIPTION), title),
        "help": {"text": _help(check, title), "markdown": _markdown_help(check, title)},
        "defaultConfiguration": {"level": level},
        "properties": {
            "security-severity": _SCORES.get(check.severity, "5.5"),
            "precision": check.confidence if check.confidence in ("low", "medium", "high") else "medium",
            "problem.severity": _PROBLEM_LEVELS[level],
            "tags": list(tags)[:MAX_TAGS],
            "documentation": f"docs/reference/checks/{check.name}.md",
        },
    }


def _help(check: CheckSummary, title: str) -> str:
    parts = (without_code(check.why), check.remedy.strip() and f"How to fix: {check.remedy.strip()}")
    return "\n\n".join([part for part in (*parts, *check.references) if part.strip()] or [title])


def _markdown_help(check: CheckSummary, title: str) -> str:
    references = "\n".join(f"- {reference}" for reference in check.references if reference.strip())
    sections = (("Why it matters", check.why), ("Use instead", check.remedy), ("References", references))
    return "\n\n".join(
        [f"# {title}", *(f"## {name}\n\n{text.strip()}" for name, text in sections if text.strip())]
    )


def _result(finding: Finding, rule: int, occurrence: int, *, baselined: bool) -> Object:
    return {
        "ruleId": _identity(finding.check),
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity.value],
        "message": {"text": _message(finding)},
        "locations": [
            {
                "physicalLocation": physical_location(finding.location, finding.application),
                **_filled(logicalLocations=logical_location(finding)),
            }
        ],
        **_filled(
            relatedLocations=_related(finding),
            partialFingerprints=_fingerprints(finding.fingerprint, occurrence),
            suppressions=_suppressions(finding),
            baselineState=_baseline_state(finding) if baselined else "",
            properties=_properties(finding),
        ),
    }


def _message(finding: Finding) -> str:
    """Say what is wrong in the first sentence, which is all that is seen where space is short; then the rest."""
    title = finding.message.strip() or _identity(finding.check)
    when = condition(finding.when)
    notes = (
        f"See [{_link_text(related.note)}]({index})." for index, related in enumerate(finding.related, 1)
    )
    sentences = (_capital(title), _capital(when), _capital(finding.help.strip()), *notes)
    return " ".join(
        _no_link(_sentence(text)) if index < 3 else text for index, text in enumerate(sentences) if text
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _no_link(text: str) -> str:
    """Part what a viewer would take for a link: the text comes from a template."""
    return text.replace("](", "] (")


def _link_text(note: str) -> str:
    return note.replace("[", "(").replace("]", ")").replace("\\", "/").strip() or "related place"


def _related(finding: Finding) -> list[Object]:
    return [
        {
            "id": index,
            "physicalLocation": physical_location(related.location, finding.application),
            "message": _text(_no_link(related.note), "related place"),
        }
        for index, related in enumerate(finding.related, 1)
    ]


def _fingerprints(fingerprint: str, occurrence: int) -> Mapping[str, str]:
    if not fingerprint.strip():
        return {}
    return {"primaryLocationLineHash": f"{fingerprint}:{occurrence}", "lamward/v1": fingerprint}


def _suppressions(finding: Finding) -> list[Object]:
    match finding.status:
        case Suppressed(reason=reason, until=until, where=where):
            file = finding.location.span.file
            kind = "inSource" if where and file and where.startswith(file) else "external"
            justification = f"{reason} (until {until})" if until else reason
            return [{"kind": kind, "status": "accepted", **_filled(justification=justification)}]
        case _:
            return []


def _baseline_state(finding: Finding) -> str:
    return "unchanged" if isinstance(finding.status, Baselined) else "new"


def _properties(finding: Finding) -> Object:
    return _filled(
        severity=finding.severity.value,
        confidence=finding.confidence.value,
        application=finding.application,
        resource=finding.resource,
        resourceType=finding.resource_type,
        fix=finding.fix.title if finding.fix else "",
    )


def _invocation(report: Report, *, cut: int) -> Object:
    failures = [_notification(failure, "error") for failure in report.failures]
    if cut:
        left_out = f"{counted(cut, 'result')} left out, the least bad"
        text = f"{left_out}: code scanning keeps {MAX_RESULTS} of a run."
        failures.append(
            {"level": "warning", "message": {"text": text}, "descriptor": {"id": "too-many-results"}}
        )
    notices = [_notification(notice, "warning") for notice in report.notices]
    return {
        "executionSuccessful": report.complete,
        **_filled(toolExecutionNotifications=failures, toolConfigurationNotifications=notices),
    }


def _notification(failure: Failure, level: str) -> Object:
    parts = (failure.message.strip(), failure.hint.strip())
    text = " ".join(_sentence(_capital(part)) for part in parts if part)
    located = (
        [{"physicalLocation": physical_location(failure.location, "")}] if failure.location.span.file else []
    )
    return {
        "level": level,
        "message": _text(_no_link(text), failure.kind.strip() or "not audited"),
        **_filled(locations=located, descriptor=_filled(id=failure.kind)),
    }


def _artifacts(report: Report) -> list[Object]:
    files = dict.fromkeys(
        file for application in report.applications for file in application.coverage.files if file
    )
    return [{"location": artifact(file), "roles": ["analysisTarget"]} for file in files]


def _run_properties(report: Report) -> Object:
    return _filled(
        unanswered=len(report.unanswered) or None,
        asOf=dict(sorted(report.as_of.items())),
        stories=[_story(story) for story in report.stories],
    )


def _story(story: Story) -> Object:
    """Write a story as a property of the run: SARIF has no word for results that belong together."""
    return _filled(
        severity=story.severity.value,
        text=_no_link(_sentence(_capital(story.title))),
        doubt=story.doubt,
        fingerprints=[step.fingerprint for step in (*story.ways, *story.ends) if step.fingerprint.strip()],
        cut=story.cut.step.fingerprint if story.cut else "",
    )
