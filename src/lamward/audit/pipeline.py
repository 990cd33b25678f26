"""One audit from paths to report: load, ask, suppress, compare with the baseline, sum up."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

import lamward
from lamward.audit import baseline, stories, suppressions
from lamward.audit.ask import Answers, ask, join
from lamward.audit.convert import suggest
from lamward.audit.ignores import Suppression, written_in
from lamward.audit.redaction import redacted
from lamward.audit.settings import Settings
from lamward.audit.stories import Walked
from lamward.audit.suppressions import Judged, configured
from lamward.checks.framework import Check, documentation
from lamward.errors import ConfigurationError, NothingToAudit
from lamward.facts import Facts, runtimes
from lamward.iam import catalogue, managed
from lamward.model.application import Application
from lamward.model.finding import Finding, Persona, Severity
from lamward.model.location import NOWHERE
from lamward.model.report import AuditedApplication, CheckSummary, Failure, Report
from lamward.sources.project import Loaded, LoadOptions, load

if TYPE_CHECKING:
    from lamward.trail.ledger import Ledger


class Audited(Struct, frozen=True):
    """A report, the text of the files it shows (secrets covered), and what was loaded."""

    report: Report
    sources: Mapping[str, str]
    loaded: Loaded


def run(
    paths: Sequence[Path], settings: Settings, *, checks: Sequence[Check], today: datetime.date
) -> Audited:
    """Audit what the paths hold; raises NothingToAudit when that is nothing."""
    started = time.perf_counter()
    asked = chosen(checks, settings)
    if checks and not asked:
        raise ConfigurationError("no check is left to ask", _why_none(checks, settings))
    loaded = _load(paths, settings)
    ledger = _ledger(settings)
    told = [_ask(application, asked, settings, today, ledger) for application in loaded.applications]
    answers = join([each for each, _ in told])
    walked = [each for _, each in told]
    judged = _judge(loaded, answers, settings, [check.name for check in checks], today)
    findings = tuple(each.finding for each in judged.raised if _is_wanted(each.finding, settings))
    report = Report(
        version=lamward.__version__,
        applications=tuple(
            AuditedApplication(each.name, each.dialect.value, each.coverage) for each in loaded.applications
        ),
        checks=tuple(
            summarise(check, settings.severities, asked=answers.asked.get(check.name, 0)) for check in asked
        ),
        findings=findings,
        unanswered=tuple(each.unanswered for each in answers.doubted),
        failures=(*loaded.failed, *answers.failures, *judged.failures, *_crashes(walked)),
        skipped=loaded.skipped,
        notices=(
            *unused_parameters(loaded, settings.parameters),
            *_unasked(checks, settings),
            *judged.notices,
        ),
        stories=stories.tell(walked, findings),
        seconds=time.perf_counter() - started,
        as_of=_as_of(),
    )
    return Audited(report, redacted(loaded.files, report.findings, answers.secrets), loaded)


def chosen(checks: Sequence[Check], settings: Settings) -> tuple[Check, ...]:
    """Choose the checks to ask: those of the persona, or exactly those selected; never a disabled one.

    What CloudTrail showed is only asked about where there is a ledger.
    """
    if settings.select:
        wanted = [check for check in checks if check.name in settings.select]
    else:
        wanted = [
            check
            for check in checks
            if settings.persona is Persona.AUDITOR or check.persona is Persona.REGULAR
        ]
    askable = [check for check in wanted if settings.trail or not check.needs_trail]
    return tuple(check for check in askable if check.name not in settings.disable)


def _why_none(checks: Sequence[Check], settings: Settings) -> str:
    if any(_unasked(checks, settings)):
        return "what is selected is about what CloudTrail showed: name a ledger with `--trail`"
    return "`disable` names all that `select` does"


def _unasked(checks: Sequence[Check], settings: Settings) -> Iterator[Failure]:
    """Tell of checks that somebody wants asked and that need a ledger nobody gave."""
    wanted = set(settings.select) - set(settings.disable)
    for check in checks:
        if check.name in wanted and check.needs_trail and not settings.trail:
            message = f"`{check.name}` is not asked: it is about what CloudTrail showed"
            yield Failure("no-ledger", message, NOWHERE, "name a ledger with `--trail`")


def _ledger(settings: Settings) -> Ledger | None:
    if not settings.trail:
        return None
    # Its database is only needed where somebody has a ledger.
    from lamward.trail import days

    return days.read(Path(settings.trail))


def summarise(check: Check, severities: Mapping[str, Severity], *, asked: int = 0) -> CheckSummary:
    """Sum up a check for a report, where it was asked of so many subjects."""
    told = documentation(check)
    references = [
        line[2:].strip() for line in told.section("References").splitlines() if line.startswith("- ")
    ]
    return CheckSummary(
        name=check.name,
        title=told.title,
        family=check.family,
        severity=severities.get(check.name, check.severity).value,
        confidence=check.confidence.value,
        persona=check.persona.value,
        why=told.section("Why it matters"),
        remedy=told.section("Use instead"),
        references=tuple(references),
        asked=asked,
    )


def _load(paths: Sequence[Path], settings: Settings) -> Loaded:
    options = LoadOptions(
        parameters=settings.parameters,
        exclude=settings.exclude,
        samconfig=settings.samconfig != "none",
        environment=settings.samconfig,
    )
    loaded = load(paths, options)
    if not loaded.applications and not loaded.failures:
        where = ", ".join(f"`{path}`" for path in paths)
        raise NothingToAudit(f"no template found in {where}", loaded.remedy)
    return loaded


def _ask(
    application: Application,
    checks: Sequence[Check],
    settings: Settings,
    today: datetime.date,
    ledger: Ledger | None,
) -> tuple[Answers, Walked]:
    """Ask the checks, and walk the paths of which they may find the parts; both while the facts are at hand."""
    facts = Facts(
        application,
        today=today,
        trusted_accounts=settings.trusted_accounts,
        trail=ledger,
        stack=settings.stack,
        unused_days=settings.unused_days,
        secrets=settings.secrets,
    )
    persona = Persona.AUDITOR if settings.select else settings.persona
    answers = ask(checks, facts, severities=settings.severities, persona=persona)
    told = {each.finding.check for each in answers.raised}
    told |= {each.unanswered.check for each in answers.doubted}
    is_open = not told.isdisjoint(stories.AT_DOORS.values())
    return answers, stories.walk(facts) if is_open else Walked(application.name)


def _crashes(walked: Sequence[Walked]) -> tuple[Failure, ...]:
    return tuple(each.failure for each in walked if each.failure is not None)


def _judge(
    loaded: Loaded, answers: Answers, settings: Settings, names: Sequence[str], today: datetime.date
) -> Judged:
    """Apply the suppressions, then the baseline to what is still open."""
    if not settings.ignores:
        return Judged(answers.raised)
    read = list(written_in(loaded.files, loaded.applications, checks=names))
    known = [*(one for one in read if isinstance(one, Suppression)), *configured(settings.ignore)]
    judged = suppressions.apply(known, answers, today=today, files=_audited(loaded))
    raised = judged.raised
    if settings.baseline:
        file = Path(settings.baseline)
        raised = tuple(baseline.apply(baseline.read(file), raised, file.parent))
    return Judged(raised, judged.notices, tuple(one for one in read if isinstance(one, Failure)))


def unused_parameters(loaded: Loaded, given: Iterable[str]) -> Iterator[Failure]:
    """Tell of values for parameters that no template has: most are misspelt."""
    declared = {parameter.id for each in loaded.applications for parameter in each.parameters}
    for name in given:
        if name not in declared and loaded.applications:
            hint = suggest(name, sorted(declared)) or "remove it"
            yield Failure("unused-parameter", f"no template has a parameter `{name}`", NOWHERE, hint)


def _audited(loaded: Loaded) -> set[str]:
    """Name the files that belong to an application."""
    return {
        file
        for application in loaded.applications
        for file in (application.name, application.location.span.file, *application.coverage.files)
    }


def _is_wanted(finding: Finding, settings: Settings) -> bool:
    severe = finding.severity.rank >= settings.min_severity.rank
    return severe and finding.confidence.rank >= settings.min_confidence.rank


def _as_of() -> dict[str, str]:
    days = {"runtimes": runtimes.as_of(), "actions": catalogue.as_of(), "managed policies": managed.as_of()}
    return {name: day.isoformat() for name, day in days.items()}
