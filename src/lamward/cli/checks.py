"""`lamward checks`: list the checks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from lamward.cli import options, terminal

if TYPE_CHECKING:
    from lamward.checks.framework import Check


@click.command("checks", epilog="Exit codes: 0 listed, 2 usage, 70 bug.")
@click.option("--family", metavar="FAMILY", help="Only the checks of this family.")
@click.option("--persona", metavar="PERSONA", help="Only the checks of this persona: regular or auditor.")
@click.option("--format", "format_name", metavar="FORMAT", default="text", help="text (default) or json.")
@options.color_option
def command(family: str | None, persona: str | None, format_name: str, color: str) -> int:
    """List the checks."""
    from lamward.checks import CHECKS

    if family is not None:
        options.one_of("--family", family, sorted({check.family for check in CHECKS}))
    if persona is not None:
        options.one_of("--persona", persona, options.PERSONAS)
    found = [
        check
        for check in CHECKS
        if check.family == (family or check.family)
        and check.persona.value == (persona or check.persona.value)
    ]
    found.sort(key=lambda check: (check.family, check.name))
    if options.one_of("--format", format_name, ("text", "json")) == "json":
        terminal.show(json.dumps([_record(check) for check in found], indent=2))
    else:
        terminal.show(_table(found, colour=options.coloured(color)))
    return 0


def _record(check: Check) -> dict[str, str]:
    from lamward.checks.framework import documentation

    return {
        "name": check.name,
        "title": documentation(check).title,
        "family": check.family,
        "severity": check.severity.value,
        "confidence": check.confidence.value,
        "persona": check.persona.value,
        "since": check.since,
    }


def _table(checks: list[Check], *, colour: bool) -> str:
    width = max((len(check.name) for check in checks), default=0)
    lines: list[str] = []
    family = ""
    for check in checks:
        record = _record(check)
        if check.family != family:
            family = check.family
            lines += ["", terminal.heading(family, colour=colour)]
        auditor = " (auditor)" if check.persona.value == "auditor" else ""
        auditor += " (with --trail)" if check.needs_trail else ""
        lines.append(
            f"  {check.name:<{width}}  {check.severity.value:<8}  {record['title'].rstrip('.')}{auditor}"
        )
    return "\n".join(lines[1:])
