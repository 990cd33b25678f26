"""The JSON report: every one is valid by the schema that is published."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from msgspec import Struct

import lamward.report
from lamward.model import finding as model
from lamward.model import report
from lamward.model.report import SCHEMA_VERSION, Report
from lamward.report import machine, machine_stories, render
from lamward.report.encode import encode
from tests.report.sample import REPORT
from tests.strategies import reports

PUBLISHED = Path(lamward.report.__file__).parent / "schema" / machine.SCHEMA_FILE
VALIDATOR = jsonschema.Draft202012Validator(machine.schema())


def test_the_published_schema_is_the_one_we_write() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == encode(machine.schema())
    assert PUBLISHED.name == f"report-v{SCHEMA_VERSION}.json"
    VALIDATOR.check_schema(VALIDATOR.schema)


@pytest.mark.parametrize(
    ("told", "held"),
    [
        (machine.MachineReport, report.Report),
        (machine.MachineFinding, model.Finding),
        (machine.MachineUnanswered, report.Unanswered),
        (machine.MachineFailure, report.Failure),
        (machine.Application, report.AuditedApplication),
        (machine.Coverage, report.Coverage),
        (machine.Check, report.CheckSummary),
        (machine.Skipped, report.Skipped),
        (machine.Fix, model.Fix),
        (machine.Edit, model.Edit),
        (machine.RelatedPlace, model.Related),
        (machine_stories.MachineStory, report.Story),
        (machine_stories.MachineStoryStep, report.StoryStep),
        (machine_stories.MachineCut, report.Cut),
        (machine.Suppressed, model.Suppressed),
        (machine.Baselined, model.Baselined),
    ],
)
def test_nothing_that_a_report_holds_is_left_out(told: type[Struct], held: type[Struct]) -> None:
    spread = {"doubt"} if held is report.Unanswered else set()  # its fields stand beside the others
    assert set(held.__struct_fields__) - spread <= set(told.__struct_fields__)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(reports())
def test_every_report_is_valid(made: Report) -> None:
    VALIDATOR.validate(json.loads(render("json", made)))


def test_accepted_findings_stay_with_their_reason() -> None:
    document = json.loads(render("json", REPORT))
    assert [each["status"] for each in document["findings"][-3:]] == [
        {
            "kind": "suppressed",
            "reason": "the batch needs it",
            "until": "2027-03-01",
            "where": "template.yaml:7",
        },
        {"kind": "baselined", "since": "2026-11-01"},
        {"kind": "fixed"},
    ]
    assert document["complete"] is False
    assert document["counts"]["open"] == 6


def test_a_finding_says_where_and_when() -> None:
    first = json.loads(render("json", REPORT))["findings"][0]
    assert first["location"] == {
        "file": "template.yaml",
        "line": 6,
        "column": 19,
        "end_line": 6,
        "end_column": 23,
        "path": ["Resources", "Orders"],
    }
    assert first["when"] == [
        {"kind": "condition", "name": "IsProd", "value": "true", "text": "condition `IsProd` is true"}
    ]
