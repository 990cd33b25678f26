"""`lamward audit --compliance`: which frameworks, what to ask for them, and how they are judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from lamward.cli import codes, options
from lamward.cli.codes import ExitCode

if TYPE_CHECKING:
    from lamward.audit.settings import Settings
    from lamward.compliance.assess import Assessment
    from lamward.model.report import Report

EVERY: Final = "all"


def wanted(said: str | None) -> tuple[str, ...]:
    """Read the names of frameworks, separated by commas; `all` for every one, none for no assessment."""
    if said is None:
        return ()
    from lamward.compliance.frameworks import names

    given = tuple(part.strip() for part in said.split(",") if part.strip())
    known = (*names(), EVERY)
    chosen = [options.one_of("--compliance", name, known) for name in given or (said,)]
    return names() if EVERY in chosen else tuple(dict.fromkeys(chosen))


def asking_all(settings: Settings) -> Settings:
    """Ask what only auditors want to hear too, and leave nothing out: what is not asked cannot pass."""
    import msgspec

    from lamward.model.finding import Confidence, Persona, Severity

    return msgspec.structs.replace(
        settings, persona=Persona.AUDITOR, min_severity=Severity.INFO, min_confidence=Confidence.LOW
    )


def assessed(names: Sequence[str], report: Report) -> list[Assessment]:
    """Judge a report by the frameworks of these names."""
    from lamward.compliance.assess import assess
    from lamward.compliance.frameworks import framework

    return [assess(report, name, framework(name)) for name in names]


def code_for(
    assessments: Sequence[Assessment], report: Report, *, allow_partial: bool, exit_zero: bool
) -> ExitCode:
    """Say how the assessments went: a requirement that fails counts as findings do."""
    from lamward.compliance.assess import Status

    code = codes.code_for(report, None, allow_partial=allow_partial, exit_zero=exit_zero)
    failed = any(each.count(Status.FAIL) for each in assessments)
    return ExitCode.FINDINGS if failed and not exit_zero and code is not ExitCode.USAGE else code
