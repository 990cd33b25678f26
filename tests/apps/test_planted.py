"""The planted flaws: what was found once stays found, and the twins stay as quiet as they were."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from bench.planted import Flaw, Verdict, load, verdict
from bench.tools import Said
from lamward.audit.pipeline import run
from lamward.audit.settings import Settings
from lamward.checks import CHECKS
from lamward.model.finding import Persona

TODAY = datetime.date(2026, 11, 21)
MISSED = {"2.31", "2.43", "A11", "A17", "I8", "P5"}
"""What is not found, and why, stands in docs/understanding/precision.md."""
LOUD_TWINS = {"I13"}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    folder = tmp_path_factory.mktemp("planted")
    flaws = load()
    flawed = {flaw.row: said(folder / "flawed", flaw, flaw.flawed) for flaw in flaws}
    twins = {flaw.row: said(folder / "twins", flaw, flaw.twin) for flaw in flaws}
    return {flaw.row: verdict(flaw, flawed[flaw.row], twins[flaw.row]) for flaw in flaws}


def said(folder: Path, flaw: Flaw, text: str) -> list[Said]:
    folder.mkdir(exist_ok=True)
    path = folder / flaw.file
    path.write_text(text, encoding="utf-8")
    report = run([path], Settings(persona=Persona.REGULAR), checks=CHECKS, today=TODAY).report
    assert report.complete, flaw.name
    return [Said(each.check, path, each.resource or "") for each in report.findings]


def test_there_are_sixty_flaws_of_sixty_rows() -> None:
    flaws = load()
    assert len(flaws) == len({flaw.row for flaw in flaws}) == 60
    assert all(flaw.flawed != flaw.twin for flaw in flaws)


def test_flaws_are_found(verdicts: dict[str, Verdict]) -> None:
    assert {row for row, found in verdicts.items() if not found.detected} == MISSED


def test_nothing_new_is_said_of_twins(verdicts: dict[str, Verdict]) -> None:
    assert {row for row, found in verdicts.items() if found.alarms} == LOUD_TWINS


def test_what_is_said_of_both_is_no_detection() -> None:
    flaw = Flaw("a", "A", "what", "Resources: {Shop: 1}", "Resources: {Shop: 2, Fresh: 3}")
    here = Path("a.yaml")
    both, told, fresh = Said("both", here, "Shop"), Said("told", here, "Shop"), Said("new", here, "Fresh")
    assert verdict(flaw, [both, told], [both, fresh]) == Verdict(("told",), (), 2)
    assert verdict(flaw, [both], [both, Said("other", here, "Shop")]) == Verdict((), ("other",), 1)
    moved = Said("told", here, "Fresh")
    assert verdict(flaw, [told], [moved]) == Verdict(("told",), ("told",), 0)
