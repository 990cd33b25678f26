"""Symbolic edits as text: each style and each kind of edit, with what stands around it untouched."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lamward.fixes.gate import Proven, proven
from lamward.fixes.text import Draft, draft
from lamward.model.finding import Edit
from lamward.sources.file import SourceFile
from lamward.sources.node import parse
from tests.fixes.edits import add, append, document, edited, lines, pretty, put, remove

BLOCK = lines("""
    # Orders
    Resources:
      Orders:  # the function
        Type: AWS::Serverless::Function
        Properties:
          Handler: app.handler   # entry
          Tags: {Team: 'shop', Über: "straße 😀"}
          Policies:
          - AWSLambdaExecute
          # our own
          - Statement:
              - Effect: Allow
                Action: 's3:*'
          InlineCode: |
            def handler():

              return 1


      # the queue
      Queue:
        Type: AWS::SQS::Queue
    # end
    """)

CHANGES: dict[str, tuple[tuple[Edit, ...], str, str]] = {
    "add a scalar after a block scalar": (
        (add("Resources/Orders/Properties/Tracing", "Active"),),
        "          return 1\n",
        "          return 1\n      Tracing: Active\n",
    ),
    "add after a sibling, behind its comment": (
        (add("Resources/Orders/Properties/Runtime", "python3.13", after="Handler"),),
        "app.handler   # entry\n",
        "app.handler   # entry\n      Runtime: python3.13\n",
    ),
    "add a block": (
        (add("Resources/Queue/Properties/Redrive", {"Max": 3, "Arn": {"Fn::GetAtt": ["Dead", "Arn"]}}),),
        "AWS::SQS::Queue\n",
        "AWS::SQS::Queue\n    Properties:\n      Redrive:\n        Max: 3\n        Arn: !GetAtt Dead.Arn\n",
    ),
    "add to a flow mapping": (
        (add("Resources/Orders/Properties/Tags/Stage", {"Ref": "Stage"}),),
        '"straße 😀"}',
        '"straße 😀", Stage: !Ref Stage}',
    ),
    "add two keys in the order they are asked for": (
        (add("Resources/Orders/Properties/A", 1), add("Resources/Orders/Properties/B", 2)),
        "          return 1\n",
        "          return 1\n      A: 1\n      B: 2\n",
    ),
    "append to a list whose dashes stand under the key": (
        (append("Resources/Orders/Properties/Policies", {"Fn::Sub": "${A}: x"}),),
        "            Action: 's3:*'\n",
        "            Action: 's3:*'\n      - !Sub '${A}: x'\n",
    ),
    "append a mapping": (
        (append("Resources/Orders/Properties/Policies/1/Statement", {"Effect": "Deny", "Action": ["a:b"]}),),
        "            Action: 's3:*'\n",
        "            Action: 's3:*'\n          - Effect: Deny\n            Action:\n            - a:b\n",
    ),
    "replace a scalar, its comment stays": (
        (put("Resources/Orders/Properties/Handler", "other: x"),),
        "Handler: app.handler   # entry",
        "Handler: 'other: x'   # entry",
    ),
    "replace in the quotes that are there": (
        (put("Resources/Orders/Properties/Policies/1/Statement/0/Action", "s3:Get"),),
        "'s3:*'",
        "'s3:Get'",
    ),
    "replace a scalar by a list, its comment stays": (
        (put("Resources/Orders/Properties/Handler", ["a", "b"]),),
        "Handler: app.handler   # entry\n",
        "Handler:   # entry\n      - a\n      - b\n",
    ),
    "replace a block scalar": (
        (put("Resources/Orders/Properties/InlineCode", "pass"),),
        "|\n        def handler():\n\n          return 1\n",
        "pass\n",
    ),
    "replace by several lines": (
        (put("Resources/Orders/Properties/Handler", "a\nb\n"),),
        "Handler: app.handler   # entry\n",
        "Handler: |   # entry\n        a\n        b\n",
    ),
    "remove a key with its block scalar": (
        (remove("Resources/Orders/Properties/InlineCode"),),
        "      InlineCode: |\n        def handler():\n\n          return 1\n",
        "",
    ),
    "remove an item, the comment above stays": (
        (remove("Resources/Orders/Properties/Policies/1"),),
        "      - Statement:\n          - Effect: Allow\n            Action: 's3:*'\n",
        "",
    ),
    "remove an item and its comment": (
        (remove("Resources/Orders/Properties/Policies/1", comments=True),),
        "      # our own\n      - Statement:\n          - Effect: Allow\n            Action: 's3:*'\n",
        "",
    ),
    "remove the first key of an item": (
        (remove("Resources/Orders/Properties/Policies/1/Statement/0/Effect"),),
        "          - Effect: Allow\n            Action",
        "          - Action",
    ),
    "remove all items": (
        (remove("Resources/Orders/Properties/Policies/0"), remove("Resources/Orders/Properties/Policies/1")),
        (
            "Policies:\n      - AWSLambdaExecute\n      # our own\n      - Statement:\n"
            "          - Effect: Allow\n            Action: 's3:*'\n"
        ),
        "Policies: []\n",
    ),
    "remove from a flow mapping": ((remove("Resources/Orders/Properties/Tags/Team"),), "Team: 'shop', ", ""),
    "remove the last of a flow mapping": (
        (remove("Resources/Orders/Properties/Tags/Über"),),
        ', Über: "straße 😀"',
        "",
    ),
    "insert a resource, apart as its siblings are": (
        (add("Resources/Logs", {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 90}}),),
        "    Type: AWS::SQS::Queue\n",
        (
            "    Type: AWS::SQS::Queue\n\n  Logs:\n    Type: AWS::Logs::LogGroup\n"
            "    Properties:\n      RetentionInDays: 90\n"
        ),
    ),
    "make a missing section": (
        (add("Outputs/Arn/Value", {"Ref": "Queue"}),),
        "    Type: AWS::SQS::Queue\n",
        "    Type: AWS::SQS::Queue\nOutputs:\n  Arn:\n    Value: !Ref Queue\n",
    ),
    "quote what would be read otherwise": (
        (
            add(
                "Resources/Queue/Version",
                ["2012-10-17", "yes", "012", "*", "a #b", "1:30", "arn:aws:s3:::b", ""],
            ),
        ),
        "    Type: AWS::SQS::Queue\n",
        (
            "    Type: AWS::SQS::Queue\n    Version:\n    - '2012-10-17'\n    - 'yes'\n    - '012'\n    - '*'\n"
            "    - 'a #b'\n    - '1:30'\n    - arn:aws:s3:::b\n    - ''\n"
        ),
    ),
}


@pytest.mark.parametrize(("edits", "before", "after"), CHANGES.values(), ids=CHANGES)
def test_block_style(edits: tuple[Edit, ...], before: str, after: str) -> None:
    assert BLOCK.count(before) == 1
    assert edited(BLOCK, *edits) == BLOCK.replace(before, after)


@pytest.mark.parametrize(("edits", "before", "after"), CHANGES.values(), ids=CHANGES)
def test_line_ends_and_byte_order_mark_stay(edits: tuple[Edit, ...], before: str, after: str) -> None:
    content = b"\xef\xbb\xbf" + BLOCK.replace("\n", "\r\n").encode()
    outcome = proven(parse(SourceFile("template.yaml", content)), edits)
    assert isinstance(outcome, Proven)
    expected = BLOCK.replace(before, after).replace("\n", "\r\n").encode()
    assert outcome.source.content == b"\xef\xbb\xbf" + expected


@pytest.mark.parametrize(("edits", "before", "after"), CHANGES.values(), ids=CHANGES)
def test_a_second_run_changes_nothing(edits: tuple[Edit, ...], before: str, after: str) -> None:
    again = draft(
        document(BLOCK.replace(before, after)), [edit for edit in edits if "Policies/1" not in str(edit)]
    )
    if not any(edit.kind == "remove" and isinstance(edit.path[-1], int) for edit in edits):
        assert isinstance(again, Draft)
        assert again.changes == ()


DATA: dict[str, Any] = {
    "Resources": {
        "F": {"Type": "AWS::Lambda::Function", "Properties": {"Handler": "a.b", "Layers": ["x"], "E": {}}}
    }
}


def _data(change: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(DATA))
    properties = made["Resources"]["F"]["Properties"]
    match change:
        case "add":
            properties["Tracing"] = {"Mode": {"Fn::Sub": "${A}"}, "L": [1, True, None]}
        case "append":
            properties["Layers"].append({"Ref": "Layer"})
        case "set":
            properties["Handler"] = "é: 😀"
        case "remove":
            del properties["Layers"]
        case "fill":
            properties["E"]["A"] = {"B": "c"}
        case "insert":
            made["Resources"]["Q"] = {"Type": "AWS::SQS::Queue"}
        case _:
            made["Outputs"] = {"O": {"Value": "v"}}
    return made


JSON_EDITS = {
    "add": add("Resources/F/Properties/Tracing", {"Mode": {"Fn::Sub": "${A}"}, "L": [1, True, None]}),
    "append": append("Resources/F/Properties/Layers", {"Ref": "Layer"}),
    "set": put("Resources/F/Properties/Handler", "é: 😀"),
    "remove": remove("Resources/F/Properties/Layers"),
    "fill": add("Resources/F/Properties/E/A", {"B": "c"}),
    "insert": add("Resources/Q", {"Type": "AWS::SQS::Queue"}),
    "section": add("Outputs/O/Value", "v"),
}


@pytest.mark.parametrize("indent", [2, 4, "\t", None])
@pytest.mark.parametrize("change", JSON_EDITS)
def test_json_is_as_if_it_had_been_written_so(change: str, indent: int | str | None) -> None:
    before = json.dumps(DATA, indent=indent)
    assert json.loads(edited(before, JSON_EDITS[change])) == _data(change)
    if change != "fill":
        assert edited(before, JSON_EDITS[change]) == json.dumps(_data(change), indent=indent)


def test_compact_json_stays_compact() -> None:
    before = json.dumps(DATA, separators=(",", ":"))
    after = json.dumps(_data("add"), separators=(",", ":"))
    assert edited(before, JSON_EDITS["add"]) == after


def test_json_keeps_its_line_ends() -> None:
    before = pretty(DATA).replace("\n", "\r\n")
    assert edited(before, JSON_EDITS["add"]) == pretty(_data("add")).replace("\n", "\r\n")


FLOW = lines("""
    A: {
      B: 1, # one
      C: [x, y,],
      D: {"e": "f"} # last
    }
    """)


@pytest.mark.parametrize(
    ("edit", "before", "after"),
    [
        (add("A/Z", {"g": 1}), '"f"} # last\n', '"f"}, # last\n  Z: {\n    g: 1\n  }\n'),
        (append("A/C", "z"), "[x, y,]", "[x, y, z,]"),
        (add("A/D/g", "h"), '{"e": "f"}', '{"e": "f", "g": "h"}'),
        (remove("A/B"), "  B: 1, # one\n", "   # one\n"),
        (put("A/B", [1, {"x": "z"}]), "B: 1,", "B: [\n    1,\n    {\n      x: z\n    }\n  ],"),
    ],
)
def test_flow_style_over_many_lines(edit: Edit, before: str, after: str) -> None:
    assert edited(FLOW, edit) == FLOW.replace(before, after)


def test_a_line_that_would_grow_too_long_becomes_a_block_and_only_that_mapping() -> None:
    before = "R:\n  F: {Type: T, Note: {a: 1}} # f\n  G: {Type: T}\n"
    statement = {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
        "Resource": "*",
    }
    assert edited(before, add("R/F/Policy", {"Version": "2012-10-17", "Statement": [statement]})) == lines("""
        R:
          F: # f
            Type: T
            Note: {a: 1}
            Policy:
              Version: "2012-10-17"
              Statement:
                - Effect: Allow
                  Action:
                    - s3:GetObject
                    - s3:PutObject
                    - s3:ListBucket
                  Resource: "*"
          G: {Type: T}
        """)


def test_edits_of_one_collection_and_of_those_around_it_meet_on_one_line() -> None:
    before = "A:\n  B:\n    C: 1\n"
    edits = (add("A/E", 3), add("A/B/D", 2), add("F", 4), put("A/B/C", "x"))
    assert edited(before, *edits) == "A:\n  B:\n    C: x\n    D: 2\n  E: 3\nF: 4\n"


@pytest.mark.parametrize(
    ("before", "edits", "after"),
    [
        ("A: 1\nB: 2", (add("C", 3),), "A: 1\nB: 2\nC: 3"),
        ("A: 1\nB: 2\nC: 3", (remove("B"), remove("C")), "A: 1"),
        ("A:\nB: 2\n", (add("A/X/Z", 1),), "A:\n  X:\n    Z: 1\nB: 2\n"),
        ("A: {} # none\nB: 2\n", (add("A/X", 1),), "A: # none\n  X: 1\nB: 2\n"),
        ("A: []\n", (append("A", {"x": 1}),), "A:\n  - x: 1\n"),
        ("A: |\n  x\n   \n  \nB: 2\n", (add("C", 1, after="A"),), "A: |\n  x\n   \n\nC: 1\n  \nB: 2\n"),
        ("A: |+\n  x\n\n\nB: 2\n", (add("C", 1, after="A"),), "A: |+\n  x\n\n\nC: 1\nB: 2\n"),
        ("A: >-\n  x\n  y\n", (add("C", 1),), "A: >-\n  x\n  y\nC: 1\n"),
        (
            "- A: 1\n  B: 2\n-\n  C: 3\n",
            (add("0/D", 4), add("1/E", 5)),
            "- A: 1\n  B: 2\n  D: 4\n-\n  C: 3\n  E: 5\n",
        ),
        ("A:\n- - x\n  - y\n", (append("A/0", "z"), remove("A/0/0")), "A:\n- - y\n  - z\n"),
        ("A:\n  B: 1\n  C: 2\n", (remove("A/C"), add("D", 3), add("E", 4)), "A:\n  B: 1\nD: 3\nE: 4\n"),
        ("A:\n  B: 1\n  C: 2", (remove("A/C"), add("D", 3)), "A:\n  B: 1\nD: 3"),
        ("A:\n- x\n- y # note\n", (put("A", {"Ref": "a\nb"}),), "A: !Ref |- # note\n  a\n  b\n"),
        ("A: &a 1\nB: 2\n", (put("A", 3),), "A: 3\nB: 2\n"),
        ("A: !If [c, {x: 1}, {y: 2}]\n", (add("A/1/z", 3),), "A: !If [c, {x: 1, z: 3}, {y: 2}]\n"),
        ("A: !If\n  - c\n  - x: 1\n  - y: 2\n", (put("A/1/x", 3),), "A: !If\n  - c\n  - x: 3\n  - y: 2\n"),
        ("A: 'x'\nB: 'y'\n", (add("C", "z"),), "A: 'x'\nB: 'y'\nC: 'z'\n"),
        ('"A": 1\n"B": 2\n', (add("C", 3),), '"A": 1\n"B": 2\n"C": 3\n'),
        ("A: {Ref: x}\n", (add("B", {"Fn::Sub": "v"}),), "A: {Ref: x}\nB:\n  Fn::Sub: v\n"),
        ("A: 1\n", (add("B", {"Fn::Base64": {"Fn::Sub": "z"}}),), "A: 1\nB:\n  Fn::Base64: !Sub z\n"),
        ("A: !Ref x\n", (put("A", {"Fn::GetAtt": ["B", "Arn"]}),), "A: !GetAtt B.Arn\n"),
    ],
)
def test_corners(before: str, edits: tuple[Edit, ...], after: str) -> None:
    assert edited(before, *edits) == after


def test_a_line_of_a_text_is_no_comment_of_what_follows() -> None:
    text = lines("""
        Code: |
          run()
          # the end
        Gone: 1
        Kept: 2
        """)
    assert edited(text, remove("Gone", comments=True)) == text.replace("Gone: 1\n", "")
