"""Where the code of functions is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lamward.facts.needs.units import unit_of
from tests.facts.needs.application import lines, loaded, needs

PUT = """
import boto3
def handler(event, context):
    boto3.client("sns").publish(TopicArn="arn:aws:sns:eu-west-1:111122223333:news", Message="")
"""


def synthesised(**metadata: str) -> str:
    """Write a template as the AWS CDK writes it, with one function."""
    function = {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": {"S3Bucket": {"Fn::Sub": "assets-${AWS::AccountId}"}, "S3Key": "0f3c.zip"},
            "Handler": "app.handler",
            "Runtime": "python3.13",
        },
        "Metadata": metadata,
    }
    return json.dumps({"Resources": {"Worker": function}})


def test_the_asset_of_a_synthesised_template(tmp_path: Path) -> None:
    asset = tmp_path / "asset.0f3c"
    asset.mkdir()
    (asset / "app.py").write_text(PUT, encoding="utf-8")
    template = synthesised(**{"aws:asset:path": "asset.0f3c", "aws:asset:property": "Code"})
    assert lines(needs(tmp_path, template).accesses) == [
        "sns:Publish arn:aws:sns:eu-west-1:111122223333:news"
    ]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("asset.0f3c.zip", "there is no folder `asset.0f3c.zip` beside the template"),
        ("../../elsewhere", "its code is outside of the project: `../../elsewhere`"),
    ],
)
def test_an_asset_that_is_not_there(tmp_path: Path, path: str, why: str) -> None:
    assert unit_of(*loaded(tmp_path, synthesised(**{"aws:asset:path": path}))).missing == why


BUNDLED = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties: {Handler: %s, Runtime: nodejs22.x, CodeUri: src/}
    Metadata: {BuildMethod: %s, BuildProperties: {EntryPoints: [%s]}}
"""


@pytest.mark.parametrize(
    ("handler", "method", "points", "expected"),
    [
        ("get.main", "esbuild", "handlers/get.ts", "handlers/get.main"),
        ("get.main", "esbuild", "handlers/get.ts, handlers/put.ts", "handlers/get.main"),
        ("put/app.main", "esbuild", "handlers/get/app.ts, handlers/put/app.ts", "handlers/put/app.main"),
        ("get.main", "esbuild", "get.ts, lib/put.ts", "get.main"),
        ("lib/put.main", "esbuild", "get.ts, lib/put.ts", "lib/put.main"),
        ("other.main", "esbuild", "handlers/get.ts", "other.main"),
        ("get.main", "makefile", "handlers/get.ts", "get.main"),
        ("get.main", "esbuild", "., /etc/get.ts", "get.main"),
    ],
)
def test_the_source_of_a_bundled_module(
    tmp_path: Path, handler: str, method: str, points: str, expected: str
) -> None:
    assert unit_of(*loaded(tmp_path, BUNDLED % (handler, method, points))).handler == expected
