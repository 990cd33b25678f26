"""Every case file: what the analysis finds is what the comments say, no less and no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from lamward.code.javascript import analyse
from tests.code.casefile import Case, cases, disagreements

FOLDER = Path(__file__).with_name("cases")
CASES = [(path.stem, case) for path in sorted(FOLDER.glob("*.md")) for case in cases(path)]


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{file}: {case.title}" for file, case in CASES])
def test_case(file: str, case: Case, tmp_path: Path) -> None:
    assert disagreements(case, analyse, tmp_path) == ([], []), file


def test_there_are_many_cases_and_each_has_its_own_title() -> None:
    titles = [(file, case.title) for file, case in CASES]
    assert len(titles) == len(set(titles)) >= 60
