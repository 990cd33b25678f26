"""The packed facts of the SDK say what the SDK itself says."""

from __future__ import annotations

import datetime

import pytest

from lamward.code.sdk import operations, resources
from lamward.code.sdk.names import snake_case


@pytest.mark.parametrize(
    ("operation", "method"),
    [
        ("GetItem", "get_item"),
        ("ListObjectsV2", "list_objects_v2"),
        ("DescribeDBInstances", "describe_db_instances"),
        ("CreateTable", "create_table"),
        ("UploadPart", "upload_part"),
    ],
)
def test_methods_are_operations_in_snake_case(operation: str, method: str) -> None:
    assert snake_case(operation) == method


@pytest.mark.parametrize(
    "name", ["s3", "iot", "rds", "ec2", "cloudfront", "storagegateway", "lambda", "neptunedata"]
)
def test_methods_are_those_of_the_client(name: str) -> None:
    session = pytest.importorskip("boto3.session")
    client = session.Session(
        region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    ).client(name)
    known = operations.service(name)
    assert known is not None
    assert set(known.methods) >= set(client.meta.method_to_api_mapping)
    assert {method: known.methods[method] for method in client.meta.method_to_api_mapping} == dict(
        client.meta.method_to_api_mapping
    )


def test_waiters_are_those_of_the_client() -> None:
    session = pytest.importorskip("boto3.session")
    client = session.Session(
        region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    ).client("ec2")
    known = operations.service("ec2")
    assert known is not None
    assert sorted(known.waiters) == sorted(client.waiter_names)


def test_every_service_reads_and_has_operations() -> None:
    assert {"s3", "dynamodb", "lambda", "stepfunctions", "bedrock-runtime"} <= operations.services()
    for name in operations.services():
        known = operations.service(name)
        assert known is not None
        assert known.operations
        assert set(known.waiters.values()) <= set(known.operations)
        assert set(known.odd_methods.values()) <= set(known.operations)
    assert operations.as_of() > datetime.date(2026, 1, 1)


def test_resources_do_what_the_service_offers() -> None:
    assert resources.services() == {
        *("cloudformation", "cloudwatch", "dynamodb", "ec2", "glacier", "iam", "s3", "sns", "sqs")
    }
    for name in resources.services():
        known = operations.service(name)
        root = resources.resource_type(name, resources.ROOT)
        assert known is not None
        assert root is not None
        for kind in {made.type for made in root.children.values()} | {""}:
            described = resources.resource_type(name, kind)
            assert described is not None
            actions = (
                *described.actions.values(),
                *described.collections.values(),
                *described.batch.values(),
            )
            assert {action.operation for action in (*actions, *described.waiters.values())} <= set(
                known.operations
            )


def test_methods_of_resources_are_those_of_boto3() -> None:
    session = pytest.importorskip("boto3.session")
    made = session.Session(
        region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    ).resource("s3")
    bucket, described = made.Bucket("b"), resources.resource_type("s3", "Bucket")
    assert described is not None
    for name in (*described.actions, *described.children, *described.collections, *described.waiters):
        assert hasattr(bucket, name), name
    assert {action.name for action in bucket.meta.resource_model.actions} == set(described.actions)


def test_operations_are_found_by_their_methods() -> None:
    assert operations.offering("get_secret_value") == (("secretsmanager", "GetSecretValue"),)
    assert operations.offering("no_such_thing") == ()
    assert ("iam", "ListUsers") in operations.offering("list_users")
