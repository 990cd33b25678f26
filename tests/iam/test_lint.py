"""Lint: for every remark a policy that earns it and one that does not."""
# ruff: noqa: E501 - a row of a table reads best on one line

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from lamward.iam import documents, lint
from lamward.iam.lint import Kind
from lamward.model.value import Case, Reference, ReferenceKind, Symbolic

FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:f"


def named(document: dict[str, Any], kind: Kind = Kind.INLINE) -> list[str]:
    return [each.name for each in lint.lint(documents.policy(document), kind)]


def doc(*statements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements), **more}


def allow(action: Any = "s3:GetObject", resource: Any = "arn:aws:s3:::b/*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def cond(operator: str, key: str, values: Any, action: str = "s3:GetObject") -> dict[str, Any]:
    return doc(allow(action, "*", Condition={operator: {key: values}}))


TABLE = [
    ("unknown-action", doc(allow("s3:GetObjekt", "*")), doc(allow("s3:GetObject", "*"))),
    ("unknown-action", doc(allow("s4:*", "*")), doc(allow("s3:*", "*"))),
    ("malformed-action", doc(allow(" s3:GetObject", "*")), doc(allow("S3:getobject", "*"))),
    ("malformed-action", doc(allow("s3:GetObject,s3:PutObject", "*")), doc(allow(["s3:GetObject", "s3:PutObject"], "*"))),
    ("resource-never-matches", doc(allow("s3:GetObject", "arn:aws:s3:::b")), doc(allow("s3:GetObject", "arn:aws:s3:::b/k"))),
    ("action-never-matches", doc(allow(["s3:GetObject", "s3:ListBucket"], "arn:aws:s3:::b")), doc(allow(["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]))),
    ("action-never-matches", doc(allow(["lambda:ListFunctions", "lambda:GetFunction"], FUNCTION)), doc(allow("lambda:ListFunctions", "*"))),
    ("resource-never-matches", doc(allow("s3:ListBucket", "arn:aws:s3:::b/*")), doc(allow("s3:ListBucket", "arn:aws:s3:::b*"))),
    ("resource-never-matches", doc(allow("s3:ListBucket", "arn:aws:s3:::*/*")), doc(allow("s3:ListBucket", "arn:aws:s3:::*"))),
    ("resource-never-matches", doc(allow("s3:ListBucket", ["arn:aws:s3:::b", "arn:aws:s3:::b/*"])), doc(allow(["s3:ListBucket", "s3:GetObject"], ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]))),
    ("resource-never-matches", doc(allow("s3:ListBucket", "arn:aws:s3:us-east-1:111122223333:accesspoint/a/object/*")), doc(allow("s3:ListBucket", "arn:aws:s3:us-east-1:111122223333:accesspoint/a"))),
    ("resource-never-matches", doc(allow("sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q/*")), doc(allow("sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q*"))),
    ("resource-never-matches", doc(allow("sns:Publish", "arn:aws:sns:us-east-1:111122223333:t/*")), doc(allow("sns:Publish", "arn:aws:sns:*"))),
    ("resource-never-matches", doc(allow("lambda:InvokeFunction", f"{FUNCTION}/*")), doc(allow("lambda:InvokeFunction", f"{FUNCTION}:*"))),
    ("resource-never-matches", doc(allow("s3:ListBucket", "arn:aws:s3:::${aws:username}/*")), doc(allow("s3:ListBucket", "arn:aws:s3:::${aws:username}"))),
    ("resource-never-matches", doc(allow("s3:ListBucket", "arn:aws:s3:::b/*")), doc(allow("logs:PutLogEvents", "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/f:*"))),
    ("action-never-matches", doc(allow(["s3:GetObject", "s3:ListBucket"], "arn:aws:s3:::b/*")), doc(allow(["s3:GetObject", "s3:ListBucket"], "arn:aws:s3:::b*"))),
    ("action-never-matches", doc(allow("s3:ListAllMyBuckets", "arn:aws:s3:::b")), doc(allow("s3:ListAllMyBuckets", "arn:aws:s3:::*"))),
    ("action-never-matches", doc(allow("ec2:DescribeInstances", "arn:aws:ec2:*:*:instance/*")), doc(allow("iam:ListRoles", "arn:aws:iam::*:role/*"))),
    ("action-never-matches", doc(allow(["s3:GetObject", "s3:ListBucket"], "arn:aws:s3:::b/*")), doc(allow(["s3:GetObject", "s3:List*"], "arn:aws:s3:::b/*"))),
    ("old-version", {"Statement": allow()}, doc(allow())),
    ("variable-in-old-version", {"Version": "2008-10-17", "Statement": allow(resource="arn:aws:s3:::b/${aws:username}")}, doc(allow(resource="arn:aws:s3:::b/${aws:username}"))),
    ("variable-without-meaning", cond("NumericEquals", "s3:max-keys", "${aws:PrincipalTag/n}", "s3:ListBucket"), cond("StringEquals", "s3:prefix", "${aws:PrincipalTag/n}", "s3:ListBucket")),
    ("unknown-operator", cond("StringMatches", "aws:SourceVpc", "v"), cond("StringLike", "aws:SourceVpc", "v")),
    ("operator-does-not-fit", cond("StringEquals", "aws:SourceIp", "10.0.0.0/8"), cond("IpAddress", "aws:SourceIp", "10.0.0.0/8")),
    ("operator-does-not-fit", cond("StringEquals", "s3:max-keys", "1", "s3:ListBucket"), cond("NumericEquals", "s3:max-keys", "1", "s3:ListBucket")),
    ("operator-does-not-fit", cond("ArnLike", "kms:EncryptionContext:aws:s3:arn", "bucket", "kms:Decrypt"), cond("ArnLike", "kms:EncryptionContext:aws:s3:arn", "arn:aws:s3:::bucket", "kms:Decrypt")),
    ("unknown-key", cond("StringEquals", "s3:prefixes", "v"), cond("StringEquals", "s3:prefix", "v", "s3:ListBucket")),
    ("plain-operator-on-several-values", cond("StringEquals", "aws:TagKeys", "v"), cond("ForAnyValue:StringEquals", "aws:TagKeys", "v")),
    ("quantifier-on-one-value", cond("ForAnyValue:StringEquals", "aws:SourceVpc", "v"), cond("StringEquals", "aws:SourceVpc", "v")),
    ("all-values-of-nothing", cond("ForAllValues:StringEquals", "aws:TagKeys", "v"), doc(allow(Condition={"ForAllValues:StringEquals": {"aws:TagKeys": "v"}, "Null": {"aws:TagKeys": "false"}}))),
    ("malformed-value", cond("IpAddress", "aws:SourceIp", "here"), cond("IpAddress", "aws:SourceIp", "::1")),
    ("malformed-value", cond("Bool", "aws:SecureTransport", "yes"), cond("Bool", "aws:SecureTransport", "True")),
    ("literal-wildcard", cond("StringEquals", "aws:SourceVpc", "v*"), cond("StringLike", "aws:SourceVpc", "v*")),
    ("no-values", cond("StringEquals", "aws:SourceVpc", []), cond("StringEquals", "aws:SourceVpc", ["v"])),
    ("principal-in-identity-policy", doc(allow(Principal="*")), doc(allow())),
    ("missing-resource", doc({"Effect": "Allow", "Action": "s3:GetObject"}), doc(allow())),
    ("statement-redundant", doc(allow("s3:GetObject"), allow("s3:Get*")), doc(allow("s3:GetObject"), allow("s3:Put*"))),
    ("statement-redundant", doc(allow(), allow(Condition={"Bool": {"aws:SecureTransport": "true"}})), doc(allow(Condition={"Bool": {"aws:SecureTransport": "true"}}), allow("s3:PutObject"))),
    ("statement-denied", doc(allow(), {**allow("s3:*", "*"), "Effect": "Deny"}), doc(allow(), {**allow("s3:*", "arn:aws:s3:::c/*"), "Effect": "Deny"})),
    ("statement-never-matches", doc(allow("s3:GetObject", "arn:aws:s3:::b")), doc(allow())),
    ("unreadable", doc(allow(Conditions={})), doc(allow())),
    ("repeated-sid", doc(allow(Sid="a"), allow("s3:PutObject", Sid="a")), doc(allow(Sid="a"), allow("s3:PutObject", Sid="b"))),
    ("too-large", doc(allow(resource=[f"arn:aws:s3:::bucket/{number}/*" for number in range(600)])), doc(allow())),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "bad", "good"), TABLE, ids=[f"{row[0]} {number}" for number, row in enumerate(TABLE)]
)
def test_remark(name: str, bad: dict[str, Any], good: dict[str, Any]) -> None:
    assert name in named(bad)
    assert name not in named(good)


RESOURCE_TABLE = [
    ("wildcard-in-principal", {"AWS": "arn:aws:iam::111122223333:role/*"}, {"AWS": "*"}),
    ("wildcard-in-principal", {"Service": "*.amazonaws.com"}, {"Service": "s3.amazonaws.com"}),
    ("unreadable", {"Aws": "*"}, {"AWS": "*"}),
]


@pytest.mark.parametrize(("name", "bad", "good"), RESOURCE_TABLE)
def test_remark_on_principals(name: str, bad: Any, good: Any) -> None:
    assert name in named(doc(allow(Principal=bad)), Kind.RESOURCE)
    assert name not in named(doc(allow(Principal=good)), Kind.RESOURCE)


ARN_OF_SOMETHING = Reference(ReferenceKind.RESOURCE, "Something", "Arn")
PARAMETER = Reference(ReferenceKind.PARAMETER, "Where")


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (("arn:", Reference(ReferenceKind.PSEUDO, "AWS::Partition"), ":s3:::b/*"), True),
        (("arn:aws:s3:::", PARAMETER), False),
        (("arn:aws:s3:::", PARAMETER, "/*"), True),
        # What may be an access point's ARN has a slash.
        ((PARAMETER, "/*"), False),
        ((ARN_OF_SOMETHING, "/*"), False),
        (("arn:aws:s3:::", PARAMETER, "*"), False),
    ],
)
def test_a_bucket_holds_no_slash_wherever_the_deployment_puts_it(
    parts: tuple[str | Reference, ...], told: bool
) -> None:
    policy = documents.policy(doc(allow("s3:ListBucket", "here")))
    (statement,) = policy.statements
    located = replace(statement, resources=(Case(Symbolic(parts)),))
    remarks = lint.lint(replace(policy, statements=(located,)), proofs=False)
    assert ("resource-never-matches" in [each.name for each in remarks]) is told


def test_missing_principal_and_not_principal() -> None:
    assert "missing-principal" in named(doc(allow()), Kind.RESOURCE)
    assert "not-principal-with-allow" in named(doc(allow(NotPrincipal={"AWS": "*"})), Kind.RESOURCE)
    assert "not-principal" in named(
        doc({**allow(NotPrincipal={"AWS": "111122223333"}), "Effect": "Deny"}), Kind.RESOURCE
    )


def test_suggestions() -> None:
    (remark,) = [
        each
        for each in lint.lint(documents.policy(doc(allow("s3:GetObjekt", "*"))))
        if each.name == "unknown-action"
    ]
    assert "`s3:GetObject`" in remark.hint


def test_a_sound_policy_earns_no_remark() -> None:
    assert named(doc(allow(["s3:GetObject", "s3:PutObject"]), allow("s3:ListBucket", "arn:aws:s3:::b"))) == []


@pytest.mark.parametrize(
    "name", ["AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole", "AWSXRayDaemonWriteAccess"]
)
def test_policies_of_aws_are_sound(name: str) -> None:
    policy = documents.managed_policy(name)
    assert policy is not None
    assert lint.lint(policy, Kind.MANAGED) == ()


ASSUMED = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
DENIED = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
PURPOSES = [
    ("resource-in-trust-policy", {**ASSUMED, "Resource": "*"}, ASSUMED, Kind.TRUST),
    ("foreign-action-in-trust-policy", {**ASSUMED, "Action": ["sts:AssumeRole", "lambda:*"]}, {**ASSUMED, "Action": "STS:Assume*"}, Kind.TRUST),
    ("allow-in-resource-control-policy", {**DENIED, "Effect": "Allow"}, DENIED, Kind.RESOURCE_CONTROL),
]  # fmt: skip


@pytest.mark.parametrize(("name", "bad", "good", "kind"), PURPOSES, ids=[row[0] for row in PURPOSES])
def test_what_a_document_is_for_decides_what_it_may_have(
    name: str, bad: dict[str, Any], good: dict[str, Any], kind: Kind
) -> None:
    assert name in named(doc(bad), kind)
    assert named(doc(good), kind) == []
