"""What a check's fix makes of its documentation's example, as a difference."""

from __future__ import annotations

import datetime
import difflib
import re
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from lamward.audit.pipeline import Audited, run
from lamward.audit.settings import Settings
from lamward.checks import CHECKS
from lamward.checks.framework import Check, documentation
from lamward.cli.repairing import examiner
from lamward.fixes.apply import repair
from lamward.model.finding import Persona
from lamward.sources.file import STANDARD_INPUT, instead

_BLOCK: Final = re.compile(r"^```ya?ml\n(.*?)^```", re.MULTILINE | re.DOTALL)
_HEADER: Final = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
_DAY: Final = re.compile(r"^# today: (\S+)$", re.MULTILINE)
_FILE: Final = Path(STANDARD_INPUT)
_WHOLE: Final = 1000
"""So many lines around a change are shown: all of an example."""


def repaired_example(check: Check, today: datetime.date) -> list[str]:
    """Show what the fix of a check does to its example, "-" and "+" before what goes and comes; [] without one."""
    block = _BLOCK.search(documentation(check).section("Example"))
    if block is None:
        return []
    written = _DAY.search(block[1])
    day = datetime.date.fromisoformat(written[1]) if written else today
    whole = "\nResources:\n" in f"\n{block[1]}"
    text = block[1] if whole else _HEADER + textwrap.indent(block[1], "  ")
    after = _repaired(check, text, day)
    if after == text:
        return []
    # A section that comes in before the resources is only seen with its neighbours.
    whole = whole or not after.startswith(_HEADER)
    before, fixed = ((each if whole else _cut(each)).splitlines() for each in (text, after))
    shown = difflib.unified_diff(before, fixed, lineterm="", n=_WHOLE)
    return [line.rstrip() for line in shown][3:]


def command_for(check: Check) -> str:
    """Give the command that applies all fixes of a check."""
    return "lamward fix --unsafe" if documentation(check).section("Fix safety") else "lamward fix"


def _cut(text: str) -> str:
    return textwrap.dedent(text.removeprefix(_HEADER))


def _repaired(check: Check, text: str, day: datetime.date) -> str:
    settings = Settings(persona=Persona.AUDITOR, samconfig="none")

    def audit(paths: Sequence[Path]) -> Audited:
        return run(paths, settings, checks=CHECKS, today=day)

    with instead({_FILE.absolute(): text.encode()}):
        audited = audit([_FILE])
        found = [finding for finding in audited.report.open if finding.check == check.name]
        for repaired in repair(found, audited.loaded.files, examiner(audited, audit)):
            return repaired.after.text
    return text
