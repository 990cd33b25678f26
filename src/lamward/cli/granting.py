"""Least policies into templates: planned, tried like fixes, and written where the proofs hold."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from lamward.audit.pipeline import Audited, run
from lamward.audit.settings import Settings
from lamward.checks import CHECKS
from lamward.cli.repairing import examiner, mark, written
from lamward.facts import Facts
from lamward.facts.needs.least import Least, least
from lamward.fixes.apply import Repaired, repair
from lamward.model.application import Application, Function
from lamward.model.finding import Confidence, Finding, Persona, Severity
from lamward.model.report import Failure
from lamward.roles.change import Change
from lamward.roles.plan import Plan, plans
from lamward.roles.texts import Texts
from lamward.trail.ledger import Ledger

CHECK = "least-role"
"""What stands for a check in the findings by which roles go through the machinery of fixes."""

ASKED_HERE: Final = ("unneeded-permission",)
"""What is asked here of every role anyway, with the trail in mind, which checks do not know."""

Repair = Callable[[Iterable[Finding]], list[Repaired]]
Choose = Callable[[Sequence[Finding], Repair], Sequence[Finding]]


class Look(Struct, frozen=True):
    """How applications are looked at: as of which day, with what trail, deployed as which stack."""

    today: datetime.date
    trail: Ledger | None = None
    stack: str = ""

    def facts(self, application: Application) -> Facts:
        """Give the facts about an application."""
        return Facts(application, today=self.today, trail=self.trail, stack=self.stack)


class Granted(Struct, frozen=True):
    """What became of roles: as planned, what happened to each file, functions before and after, what was not read."""

    plans: tuple[tuple[str, Plan], ...]
    repaired: tuple[Repaired, ...]
    before: dict[tuple[str, str], Least]
    after: dict[tuple[str, str], Least]
    failures: tuple[Failure, ...]


def changes(granted: Granted) -> list[Change]:
    """Say of every role what became of it."""
    done = {mark(finding) for each in granted.repaired for finding in each.fixed}
    refused = {
        mark(finding): refusal.message for each in granted.repaired for finding, refusal in each.refused
    }
    found: list[Change] = []
    for application, plan in granted.plans:
        known = (application, _fingerprint(plan))
        reason = plan.refused or refused.get(known, "")
        if plan.fix is not None and not reason and known not in done:
            reason = "not asked for"
        pairs = tuple(
            (granted.before[key], granted.after[key])
            for key in ((application, function.id) for function in plan.functions)
            if key in granted.before and key in granted.after
        )
        found.append(Change(plan, None if plan.fix is None else known in done, reason, pairs))
    return found


class Granting:
    """The roles of the functions below some paths; `names` chooses functions, none means all."""

    def __init__(
        self,
        paths: Sequence[Path],
        settings: Settings,
        look: Look,
        *,
        names: Collection[str],
        unsafe: bool,
    ) -> None:
        # Whether a finding is for everybody may depend on the rest of the template: then it is not new.
        self.settings = msgspec.structs.replace(settings, persona=Persona.AUDITOR, disable=ASKED_HERE)
        self.paths, self.look, self.names, self.unsafe = paths, look, names, unsafe

    def write(self, choose: Choose | None = None) -> Granted:
        """Write what is planned; `choose` is asked first."""
        audited = self._audited(self.paths)
        wanted = self._wanted(audited, choose)
        repaired, after = written(wanted, audited, lambda: self._audited(self.paths), self._audited)
        return self._granted(audited, repaired, after)

    def try_out(self) -> Granted:
        """Find out what would be written."""
        audited = self._audited(self.paths)
        return self._granted(audited, self._repair(audited, self._wanted(audited, None)), audited)

    def _wanted(self, audited: Audited, choose: Choose | None) -> Sequence[Finding]:
        found = [each for each in audited.report.findings if each.check == CHECK]
        if choose is None:
            return found
        return choose(found, lambda findings: self._repair(audited, findings))

    def _repair(self, audited: Audited, findings: Iterable[Finding]) -> list[Repaired]:
        return repair(findings, audited.loaded.files, examiner(audited, self._audited))

    def _audited(self, paths: Sequence[Path]) -> Audited:
        """Audit, and find every role that is not as it should be: so fixes are proved by the same machinery."""
        audited = run(paths, self.settings, checks=CHECKS, today=self.look.today)
        found = (_finding(name, plan) for name, plan in self._plans(audited) if plan.fix is not None)
        report = msgspec.structs.replace(audited.report, findings=(*audited.report.findings, *found))
        return msgspec.structs.replace(audited, report=report)

    def _plans(self, audited: Audited) -> Iterator[tuple[str, Plan]]:
        texts = Texts(audited.loaded.files)
        for application in audited.loaded.applications:
            chosen = {each.id for each in self._chosen(application)}
            facts = self.look.facts(application)
            yield from ((application.name, plan) for plan in plans(facts, texts, chosen, unsafe=self.unsafe))

    def _chosen(self, application: Application) -> Iterator[Function]:
        for function in application.functions:
            if not self.names or {function.id, function.declared_by} & set(self.names):
                yield function

    def _granted(self, before: Audited, repaired: Sequence[Repaired], after: Audited) -> Granted:
        return Granted(
            tuple(self._plans(before)),
            tuple(repaired),
            self._least(before),
            self._least(after),
            before.report.failures,
        )

    def _least(self, audited: Audited) -> dict[tuple[str, str], Least]:
        found: dict[tuple[str, str], Least] = {}
        for application in audited.loaded.applications:
            facts = self.look.facts(application)
            for function in self._chosen(application):
                found[(application.name, function.id)] = least(facts, function)
        return found


def _finding(application: str, plan: Plan) -> Finding:
    return Finding(
        check=CHECK,
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
        message="the role is not what its functions need",
        location=plan.location,
        application=application,
        resource=plan.name,
        resource_type="AWS::IAM::Role",
        fingerprint=_fingerprint(plan),
        fix=plan.fix,
    )


def _fingerprint(plan: Plan) -> str:
    return f"{CHECK}:{plan.name}"
