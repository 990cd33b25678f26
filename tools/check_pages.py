"""The reference pages of the checks, made from the checks' own documentation."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from lamward.checks import CHECKS
from lamward.checks.framework import Check, documentation
from lamward.cli.example import command_for, repaired_example
from lamward.facts import runtimes

FOLDER: Final = Path("docs/reference/checks")

_NOTE: Final = "<!-- Made from the check's module by `python -m tools.generate write`. -->"


class CheckPages:
    """A page for every check, and an index by family."""

    name = "the checks' reference pages"

    def __init__(self, checks: Sequence[Check] = CHECKS) -> None:
        self._checks = sorted(checks, key=lambda check: (check.family, check.name))

    def produce(self) -> dict[Path, str]:
        """Return the text of every page, by its path below the repository's root."""
        pages = {FOLDER / f"{check.name}.md": page(check) for check in self._checks}
        return {FOLDER / "index.md": index(self._checks), **pages}


def page(check: Check) -> str:
    """Write the page of a check."""
    told = documentation(check)
    parts = [f"# {check.name}", _NOTE, told.title, _facts(check)]
    repaired = repaired_example(check, runtimes.as_of())
    for heading, text in told.sections.items():
        if heading == "References" and repaired:
            parts += ["## Fix", f"`{command_for(check)}` does this to the example:", _difference(repaired)]
        parts += [f"## {heading}", text]
    return "\n\n".join([*parts, _accepting(check)]) + "\n"


def _difference(lines: Sequence[str]) -> str:
    return "\n".join(["```diff", *lines, "```"])


def index(checks: Sequence[Check]) -> str:
    """Write the index, a table for each family; the checks come ordered by family."""
    parts = ["# Checks", _NOTE, f"lamward asks {len(checks)} questions."]
    for family, members in groupby(checks, key=lambda check: check.family):
        rows = ["| check | what it finds | severity | persona |", "|---|---|---|---|"]
        rows += [
            f"| [{check.name}]({check.name}.md) | {cell(documentation(check).title)} "
            f"| {check.severity.value} | {check.persona.value} |"
            for check in members
        ]
        parts += [f"## {family.replace('_', ' ').capitalize()}", "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def _facts(check: Check) -> str:
    facts = {
        "family": check.family,
        "severity": check.severity.value,
        "confidence": check.confidence.value,
        "persona": check.persona.value,
        "asked about": _subject(check),
        "since": check.since,
    }
    rows = (facts, ["---"] * len(facts), facts.values())
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _subject(check: Check) -> str:
    subject = ", ".join(f"`{each}`" for each in check.types) or check.subject.__name__
    return f"{subject}, with `--trail`" if check.needs_trail else subject


def _accepting(check: Check) -> str:
    return (
        "## Accepting it\n\n"
        "Say why, on the line or the line above; `(until DATE)` makes it expire:\n\n"
        f"```yaml\n# lamward: ignore[{check.name}] the reason (until 2027-03-01)\n```"
    )


def cell(text: str) -> str:
    """Escape text for a cell of a table."""
    return text.replace("|", "\\|")
