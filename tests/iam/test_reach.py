"""How far an entity reaches, told without where and how, and with policies that it does not have."""

from __future__ import annotations

from typing import Any

import pytest

from lamward.iam.account import Account, Entity, FunctionNode
from lamward.iam.reach import Extent, Reaches
from lamward.model.access import Policies
from tests.iam.test_escalation import (
    ACCOUNT,
    FUNCTION,
    OWN_POLICY,
    START_ROLE,
    TARGET_ROLE,
    allow,
    policy,
    trust,
)

THIRD = f"arn:aws:iam::{ACCOUNT}:role/third"
TRUSTED = trust({"AWS": ACCOUNT}, {"Service": "lambda.amazonaws.com"})
FUNCTIONS = (FunctionNode(FUNCTION, THIRD, "arn:aws:s3:::letters/code.zip"),)
OTHERS = (
    Entity(
        TARGET_ROLE,
        Policies(identity=(policy(allow("iam:CreatePolicyVersion"), allow("sts:AssumeRole")),)),
        TRUSTED,
    ),
    Entity(
        THIRD,
        Policies(identity=(policy(allow("dynamodb:Scan")),)),
        trust({"Service": "lambda.amazonaws.com"}),
    ),
)


def starting(statement: dict[str, Any]) -> Entity:
    """Make a role with a statement."""
    return Entity(
        START_ROLE,
        Policies(identity=(policy(statement),)),
        trust({"AWS": TARGET_ROLE}),
        attached=(OWN_POLICY,),
    )


@pytest.mark.parametrize("before", [allow("s3:PutObject"), allow("*")])
@pytest.mark.parametrize(
    ("statement", "gained"),
    [
        (allow("s3:GetObject", "arn:aws:s3:::letters/*"), 0),
        (allow("s3:PutObject", "arn:aws:s3:::letters/*"), 1),
        (allow("sts:AssumeRole"), 2),
        (allow("lambda:UpdateFunctionCode", FUNCTION), 1),
        (allow(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]), 2),
        (allow("dynamodb:Scan"), 0),
        (allow("*"), 1),
    ],
)
def test_other_policies_reach_as_far_as_in_an_account_that_has_them(
    statement: dict[str, Any], gained: int, before: dict[str, Any]
) -> None:
    known = Reaches(Account((starting(before), *OTHERS), FUNCTIONS))
    known.of(START_ROLE)  # what is remembered of the present policies must not show
    changed = starting(statement)
    there = Reaches(Account((changed, *OTHERS), FUNCTIONS))
    extent = known.extent_with(changed)
    assert extent == there.extent(START_ROLE)
    assert extent.entities >= gained


@pytest.mark.parametrize(
    "statement", [allow("s3:GetObject"), allow("sts:AssumeRole"), allow("iam:PutRolePolicy", TARGET_ROLE)]
)
def test_an_extent_is_the_sum_of_a_reach(statement: dict[str, Any]) -> None:
    reaches = Reaches(Account((starting(statement), *OTHERS), FUNCTIONS))
    found = reaches.of(START_ROLE)
    classes = tuple(dict.fromkeys(each.capability for each in found.granted))
    assert reaches.extent(START_ROLE) == Extent(classes, len(found.paths), found.administrator)
    assert classes
