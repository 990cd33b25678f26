"""Every fix of every finding in real templates: each alone, all together, and once more: `python -m bench.repairs`."""

from __future__ import annotations

import datetime
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import inputs
from lamward.audit.pipeline import Audited, run
from lamward.audit.settings import Settings
from lamward.checks import CHECKS
from lamward.cli.repairing import examiner, written
from lamward.errors import NothingToAudit
from lamward.fixes.apply import Repaired, repair
from lamward.fixes.refusal import Reason
from lamward.model.finding import Finding, Persona

TODAY = datetime.date(2026, 11, 21)
SETTINGS = Settings(persona=Persona.AUDITOR, samconfig="none", ignores=False)

WRONG = frozenset({Reason.NOT_AS_INTENDED, Reason.MALFORMED})
"""The text edits would have been wrong, and only the proof keeps them from the file."""

BESIDES = frozenset({Reason.GENERATED, Reason.TEMPLATE_LANGUAGE})
"""The file is written by another program, which is what has to be mended: no fix belongs there."""


@dataclass(slots=True)
class Tally:
    """What became of the fixes of some templates."""

    templates: int = 0
    findings: int = 0
    alone: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, Reason]] = field(default_factory=Counter)
    messages: list[str] = field(default_factory=list)
    together: int = 0
    left: int = 0
    again: list[str] = field(default_factory=list)

    @property
    def fixable(self) -> int:
        """How many findings had a fix in a file that may be fixed."""
        return sum(self.alone.values()) + self.declined

    @property
    def declined(self) -> int:
        """How many fixes were refused, alone, in files that may be fixed."""
        return sum(number for (_, reason), number in self.refused.items() if reason not in BESIDES)

    @property
    def wrong(self) -> int:
        """How many edits would have been wrong."""
        return sum(number for (_, reason), number in self.refused.items() if reason in WRONG)


def tally(paths: Iterable[Path]) -> Tally:
    """Repair copies of templates and count."""
    counted = Tally()
    with tempfile.TemporaryDirectory() as scratch:
        for path in paths:
            try:
                _count(counted, path, Path(scratch))
            except NothingToAudit:
                continue
    return counted


def _count(counted: Tally, path: Path, scratch: Path) -> None:
    copy = Path(shutil.copy(path, scratch))
    audited = _audit([copy])
    fixable = _fixable(audited, copy)
    counted.templates += 1
    counted.findings += len(audited.report.open)
    for finding in fixable:
        for one in _repaired(audited, [finding]):
            counted.alone.update(each.check for each in one.fixed)
            for each, refusal in one.refused:
                counted.refused[each.check, refusal.reason] += 1
                counted.messages.append(f"{path.name}: {each.check}: {refusal.reason}: {refusal.message}")
    together, again = written(fixable, audited, lambda: _audit([copy]), _audit)
    for file in together:
        counted.together += len(file.fixed)
        counted.left += len(file.refused)
    counted.again += [
        f"{path.name}: {each.check}: {each.message}"
        for once_more in _repaired(again, _fixable(again, copy))
        for each in once_more.fixed
    ]
    copy.unlink()


def _audit(paths: Sequence[Path]) -> Audited:
    return run(paths, SETTINGS, checks=CHECKS, today=TODAY)


def _repaired(audited: Audited, findings: Sequence[Finding]) -> list[Repaired]:
    return repair(findings, audited.loaded.files, examiner(audited, _audit))


def _fixable(audited: Audited, copy: Path) -> list[Finding]:
    return [
        finding
        for finding in audited.report.open
        if finding.fix and all(Path(edit.location.span.file).name == copy.name for edit in finding.fix.edits)
    ]


def templates() -> list[Path]:
    """List the templates of the corpus."""
    folder = inputs.CORPUS / "templates"
    return sorted(path for path in folder.rglob("*") if path.suffix in {".yaml", ".yml", ".json"})


def report() -> str:
    """Say it in Markdown."""
    counted = tally(templates())
    share = counted.declined / max(1, counted.fixable)
    rows = [
        ("fixes in files that may be fixed", f"{counted.fixable:,}", ""),
        ("applied and proved, each alone", f"{sum(counted.alone.values()):,}", ""),
        ("refused, each alone", f"{counted.declined:,} ({share:.2%})", "≤ 0.5 %"),
        ("wrong text, kept from the file by the proof", f"{counted.wrong:,}", "0"),
        ("applied, all of a file together", f"{counted.together:,}", ""),
        ("applied by a second run", f"{len(counted.again):,}", "0"),
    ]
    lines = [
        "## Fixes of all findings of the corpus\n",
        "| what | figure | target |",
        "| --- | --- | --- |",
        *(f"| {what} | {figure} | {target} |" for what, figure, target in rows),
        "\nRefused, by check and reason: " + (", ".join(_reasons(counted)) or "none") + ".\n",
    ]
    return "\n".join(lines)


def _reasons(counted: Tally) -> Iterator[str]:
    for (check, reason), number in counted.refused.most_common():
        yield f"`{check}` {reason} {number}"


if __name__ == "__main__":
    sample = templates()[:: int(sys.argv[1])] if len(sys.argv) > 1 else templates()
    found = tally(sample)
    print("\n".join(found.messages))
    print("again:", "\n".join(found.again))
    print(
        found.templates, found.findings, found.fixable, sum(found.alone.values()), found.declined, found.wrong
    )
    print(found.together, found.left, len(found.again), list(_reasons(found)))
    print(found.alone)
