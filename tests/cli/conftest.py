"""The command in this process, for what needs no process of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import Struct

from lamward.cli import main
from tests.cli.command import surroundings


class Result(Struct, frozen=True):
    """What the command did."""

    code: int
    out: str
    err: str


Lamward = Callable[..., Result]


@pytest.fixture
def lamward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lamward:
    """Run the command in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    for name in set(os.environ) - set(surroundings()):
        monkeypatch.delenv(name)

    def run(*arguments: str) -> Result:
        code = main(arguments)
        captured = capsys.readouterr()
        return Result(int(code), captured.out, captured.err)

    return run
