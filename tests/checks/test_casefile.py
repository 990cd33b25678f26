"""Case files are read as they are meant, and a misspelt expectation is no silence."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from lamward.checks.framework import Check
from lamward.facts import Facts
from lamward.model.application import Resource
from lamward.model.finding import Confidence, Doubt, Persona, Problem, Severity
from lamward.model.value import at, cases, location_of, text_of
from tests.checks import casefile
from tests.checks.casefile import Case, Expectation


def _ask(topic: Resource, facts: Facts) -> Iterator[Problem | Doubt]:
    for case in cases(at(topic.properties, "TopicName"), topic.when):
        where = location_of(case.value)
        if text_of(case.value) == "bad":
            old = facts.today.year > 2026
            yield Problem(where, "bad", when=case.when, severity=Severity.HIGH if old else None)
        elif text_of(case.value) is None:
            yield Doubt(where, "cannot tell", when=case.when)


BAD_NAME = Check(
    "bad-name", "names", Resource, _ask, Severity.LOW, Confidence.HIGH, Persona.REGULAR, "0.1", __name__
)

FOR_AUDITORS = replace(BAD_NAME, persona=Persona.AUDITOR)

TEXT = """\
# bad-name

## Below the resources

```yaml
  A:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: bad # problem: bad-name [low]
```

## Whole

```yaml
# parameter: Given=bad
# today: 2027-01-01
# trusted-account: 111122223333
Parameters: {Given: {Type: String}, Other: {Type: String}, IsProd: {Type: String, AllowedValues: ["true", "false"]}}
Conditions: {Prod: !Equals [!Ref IsProd, "true"]}
Resources:
  A: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Given}} # problem: bad-name [high]
  B: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Other}} # unknown: bad-name
  C: {Type: AWS::SNS::Topic, Properties: {TopicName: !If [Prod, bad, good]}} # problem: bad-name when Prod=true
```

## Silent

```yaml
A: {Type: AWS::SNS::Topic, Properties: {TopicName: good}}
```

```
not a template
```

## JSON

```json
{"A": {
  "Type": "AWS::SNS::Topic",
  "Properties": {"TopicName": "bad"}}}
```
- line 3: problem bad-name
"""


def _cases() -> list[Case]:
    return list(casefile.parse(TEXT))


def test_blocks_and_titles() -> None:
    assert [(case.title, case.language, case.silent) for case in _cases()] == [
        ("Below the resources", "yaml", False),
        ("Whole", "yaml", False),
        ("Silent", "yaml", True),
        ("JSON", "json", False),
    ]


def test_expectations() -> None:
    below, whole, _, json = _cases()
    assert below.expected == (Expectation(4, "problem", "bad-name", "low"),)
    assert whole.expected == (
        Expectation(7, "problem", "bad-name", "high"),
        Expectation(8, "unknown", "bad-name"),
        Expectation(9, "problem", "bad-name", "", "Prod=true"),
    )
    assert json.expected == (Expectation(3, "problem", "bad-name"),)
    (auditor,) = casefile.parse("```yaml\nA: {} # problem: bad-name [low auditor] when Prod=true\n```\n")
    assert auditor.expected == (Expectation(1, "problem", "bad-name", "low", "Prod=true", "auditor"),)
    assert whole.parameters == (("Given", "bad"),)
    assert whole.today == datetime.date(2027, 1, 1)
    assert whole.trusted_accounts == frozenset({"111122223333"})


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case.title)
def test_they_agree_with_the_check(case: Case, tmp_path: Path) -> None:
    assert casefile.disagreements(case.expected, casefile.said(BAD_NAME, case, tmp_path)) == []


@pytest.mark.parametrize(
    ("comment", "disagreement"),
    [
        ("", ["not expected: line 1: problem bad-name [low]"]),
        ("# problem: bad-name [high]", None),
        ("# problem: bad-name [low auditor]", None),
        ("# problem: bad-name when Prod=true", None),
        ("# unknown: bad-name", None),
    ],
)
def test_they_disagree(comment: str, disagreement: list[str] | None, tmp_path: Path) -> None:
    text = f"```yaml\nA: {{Type: AWS::SNS::Topic, Properties: {{TopicName: bad}}}} {comment}\n```\n"
    (case,) = casefile.parse(text)
    found = casefile.disagreements(case.expected, casefile.said(BAD_NAME, case, tmp_path))
    assert found == disagreement if disagreement else len(found) == 2


@pytest.mark.parametrize(("check", "persona"), [(BAD_NAME, "regular"), (FOR_AUDITORS, "auditor")])
def test_who_is_told(check: Check, persona: str, tmp_path: Path) -> None:
    comment = f"# problem: bad-name [low {persona}]"
    text = f"```yaml\nA: {{Type: AWS::SNS::Topic, Properties: {{TopicName: bad}}}} {comment}\n```\n"
    (case,) = casefile.parse(text)
    assert casefile.disagreements(case.expected, casefile.said(check, case, tmp_path)) == []


@pytest.mark.parametrize(
    "comment", ["# problem bad-name here", "# problem:", "# unknown: Bad Name", "# today"]
)
def test_a_misspelt_expectation_is_an_error(comment: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        list(casefile.parse(f"```yaml\nA: {{}} {comment}\n```\n"))


def test_a_block_without_an_end_is_an_error() -> None:
    with pytest.raises(ValueError, match="never closed"):
        list(casefile.parse("```yaml\nA: {}\n"))


def test_a_case_that_does_not_load_is_an_error(tmp_path: Path) -> None:
    (case,) = casefile.parse("```yaml\nResources: {A: {Type: AWS::SNS::Topic\n```\n")
    with pytest.raises(AssertionError, match="does not load"):
        casefile.said(BAD_NAME, case, tmp_path)
