"""The exit codes, and which one a report deserves."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lamward.model.finding import Severity
    from lamward.model.report import Report

INTERRUPTED: Final = 130
"""What shells expect of a program that ended by an interrupt."""


class ExitCode(IntEnum):
    """What the command's exit says; a format never changes it."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    NOTHING = 3
    INCOMPLETE = 4
    BUG = 70


def code_for(report: Report, fail_on: Severity | None, *, allow_partial: bool, exit_zero: bool) -> ExitCode:
    """Say how an audit went.

    A suppression that cannot be read comes first: it is a mistake in the configuration, and no option forgives it.
    `exit_zero` forgives findings and an incomplete audit, `allow_partial` the latter.
    """
    if any(failure.kind == "bad-suppression" for failure in report.failures):
        return ExitCode.USAGE
    if exit_zero:
        return ExitCode.CLEAN
    if fail_on and any(finding.severity.rank >= fail_on.rank for finding in report.open):
        return ExitCode.FINDINGS
    return ExitCode.CLEAN if report.complete or allow_partial else ExitCode.INCOMPLETE
