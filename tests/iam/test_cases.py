"""The tables in `cases/`: every file found by walking the folder, both evaluators on every case."""

import json
from pathlib import Path

import pytest

from lamward.iam import documents, evaluate, reference
from lamward.model.access import Decision

FOLDER = Path(__file__).with_name("cases")
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(FOLDER.rglob("*.json"))
    for case in json.loads(path.read_text())
]


def _check(decision: Decision, case: dict) -> None:  # type: ignore[type-arg]
    assert decision.verdict == case["expected"], decision
    assert [str(layer) for layer in dict.fromkeys(block.layer for block in decision.blocked_by)] == case.get(
        "blocked_by", []
    )
    assert bool(decision.unknowns) is (case["expected"] == "unknown")


@pytest.mark.parametrize("case", CASES)
def test_reference(case: dict) -> None:  # type: ignore[type-arg]
    _check(reference.decide(documents.policies(case["policies"]), documents.request(case["request"])), case)


@pytest.mark.parametrize("case", CASES)
def test_compiled(case: dict) -> None:  # type: ignore[type-arg]
    _check(evaluate.decide(documents.policies(case["policies"]), documents.request(case["request"])), case)


def test_names_are_unique() -> None:
    names = [param.id for param in CASES]
    assert len(names) == len(set(names))
