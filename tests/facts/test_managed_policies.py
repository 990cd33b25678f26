"""AWS's own policies are judged by what they say."""

from __future__ import annotations

import pytest

from lamward.facts.managed_policies import Extent, judge, retired
from lamward.iam import managed

ORDINARY = [
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaVPCAccessExecutionRole",
    "AWSLambdaSQSQueueExecutionRole",
    "AWSLambdaDynamoDBExecutionRole",
    "AWSLambdaKinesisExecutionRole",
    "AWSLambdaMSKExecutionRole",
    "AWSXRayDaemonWriteAccess",
    "AWSXrayWriteOnlyAccess",
    "CloudWatchLambdaInsightsExecutionRolePolicy",
    "AmazonEC2ReadOnlyAccess",
]


@pytest.mark.parametrize("name", ORDINARY)
def test_what_execution_roles_have_is_ordinary(name: str) -> None:
    judged = judge(name)
    assert judged is not None
    assert judged.extent is Extent.ORDINARY


@pytest.mark.parametrize(
    ("name", "extent", "pattern"),
    [
        ("AdministratorAccess", Extent.EVERYTHING, "*"),
        ("IAMFullAccess", Extent.SOVEREIGN, "iam:*"),
        ("PowerUserAccess", Extent.COMPLEMENT, "NotAction"),
        ("AmazonS3FullAccess", Extent.SERVICES, "s3:*"),
        ("CloudWatchLogsFullAccess", Extent.WRITES, "logs:*"),
        ("AWSLambdaExecute", Extent.WRITES, "s3:PutObject"),
        ("AmazonS3ReadOnlyAccess", Extent.READS, "s3:Get*"),
    ],
)
def test_extents(name: str, extent: Extent, pattern: str) -> None:
    judged = judge(name)
    assert judged is not None
    assert judged.extent is extent
    assert pattern in judged.patterns


def test_every_policy_can_be_judged() -> None:
    assert all(judge(name) is not None for name in managed.names())


def test_only_withdrawn_policies_are_retired() -> None:
    assert retired("AWSLambdaFullAccess")
    assert not retired("AmazonS3FullAccess")
    assert not retired("NoSuchPolicy")
    assert judge("NoSuchPolicy") is None
