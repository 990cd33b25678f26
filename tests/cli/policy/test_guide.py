"""The guide to policies: every command of it works, beside the example policies, and ends as it says."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Final

import pytest

import lamward
from lamward.cli import main
from lamward.iam import suite
from lamward.sources import policy_tests
from lamward.sources.policies import Reader

ROOT: Final = Path(__file__).resolve().parents[3]
EXAMPLES: Final = ROOT / "examples" / "policies"
GUIDE: Final = (ROOT / "docs" / "guides" / "policies.md").read_text(encoding="utf-8")
COMMANDS: Final = [
    (line.partition(" # ")[0], int(line.partition(" # ")[2]))
    for block in GUIDE.split("```sh\n")[1:]
    for line in block.partition("```")[0].splitlines()
]


def test_the_guide_asks_every_question() -> None:
    assert len(COMMANDS) > 10
    assert {command.split()[2] for command, _ in COMMANDS} == {
        "evaluate",
        "prove",
        "diff",
        "reach",
        "lint",
        "test",
    }


@pytest.mark.parametrize(("command", "code"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_a_command_of_the_guide(
    command: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(EXAMPLES)
    program, *arguments = shlex.split(command)
    assert program == lamward.__name__
    assert main(arguments) == code
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out


def test_the_answer_that_the_guide_shows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(EXAMPLES)
    main(shlex.split(COMMANDS[1][0])[1:])
    shown = GUIDE.partition("```text\n")[2].partition("```")[0]
    assert capsys.readouterr().out.endswith(shown)


def test_the_file_of_tests_that_the_guide_shows(tmp_path: Path) -> None:
    for name in ("orders-reader.json", "boundary.yaml", "invoices-bucket.json"):
        (tmp_path / name).write_bytes((EXAMPLES / name).read_bytes())
    shown = GUIDE.partition("```yaml\n")[2].partition("```")[0]
    (tmp_path / "tests.yaml").write_text(shown, encoding="utf-8")
    reader = Reader()
    found = policy_tests.read(reader, tmp_path / "tests.yaml")
    assert reader.failures == []
    assert found is not None
    outcomes = {result.name: result.outcome for result in suite.run(found)}
    assert set(outcomes.values()) == {suite.Outcome.PASSED}, outcomes
