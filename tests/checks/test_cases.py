"""Every check finds what its case file says, on the lines it says, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from lamward.checks import CHECKS
from lamward.checks.framework import Check
from tests.checks import casefile
from tests.checks.casefile import Case

HERE = Path(__file__).parent


def _cases() -> list[object]:
    return [
        pytest.param(check, case, id=f"{check.name}:{case.line}:{case.title}")
        for check in CHECKS
        if (path := HERE / check.family / f"{check.name}.md").exists()
        for case in casefile.read(path)
    ]


@pytest.mark.parametrize(("check", "case"), _cases())
def test_case(check: Check, case: Case, tmp_path: Path) -> None:
    others = {each.check for each in case.expected} - {check.name}
    assert not others, f"the file of `{check.name}` expects something of {others}"
    assert casefile.disagreements(case.expected, casefile.said(check, case, tmp_path)) == []
