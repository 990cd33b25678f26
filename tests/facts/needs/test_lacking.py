"""What a function needs and may not, and whether its boundary alone is in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from lamward.facts.needs.lacking import lacking
from tests.facts.needs.application import loaded

TEMPLATE = """\
    PermissionsBoundary: !Ref Boundary
    Policies:
      - Statement:
          - {Effect: Allow, Action: "ALLOWED", Resource: "*"}
Boundary:
  Type: AWS::IAM::ManagedPolicy
  Properties:
    PolicyDocument:
      Statement: {Effect: Allow, Action: ["logs:*", "BOUND"], Resource: "*"}
"""
CODE = """\
    import boto3

    def handler(event, context):
        boto3.client("sns").list_topics()
    """


@pytest.mark.parametrize(
    ("allowed", "bound", "bounded"),
    [
        ("sns:ListTopics", "sns:List*", None),
        ("sns:ListTopics", "sqs:*", True),
        ("sqs:ListQueues", "sns:*", False),
        ("sqs:ListQueues", "sqs:*", False),
    ],
)
def test_a_boundary_is_named_where_it_alone_is_in_the_way(
    allowed: str, bound: str, bounded: bool | None, tmp_path: Path
) -> None:
    template = TEMPLATE.replace("ALLOWED", allowed).replace("BOUND", bound)
    found = [(lack.actions, lack.bounded) for lack in lacking(*loaded(tmp_path, template, CODE))]
    assert found == ([] if bounded is None else [(("sns:ListTopics",), bounded)])
