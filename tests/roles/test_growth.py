"""The cost of least policies grows like the application: no role is held against all others, and no access either."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from lamward.facts import Facts
from lamward.facts.needs.least import Least, least
from lamward.sources.project import LoadOptions, load
from tests.counting import bend

TOLERANCE = 1.03
"""Beyond 1 is what caches save, and names with one more digit."""

HEAD = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.13
    Handler: app.handler
    Environment: {Variables: {BUCKET: !Ref Bucket, TABLE: !Ref Table}}
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Table: {Type: AWS::DynamoDB::Table}
"""
FUNCTION = "  F{number}: {{Type: AWS::Serverless::Function, Properties: {{CodeUri: f{number}/{more}}}}}\n"
CODE = """\
import os, boto3
s3 = boto3.client("s3")
BUCKET = os.environ["BUCKET"]
def handler(event, context):
    boto3.resource("dynamodb").Table(os.environ["TABLE"]).put_item(Item={})
"""
PUT = '    s3.put_object(Bucket=BUCKET, Key={key}, Body=b"")\n'
KEYS = {
    "names": '"reports/{number:03}.json"',
    "starts": "f\"reports/{number:03}/{{event['id']}}.json\"",
    "ends": "f\"{{event['id']}}/{number:03}.json\"",
}


def prepared(folder: Path, functions: list[str], *, more: str = "") -> Callable[[], object]:
    """Write an application and read it; what is left to do is to derive its policies."""
    folder.mkdir()
    template = HEAD
    for number, code in enumerate(functions):
        (folder / f"f{number}").mkdir()
        (folder / f"f{number}" / "app.py").write_text(code, encoding="utf-8")
        template += FUNCTION.format(number=number, more=more)
    (folder / "template.yaml").write_text(template, encoding="utf-8")
    (application,) = load([folder / "template.yaml"], LoadOptions()).applications

    def derive() -> list[Least]:
        facts = Facts(application, today=datetime.date(2026, 11, 21))
        found = [least(facts, each) for each in application.functions]
        assert all(
            each.needs.whole and [proof.holds for proof in each.proofs[:2]] == [True, True] for each in found
        )
        return found

    derive()  # what is kept for the next application is no part of the cost of this one
    return derive


@pytest.mark.parametrize("more", ["", ", Policies: [AmazonS3FullAccess]"])
def test_of_many_functions(more: str, tmp_path: Path) -> None:
    def work(size: int) -> Callable[[], object]:
        codes = [CODE + PUT.format(key=KEYS["starts"].format(number=number)) for number in range(size)]
        return prepared(tmp_path / str(size), codes, more=more)

    assert bend(work, 8) <= TOLERANCE


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("granted", [False, True])
def test_of_many_calls(kind: str, granted: bool, tmp_path: Path) -> None:
    more = ", Policies: [AmazonS3FullAccess, AmazonDynamoDBFullAccess]" if granted else ""

    def work(size: int) -> Callable[[], object]:
        puts = (PUT.format(key=KEYS[kind].format(number=number)) for number in range(size))
        return prepared(tmp_path / str(size), [CODE + "".join(puts)], more=more)

    assert bend(work, 40) <= TOLERANCE
