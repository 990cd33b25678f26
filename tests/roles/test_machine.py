"""What programs are told of roles."""

from __future__ import annotations

import json
from pathlib import Path

from lamward.facts.needs.least import least
from lamward.roles.machine import machine
from tests.roles.application import facts_of, write

TEMPLATE = """\
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Orders:
        Type: AWS::Serverless::Function
        Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/}
    """
CODE = """\
import boto3

s3 = boto3.client("s3")

def handler(event, context):
    s3.list_buckets()

def left_over():
    s3.delete_bucket(Bucket="old")
"""


def test_calls_that_the_handler_does_not_reach_are_told_and_not_granted(tmp_path: Path) -> None:
    facts, _ = facts_of(write(tmp_path, TEMPLATE, app=CODE))
    told = json.loads(machine([least(facts, facts.application.functions[0])]))
    (function,) = told["functions"]
    assert [each["call"] for each in function["unreached"]] == ["s3.DeleteBucket"]
    assert "s3:DeleteBucket" not in {each["action"] for each in function["needs"]}
