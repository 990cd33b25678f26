"""`lamward baseline`: record the findings of today, so that only new ones fail."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from lamward.cli import options, terminal
from lamward.cli.codes import ExitCode, code_for

_ALLOW_PARTIAL: Final = click.option(
    "--allow-partial", is_flag=True, help="Write it even if something could not be audited."
)
_CODES: Final = (
    "Exit codes: 0 written, 2 usage, 3 nothing to audit, 4 incomplete, so that nothing was written, 70 bug."
)


@click.group("baseline")
def command() -> None:
    """Record the findings of today, so that only new ones fail."""


@command.command("write", short_help="Record every open finding.", epilog=_CODES)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@options.settings_options
@_ALLOW_PARTIAL
@options.today_option
def write(paths: tuple[str, ...], **given: Any) -> int:
    """Record every open finding; one that is recorded already keeps its day."""
    return _change(paths, given, add=True)


@command.command("update", short_help="Forget the recorded findings that are gone.", epilog=_CODES)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@options.settings_options
@_ALLOW_PARTIAL
@options.today_option
def update(paths: tuple[str, ...], **given: Any) -> int:
    """Forget the recorded findings that are gone; new ones are not added."""
    return _change(paths, given, add=False)


@command.command("show", epilog="Exit codes: 0 shown, 2 usage, or no baseline, 70 bug.")
@click.option("--baseline", metavar="FILE", help="The baseline; `lamward-baseline.json` if not configured.")
@click.option("--format", "format_name", metavar="FORMAT", default="text", help="text (default) or json.")
@click.option("--config", metavar="FILE", help="Read this configuration file, whatever is nearer.")
@click.option("--isolated", is_flag=True, help="Read no configuration file and no LAMWARD_* variable.")
def show(format_name: str, **given: Any) -> int:
    """List the recorded findings."""
    from lamward.audit import baseline

    options.one_of("--format", format_name, ("text", "json"))
    settings = options.resolved(
        [Path()], {**given, "no_ignores": False, "select": (), "disable": ()}
    ).settings
    content = baseline.read(Path(settings.baseline or baseline.DEFAULT_FILE))
    if format_name == "json":
        terminal.show(baseline.render(content))
        return ExitCode.CLEAN
    lines = [
        f"{entry.fingerprint}  since {entry.since}  {entry.check}  {entry.resource}  {entry.application}"
        for entry in content.findings
    ]
    lines.append(f"{len(lines)} finding{'' if len(lines) == 1 else 's'} recorded")
    terminal.show(terminal.harmless("\n".join(lines)))
    return ExitCode.CLEAN


def _change(paths: tuple[str, ...], given: dict[str, Any], *, add: bool) -> int:
    """Audit without the baseline, and write what it shall be."""
    import msgspec

    from lamward.audit import baseline
    from lamward.audit.pipeline import run
    from lamward.checks import CHECKS

    today, allow_partial = options.day(given.pop("today")), given.pop("allow_partial")
    where = options.existing(paths)
    settings = options.resolved(where, given).settings
    file = Path(settings.baseline or baseline.DEFAULT_FILE)
    report = run(where, msgspec.structs.replace(settings, baseline=""), checks=CHECKS, today=today).report
    code = code_for(report, None, allow_partial=allow_partial, exit_zero=False)
    if code is not ExitCode.CLEAN:
        for failure in report.failures:
            terminal.complain(f"{failure.location}: {failure.message}", failure.hint)
        terminal.note("no baseline was written")
        return code
    before = baseline.read(file) if file.exists() or not add else baseline.Baseline(())
    known = baseline.match(before, report.open, file.parent)
    kept = [each for each in report.open if add or (each.application, each.fingerprint) in known]
    after = baseline.record(kept, before, file.parent, today=today)
    # What nobody could be asked without a ledger is not gone.
    unasked = {check.name for check in CHECKS if check.needs_trail and not settings.trail}
    left = tuple(each for each in before.findings if each.check in unasked)
    after = baseline.Baseline((*after.findings, *left))
    terminal.save(file, baseline.render(after))
    terminal.note(f"written: {file}, {len(after.findings)} recorded, {len(before.findings)} before")
    return ExitCode.CLEAN
