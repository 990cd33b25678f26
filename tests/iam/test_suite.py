"""The runner of policy tests: passes, failures with their reasons, properties, and files that are wrong."""
# ruff: noqa: E501 - a row of a table reads best on one line

from __future__ import annotations

from typing import Any

import pytest

from lamward.errors import LamwardError
from lamward.iam import suite
from lamward.iam.suite import Outcome

ROLE = "arn:aws:iam::111122223333:role/worker"
READ = {
    "Version": "2012-10-17",
    "Statement": {"Sid": "read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
}
ALL = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
OPEN = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/*",
    },
}
FILE: dict[str, Any] = {
    "policies": {"reader": {"identity": READ}, "all": {"identity": ALL}, "open": {"resource": OPEN}},
    "cases": [
        {"name": "reads", "request": {"principal": ROLE, "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"}, "policies": "reader", "expected": "allowed"},
        {"name": "does not write", "request": {"principal": ROLE, "action": "s3:PutObject", "resource": "arn:aws:s3:::b/k"}, "policies": "reader", "expected": "denied", "blocked_by": ["identity policy"]},
        {"name": "wrong hope", "request": {"principal": ROLE, "action": "s3:PutObject", "resource": "arn:aws:s3:::b/k"}, "policies": "reader", "expected": "allowed"},
        {"name": "wrong blame", "request": {"principal": ROLE, "action": "s3:PutObject", "resource": "arn:aws:s3:::b/k"}, "policies": {"identity": READ}, "expected": "denied", "blocked_by": ["resource policy"]},
    ],
    "properties": [
        {"name": "reader is within all", "prove": "implies", "first": "reader", "second": "all"},
        {"name": "all is not within reader", "prove": "implies", "first": "all", "second": "reader", "holds": False},
        {"name": "never deletes", "prove": "grants", "policies": "reader", "actions": ["s3:DeleteObject"], "holds": False},
        {"name": "open is public", "prove": "public", "policies": "open"},
        {"name": "wrong claim", "prove": "equivalent", "first": "reader", "second": "all"},
    ],
}  # fmt: skip


def test_results_are_in_order_and_say_why() -> None:
    results = {result.name: result for result in suite.run(suite.read(FILE))}
    assert [name for name, result in results.items() if result.outcome is Outcome.FAILED] == [
        "wrong hope",
        "wrong blame",
        "wrong claim",
    ]
    assert results["wrong hope"].difference == (
        "expected allowed, but it is implicitly denied",
        "identity policy: no statement allows it",
    )
    assert (
        results["wrong blame"].difference[0]
        == "expected to be blocked by resource policy, but it is by identity policy"
    )
    assert results["wrong claim"].difference[0] == "expected equivalent to hold, but it fails"
    assert results["wrong claim"].difference[1].startswith("request: {'principal'")


def asked(**more: Any) -> dict[str, Any]:
    """Give the first case alone, with more in its request."""
    case = FILE["cases"][0]
    return {"cases": [{**case, "request": {**case["request"], **more}, "policies": {"identity": READ}}]}


WRONG: list[tuple[Any, str]] = [
    ([], "a file of policy tests is not a mapping"),
    ({"case": []}, "`case` is not a part of a file of policy tests"),
    ({"cases": [{"name": "a"}]}, "case 1 has no `request`"),
    (
        {"cases": [{**FILE["cases"][0], "expected": "maybe"}], "policies": FILE["policies"]},
        "case 1 expects `maybe`",
    ),
    (
        {"cases": [{**FILE["cases"][0], "policies": "none"}]},
        "case 1 names policies `none`, which are not there",
    ),
    (
        {"cases": [{**FILE["cases"][0], "policies": {"idenity": READ}}]},
        "`idenity` is not a part of a set of policies",
    ),
    (
        {"cases": [{**FILE["cases"][0], "request": {"principal": ROLE}, "policies": {}}]},
        "`action` must be text",
    ),
    ({"properties": [{"prove": "magic"}]}, "property 1 asks for `magic`"),
    (asked(context=["aws:SourceVpc"]), "`context` of the request of case 1 must be a mapping"),
    (asked(context=None), "`context` of the request of case 1 must be a mapping"),
    (
        asked(context={"aws:SourceVpc": None}),
        "`aws:SourceVpc` in the context of the request of case 1 must be text, a number, true or false, or a list of these",
    ),
    (
        asked(context={"aws:TagKeys": ["a", {"b": "c"}]}),
        "`aws:TagKeys` in the context of the request of case 1 must be text, a number, true or false, or a list of these",
    ),
    (asked(unknown_keys="aws:SourceVpc"), "`unknown_keys` of the request of case 1 must be a list of keys"),
    (asked(unknown_keys=[1]), "`unknown_keys` of the request of case 1 must be a list of keys"),
]


@pytest.mark.parametrize(("data", "message"), WRONG, ids=[row[1] for row in WRONG])
def test_what_is_wrong_is_said(data: Any, message: str) -> None:
    with pytest.raises(LamwardError) as caught:
        suite.read(data)
    assert caught.value.message == message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("expected", "passed"),
    [
        ("denied", [True, True]),
        ("explicitly denied", [True, False]),
        ("implicitly denied", [False, True]),
        ("allowed", [False, False]),
    ],
)
def test_denied_is_either_way_and_the_precise_words_are_one(expected: str, passed: list[bool]) -> None:
    refused = {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}
    case = {**FILE["cases"][1], "expected": expected}
    del case["blocked_by"]
    cases = [{**case, "policies": {"identity": each}} for each in (refused, READ)]
    results = list(suite.run(suite.read({"cases": cases})))
    assert [result.outcome is Outcome.PASSED for result in results] == passed
    for result in results:
        said = f"expected {expected}, but it is {result.decision.verdict if result.decision else None}"
        assert (said in result.difference) is (result.outcome is Outcome.FAILED)


def test_numbers_and_booleans_of_a_context_are_text() -> None:
    (case,) = suite.read(
        asked(context={"a:n": 2.0, "a:b": True, "a:l": [1, "x"]}, unknown_keys=["a:u"])
    ).cases
    assert case.request.context == {"a:n": "2", "a:b": "true", "a:l": ("1", "x")}
    assert case.request.unknown_keys == ("a:u",)
