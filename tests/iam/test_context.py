"""What follows from the caller, and what is known to be absent: in the context, and in proofs over all requests."""

from __future__ import annotations

from typing import Any

import pytest

from lamward.iam import context, documents, prove

ACCOUNT = "111122223333"
OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/x.example"
READ = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
DECRYPT = {"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}


def completed(principal: str, action: str = "s3:GetObject", **stated: str) -> dict[str, Any]:
    asked = {"principal": principal, "action": action, "resource": "arn:aws:s3:::b/k", "context": stated}
    return context.complete(documents.request(asked))


@pytest.mark.parametrize(
    ("principal", "key", "value"),
    [
        ("*", "aws:principalisawsservice", ()),
        ("*", "aws:userid", "anonymous"),
        ("s3.amazonaws.com", "aws:principalisawsservice", "true"),
        (ACCOUNT, "aws:userid", ACCOUNT),
        (f"arn:aws:iam::{ACCOUNT}:user/team/ann", "aws:username", "ann"),
        (f"arn:aws:iam::{ACCOUNT}:role/r", "aws:userid", None),
        (OIDC, "aws:federatedprovider", OIDC),
        (f"arn:aws:iam::{ACCOUNT}:saml-provider/x", "aws:federatedprovider", ()),
    ],
)
def test_what_follows_from_the_caller(principal: str, key: str, value: object) -> None:
    assert completed(principal).get(key) == value


def test_what_is_stated_wins_in_any_letter_case() -> None:
    assert completed(ACCOUNT, **{"AWS:UserId": "other"})["aws:userid"] == "other"


def test_the_account_of_a_kms_caller() -> None:
    assert completed(ACCOUNT, "KMS:Decrypt")["kms:calleraccount"] == ACCOUNT
    assert "kms:calleraccount" not in completed(ACCOUNT)
    assert "kms:calleraccount" not in completed("*", "kms:Decrypt")


@pytest.mark.parametrize(
    ("statement", "condition", "public"),
    [
        (READ, {"Bool": {"aws:PrincipalIsAWSService": "true"}}, False),
        (READ, {"Null": {"aws:PrincipalIsAWSService": "true"}}, True),
        (DECRYPT, {"StringEquals": {"kms:CallerAccount": ACCOUNT}}, False),
        (DECRYPT, {"StringNotEquals": {"kms:CallerAccount": ACCOUNT}}, True),
    ],
)
def test_proofs_know_it_too(statement: dict[str, Any], condition: dict[str, Any], public: bool) -> None:
    policy = documents.policy({"Version": "2012-10-17", "Statement": [{**statement, "Condition": condition}]})
    assert isinstance(prove.public(policy), prove.Refuted if public else prove.Proved)


def test_a_deny_by_bool_leaves_anonymous_callers_in() -> None:
    denied = {**READ, "Effect": "Deny", "Condition": {"Bool": {"aws:PrincipalIsAWSService": "false"}}}
    policy = documents.policy({"Version": "2012-10-17", "Statement": [READ, denied]})
    answer = prove.public(policy)
    assert isinstance(answer, prove.Refuted)
    assert answer.witness.request.principal.name == ""
    if_exists = {**denied, "Condition": {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}}
    closed = documents.policy({"Version": "2012-10-17", "Statement": [READ, if_exists]})
    assert isinstance(prove.public(closed), prove.Proved)
