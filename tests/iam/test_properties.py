"""The properties in `properties/`: each is answered as expected, and every witness convinces both evaluators."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lamward.iam import documents, evaluate, prove, reference, suite
from lamward.iam.prove.sides import with_delegation
from lamward.iam.suite import Outcome, Property, Question
from lamward.model.access import Policies, Verdict
from lamward.model.policy import Policy

FOLDER = Path(__file__).with_name("properties")
PROPERTIES = [
    pytest.param(row, id=f"{path.stem}: {row['name']}")
    for path in sorted(FOLDER.glob("*.json"))
    for row in json.loads(path.read_text(encoding="utf-8"))["properties"]
]
EVERYTHING = documents.policy(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)


@pytest.mark.parametrize("row", PROPERTIES)
def test_properties_are_told_and_shown(row: dict[str, Any]) -> None:
    read = suite.read({"properties": [row]})
    (result,) = suite.run(read)
    assert result.outcome is Outcome.PASSED, result.difference
    if isinstance(result.answer, prove.Refuted):
        _shows(read.properties[0], result.answer.witness)


def _shows(asked: Property, witness: prove.Witness) -> None:
    allowed = [_allowed(each, witness) for each in asked.policies]
    match asked.question:
        case Question.IMPLIES:
            assert allowed == [True, False]
        case Question.EQUIVALENT:
            assert sorted(allowed) == [False, True]
        case _:
            assert all(allowed)


def _allowed(subject: Policies | Policy, witness: prove.Witness) -> bool:
    found = subject if isinstance(subject, Policies) else Policies(identity=(EVERYTHING,), resource=subject)
    settled = with_delegation(found, witness.request)
    verdicts = {each(settled, witness.request).verdict for each in (evaluate.decide, reference.decide)}
    assert len(verdicts) == 1
    assert verdicts != {Verdict.UNKNOWN}
    return verdicts == {Verdict.ALLOWED}
