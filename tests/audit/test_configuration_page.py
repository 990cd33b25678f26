"""The page about the configuration tells what there is."""

from __future__ import annotations

import re
from pathlib import Path

from lamward.audit import configuration
from lamward.audit.settings import IGNORE_FIELDS, KEYS, Settings, resolve
from lamward.checks import CHECKS
from lamward.model.finding import Severity

PAGE = (Path(__file__).resolve().parents[2] / "docs/reference/configuration.md").read_text(encoding="utf-8")


def test_the_page_has_every_key_with_its_default_and_its_variable() -> None:
    rows = [
        [cell.strip(" `") for cell in row.split("|")[1:-1]]
        for row in re.findall(r"^\| `.*$", PAGE, re.MULTILINE)
    ]
    told = {row[0]: row for row in rows}
    assert {*IGNORE_FIELDS, *(key.name for key in KEYS)} <= told.keys()
    for key in KEYS:
        assert told[key.name][4] == (key.variable if key.environment else "")
        default = getattr(Settings(), key.field)
        if default and not isinstance(default, dict):
            assert told[key.name][2] == str(getattr(default, "value", default))


def test_the_example_of_the_page_is_a_configuration(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "lamward.toml"
    path.write_text(example, encoding="utf-8")
    settings = resolve([configuration.read(path, checks=[each.name for each in CHECKS])]).settings
    assert settings.ignore[0].owner == "payments"
    assert settings.severities == {"no-tracing": Severity.INFO}
