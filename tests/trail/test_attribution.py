"""Who called, and how sure that is."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from lamward.trail.attribution import Caller, Identity, caller, in_lambda
from lamward.trail.ledger import Attribution, Principal
from tests.trail.made import ACCOUNT, FUNCTION, IN_LAMBDA, ROLE, identity


def asked(who: Any) -> Caller | None:
    return caller(msgspec.json.decode(json.dumps(who), type=Identity | None))


def told(who: Any, agent: str = IN_LAMBDA) -> Principal | None:
    found = asked(who)
    if found is None:
        return None
    return found.in_lambda if found.in_lambda and in_lambda(agent.encode()) else found.principal


def test_lambda_says_which_function_it_issued_credentials_to() -> None:
    assert told(identity()) == Principal(ACCOUNT, ROLE, FUNCTION, Attribution.FUNCTION)


def test_two_functions_of_one_role_are_told_apart() -> None:
    one, two = (
        told(identity(issued_to=f"{FUNCTION}-{number}", session=f"orders-{number}")) for number in (1, 2)
    )
    assert one
    assert two
    assert one.role == two.role
    assert (one.function, two.function) == (f"{FUNCTION}-1", f"{FUNCTION}-2")


@pytest.mark.parametrize("qualifier", ["", ":7", ":live", ":$LATEST"])
def test_a_version_is_no_other_function(qualifier: str) -> None:
    found = told(identity(issued_to=FUNCTION + qualifier))
    assert found
    assert found.function == FUNCTION


def test_a_session_in_lambda_is_named_like_its_function() -> None:
    unknown_region = FUNCTION.replace("eu-west-1", "*")
    who = identity(issued_to="")
    assert told(who) == Principal(ACCOUNT, ROLE, unknown_region, Attribution.SESSION)
    assert told(who, "lambda.amazonaws.com") == told(who, "awslambda-worker/1.0") == told(who)


@pytest.mark.parametrize(
    ("who", "agent"),
    [
        (identity(issued_to=""), "curl/8.1"),
        (identity(issued_to="", session="me@example.com"), IN_LAMBDA),
        (identity(issued_to="", session="x" * 65), IN_LAMBDA),
        (identity(issued_to="arn:aws:ec2:eu-west-1:111122223333:instance/i-1", session="i/1"), IN_LAMBDA),
    ],
)
def test_otherwise_only_the_role_is_known(who: dict[str, Any], agent: str) -> None:
    assert told(who, agent) == Principal(ACCOUNT, ROLE, "", Attribution.ROLE)


def test_other_issuers_are_no_functions() -> None:
    who = identity(issued_to="", session="i/1") | {
        "inScopeOf": {"issuerType": "AWS::EC2::Instance", "credentialsIssuedTo": FUNCTION}
    }
    found = told(who)
    assert found
    assert found.attribution is Attribution.ROLE


def test_without_an_issuer_the_role_has_no_path() -> None:
    who = identity()
    del who["sessionContext"]
    found = told(who)
    assert found
    assert found.role == f"arn:aws:iam::{ACCOUNT}:role/orders-role"


def test_a_service_that_calls_in_the_name_of_a_function_is_kept() -> None:
    found = asked(identity(invokedBy="dynamodb.amazonaws.com"))
    assert found
    assert found.via == "dynamodb.amazonaws.com"


@pytest.mark.parametrize(
    "who",
    [
        None,
        {},
        {"type": "AWSService", "invokedBy": "lambda.amazonaws.com"},
        {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/me"},
        {"type": "AssumedRole"},
        {"type": "AssumedRole", "arn": "nonsense"},
        {"type": "AssumedRole", "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/r/" + "x" * 5000},
        identity(
            role=f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
            issued_to="",
        ),
        identity(
            role=f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin",
            issued_to="",
        ),
    ],
)
def test_who_is_no_function_is_left_out(who: Any) -> None:
    assert told(who) is None
