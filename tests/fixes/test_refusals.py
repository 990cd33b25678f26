"""Places that are left alone, each with its reason."""

from __future__ import annotations

import pytest

from lamward.fixes.refusal import Reason
from lamward.model.finding import Edit
from tests.fixes.edits import add, append, pretty, put, refused, remove

ANCHORED = "A: &a\n  X: 1\nB: *a\nC:\n  <<: *a\n  Y: 2\n"
TRANSFORMED = "Resources:\n  F:\n    Properties:\n      Fn::Transform: {Name: AWS::Include}\n      A: 1\n"
CDK = pretty(
    {"Resources": {"F": {"Type": "T", "Metadata": {"aws:cdk:path": "Stack/F"}, "Properties": {"A": 1}}}}
)


@pytest.mark.parametrize(
    ("text", "edit", "reason"),
    [
        (ANCHORED, add("A/Z", 1), Reason.SHARED),
        (ANCHORED, put("A/X", 2), Reason.SHARED),
        (ANCHORED, put("B", 2), Reason.SHARED),
        (ANCHORED, add("B/Z", 2), Reason.SHARED),
        (ANCHORED, put("C/X", 2), Reason.MERGED),
        (ANCHORED, add("C/Z", 2), Reason.MERGED),
        (ANCHORED, remove("A"), Reason.SHARED),
        ("A: &a 1\nB: *a\n", put("A", 2), Reason.SHARED),
        ("A: {X: &a 1}\nB: *a\n", remove("A"), Reason.MALFORMED),
        ("A:\n- &a x\n- *a\n", append("A", "y"), Reason.SHARED),
        ("A: 1\nB: 2\nA: 3\n", put("A", 4), Reason.DUPLICATE_KEY),
        ("A: {X: 1}\nA: {X: 2}\n", put("A/X", 4), Reason.DUPLICATE_KEY),
        ("A: !Ref B\n", put("A", "x"), Reason.INTRINSIC),
        ("A: !Sub ['x', {B: c}]\n", put("A", True), Reason.INTRINSIC),
        ("A: {Ref: B}\n", put("A", "x"), Reason.INTRINSIC),
        ("A: !If [a, {X: 1}, {X: 2}]\n", add("A/Y", 1), Reason.INTRINSIC),
        ("A: !GetAtt B.Arn\n", append("A", 1), Reason.INTRINSIC),
        ("A: !Join ['', [a]]\n", remove("A/Fn::Join/0"), Reason.INTRINSIC),
        (TRANSFORMED, add("Resources/F/Properties/B", 1), Reason.TRANSFORM),
        (TRANSFORMED, put("Resources/F/Properties/A", 2), Reason.TRANSFORM),
        (CDK, put("Resources/F/Properties/A", 2), Reason.GENERATED),
        ("Resources:\n  M: {Type: AWS::CDK::Metadata}\n", add("Outputs/A/Value", 1), Reason.GENERATED),
        ("A: 1 # {{ name }}\nB: 2\n", put("B", 3), Reason.TEMPLATE_LANGUAGE),
        ("# {% if x %}\nB: 2\n# {% endif %}\n", put("B", 3), Reason.TEMPLATE_LANGUAGE),
        ("Resources:\n  F: {Type: T}\n", add("Resources/G/Properties/A", 1), Reason.NOT_WRITTEN),
        ("A: 1\n", put("B", 2), Reason.NOT_WRITTEN),
        ("A: []\n", put("A/0", 2), Reason.NOT_WRITTEN),
        ("A: 1\n", add("A", 2), Reason.ALREADY_THERE),
        ("A: 1\n", add("A/B", 2), Reason.SHAPE),
        ("A: [1]\n", add("A/B", 2), Reason.SHAPE),
        ("A: {B: 1}\n", append("A", 2), Reason.SHAPE),
        ("A: 1\rB: 2\r", add("C", 2), Reason.SHAPE),
        ("A: 1\n", put("A", float("inf")), Reason.VALUE),
        ("A: 1\n", put("A", {1: 2}), Reason.VALUE),
        ("A: 1\n", put("A", "\ud800"), Reason.VALUE),
        ("A: |\n  x", add("B", 1), Reason.NOT_AS_INTENDED),
    ],
)
def test_refusals(text: str, edit: Edit, reason: Reason) -> None:
    assert refused(text, edit) is reason


def test_built_files_are_left_to_the_build() -> None:
    assert refused("A: 1\n", put("A", 2), name="app/cdk.out/stack.template.json") is Reason.GENERATED


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (put("A/B", 1), put("A/B", 3)),
        (put("A/B", 1), remove("A/B")),
        (put("A", 1), put("A/B", 1)),
        (remove("A"), add("A/D", 1)),
        (add("A/D", {"E": 1}), add("A/D/F", 2)),
        (append("L", 1), put("L", [2])),
    ],
)
def test_contradictions(one: Edit, other: Edit) -> None:
    text = "A:\n  B: 2\n  C: 3\nL: [x]\n"
    assert refused(text, one, other) is Reason.CONFLICT
    assert refused(text, other, one) is Reason.CONFLICT


def test_a_placeholder_far_away_and_a_dynamic_reference_are_no_obstacle() -> None:
    text = "A: '{{resolve:ssm:/x}}'\nB: 2\nC: 1\nD: 1\nE: '{{ name }}'\n"
    with pytest.raises(AssertionError):
        refused(text, put("B", 3))
