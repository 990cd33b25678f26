"""What a ledger answers about a function, and what CloudTrail would have shown."""

from __future__ import annotations

from typing import Any

import pytest

from lamward.iam import catalogue
from lamward.model.access import Truth
from lamward.trail.ledger import Ledger
from lamward.trail.observable import (
    Visibility,
    as_of,
    blind,
    is_called,
    listed,
    never,
    observable,
    would_show,
)
from lamward.trail.record import decode
from lamward.trail.reduce import reduce
from lamward.trail.usage import coverage, usage
from tests.trail.made import FUNCTION, ROLE, event, identity, text

SCAN = ("dynamodb", "Scan", {"tableName": "orders"})


def ledger(*events: Any) -> Ledger:
    return reduce(decode(text(*events))[0])[0]


@pytest.mark.parametrize("asked", ["orders", FUNCTION, f"{FUNCTION}:7", f"{FUNCTION}:live"])
def test_a_function_is_found_by_name_and_arn(asked: str) -> None:
    made = ledger(
        event(*SCAN), event(*SCAN, errorCode="AccessDenied"), event(*SCAN, who=identity(issued_to=""))
    )
    found = usage(made, asked)
    assert [(each.action, each.principal.attribution, each.count, each.denied) for each in found] == [
        ("dynamodb:Scan", "session", 1, 0),
        ("dynamodb:Scan", "function", 1, 1),
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "order",
        "orders-2",
        FUNCTION.replace("eu-west-1", "us-east-1"),
        f"{FUNCTION}-2",
        "arn:aws:iam::1:x",
        "",
    ],
)
def test_another_function_is_not_it(asked: str) -> None:
    assert usage(ledger(event(*SCAN)), asked) == ()


def test_what_only_the_role_is_known_of_is_listed_with_the_role() -> None:
    made = ledger(event(*SCAN), event("sts", "AssumeRole", who=identity(issued_to="", session="x@y")))
    assert [each.action for each in usage(made, FUNCTION)] == ["dynamodb:Scan"]
    assert [each.action for each in usage(made, FUNCTION, role=ROLE)] == ["dynamodb:Scan", "sts:AssumeRole"]


def test_a_call_through_a_service_is_told_apart() -> None:
    decrypt: tuple[str, str, dict[str, str]] = ("kms", "Decrypt", {})
    made = ledger(event(*decrypt), event(*decrypt, who=identity(invokedBy="dynamodb.amazonaws.com")))
    assert [(each.via, each.count) for each in usage(made, "orders")] == [
        ("", 1),
        ("dynamodb.amazonaws.com", 1),
    ]


def test_coverage() -> None:
    made = ledger(
        event(*SCAN, eventCategory="Data"),
        event("iam", "GetRole", awsRegion="us-east-1", time="2026-10-09T00:00:00Z"),
    )
    covered = coverage(made)
    assert covered
    assert (covered.events, covered.accounts, covered.regions, covered.data) == (
        2,
        ("111122223333",),
        ("eu-west-1", "us-east-1"),
        ("dynamodb",),
    )
    assert f"{covered.first:%d}-{covered.last:%d}" == "01-09"
    assert coverage(Ledger()) is None


def test_what_cloudtrail_shows() -> None:
    shown = {
        "lambda:InvokeFunction": Visibility.DATA,
        "lambda:invokefunction": Visibility.DATA,
        "lambda:UpdateFunctionCode": Visibility.MANAGEMENT,
        "s3:GetObject": Visibility.DATA,
        "s3:GetBucketPolicy": Visibility.MANAGEMENT,
        "kms:Decrypt": Visibility.MANAGEMENT,
        "secretsmanager:GetSecretValue": Visibility.MANAGEMENT,
        "iam:PassRole": Visibility.NEVER,
        "logs:PutLogEvents": Visibility.NEVER,
        "execute-api:Invoke": Visibility.NEVER,
        "states:SendTaskSuccess": Visibility.UNKNOWN,
        "coffee:Make": Visibility.UNKNOWN,
    }
    assert {action: observable(action).visibility for action in shown} == shown
    assert observable("s3:GetObject").selector == "AWS::S3::Object"
    assert observable("s3:GetBucketPolicy").selector == ""
    assert "KMS" in observable("kms:Decrypt").note


def test_whether_a_trail_would_have_shown_it() -> None:
    made = ledger(event(*SCAN, eventCategory="Data"), event("iam", "GetRole"))
    assert would_show(made, "iam:GetRole") is Truth.YES
    assert would_show(made, "iam:GetRole", "999900001111") is Truth.NO
    assert would_show(made, "dynamodb:PutItem") is Truth.UNKNOWN
    assert would_show(made, "s3:GetObject") is Truth.NO
    assert would_show(made, "iam:PassRole") is Truth.NO
    assert would_show(made, "coffee:Make") is Truth.UNKNOWN
    assert would_show(Ledger(), "iam:GetRole") is Truth.NO


def test_services_without_data_events_are_named() -> None:
    assert "s3" in blind(())
    assert {"s3", "dynamodb", "cloudwatch"} & set(blind(("s3", "dynamodb", "monitoring"))) == set()
    assert "iam:PassRole" in never()


def test_the_data_is_dated_and_names_actions_that_exist() -> None:
    assert as_of().year >= 2026
    assert [action for action in listed() if not catalogue.action(action)] == []


@pytest.mark.parametrize(
    ("action", "called"),
    [
        ("ssm:PutParameter", True),
        ("dynamodb:Query", True),  # of a table or of an index
        ("S3:getobject", True),
        ("apigateway:POST", True),
        ("iam:PassRole", False),  # with other calls
        ("sts:TagSession", False),
        ("dynamodb:PartiQLSelect", False),
        ("logs:CreateLogDelivery", False),  # what AWS does for others
    ],
)
def test_an_action_that_has_no_call_need_not_show(action: str, called: bool) -> None:
    assert is_called(action) is called
