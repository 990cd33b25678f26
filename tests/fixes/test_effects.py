"""Only what a fix names may change: two readings of an application are compared."""

from __future__ import annotations

import pytest

from lamward.fixes.effects import unexpected
from tests.fixes.edits import lines, put
from tests.loading import application

BEFORE = lines("""
    Transform: AWS::Serverless-2016-10-31
    Parameters: {Size: {Type: Number, Default: 128}}
    Resources:
      One: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 1}}
      Two: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 1}}
      Api: {Type: AWS::Serverless::Api, Properties: {StageName: live}}
      F:
        Type: AWS::Serverless::Function
        Properties:
          Handler: a.b
          Runtime: python3.13
          CodeUri: src
          MemorySize: !Ref Size
          Events: {Get: {Type: Api, Properties: {Path: /a, Method: get, RestApiId: !Ref Api}}}
    """)


@pytest.mark.parametrize(
    ("before", "after", "path", "other"),
    [
        ("{DelaySeconds: 1}}\n  Two", "{DelaySeconds: 2}}\n  Two", "Resources/One/X", ""),
        ("{DelaySeconds: 1}}\n  Two", "{DelaySeconds: 2}}\n  Two", "Resources/Two/X", "One"),
        ("  Two: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 1}}\n", "", "Resources/Two", ""),
        ("  Two: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 1}}\n", "", "Resources/One", "Two"),
        ("Default: 128", "Default: 256", "Parameters/Size/Default", ""),
        ("Default: 128", "Default: 128, NoEcho: true", "Parameters/Size/NoEcho", ""),
        ("Default: 128", "Default: 128, NoEcho: true", "Resources/One/X", "Size"),
        ("Path: /a", "Path: /b", "Resources/F/Properties/Events/Get/Properties/Path", ""),
        ("Handler: a.b", "Handler: a.c", "Resources/F/Properties/Handler", ""),
        (
            "    Type: AWS::Serverless::Function",
            "    Type: AWS::Serverless::Function # a note",
            "Resources/One/X",
            "",
        ),
    ],
)
def test_what_changes_without_being_named(before: str, after: str, path: str, other: str) -> None:
    assert BEFORE.count(before) == 1
    changed = application(BEFORE.replace(before, after))
    assert unexpected([application(BEFORE)], [changed], [put(path, 1)]) == other
