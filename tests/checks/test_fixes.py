"""Every fix repairs what its check finds, in its documentation's example and in its cases, and adds nothing new."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from lamward.audit.pipeline import Audited, run
from lamward.audit.settings import Settings
from lamward.checks import CHECKS
from lamward.checks.framework import Check, documentation
from lamward.cli.repairing import examiner
from lamward.fixes.apply import Repaired, repair
from lamward.fixes.refusal import Reason
from lamward.model.finding import Finding, Fix, FixSafety, Persona
from tests.checks import casefile, ledgers
from tests.checks.casefile import Case

HERE = Path(__file__).parent

BEYOND_THE_TEMPLATE = frozenset({Reason.INTRINSIC, Reason.CONFLICT, Reason.SHARED, Reason.MERGED})
"""Why a fix may be refused all the same: what the text looks like, which a check does not see."""

by_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)


def _auditor(case: Case, folder: Path) -> Callable[[Sequence[Path]], Audited]:
    settings = Settings(
        persona=Persona.AUDITOR,
        samconfig="none",
        parameters=dict(case.parameters),
        trusted_accounts=case.trusted_accounts,
        trail=str(ledgers.written(case.trail, folder) or ""),
        stack=case.stack,
    )
    return lambda paths: run(paths, settings, checks=CHECKS, today=case.today)


def _repaired(check: Check, case: Case, folder: Path) -> tuple[list[Finding], list[Repaired]]:
    """Give what the check finds in a case, and what all its fixes together make of it."""
    path = folder / f"template.{case.language}"
    path.write_text(casefile.template(case)[0], encoding="utf-8")
    again = _auditor(case, folder)
    audited = again([path])
    assert audited.report.failures == ()
    found = [finding for finding in audited.report.open if finding.check == check.name]
    return found, repair(found, audited.loaded.files, examiner(audited, again))


def _fixes(found: Sequence[Finding]) -> list[Fix]:
    """Give the fixes of findings, which must be told well."""
    fixes = [finding.fix for finding in found if finding.fix]
    for fix in fixes:
        assert fix.title[0].islower()
        assert not fix.title.endswith(".")
        assert bool(fix.why_unsafe) == (fix.safety is FixSafety.UNSAFE)
    return fixes


@by_check
def test_example_is_repaired(check: Check, tmp_path: Path) -> None:
    for case in casefile.parse(documentation(check).section("Example")):
        found, repaired = _repaired(check, case, tmp_path)
        if _fixes(found):
            assert [why for each in repaired for _, why in each.refused] == []
            assert {id(one) for each in repaired for one in each.fixed} == {id(one) for one in found}


@by_check
def test_cases_are_repaired(check: Check, tmp_path: Path) -> None:
    fixes: list[Fix] = []
    for case in casefile.read(HERE / check.family / f"{check.name}.md"):
        found, repaired = _repaired(check, case, tmp_path)
        fixes += _fixes(found)
        refused = [why for each in repaired for _, why in each.refused]
        assert [(case.line, why) for why in refused if why.reason not in BEYOND_THE_TEMPLATE] == []
    if any(fix.safety is FixSafety.UNSAFE for fix in fixes):
        assert documentation(check).section("Fix safety")
