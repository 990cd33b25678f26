"""Strangers are let in by exactly the statements whose conditions hold for everybody."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import pytest

from lamward.facts import Facts
from lamward.facts.strangers import Opening, changes_something, openings
from lamward.iam import parse
from lamward.model.application import Application, Dialect
from lamward.model.location import NOWHERE
from lamward.model.value import Fields, Items, Known, Reference, ReferenceKind, Symbolic, Value

FACTS = Facts(
    Application(name="shop", dialect=Dialect.SAM, location=NOWHERE, resources={}),
    today=datetime.date(2026, 11, 21),
)


def value(written: object) -> Value:
    if isinstance(written, dict):
        return Fields({key: value(child) for key, child in written.items()})
    if isinstance(written, list):
        return Items(tuple(value(item) for item in written))
    assert isinstance(written, str)
    if written.startswith("$"):
        return Symbolic((Reference(ReferenceKind.PARAMETER, written[1:]),))
    return Known(written)


def found(*statements: Mapping[str, object]) -> tuple[Opening, ...]:
    full = [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*", **each} for each in statements]
    return openings(FACTS, parse.policy(value({"Version": "2012-10-17", "Statement": full})))


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
        {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}},
        {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        {"StringLike": {"aws:PrincipalArn": "*"}},
        {"StringLike": {"aws:PrincipalOrgID": "o-*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}},
        {"ForAllValues:StringEquals": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/"}},
        {"StringLike": {"aws:Referer": "https://shop.example.com/*"}},
    ],
)
def test_what_holds_for_everybody_bounds_nobody(condition: dict[str, object]) -> None:
    (opening,) = found({"Principal": "*", "Condition": condition})
    assert opening.actions == ("sqs:SendMessage",)
    assert not opening.doubt


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        {"StringEquals": {"aws:PrincipalOrgID": "$Organisation"}},
        {"StringEquals": {"aws:PrincipalAccount": ["111122223333", "444455556666"]}},
        {"StringEquals": {"AWS:SourceOwner": "111122223333"}},
        {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
        {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:111122223333:*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::shop-inbox"}},
        {"StringEquals": {"kms:CallerAccount": "111122223333"}},
    ],
)
def test_what_names_somebody_bounds(condition: dict[str, object]) -> None:
    assert found({"Principal": {"AWS": "*"}, "Condition": condition}) == ()


def test_principals_that_are_named_are_no_strangers() -> None:
    assert (
        found({"Principal": {"AWS": "111122223333"}}, {"Principal": {"Service": "sns.amazonaws.com"}}) == ()
    )


def test_a_deny_closes_what_an_allow_opens() -> None:
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
    }
    assert found({"Principal": "*"}, deny) == ()


@pytest.mark.parametrize(
    "condition",
    [
        {"IpAddress": {"aws:SourceIp": "$Range"}},
        {"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}},
        {"StringEquals": {"aws:Referer": "4f7d0c2e9b61"}},
        {"StringEquals": {"sqs:SomethingNew": "shop"}},
    ],
)
def test_what_may_hold_is_a_doubt(condition: dict[str, object]) -> None:
    (opening,) = found({"Principal": "*", "Condition": condition})
    assert opening.doubt
    assert opening.actions == ()


@pytest.mark.parametrize(
    ("action", "condition", "sure"),
    [
        ("events:PutEvents", {"StringEquals": {"events:source": "shop", "events:detail-type": "Sold"}}, True),
        ("events:PutEvents", {"StringEquals": {"events:source": "aws.s3"}}, False),
        ("s3:PutObject", {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}, True),
        ("s3:GetObject", {"StringEquals": {"s3:ExistingObjectTag/audience": "all"}}, False),
        ("s3:ListBucket", {"StringLike": {"s3:prefix": "open/*"}}, True),
        ("s3:ListBucket", {"NumericLessThan": {"s3:max-keys": "10"}}, False),
        (
            "secretsmanager:GetSecretValue",
            {"StringEquals": {"secretsmanager:VersionStage": "AWSCURRENT"}},
            True,
        ),
        ("sns:Subscribe", {"StringEquals": {"sns:Protocol": "https"}}, True),
        ("sns:Subscribe", {"StringLike": {"sns:Endpoint": "https://shop.example/*"}}, False),
    ],
)
def test_what_callers_choose_bounds_nobody(action: str, condition: dict[str, object], *, sure: bool) -> None:
    (opening,) = found({"Principal": "*", "Action": action, "Condition": condition})
    assert (opening.actions == (action,)) is sure
    assert bool(opening.doubt) is not sure


@pytest.mark.parametrize(
    ("action", "condition"),
    [
        ("lambda:InvokeFunction", {"StringEquals": {"lambda:EventSourceToken": "4f7d0c2e9b61"}}),
        ("s3:GetObject", {"StringEquals": {"s3:DataAccessPointAccount": "111122223333"}}),
    ],
)
def test_what_says_who_asks_bounds(action: str, condition: dict[str, object]) -> None:
    assert found({"Principal": "*", "Action": action, "Condition": condition}) == ()


def test_only_what_the_statement_allows_is_an_example() -> None:
    (reading,) = found({"Principal": "*", "Action": ["s3:GetObject", "s3:ListBucket"]})
    (writing,) = found({"Principal": "*", "Action": "s3:*"})
    assert not changes_something(reading)
    assert changes_something(writing)
