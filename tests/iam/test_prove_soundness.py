"""Proofs under attack: what was proved is held against every request that the policies' own words suggest."""
# ruff: noqa: E501 - a row of a table reads best on one line

from __future__ import annotations

from typing import Any

import pytest

from lamward.iam import catalogue, documents, prove
from lamward.iam.parse import policy as parse
from lamward.iam.prove.universe import special
from lamward.model.access import Policies
from lamward.model.policy import Policy
from lamward.model.value import Fields, Known, Reference, ReferenceKind, Symbolic, Value
from tests.iam import adversary, strange

BUCKET = "arn:aws:s3:::b/*"
OTHER = "444455556666"


@pytest.mark.parametrize("seed", range(60))
def test_no_request_contradicts_an_answer(seed: int) -> None:
    assert not adversary.faults(seed)


def allow(action: Any = "s3:GetObject", resource: Any = "*", **condition: Any) -> dict[str, Any]:
    made = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {**made, "Condition": condition} if condition else made


def doc(*statements: dict[str, Any]) -> Policy:
    return documents.policy({"Version": "2012-10-17", "Statement": list(statements)})


def shared(principal: Any, **condition: Any) -> Policy:
    return doc({**allow("s3:GetObject", BUCKET, **condition), "Principal": principal})


NOTHING = doc()
TAG = "aws:PrincipalTag/a"


@pytest.mark.parametrize("bound", ["1e40", "-1e40", "1e999999999999", "-1e-999999", "9" * 60])
@pytest.mark.parametrize("operator", ["NumericLessThan", "NumericGreaterThan"])
def test_there_is_always_a_smaller_and_a_larger_number(operator: str, bound: str) -> None:
    limited = doc(allow("s3:ListBucket", **{operator: {"s3:max-keys": bound}}))
    assert isinstance(prove.implies(limited, NOTHING), prove.Refuted)


def test_there_is_a_number_between_two_that_are_close() -> None:
    low, high = "9" * 40, "1" + "0" * 40
    between = allow(
        "s3:ListBucket", NumericGreaterThan={"s3:max-keys": low}, NumericLessThan={"s3:max-keys": high}
    )
    assert isinstance(prove.implies(doc(between), NOTHING), prove.Refuted)


def test_a_variable_may_stand_for_an_arn_or_for_none() -> None:
    one_part = doc(allow(ArnLike={"aws:SourceArn": "${aws:PrincipalTag/b}"}))
    assert isinstance(prove.implies(one_part, NOTHING), prove.Refuted)
    equal, as_arns = (
        doc(allow(**{operator: {TAG: "${aws:PrincipalTag/b}"}})) for operator in ("StringEquals", "ArnEquals")
    )
    assert isinstance(prove.implies(equal, as_arns), prove.Refuted)


def test_a_variable_may_stand_for_what_is_no_boolean() -> None:
    equal, as_booleans = (
        doc(allow(**{operator: {TAG: "${aws:PrincipalTag/b}"}})) for operator in ("StringEquals", "Bool")
    )
    assert not isinstance(prove.implies(equal, as_booleans), prove.Proved)


@pytest.mark.parametrize(
    "resource", ["${aws:PrincipalTag/a}*", "${aws:PrincipalTag/a, 'x'}*", "${aws:PrincipalTag/a}"]
)
def test_a_variable_may_stand_for_nothing_before_the_star_of_an_action_without_resources(
    resource: str,
) -> None:
    listing = doc(allow("lambda:ListFunctions", resource))
    assert not isinstance(prove.implies(listing, NOTHING), prove.Proved)


def test_only_the_services_with_governed_resources_are_special() -> None:
    assert {special(each.name).partition(":")[0] for each in catalogue.matching("*")} == {"", "kms", "sts"}


def test_a_reference_brings_the_parts_of_an_arn_with_it() -> None:
    topic = Reference(ReferenceKind.RESOURCE, "Topic", "Arn")
    condition: Value = Fields({"ArnLike": Fields({"aws:SourceArn": Symbolic((topic, "*"))})})
    fields = {
        "Effect": Known("Allow"),
        "Action": Known("s3:GetObject"),
        "Resource": Known("*"),
        "Condition": condition,
    }
    policy = parse(Fields({"Version": Known("2012-10-17"), "Statement": Fields(fields)}))
    assert not isinstance(prove.always_denies(policy), prove.Proved)


def test_a_future_action_may_go_on_in_any_way() -> None:
    everything = doc(allow("zz9:*"))
    most = doc(allow(["zz9:zz*", "zz9:zzy*"]))
    assert isinstance(prove.implies(everything, most), prove.Refuted)
    assert isinstance(prove.implies(doc(allow("zz9:G*")), doc(allow(["zz9:Gz*", "zz9:Gy*"]))), prove.Refuted)


