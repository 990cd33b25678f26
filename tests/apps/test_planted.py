"""The planted flaws: what was found once stays found, and the twins stay as quiet as they were."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import pytest

from bench.planted import SETS, Flaw, Verdict, load, verdict, write
from bench.tools import Said
from lamward.audit.pipeline import run
from lamward.audit.settings import Settings
from lamward.checks import CHECKS
from lamward.model.finding import Persona

TODAY = datetime.date(2026, 11, 21)
FLAWS = [flaw for folder in SETS.values() for flaw in load(folder)]
MISSED = {
    "a17-guests-welcome",
    "i8-escalation-in-two-policies",
    "r16-token-of-the-skill",
}
FOR_AUDITORS = {
    "2-17-every-route-of-the-api",
    "2-18-one-yes-for-all-routes",
    "a17-no-second-factor",
    "i17-scheduler-of-anybody",
    "p5-tags-may-be-moved",
    "r13-a-share-for-an-old-version",
}
"""What is not found, or told to auditors only, and why, stands in docs/understanding/precision.md."""


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    folder = tmp_path_factory.mktemp("planted")
    return {flaw.name: judged(folder / flaw.name, flaw) for flaw in FLAWS}


def judged(folder: Path, flaw: Flaw, persona: Persona = Persona.REGULAR) -> Verdict:
    flawed, twin = (
        said(folder / side, files, persona) for side, files in (("flawed", flaw.flawed), ("twin", flaw.twin))
    )
    return verdict(flaw, flawed, twin)


def said(folder: Path, files: Mapping[str, str], persona: Persona) -> list[Said]:
    write(folder, files)
    report = run([folder], Settings(persona=persona), checks=CHECKS, today=TODAY).report
    assert report.complete, folder
    return [Said(each.check, folder, each.resource or "") for each in report.findings]


def test_each_set_has_sixty_flaws() -> None:
    assert [len(load(folder)) for folder in SETS.values()] == [60, 60]
    assert len({flaw.name for flaw in FLAWS}) == len(FLAWS)
    assert all(flaw.flawed != flaw.twin and flaw.flawed.keys() == flaw.twin.keys() for flaw in FLAWS)


def test_flaws_are_found(verdicts: dict[str, Verdict]) -> None:
    assert {name for name, found in verdicts.items() if not found.detected} == MISSED | FOR_AUDITORS


@pytest.mark.parametrize(
    "flaw", [flaw for flaw in FLAWS if flaw.name in FOR_AUDITORS], ids=lambda flaw: flaw.name
)
def test_auditors_are_told_more(flaw: Flaw, tmp_path: Path) -> None:
    assert judged(tmp_path, flaw, Persona.AUDITOR).detected


def test_nothing_new_is_said_of_twins(verdicts: dict[str, Verdict]) -> None:
    assert not {name for name, found in verdicts.items() if found.alarms}


def test_what_is_said_of_both_is_no_detection() -> None:
    flaw = Flaw("a", "A", "what", {"a.yaml": "{Shop: 1}"}, {"a.yaml": "{Shop: 2, Fresh: 3}"})
    here = Path("a.yaml")
    both, told, fresh = Said("both", here, "Shop"), Said("told", here, "Shop"), Said("new", here, "Fresh")
    assert verdict(flaw, [both, told], [both, fresh]) == Verdict(("told",), (), 2)
    assert verdict(flaw, [both], [both, Said("other", here, "Shop")]) == Verdict((), ("other",), 1)
    moved = Said("told", here, "Fresh")
    assert verdict(flaw, [told], [moved]) == Verdict(("told",), ("told",), 0)
