"""Copies of what a document has: written out in full, proved, and kept apart from edits of the original."""

from __future__ import annotations

from lamward.fixes.refusal import Reason
from lamward.model.finding import Edit, EditKind
from lamward.model.location import NOWHERE
from tests.fixes.edits import edited, lines, put, refused, steps

TEXT = lines("""
    Resources:
      Role:
        Type: AWS::IAM::Role
        Properties:
          Path: !Sub /${AWS::StackName}/  # one for each stack
          Tags: [{Key: a, Value: "1"}]
      Queue:
        Type: AWS::SQS::Queue
    """)


def copied(source: str, to: str) -> Edit:
    return Edit(EditKind.COPY, NOWHERE, steps(to), steps(source), after="Role")


COPY = """\
  Other:
    Type: AWS::IAM::Role
    Properties:
      Path: !Sub /${AWS::StackName}/
      Tags:
        - Key: a
          Value: "1"
"""


def test_a_copy_says_what_the_original_says() -> None:
    after = edited(TEXT, copied("Resources/Role", "Resources/Other"))
    assert after == TEXT.replace("  Queue:", f"{COPY}  Queue:")


def test_what_is_not_written_is_not_copied() -> None:
    assert refused(TEXT, copied("Resources/Nothing", "Resources/Other")) is Reason.NOT_WRITTEN


def test_a_copy_does_not_replace() -> None:
    assert refused(TEXT, copied("Resources/Role", "Resources/Queue")) is Reason.ALREADY_THERE


def test_a_value_comes_where_nothing_was_said() -> None:
    text = "Resources:\n  A:\n    Properties:\n      Mode: !If [Prod, Active, !Ref AWS::NoValue]\n"
    after = edited(text, put("Resources/A/Properties/Mode/2", "PassThrough"))
    assert after == text.replace("!Ref AWS::NoValue", "PassThrough")
