"""The table of actions agrees with the catalogue it adds to."""

from __future__ import annotations

import datetime

import pytest

from lamward.facts import actions
from lamward.iam import catalogue, managed

LISTED = ("elevating", "content", "metered", "ordinary")


@pytest.mark.parametrize("pattern", [each for name in LISTED for each in getattr(actions._file(), name)])
def test_every_pattern_names_an_action(pattern: str) -> None:
    assert catalogue.matching(pattern)


@pytest.mark.parametrize(
    "service",
    [
        each
        for name in ("telemetry", "stateless", "sovereign")
        for each in sorted(getattr(actions._file(), name))
    ],
)
def test_every_service_is_in_the_catalogue(service: str) -> None:
    assert catalogue.service(service)


def test_every_platform_policy_has_a_document() -> None:
    assert all(managed.document(name) for name in actions._file().platform)


def test_the_table_is_dated() -> None:
    assert actions.as_of() >= datetime.date(2026, 11, 1)


@pytest.mark.parametrize(
    ("pattern", "some"),
    [
        ("logs:PutLogEvents", False),
        ("ec2:CreateNetworkInterface", False),
        ("xray:PutTraceSegments", False),
        ("cloudwatch:PutMetricData", False),
        ("ec2:DescribeInstances", False),
        ("s3:ListBucket", False),
        ("translate:TranslateText", False),
        ("s3:GetObject", True),
        ("s3:Get*", True),
        ("sqs:sendmessage", True),
        ("nothing:AtAll", False),
    ],
)
def test_restrictable_actions_are_those_worth_restricting(pattern: str, some: bool) -> None:
    assert bool(actions.restrictable(pattern)) is some


def test_reading_a_policy_elevates_nobody() -> None:
    assert actions.elevates("s3:PutBucketPolicy")
    assert actions.elevates("IAM:passrole")
    assert not actions.elevates("s3:GetBucketPolicy")
