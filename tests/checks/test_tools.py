"""The tools for those who write checks: skeletons and reference pages."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from lamward.checks import CHECKS
from lamward.checks.framework import SECTIONS, Check, documentation
from tests.checks import casefile
from tools import check_pages, new_check


def test_a_skeleton_is_a_check_and_its_cases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new_check.main(["exposure/open-door"], tmp_path) == 0
    assert "from lamward.checks.exposure.open_door import open_door" in capsys.readouterr().out
    path = tmp_path / "src/lamward/checks/exposure/open_door.py"
    name = "lamward.checks.exposure.open_door"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
        check: Check = module.open_door
        assert (check.name, check.family) == ("open-door", "exposure")
        assert list(documentation(check).sections) == list(SECTIONS)
        for case in casefile.read(tmp_path / "tests/checks/exposure/open-door.md"):
            assert casefile.disagreements(case.expected, casefile.said(check, case, tmp_path)) == []
    finally:
        del sys.modules[name]


def test_a_skeleton_overwrites_nothing(tmp_path: Path) -> None:
    assert new_check.main(["exposure/open-door"], tmp_path) == 0
    assert new_check.main(["exposure/open-door"], tmp_path) == 1
    assert new_check.main(["exposure/open-window"], tmp_path) == 0


@pytest.mark.parametrize("arguments", [[], ["open-door"], ["exposure/OpenDoor"], ["../x"], ["a/b", "c/d"]])
def test_a_skeleton_needs_a_name(arguments: list[str], tmp_path: Path) -> None:
    assert new_check.main(arguments, tmp_path) == 2
    assert list(tmp_path.iterdir()) == []


def test_every_check_has_a_page_and_a_line_in_the_index() -> None:
    pages = check_pages.CheckPages().produce()
    assert set(pages) == {
        check_pages.FOLDER / f"{name}.md" for name in ("index", *(check.name for check in CHECKS))
    }
    contents = pages[check_pages.FOLDER / "index.md"]
    for check in CHECKS:
        assert f"[{check.name}]({check.name}.md)" in contents
        page = pages[check_pages.FOLDER / f"{check.name}.md"]
        assert page.startswith(f"# {check.name}\n")
        assert [heading for heading in SECTIONS if f"\n## {heading}\n" not in page] == []
