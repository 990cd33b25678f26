"""`lamward explain`: the documentation of a check, or the story of one finding."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from lamward.cli import options, terminal
from lamward.errors import UsageError

if TYPE_CHECKING:
    import datetime

    from lamward.audit.pipeline import Audited
    from lamward.checks.framework import Check
    from lamward.cli.repairing import Run
    from lamward.model.finding import Finding, Status

_FINGERPRINT: Final = re.compile(r"[0-9a-f]{4,16}")


@click.command(
    "explain",
    epilog="Exit codes: 0 explained, 2 usage, or no such check or finding, 3 nothing to audit, 70 bug.",
)
@click.argument("name", metavar="NAME|FINGERPRINT")
@click.option(
    "--path", "paths", metavar="PATH", multiple=True, help="Where to look for the finding. Repeatable."
)
@options.settings_options
@options.today_option
@options.color_option
def command(name: str, paths: tuple[str, ...], color: str, today: str | None, **given: Any) -> int:
    """Explain a check or a finding.

    NAME is that of a check; FINGERPRINT, or its first digits, that of a finding, which is looked for again.
    """
    from lamward.checks import CHECKS

    colour = options.coloured(color)
    known = {check.name: check for check in CHECKS}
    day = options.day(today)
    if name in known or not _FINGERPRINT.fullmatch(name):
        terminal.show(_check(options.check_named(name, known), day, colour=colour))
        return 0
    found = _find(name, options.existing(paths), day, given)
    lines = [_finding(finding, differences, colour=colour) for finding, differences in found]
    checks = dict.fromkeys(finding.check for finding, _ in found)
    terminal.show("\n\n".join([*lines, *(_check(known[check], day, colour=colour) for check in checks)]))
    return 0


def _find(
    fingerprint: str, paths: list[Path], day: datetime.date, given: dict[str, Any]
) -> list[tuple[Finding, list[str]]]:
    """Audit again, with every question: the findings a fingerprint, or its beginning, names, and what fixes do."""
    import msgspec

    from lamward.audit.pipeline import run
    from lamward.checks import CHECKS
    from lamward.model.finding import Confidence, Persona, Severity

    settings = msgspec.structs.replace(
        options.resolved(paths, given).settings,
        persona=Persona.AUDITOR,
        min_severity=Severity.INFO,
        min_confidence=Confidence.LOW,
    )

    def audit(targets: Sequence[Path]) -> Audited:
        return run(targets, settings, checks=CHECKS, today=day)

    audited = audit(paths)
    found = [finding for finding in audited.report.findings if finding.fingerprint.startswith(fingerprint)]
    if not found:
        where = ", ".join(f"`{path}`" for path in paths)
        raise UsageError(f"no finding `{fingerprint}` in {where}", "name the templates with `--path`")
    return [(finding, _effect(finding, audited, audit)) for finding in found]


def _effect(finding: Finding, audited: Audited, audit: Run) -> list[str]:
    """Show what the fix of a finding does to its file, or why it is refused."""
    from lamward.cli.repairing import difference, examiner
    from lamward.fixes.apply import repair

    shown: list[str] = []
    for repaired in repair([finding], audited.loaded.files, examiner(audited, audit)):
        shown += [f"refused ({refusal.reason}): {refusal.message}" for _, refusal in repaired.refused]
        shown += difference(repaired)
    return shown


def _finding(finding: Finding, effect: Sequence[str], *, colour: bool) -> str:
    about = " ".join(filter(None, (finding.resource_type, finding.resource)))
    lines = [
        terminal.heading(terminal.harmless(finding.message), colour=colour),
        f"  {finding.location}",
        f"  {finding.check}, severity {finding.severity.value}, confidence {finding.confidence.value}",
        f"  {about} in {finding.application}",
        f"  fingerprint {finding.fingerprint}, {_status(finding.status)}",
    ]
    lines += [f"  when {assumption}" for assumption in finding.when]
    lines += [f"  {related.location}: {related.note}" for related in finding.related]
    if finding.help:
        lines.append(f"  help: {finding.help}")
    if finding.fix:
        why = f": {finding.fix.why_unsafe}" if finding.fix.why_unsafe else ""
        lines.append(f"  fix ({finding.fix.safety}{why}): {finding.fix.title}")
        lines += [f"    {line}" for line in effect]
    return "\n".join([lines[0], *map(terminal.harmless, lines[1:])])


def _status(status: Status) -> str:
    from lamward.model.finding import Baselined, Suppressed

    match status:
        case Suppressed():
            until = f" until {status.until}" if status.until else ""
            return f"suppressed{until} by {status.where}: {status.reason}"
        case Baselined():
            return f"in the baseline since {status.since}"
        case _:
            return "open"


def _check(check: Check, today: datetime.date, *, colour: bool) -> str:
    from lamward.checks.framework import documentation
    from lamward.cli.example import command_for, repaired_example

    told = documentation(check)
    repaired = repaired_example(check, today)
    lines = [
        terminal.heading(check.name, colour=colour),
        told.title,
        "",
        _facts(check),
    ]
    for title, text in told.sections.items():
        if title == "References" and repaired:
            lines += ["", terminal.heading("Fix", colour=colour), ""]
            lines += [
                f"`{command_for(check)}` does this to the example:",
                "",
                *(f"    {line}" for line in repaired),
            ]
        lines += ["", terminal.heading(title, colour=colour), "", *_plain(text)]
    return "\n".join(lines)


def _facts(check: Check) -> str:
    rating = f"severity {check.severity.value}, confidence {check.confidence.value}"
    return f"family {check.family}, {rating}, persona {check.persona.value}, since {check.since}"


def _plain(markdown: str) -> list[str]:
    """Write Markdown for the terminal: code is set off by indentation and blank lines instead of fences."""
    lines: list[str] = []
    code = False
    for line in markdown.splitlines():
        if line.lstrip().startswith("```"):
            code = not code
            if lines and lines[-1]:
                lines.append("")
        else:
            lines.append(f"    {line}".rstrip() if code else line)
    return lines[:-1] if lines and not lines[-1] else lines
