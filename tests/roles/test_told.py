"""What is told of roles in words: the guide's example is what is said, and what is said is short and whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from lamward.facts.needs.least import Least, least
from lamward.iam.reach import Extent
from lamward.model.evidence import Call
from lamward.roles.told import because, text
from tests.roles.application import facts_of, write
from tests.roles.test_plan import FUNCTION, ROLE, TABLE

GUIDE = Path(__file__).resolve().parents[2] / "docs/guides/roles.md"

EXAMPLE = """\
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Table:
        Type: AWS::DynamoDB::Table
        Properties:
          KeySchema: [{AttributeName: pk, KeyType: HASH}]
          AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]
          BillingMode: PAY_PER_REQUEST
      Bucket:
        Type: AWS::S3::Bucket
        Properties:
          VersioningConfiguration: {Status: Enabled}
      Orders:
        Type: AWS::Serverless::Function
        Properties:
          FunctionName: orders
          Handler: app.handler
          Runtime: python3.13
          CodeUri: src/
          Policies: AmazonDynamoDBFullAccess
          Environment: {Variables: {TABLE: !Ref Table, BUCKET: !Ref Bucket}}
    """
ORDERS = """\
import os
import boto3

s3 = boto3.client("s3")
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    bucket = os.environ["BUCKET"]
    text = s3.get_object(Bucket=bucket, Key=event["key"])
    table.put_item(Item={"pk": "1", "text": text["Body"].read()})
"""


def least_of(path: Path) -> Least:
    """Derive the least policy of the first function."""
    facts, _ = facts_of(path)
    return least(facts, facts.application.functions[0])


def test_the_guide_shows_what_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path, EXAMPLE, app=ORDERS).relative_to(tmp_path)
    said = text([least_of(path)], colour=False, width=100)
    assert f"```text\n{said}```\n" in GUIDE.read_text(encoding="utf-8")


def reach(before: Extent, after: Extent, found: Least) -> str:
    """Say how far a role reaches."""
    said = text([replace(found, before=before, after=after)], colour=False, width=200)
    return next(line for line in said.splitlines() if "reach:" in line).strip()


def test_it_is_told_what_changes_of_the_reach(tmp_path: Path) -> None:
    found = least_of(write(tmp_path, TABLE + FUNCTION + ROLE))
    all_of = Extent(("read-data", "write-data", "run-code"), 2, administrator=False)
    some = Extent(("write-data", "read-data"), 0, administrator=False)
    none = Extent((), 0, administrator=False)
    admin = Extent(("read-data",), 0, administrator=True)
    assert (
        reach(all_of, all_of, found) == "reach: read-data, run-code, write-data, and 2 other roles, as today"
    )
    assert (
        reach(all_of, some, found) == "reach: read-data and write-data; no longer run-code and 2 other roles"
    )
    assert reach(some, none, found) == "reach: nothing; no longer read-data and write-data"
    assert reach(none, some, found) == "reach: read-data and write-data; new: read-data and write-data"
    assert reach(admin, some, found) == "reach: read-data and write-data; no longer everything"
    assert reach(none, none, found) == "reach: nothing, as today"


def test_places_of_a_file_stand_together_and_reasons_are_never_crowded_out(tmp_path: Path) -> None:
    calls = "".join(f"    s3.get_object(Bucket=event['b{each}'], Key='k')\n" for each in range(9))
    code = f"import boto3\ns3 = boto3.client('s3')\ndef handler(event, context):\n{calls}"
    found = least_of(write(tmp_path, TABLE + FUNCTION + ROLE, app=code))
    (allow,) = (each for each in found.statements if each.actions == ("s3:GetObject",))
    assert [each.rpartition("/")[2] for each in because(found, allow)] == [
        "app.py:4, 5, 6, 7 and 5 more",
        "not known: `Bucket`: it comes from the event",
    ]
    (access,) = (each for each in found.needs.accesses if each.action == "s3:GetObject")
    assert sum(isinstance(each, Call) for each in access.evidence) == 9
