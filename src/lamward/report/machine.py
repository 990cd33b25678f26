"""The whole report as JSON for programs: versioned, in a stable order, with a published JSON Schema."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any, assert_never

import msgspec
from msgspec import Meta, Struct

from lamward.model import finding as model
from lamward.model.report import (
    AuditedApplication,
    CheckSummary,
    Failure,
    Report,
    Unanswered,
)
from lamward.model.report import Skipped as ModelSkipped
from lamward.report import machine_stories
from lamward.report.encode import encode
from lamward.report.machine_places import Assumption, Place, place, when
from lamward.report.options import Options

SCHEMA_FILE = "report-v1.json"

Count = Annotated[int, Meta(ge=0)]


class RelatedPlace(Struct, frozen=True):
    """Another place that belongs to the story of a finding."""

    location: Place
    note: str


class Edit(Struct, frozen=True):
    """One symbolic operation on the document that holds `location`, at `path`.

    `set` replaces a value; `add` puts in a key, after the sibling `after` where that is not empty; `append` puts an
    item at the end of a list; `remove` takes out a key or an item, with the comments above it where `comments` is true;
    `copy` puts in a key with what stands at the path `value`.
    """

    kind: model.EditKind
    location: Place
    path: tuple[str | int, ...]
    value: Any
    after: str
    comments: bool


class Fix(Struct, frozen=True):
    """How to repair a finding; `why_unsafe` says why it may change what the application does."""

    title: str
    safety: model.FixSafety
    why_unsafe: str
    edits: tuple[Edit, ...]


class Open(Struct, frozen=True, tag_field="kind", tag="open"):
    """The finding stands."""


class Suppressed(Struct, frozen=True, tag_field="kind", tag="suppressed"):
    """Somebody accepted it: why, until when (ISO date, "" for ever), and where that is written."""

    reason: str
    until: str
    where: str


class Baselined(Struct, frozen=True, tag_field="kind", tag="baselined"):
    """It was there when the baseline was written (ISO date)."""

    since: str


class Fixed(Struct, frozen=True, tag_field="kind", tag="fixed"):
    """lamward repaired it in this run."""


class MachineFinding(Struct, frozen=True):
    """A problem. `fingerprint` stays the same when lines move; `resource` is a logical id."""

    check: str
    severity: model.Severity
    confidence: model.Confidence
    message: str
    location: Place
    application: str
    resource: str
    resource_type: str
    fingerprint: str
    status: Open | Suppressed | Baselined | Fixed
    when: tuple[Assumption, ...]
    related: tuple[RelatedPlace, ...]
    help: str
    fix: Fix | None


class MachineUnanswered(Struct, frozen=True):
    """A check that cannot tell for a place, and why."""

    check: str
    application: str
    resource: str
    reason: str
    location: Place
    when: tuple[Assumption, ...]


class MachineFailure(Struct, frozen=True):
    """Something that could not be audited, or a notice about the audit; `kind` is a word for programs."""

    kind: str
    message: str
    location: Place
    hint: str


class Skipped(Struct, frozen=True):
    """A file or a resource that was seen and not looked into, and why."""

    what: str
    reason: str


class Coverage(Struct, frozen=True):
    """What was seen of an application."""

    files: tuple[str, ...]
    functions: Count
    resources: Count
    understood: Count
    generated: Count
    skipped: tuple[Skipped, ...]


class Application(Struct, frozen=True):
    """One application that was audited."""

    name: str
    dialect: str
    coverage: Coverage


class Check(Struct, frozen=True):
    """A check that was asked, of `asked` subjects; `why` and `remedy` are Markdown."""

    name: str
    title: str
    family: str
    severity: str
    confidence: str
    persona: str
    why: str
    remedy: str
    references: tuple[str, ...]
    asked: Count


class Counts(Struct, frozen=True):
    """How many findings there are; those by severity are the open ones."""

    open: Count
    suppressed: Count
    baselined: Count
    fixed: Count
    critical: Count
    high: Count
    medium: Count
    low: Count
    info: Count


class MachineReport(Struct, frozen=True):
    """The result of one audit by lamward. `complete` is false when anything could not be audited."""

    schema: Annotated[int, Meta(ge=1, le=1)]
    version: str
    complete: bool
    seconds: Annotated[float, Meta(ge=0)]
    as_of: dict[str, str]
    counts: Counts
    applications: tuple[Application, ...]
    checks: tuple[Check, ...]
    findings: tuple[MachineFinding, ...]
    stories: tuple[machine_stories.MachineStory, ...]
    unanswered: tuple[MachineUnanswered, ...]
    failures: tuple[MachineFailure, ...]
    notices: tuple[MachineFailure, ...]
    skipped: tuple[Skipped, ...]


def render(report: Report, _options: Options) -> str:
    """Render everything a report holds, also the findings that were accepted."""
    return encode(
        MachineReport(
            schema=report.schema,
            version=report.version,
            complete=report.complete,
            seconds=report.seconds,
            as_of=dict(sorted(report.as_of.items())),
            counts=_counts(report),
            applications=tuple(map(_application, report.applications)),
            checks=tuple(map(_check, report.checks)),
            findings=tuple(map(_finding, report.findings)),
            stories=tuple(map(machine_stories.told, report.stories)),
            unanswered=tuple(map(_unanswered, report.unanswered)),
            failures=tuple(map(_failure, report.failures)),
            notices=tuple(map(_failure, report.notices)),
            skipped=tuple(map(_skipped, report.skipped)),
        )
    )


def schema() -> dict[str, Any]:
    """Make the JSON Schema of what `render` writes; it is published beside this module."""
    made = msgspec.json.schema(MachineReport, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lamward report, version 1",
        **made,
    }


def _counts(report: Report) -> Counts:
    statuses = Counter(type(finding.status) for finding in report.findings)
    severities = Counter(finding.severity.value for finding in report.open)
    return Counts(
        open=statuses[model.Open],
        suppressed=statuses[model.Suppressed],
        baselined=statuses[model.Baselined],
        fixed=statuses[model.Fixed],
        **{severity.value: severities[severity.value] for severity in reversed(model.Severity)},
    )


def _skipped(skipped: ModelSkipped) -> Skipped:
    return Skipped(skipped.what, skipped.reason)


def _application(application: AuditedApplication) -> Application:
    seen = application.coverage
    coverage = Coverage(
        files=seen.files,
        functions=seen.functions,
        resources=seen.resources,
        understood=seen.understood,
        generated=seen.generated,
        skipped=tuple(map(_skipped, seen.skipped)),
    )
    return Application(application.name, application.dialect, coverage)


def _check(check: CheckSummary) -> Check:
    return Check(**{name: getattr(check, name) for name in Check.__struct_fields__})


def _finding(finding: model.Finding) -> MachineFinding:
    return MachineFinding(
        check=finding.check,
        severity=finding.severity,
        confidence=finding.confidence,
        message=finding.message,
        location=place(finding.location, finding.application),
        application=finding.application,
        resource=finding.resource,
        resource_type=finding.resource_type,
        fingerprint=finding.fingerprint,
        status=_status(finding.status),
        when=when(finding.when),
        related=tuple(
            RelatedPlace(place(related.location, finding.application), related.note)
            for related in finding.related
        ),
        help=finding.help,
        fix=_fix(finding.fix, finding.application) if finding.fix else None,
    )


def _status(status: model.Status) -> Open | Suppressed | Baselined | Fixed:
    match status:
        case model.Open():
            return Open()
        case model.Suppressed(reason=reason, until=until, where=where):
            return Suppressed(reason, until, where)
        case model.Baselined(since=since):
            return Baselined(since)
        case model.Fixed():
            return Fixed()
        case _ as never:
            assert_never(never)


def _fix(fix: model.Fix, application: str) -> Fix:
    edits = (
        Edit(
            kind=edit.kind,
            location=place(edit.location, application),
            path=edit.path,
            value=edit.value,
            after=edit.after,
            comments=edit.comments,
        )
        for edit in fix.edits
    )
    return Fix(fix.title, fix.safety, fix.why_unsafe, tuple(edits))


def _unanswered(unanswered: Unanswered) -> MachineUnanswered:
    return MachineUnanswered(
        check=unanswered.check,
        application=unanswered.application,
        resource=unanswered.resource,
        reason=unanswered.doubt.reason,
        location=place(unanswered.doubt.location, unanswered.application),
        when=when(unanswered.doubt.when),
    )


def _failure(failure: Failure) -> MachineFailure:
    return MachineFailure(failure.kind, failure.message, place(failure.location), failure.hint)
