"""The fuzzers run, and see what they are there to see."""

from __future__ import annotations

import pytest

from fuzz import templates
from lamward.errors import TRACEBACK


@pytest.fixture(autouse=True)
def debugging(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TRACEBACK, "1")  # as the fuzzer sets it, though only for this test


def test_mutated_examples_are_audited(capsys: pytest.CaptureFixture[str]) -> None:
    assert templates.main(["--rounds", "10"]) == 0
    assert capsys.readouterr().out == "10 rounds, 0 failed\n"


def test_what_raises_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> str:
        raise ZeroDivisionError("at last")

    monkeypatch.setattr(templates, "render", broken)
    assert templates.main(["--rounds", "2", "--seed", "1"]) == 1
    assert "ZeroDivisionError: at last" in capsys.readouterr().err
