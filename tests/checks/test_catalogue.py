"""The list of checks is complete, and every check has its name, its place and its cases."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

import lamward.checks
from lamward.audit.subjects import KEPT_IN
from lamward.checks import CHECKS
from lamward.checks.framework import Check
from lamward.model.application import Application, Resource
from lamward.sources.nouns.build import UNDERSTOOD
from tests.checks import casefile

HERE = Path(__file__).parent
ROOM = Path(lamward.checks.__file__).parent
AVOIDED = {"ensure", "check", "lambda", "aws"}

by_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)


def _source(check: Check) -> Path:
    return ROOM / check.family / f"{check.name.replace('-', '_')}.py"


def _case_file(check: Check) -> Path:
    return HERE / check.family / f"{check.name}.md"


def _declares_a_check(path: Path) -> bool:
    return re.search(r"^@check\(", path.read_text(encoding="utf-8"), re.MULTILINE) is not None


def test_every_check_on_disk_is_listed() -> None:
    on_disk = {path for path in ROOM.glob("*/*.py") if _declares_a_check(path)}
    assert on_disk == {_source(check) for check in CHECKS}


def test_names_are_unique() -> None:
    assert len({check.name for check in CHECKS}) == len(CHECKS)


def test_every_case_file_belongs_to_a_check() -> None:
    assert set(HERE.glob("*/*.md")) <= {_case_file(check) for check in CHECKS}


@by_check
def test_name_is_the_bad_pattern_in_kebab_case(check: Check) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", check.name)
    assert set(check.name.split("-")).isdisjoint(AVOIDED)


@by_check
def test_function_is_named_like_the_check(check: Check) -> None:
    assert getattr(importlib.import_module(check.module), check.name.replace("-", "_")) is check


@by_check
def test_subject_is_something_an_application_has(check: Check) -> None:
    assert check.subject in {Application, Resource, *KEPT_IN}


@by_check
def test_types_are_those_that_coverage_counts_as_understood(check: Check) -> None:
    assert set(check.types) <= UNDERSTOOD
    assert not check.types or check.subject is Resource


@by_check
def test_cases_show_a_problem_silence_and_doubt(check: Check) -> None:
    cases = casefile.read(_case_file(check))
    kinds = {each.kind for case in cases for each in case.expected}
    assert "problem" in kinds, "no case has a problem"
    assert any(case.silent for case in cases), "no case is silent"
    if "Doubt(" in _source(check).read_text(encoding="utf-8"):
        assert "unknown" in kinds, "the check can be undecided, and no case is"
