"""The law of the analysis: a call that a program can make is granted or told, whatever the program is made of."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lamward.code.analysis import Analysis
from lamward.code.javascript import analyse_text as analyse_javascript
from lamward.code.python import analyse_text as analyse_python
from tests.code.constructs import (
    JAVASCRIPT,
    OTHERS,
    PYTHON,
    Construct,
    Frame,
    constructs,
    neighbours,
    program,
)

ROOT = Path(__file__).resolve().parents[2]
FRAMES = {"python": PYTHON, "javascript": JAVASCRIPT}
EVERY = [(language, each) for language in FRAMES for each in constructs(language)]


def analysed(language: str, chain: tuple[Construct, ...], frame: Frame | None = None) -> Analysis:
    text = program(frame or FRAMES[language], chain)
    if language == "python":
        return analyse_python("app.lambda_handler", text, file="app.py")
    return analyse_javascript("index.handler", text, file="index.mjs")


def is_granted(analysis: Analysis) -> bool:
    return any((call.service, call.operation) == ("s3", "GetObject") for call in analysis.calls)


def is_told(analysis: Analysis) -> bool:
    return bool(analysis.unresolved or analysis.failures or analysis.skipped)


@pytest.mark.parametrize(
    ("language", "construct"),
    EVERY,
    ids=[f"{language}: {each.kind}, {each.title}" for language, each in EVERY],
)
def test_a_construct_is_followed_or_told(language: str, construct: Construct) -> None:
    analysis = analysed(language, (construct,))
    assert is_granted(analysis) is not construct.told
    assert is_granted(analysis) or is_told(analysis)


@pytest.mark.parametrize("language", FRAMES)
@pytest.mark.parametrize("step", range(4))
def test_two_constructs_are_followed_or_told(language: str, step: int) -> None:
    silent = [
        [each.title for each in chain]
        for chain in neighbours(constructs(language), [step * 31])
        if not is_granted(analysis := analysed(language, chain)) and not is_told(analysis)
    ]
    assert silent == []


@pytest.mark.parametrize("what", OTHERS)
def test_whatever_goes_through_a_construct_is_followed_or_told(what: str) -> None:
    language, frame = OTHERS[what]
    silent = [
        each.title
        for each in constructs(language)
        if not is_granted(analysis := analysed(language, (each,), frame)) and not is_told(analysis)
    ]
    assert silent == []


@pytest.mark.parametrize("language", FRAMES)
def test_what_is_followed_is_followed_to_its_parameters(language: str) -> None:
    for construct in constructs(language):
        for call in analysed(language, (construct,)).calls:
            assert sorted(call.parameters) == ["Bucket", "Key"], construct.title


def test_each_construct_of_python_does_call_when_it_is_run() -> None:
    programs = {each.title: program(PYTHON, (each,)) for each in constructs("python")}
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.code.run_constructs"],
        input=json.dumps(programs),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert json.loads(answer.stdout) == []


def test_a_construct_that_does_not_call_is_neither_granted_nor_told() -> None:
    dead = Construct("call", False, "dead", "def w$n():\n    pass\ndef other$n():\n    $c()\n")
    analysis = analysed("python", (dead,))
    assert not is_granted(analysis)
    assert not is_told(analysis)
