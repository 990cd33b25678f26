"""What the README and the guide to the library show does what they say, on the example application."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lamward.checks import CHECKS
from tests.cli.command import surroundings
from tests.cli.conftest import Lamward

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL))
COMMANDS = [
    shlex.split(line, comments=True)[1:]
    for line in SHELL.splitlines()
    if line.startswith("lamward ") and "<" not in line
]
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders/*"}],
}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_of_the_readme_answers(command: list[str], lamward: Lamward, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "orders", tmp_path, dirs_exist_ok=True)
    for name in ("old.json", "new.json"):
        (tmp_path / name).write_text(json.dumps(POLICY), encoding="utf-8")
    result = lamward(*command)
    assert result.code in (0, 1), result.err
    assert result.out or result.err.startswith("written: ")


def test_the_finding_of_the_readme_is_there(lamward: Lamward, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "orders", tmp_path, dirs_exist_ok=True)
    shown = re.search(r"\$ lamward audit \.\n(.*?)```", README, re.DOTALL)
    assert shown
    assert shown[1] in lamward("audit", ".").out


def test_the_readme_counts_the_checks() -> None:
    said = re.search(r"asks it over (\d+) precise questions", README)
    assert said
    assert int(said[1]) < len(CHECKS) < int(said[1]) + 20


def test_the_program_of_the_guide_prints_the_findings(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "orders", tmp_path, dirs_exist_ok=True)
    guide = (ROOT / "docs" / "guides" / "library.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=surroundings(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert (
        "template.yaml:352:20 critical open-trust-policy anyone may take this role" in ran.stdout.splitlines()
    )
