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
]


@pytest.mark.parametrize(("data", "message"), WRONG, ids=[row[1] for row in WRONG])
def test_what_is_wrong_is_said(data: Any, message: str) -> None:
    with pytest.raises(LamwardError) as caught:
        suite.read(data)
    assert caught.value.message == message
    assert caught.value.hint
