"""A check's documentation is complete, and its examples are true."""

from __future__ import annotations

from pathlib import Path

import pytest

from lamward.checks import CHECKS
from lamward.checks.framework import SECTIONS, Check, documentation
from tests.checks import casefile
from tests.checks.casefile import Expectation

OPTIONAL = ("Fix safety", "Options")

by_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)


def _found(check: Check, section: str, folder: Path) -> list[Expectation]:
    cases = list(casefile.parse(documentation(check).section(section)))
    assert cases, f"`{section}` shows no template"
    return [each for case in cases for each in sorted(casefile.said(check, case, folder))]


@by_check
def test_title_is_one_sentence(check: Check) -> None:
    title = documentation(check).title
    assert title
    assert title.endswith(".")
    assert not title.startswith("Ensure")


@by_check
def test_sections_are_there_in_order(check: Check) -> None:
    told = documentation(check).sections
    assert [name for name in told if name in SECTIONS] == list(SECTIONS)
    assert [name for name in told if name not in (*SECTIONS, *OPTIONAL)] == []
    assert [name for name, text in told.items() if not text] == []


@by_check
def test_references_are_a_list(check: Check) -> None:
    lines = documentation(check).section("References").splitlines()
    assert any(line.startswith("- ") for line in lines)


@by_check
def test_example_has_the_problem(check: Check, tmp_path: Path) -> None:
    assert [each for each in _found(check, "Example", tmp_path) if each.kind == "problem"]


@by_check
def test_alternative_has_none_of_it(check: Check, tmp_path: Path) -> None:
    assert _found(check, "Use instead", tmp_path) == []


@by_check
def test_no_check_crashes_on_the_example(check: Check, tmp_path: Path) -> None:
    for case in casefile.parse(documentation(check).section("Example")):
        assert [answers.failures for answers in casefile.answer(CHECKS, case, tmp_path)] == [()]
