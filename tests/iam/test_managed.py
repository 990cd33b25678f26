"""Every managed policy has a name, an ARN and a document that reads."""

from __future__ import annotations

import datetime
import json

import pytest

from lamward.iam import managed

BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_every_policy_has_a_document_by_name_and_by_arn(partition: str) -> None:
    for name in managed.names():
        arn = managed.arn_of(name, partition)
        assert arn is not None
        text = managed.document(arn)
        assert text is not None
        written = json.loads(text)["Statement"]
        statements = [written] if isinstance(written, dict) else written
        assert statements
        assert all(each["Effect"] in ("Allow", "Deny") for each in statements)


def test_the_name_and_the_arn_give_the_same_document() -> None:
    for name in managed.names():
        assert managed.document(managed.arn_of(name) or "") == managed.document(name)


@pytest.mark.parametrize(
    ("name", "arn"),
    [
        ("AWSLambdaBasicExecutionRole", BASIC),
        ("AdministratorAccess", "arn:aws:iam::aws:policy/AdministratorAccess"),
        ("ViewOnlyAccess", "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"),
        ("AWSLambdaReplicator", "arn:aws:iam::aws:policy/aws-service-role/AWSLambdaReplicator"),
        ("NoSuchPolicy", None),
        ("awslambdabasicexecutionrole", None),
        ("", None),
    ],
)
def test_arns(name: str, arn: str | None) -> None:
    assert managed.arn_of(name) == arn


def test_a_document_is_what_aws_wrote() -> None:
    text = managed.document("AdministratorAccess")
    assert text is not None
    assert json.loads(text)["Statement"] == [{"Action": "*", "Effect": "Allow", "Resource": "*"}]


@pytest.mark.parametrize(
    "arn_or_name",
    [
        "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole",
        "arn:aws:iam::aws:policy/service-role/AdministratorAccess",
        "arn:aws:iam::123456789012:policy/AdministratorAccess",
        "arn:aws:iam::aws:role/AdministratorAccess",
        "arn:aws:iam::aws:policy/",
        "service-role/AWSLambdaBasicExecutionRole",
        "NoSuchPolicy",
        "",
    ],
)
def test_what_is_no_managed_policy_has_no_document(arn_or_name: str) -> None:
    assert managed.document(arn_or_name) is None


def test_in_another_partition_the_arns_inside_are_of_that_partition() -> None:
    name = "AWSLambdaExecute"
    written = managed.document(name)
    there = managed.document(managed.arn_of(name, "aws-cn") or "")
    assert written is not None
    assert there is not None
    assert b"arn:aws:s3" in written
    assert b"arn:aws-cn:s3" in there
    assert b"arn:aws:" not in there


def test_a_name_without_a_document_still_has_its_arn() -> None:
    arn = managed.arn_of("AWSLambdaFullAccess", "aws-us-gov")
    assert arn == "arn:aws-us-gov:iam::aws:policy/AWSLambdaFullAccess"
    assert managed.document(arn) is None


def test_the_policies_are_dated() -> None:
    assert datetime.date(2026, 1, 1) < managed.as_of()
