"""The one thing every format renders: findings, doubts, failures and what was looked at."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from lamward.model.finding import Doubt, Finding, Open, Severity
from lamward.model.location import Location
from lamward.model.value import ALWAYS, Guard

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


class Entry(StrEnum):
    """How somebody outside comes in.

    By invoking a function without any right of their own, by data that a function is fed, or by taking a role.
    """

    INVOKED = "invoked"
    FED = "fed"
    TAKEN = "taken"


_VERBS = {Entry.INVOKED: "invokes", Entry.FED: "feeds", Entry.TAKEN: "takes the role of"}


class StoryStep(Struct, frozen=True):
    """A step of a story, in words, and the finding that tells it: its check, place and fingerprint."""

    says: str
    check: str
    location: Location
    fingerprint: str


class Cut(Struct, frozen=True):
    """The finding whose repair closes the most paths of a story: how many, and what to do."""

    step: StoryStep
    closes: int
    advice: str = ""


class Story(Struct, frozen=True):
    """Findings that together are one path: the ways in, and the worst that waits at their end.

    `who` is let in by the `ways`; `through` are the functions in which a flaw in the code is needed to go on, none
    where a role is taken directly; `does` says in words what can be done at the end, `ends` which findings allow it.
    With a `doubt` nobody can tell whether the path is open, and there is no cut.
    """

    application: str
    severity: Severity
    entries: tuple[Entry, ...]
    who: str
    does: str
    ways: tuple[StoryStep, ...]
    through: tuple[str, ...]
    ends: tuple[StoryStep, ...]
    cut: Cut | None = None
    when: Guard = ALWAYS
    doubt: str = ""

    @property
    def paths(self) -> int:
        """How many paths there are: from each way in to each end."""
        return len(self.ways) * len(self.ends)

    @property
    def title(self) -> str:
        """The whole story in one sentence, without a full stop."""
        if not self.through:
            return f"{self.who} can {self.does}"
        where = f"`{self.through[0]}`" if len(self.through) == 1 else f"any of {len(self.through)} functions"
        verb = _VERBS[self.entries[0]] if len(self.entries) == 1 else "reaches"
        return f"{self.who} {verb} {where} and, by a flaw in the code, can {self.does}"


class Report(Struct, frozen=True):
    """The result of one audit.

    `seconds` is wall time; `as_of` names the dates of the packed facts, such as `{"runtimes": "2026-11-21"}`.
    `findings` has every finding, whatever its status, in a deterministic order. `notices` are things to tell
    about the audit itself, such as a suppression that matches nothing. `stories` join findings into paths, worst first.
    """

    version: str
    applications: tuple[AuditedApplication, ...]
    checks: tuple[CheckSummary, ...]
    findings: tuple[Finding, ...]
    unanswered: tuple[Unanswered, ...] = ()
    failures: tuple[Failure, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notices: tuple[Failure, ...] = ()
    stories: tuple[Story, ...] = ()
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
