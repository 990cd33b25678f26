"""What an application decides about logs and traces: only then are the functions it forgets everybody's business."""

from __future__ import annotations

import datetime

import pytest

from lamward.facts import Facts
from lamward.facts.logs import keeps_some_logs_for_a_time, traces_some_functions
from tests.loading import application

HEADER = "AWSTemplateFormatVersion: 2010-09-09\nTransform: AWS::Serverless-2016-10-31\n"
PROPERTIES = "Handler: app.handler, Runtime: python3.13, CodeUri: src/"
LAYER = "'arn:aws:lambda:us-east-1:464622532012:layer:Datadog-Extension:90'"


def _facts(resources: str, *, before: str = "") -> Facts:
    loaded = application(f"{HEADER}{before}Resources:\n{resources}")
    return Facts(loaded, today=datetime.date(2026, 11, 21))


def _function(name: str, more: str = "") -> str:
    return f"  {name}: {{Type: AWS::Serverless::Function, Properties: {{{PROPERTIES}{more}}}}}\n"


def _group(properties: str) -> str:
    return f"  Logs: {{Type: AWS::Logs::LogGroup, Properties: {{{properties}}}}}\n"


@pytest.mark.parametrize(
    ("more", "decided"),
    [
        ("", False),
        (", Tracing: PassThrough", False),
        (", Tracing: Active", True),
        (f", Layers: [{LAYER}]", True),
        (", Tracing: !If [IsProd, Active, PassThrough]", False),
    ],
)
def test_tracing_is_decided_where_some_function_is_always_traced(more: str, *, decided: bool) -> None:
    before = "Parameters: {Stage: {Type: String}}\nConditions: {IsProd: !Equals [!Ref Stage, prod]}\n"
    facts = _facts(_function("One") + _function("Two", more), before=before)
    assert traces_some_functions(facts) is decided


@pytest.mark.parametrize(
    ("group", "decided"),
    [
        ("", False),
        (_group("LogGroupName: /aws/lambda/elsewhere, RetentionInDays: 7"), False),
        (_group("LogGroupName: !Sub '/aws/lambda/${One}'"), False),
        (_group("LogGroupName: !Sub '/aws/lambda/${One}', RetentionInDays: 7"), True),
    ],
)
def test_retention_is_decided_where_a_group_of_a_function_has_one(group: str, *, decided: bool) -> None:
    assert keeps_some_logs_for_a_time(_facts(_function("One") + _function("Two") + group)) is decided
