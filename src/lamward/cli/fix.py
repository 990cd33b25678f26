"""`lamward fix`: repair what can be repaired, in place and proved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from lamward.cli import options, terminal
from lamward.cli.codes import code_for
from lamward.errors import UsageError
from lamward.report.escape import visible

if TYPE_CHECKING:
    from lamward.audit.pipeline import Audited
    from lamward.fixes.apply import Repaired
    from lamward.model.finding import Finding
    from lamward.model.report import Report

    Run = Callable[[Sequence[Path]], Audited]
    Repair = Callable[[Iterable[Finding]], list[Repaired]]


@click.command(
    "fix",
    epilog="Exit codes: 0 all is fixed, 1 findings remain, 2 usage, 3 nothing to audit, 4 incomplete, 70 bug.",
)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option(
    "--check", "names", metavar="NAME", multiple=True, help="Fix only this check's findings. Repeatable."
)
@click.option("--unsafe", is_flag=True, help="Apply fixes too that may change how the application behaves.")
@click.option("--diff", is_flag=True, help="Show what would change, and write nothing.")
@click.option("--interactive", is_flag=True, help="Show each fix and ask.")
@options.settings_options
@click.option("--allow-partial", is_flag=True, help="Do not exit with 4 when something could not be audited.")
@options.today_option
def command(paths: tuple[str, ...], today: str | None, **given: Any) -> int:
    """Repair findings in templates, in place.

    A file is written only if every fix in it passes its proof: the file says exactly what was intended, only what the
    fix names has changed, its finding is gone and nothing new is found.
    """
    from lamward.audit.pipeline import run
    from lamward.checks import CHECKS
    from lamward.cli.repairing import examiner, written
    from lamward.fixes.apply import repair
    from lamward.model.finding import Persona

    names, unsafe, diff, interactive, allow_partial = (
        given.pop(name) for name in ("names", "unsafe", "diff", "interactive", "allow_partial")
    )
    known = {check.name: check for check in CHECKS}
    named = [options.check_named(name, known) for name in names]
    where = options.existing(paths)
    settings, day = options.resolved(where, given).settings, options.day(today)
    for blind in [check.name for check in named if check.needs_trail and not settings.trail]:
        raise UsageError(f"`{blind}` is about what CloudTrail showed", "name a ledger with `--trail`")

    def again(targets: Sequence[Path]) -> Audited:
        return run(targets, settings, checks=CHECKS, today=day)

    def with_every_question(targets: Sequence[Path]) -> Audited:
        # Whether a finding is for everybody may depend on the rest of the template: then it is not new.
        every = msgspec.structs.replace(settings, persona=Persona.AUDITOR)
        return run(targets, every, checks=CHECKS, today=day)

    def repaired_of(findings: Iterable[Finding]) -> list[Repaired]:
        return repair(findings, audited.loaded.files, examiner(audited, with_every_question))

    audited = again(where)
    fixable = [each for each in _selected(audited.report, names).open if _is_fixable(each, unsafe=unsafe)]
    wanted = asked(fixable, repaired_of) if interactive else fixable
    if diff:
        repaired = repaired_of(wanted)
    else:
        repaired, audited = written(wanted, audited, lambda: again(where), with_every_question)
    left = _selected(audited.report, names)
    _tell(repaired, left.open, diff=diff)
    return code_for(left, settings.fail_on, allow_partial=allow_partial, exit_zero=False)


def _selected(report: Report, names: Sequence[str]) -> Report:
    kept = tuple(each for each in report.findings if not names or each.check in names)
    return msgspec.structs.replace(report, findings=kept)


def _is_fixable(finding: Finding, *, unsafe: bool) -> bool:
    return bool(finding.fix and finding.fix.edits) and (unsafe or not _is_unsafe(finding))


def _is_unsafe(finding: Finding) -> bool:
    from lamward.model.finding import FixSafety

    return bool(finding.fix and finding.fix.safety is FixSafety.UNSAFE)


def asked(findings: Sequence[Finding], repair: Repair) -> list[Finding]:
    """Show each fix with its difference, and keep those that are wanted."""
    from lamward.cli.repairing import difference

    wanted: list[Finding] = []
    for number, finding in enumerate(findings):
        (alone,) = repair([finding])
        if not alone.fixed:
            wanted.append(finding)  # so that the summary says why it is refused
            continue
        terminal.note(f"{finding.location} {finding.check}: {_title(finding)}")
        terminal.note("\n".join(difference(alone)))
        answer = _answer()
        if answer == "a":
            return [*wanted, *findings[number:]]
        if answer == "q":
            break
        if answer == "y":
            wanted.append(finding)
    return wanted


def _answer() -> str:
    try:
        answer: str = click.prompt("Apply?", type=click.Choice(["y", "n", "a", "q"]), default="y", err=True)
    except click.Abort:
        terminal.note("")  # what is said next stands on a line of its own
        raise
    return answer


def _title(finding: Finding) -> str:
    fix = finding.fix
    if fix is None:
        return ""
    return fix.title + (f" (unsafe: {fix.why_unsafe})" if _is_unsafe(finding) else "")


def _tell(repaired: Sequence[Repaired], left: Sequence[Finding], *, diff: bool) -> None:
    """Say what was fixed, what was refused and why, and what is left."""
    from lamward.cli.repairing import difference, mark

    if diff:
        terminal.show(terminal.harmless("\n".join(line for each in repaired for line in difference(each))))
    told = {mark(finding) for each in repaired for finding, _ in each.refused}
    if diff:
        told |= {mark(finding) for each in repaired for finding in each.fixed}
    done = "would fix" if diff else "fixed"
    lines = []
    for each in repaired:
        lines += [f"{done} {finding.location} {finding.check}: {_title(finding)}" for finding in each.fixed]
        lines += [
            f"refused {finding.location} {finding.check} ({refusal.reason}): {refusal.message}"
            for finding, refusal in each.refused
        ]
    rest = [finding for finding in left if mark(finding) not in told]
    # What has no fix is counted, not listed: `lamward audit` says what to do about it.
    lines += [
        f"left {finding.location} {finding.check}: {_why_left(finding)}"
        for finding in rest
        if _fixable(finding)
    ]
    lines.append(_sum(repaired, rest, done))
    text = "\n".join(map(visible, lines))
    if diff:
        terminal.note(text)
    else:
        terminal.show(text)


def _fixable(finding: Finding) -> bool:
    return finding.fix is not None and bool(finding.fix.edits)


def _why_left(finding: Finding) -> str:
    if finding.fix is not None and _is_unsafe(finding):
        return f"its fix is unsafe, `--unsafe` applies it: {finding.fix.why_unsafe}"
    return "not asked for"


def _sum(repaired: Sequence[Repaired], rest: Sequence[Finding], done: str) -> str:
    fixed = sum(len(each.fixed) for each in repaired)
    refused = sum(len(each.refused) for each in repaired)
    files = len({each.before.name for each in repaired if each.changed})
    without = sum(not _fixable(finding) for finding in rest)
    left = f"left {len(rest)}" + (
        f" ({without} without a fix: `lamward audit` says what to do)" if without else ""
    )
    return f"{done} {fixed} in {files} file{'' if files == 1 else 's'}, refused {refused}, {left}"
