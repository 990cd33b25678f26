"""The one thing every format renders: findings, doubts, failures and what was looked at."""

from __future__ import annotations

from msgspec import Struct

from lamward.model.finding import Doubt, Finding, Open
from lamward.model.location import Location

SCHEMA_VERSION = 1
"""The version of the JSON form of a report; raised when a field changes its meaning or goes away."""


class Failure(Struct, frozen=True):
    """Something that could not be audited: one clear sentence, its place and the remedy.

    `kind` is a kebab-case word for machines, such as `unreadable`, `template-language` or `crashed-check`.
    """

    kind: str
    message: str
    location: Location
    hint: str = ""


class Unanswered(Struct, frozen=True):
    """A check's doubt about one resource."""

    check: str
    application: str
    resource: str
    doubt: Doubt


class Skipped(Struct, frozen=True):
    """A file or a resource that was seen and not looked into, and why."""

    what: str
    reason: str


class Coverage(Struct, frozen=True):
    """What one application was seen to hold.

    `resources` counts what is in the templates, `understood` those with a noun of the model, `generated` those
    that the SAM transform adds; `skipped` names the rest by type.
    """

    files: tuple[str, ...] = ()
    functions: int = 0
    resources: int = 0
    understood: int = 0
    generated: int = 0
    skipped: tuple[Skipped, ...] = ()


class AuditedApplication(Struct, frozen=True):
    """One application of a report: its name (the template's path), dialect and coverage."""

    name: str
    dialect: str
    coverage: Coverage


class CheckSummary(Struct, frozen=True):
    """What a format needs to know of a check that was asked, and of how many subjects it was (`asked`)."""

    name: str
    title: str
    family: str
    severity: str
    confidence: str
    persona: str
    why: str
    remedy: str
    references: tuple[str, ...]
    asked: int = 0


class Report(Struct, frozen=True):
    """The result of one audit.

    `seconds` is wall time; `as_of` names the dates of the packed facts, such as `{"runtimes": "2026-11-21"}`.
    `findings` has every finding, whatever its status, in a deterministic order. `notices` are things to tell
    about the audit itself, such as a suppression that matches nothing.
    """

    version: str
    applications: tuple[AuditedApplication, ...]
    checks: tuple[CheckSummary, ...]
    findings: tuple[Finding, ...]
    unanswered: tuple[Unanswered, ...] = ()
    failures: tuple[Failure, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notices: tuple[Failure, ...] = ()
    seconds: float = 0.0
    as_of: dict[str, str] = {}
    schema: int = SCHEMA_VERSION

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings nobody has accepted or repaired."""
        return tuple(finding for finding in self.findings if isinstance(finding.status, Open))

    @property
    def complete(self) -> bool:
        """Whether everything that was found could be audited."""
        return not self.failures
