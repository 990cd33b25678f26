"""The judgement of each requirement of a framework by a report: what is missing is never a pass."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from lamward.compliance.frameworks import Framework, Practice, practices
from lamward.model.finding import Finding, Fixed
from lamward.model.report import Report


class Status(StrEnum):
    """What can be said of a requirement, as far as templates show it."""

    FAIL = "fail"
    NOT_ASSESSED = "not assessed"
    MANUAL = "manual"
    PASS = "pass"  # noqa: S105 - a judgement
    NOT_APPLICABLE = "not applicable"


class Evidence(Struct, frozen=True):
    """Why a practice is judged as it is: findings that speak against it, or else a reason."""

    practice: str
    title: str
    status: Status
    findings: tuple[Finding, ...] = ()
    reason: str = ""


class Judgement(Struct, frozen=True):
    """What a report says about one requirement."""

    requirement: str
    title: str
    status: Status
    evidence: tuple[Evidence, ...]


class Assessment(Struct, frozen=True):
    """What a report says about one framework."""

    name: str
    framework: Framework
    judgements: tuple[Judgement, ...]

    def count(self, status: Status) -> int:
        """Count the requirements of a status."""
        return sum(each.status is status for each in self.judgements)


def assess(report: Report, name: str, framework: Framework) -> Assessment:
    """Judge every requirement of a framework.

    A requirement fails where one of its practices does, also one somebody accepted; it passes only if every practice
    that applies was asked about and nothing is left open.
    """
    judged = {
        practice: _evidence(report, practice, practices()[practice])
        for requirement in framework.requirements.values()
        for practice in requirement.practices
    }
    return Assessment(
        name,
        framework,
        tuple(
            _judgement(identifier, each.title, tuple(judged[practice] for practice in each.practices))
            for identifier, each in framework.requirements.items()
        ),
    )


def _judgement(identifier: str, title: str, evidence: tuple[Evidence, ...]) -> Judgement:
    statuses = {each.status for each in evidence} or {Status.MANUAL}
    status = next(status for status in Status if status in statuses)
    return Judgement(identifier, title, status, evidence)


def _evidence(report: Report, name: str, practice: Practice) -> Evidence:
    found = tuple(
        finding
        for finding in report.findings
        if finding.check in practice.checks and not isinstance(finding.status, Fixed)
    )
    if found:
        return Evidence(name, practice.title, Status.FAIL, found)
    missing = _missing(report, practice)
    if missing:
        return Evidence(name, practice.title, Status.NOT_ASSESSED, reason=missing)
    asked = sum(each.asked for each in report.checks if each.name in practice.checks)
    if not asked:
        return Evidence(name, practice.title, Status.NOT_APPLICABLE, reason="nothing it is about is there")
    if practice.beyond:
        return Evidence(name, practice.title, Status.NOT_ASSESSED, reason=practice.beyond)
    return Evidence(name, practice.title, Status.PASS, reason=f"asked {asked} times, nothing found")


def _missing(report: Report, practice: Practice) -> str:
    """Say what keeps silence from being a pass; "" for nothing."""
    if not practice.checks:
        return f"only {practice.needs} can show it"
    if report.failures:
        return "not everything could be audited"
    unasked = set(practice.checks) - {each.name for each in report.checks}
    if unasked:
        return f"not asked: {_listed(unasked)}"
    doubted = {each.check for each in report.unanswered} & set(practice.checks)
    return f"cannot be told in every place: {_listed(doubted)}" if doubted else ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))
