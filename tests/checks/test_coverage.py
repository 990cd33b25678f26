"""Every row of the catalogue has an answer, and every check answers one."""

from __future__ import annotations

from pathlib import Path

import pytest

from lamward.checks import CHECKS
from tools import coverage_page
from tools.coverage_page import rows

NAMES = {check.name for check in CHECKS}


@pytest.mark.parametrize("identifier", rows())
def test_a_row_has_checks_or_a_reason(identifier: str) -> None:
    row = rows()[identifier]
    assert set(row.checks) <= NAMES
    assert row.checks or row.left
    assert bool(row.why) == (row.left is not None)
    assert row.asks
    assert row.asks.endswith(".") is False


def test_every_row_of_the_catalogue_has_an_answer() -> None:
    assert tuple(rows()) == coverage_page.expected()


def test_every_check_answers_a_row() -> None:
    assert {name for row in rows().values() for name in row.checks} == NAMES


def test_a_row_that_is_there_twice_is_an_error(tmp_path: Path) -> None:
    for name in ("one.toml", "two.toml"):
        (tmp_path / name).write_text('[I1]\nasks = "a"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="row I1 is there twice"):
        rows(tmp_path)


def test_a_row_that_the_catalogue_does_not_have_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text('[I99]\nasks = "a"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="does not have: I99"):
        rows(tmp_path)


def test_an_unknown_field_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text('[I1]\nasks = "a"\ncheck = []\n', encoding="utf-8")
    with pytest.raises(ValueError, match="row I1"):
        rows(tmp_path)


def test_the_page_escapes_what_would_break_a_table() -> None:
    row = coverage_page.Row(asks="a|b", checks=("shared-role",), peers=("X",))
    assert "| I1 | a\\|b | [shared-role](checks/shared-role.md) | X |" in coverage_page.page({"I1": row})