KINDS = [
    ("a user", shared("*", StringEquals={"aws:PrincipalType": "User"})),
    ("a user with a name", shared("*", StringLike={"aws:username": "*"})),
    ("a federated user", shared("*", StringEquals={"aws:PrincipalType": "FederatedUser"})),
    ("a root user", shared("*", StringEquals={"aws:PrincipalType": "Account"})),
    ("a role of a named account", shared({"AWS": OTHER}, ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/admin*"})),
    ("a user of a named account", shared({"AWS": OTHER}, StringEquals={"aws:PrincipalType": "User"})),
]  # fmt: skip


@pytest.mark.parametrize(("name", "policy"), KINDS, ids=[row[0] for row in KINDS])
def test_every_kind_of_caller_is_asked_for(name: str, policy: Policy) -> None:
    assert isinstance(prove.implies(policy, NOTHING), prove.Refuted), name


def test_no_witness_has_a_key_that_its_caller_lacks() -> None:
    no_service = shared("*", Bool={"aws:PrincipalIsAWSService": "false"})
    answer = prove.public(no_service)
    assert isinstance(answer, prove.Refuted)
    assert answer.witness.request.principal.account
    anonymous = {"aws:PrincipalIsAWSService": "true"}
    assert isinstance(prove.public(shared("*", Null=anonymous)), prove.Refuted)


def test_a_federated_user_is_asked_for_beside_roles_and_users() -> None:
    federated = doc(allow(StringEquals={"aws:PrincipalType": "FederatedUser"}))
    assert isinstance(prove.always_denies(federated), prove.Refuted)


def test_who_is_named_by_other_layers_is_asked_for() -> None:
    role = f"arn:aws:iam::{strange.OWN}:role/r"
    endpoint = doc({**allow("*"), "Principal": {"AWS": role}})
    passing = Policies(identity=(doc(allow("*")),), endpoint=(endpoint,))
    assert isinstance(prove.always_denies(passing), prove.Refuted)


WILD = [
    {"StringLike": {"aws:PrincipalArn": "*"}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}},
    {"StringLike": {"aws:PrincipalOrgID": "o-*"}},
    {"StringLike": {"aws:SourceArn": "*"}},
    {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}},
    {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:topic"}},
    {"Null": {"aws:SourceAccount": "false"}},
]
FIXED = [
    {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/*"}},
    {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
    {"ArnLike": {"aws:SourceArn": f"arn:aws:sns:*:{OTHER}:*"}},
    {"StringEquals": {"aws:SourceAccount": OTHER}},
    {"StringLike": {"aws:userid": "AROAOFMINE:*"}},
]


@pytest.mark.parametrize("condition", WILD, ids=str)
def test_wildcards_name_nobody(condition: dict[str, Any]) -> None:
    assert isinstance(prove.public(shared("*", **condition)), prove.Refuted)


@pytest.mark.parametrize("condition", FIXED, ids=str)
def test_fixed_values_name_somebody(condition: dict[str, Any]) -> None:
    assert isinstance(prove.public(shared("*", **condition)), prove.Proved)


def test_resources_of_a_set_belong_to_its_caller_when_grants_are_asked_for() -> None:
    session = f"arn:aws:sts::{strange.OWN}:assumed-role/app/alice"
    named = Policies(identity=(), boundary=(doc(allow("ec2:*")),), resource=shared({"AWS": session}))
    answer = prove.grants(named, ["s3:GetObject"])
    assert isinstance(answer, prove.Refuted)
    assert answer.witness.request.principal.name == session


def test_what_the_root_user_may_do_is_no_grant() -> None:
    role = f"arn:aws:iam::{strange.OWN}:role/app"
    limited = Policies(identity=(), boundary=(doc(allow("ec2:*")),), resource=shared({"AWS": role}))
    assert isinstance(prove.grants(limited, ["s3:GetObject"]), prove.Proved)
    assert isinstance(prove.always_denies(limited), prove.Proved)


def test_control_policies_of_resources_never_reach_the_retirement_of_grants() -> None:
    passing = {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}
    nothing = {**passing, "Effect": "Deny", "Action": "kms:*"}
    held = Policies(identity=(doc(allow("*")),), resource_control=((doc(passing, nothing),),))
    assert isinstance(prove.grants(held, ["kms:Decrypt"]), prove.Proved)
    assert isinstance(prove.grants(held, ["kms:RetireGrant"]), prove.Refuted)
