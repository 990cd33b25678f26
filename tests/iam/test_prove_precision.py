"""What can be decided is: the fast way of proving against one without shortcuts, and questions that variables ask."""
# ruff: noqa: E501 - a row of a table reads best on one line

from __future__ import annotations

import functools
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from lamward.iam import documents, managed, prove
from lamward.iam.prove import dimensions, questions, search
from lamward.model.policy import Policy
from tests.iam import adversary

ENDLESS = 10**9


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], prove.Answer]], prove.Answer]:
    """Ask without anything that is only there for speed: no look at the text, no bound on what is tried."""

    def ask(question: Callable[[], prove.Answer]) -> prove.Answer:
        with monkeypatch.context() as patch:
            patch.setattr(search, "KINDS", ENDLESS)
            patch.setattr(search, "READY", ENDLESS)
            patch.setattr(search, "evident", lambda *_: lambda _text: False)
            patch.setattr(search, "refused_more", lambda other, _: other.denies)
            patch.setattr(search, "_reserves", lambda _: False)
            patch.setattr(questions, "UNCONFIRMED", ENDLESS)
            patch.setattr(questions, "includes", lambda *_: False)
            patch.setattr(dimensions, "STATES", ENDLESS)
            return question()

    return ask


Slowly = Callable[[Callable[[], prove.Answer]], prove.Answer]


def difference(fast: prove.Answer, slow: prove.Answer) -> str:
    """Say how two answers differ, other than by the slow one giving up."""
    if type(fast) is type(slow) or isinstance(slow, prove.Undetermined):
        return ""
    return f"{fast} is found slowly to be {slow}"


@pytest.mark.parametrize("kind", adversary.QUESTIONS)
def test_shortcuts_lose_no_answer(kind: str, slowly: Slowly) -> None:
    for seed in range(25):

        def ask(seed: int = seed) -> prove.Answer:
            random = Random(f"{kind} {seed}")  # noqa: S311 - a reproducible stream of cases
            return adversary.question(random, kind, open_world=random.random() < 0.6)[1]

        assert not difference(ask(), slowly(ask)), (kind, seed)


def test_shortcuts_lose_no_answer_about_managed_policies(slowly: Slowly) -> None:
    random = Random(3)  # noqa: S311 - a reproducible stream of cases
    names = random.sample(sorted(managed.names()), 20)
    for name, other in zip(names, random.sample(names, len(names)), strict=True):
        first, second = _managed(name), _managed(other)
        fast = prove.implies(first, second)
        assert not isinstance(fast, prove.Undetermined), (name, other)
        slow = slowly(functools.partial(prove.implies, first, second))
        assert not difference(fast, slow), (name, other)
        assert isinstance(prove.implies(first, _managed(name)), prove.Proved), name


def _managed(name: str) -> Policy:
    found = documents.managed_policy(name)
    assert found is not None
    return found


def allow(action: Any = "s3:GetObject", resource: Any = "*", **condition: Any) -> dict[str, Any]:
    made = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {**made, "Condition": condition} if condition else made


def deny(action: Any, resource: Any, **condition: Any) -> dict[str, Any]:
    return {**allow(action, resource, **condition), "Effect": "Deny"}


def doc(*statements: dict[str, Any]) -> Policy:
    return documents.policy({"Version": "2012-10-17", "Statement": list(statements)})


TAG = "${aws:PrincipalTag/p}"
EVERYTHING, NOTHING = doc(allow("*")), doc()
DECIDED = [
    ("no prefix makes an ARN of it", doc(allow(resource=f"x{TAG}")), NOTHING, True),
    ("a prefix may become an ARN", doc(allow(resource=f"a{TAG}")), NOTHING, False),
    ("what goes on after a variable", doc(allow(resource=f"arn:aws:s3:::b/{TAG}*")), doc(allow(resource="arn:aws:s3:::b/a*")), False),
    ("a denied part of what a variable may be", doc(allow(resource=f"arn:aws:s3:::b/{TAG}")), doc(allow("*"), deny("s3:*", "arn:aws:s3:::b/?")), False),
    ("a variable with a default", doc(allow(resource="arn:aws:s3:::b/${aws:PrincipalTag/p, 'x'}")), doc(allow(resource="arn:aws:s3:::b/*")), True),
    ("two variables side by side", doc(allow(resource="arn:aws:s3:::b/${aws:PrincipalTag/q}" + TAG)), doc(allow(resource="arn:aws:s3:::b/a*")), False),
    ("a variable in a denied key", EVERYTHING, doc(allow("*"), deny("s3:*", "*", StringLike={"aws:SourceVpc": f"a{TAG}"})), False),
    ("a variable in a denied resource", EVERYTHING, doc(allow("*"), deny("s3:GetObject", f"arn:aws:s3:::b/{TAG}")), False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "first", "second", "holds"), DECIDED, ids=[row[0] for row in DECIDED])
def test_variables_do_not_keep_from_deciding(name: str, first: Policy, second: Policy, holds: bool) -> None:
    answer = prove.implies(first, second)
    assert isinstance(answer, prove.Proved if holds else prove.Refuted), (name, answer)


def test_nearly_every_question_about_strange_policies_is_decided() -> None:
    open_ones = 0
    for seed in range(200):
        random = Random(f"open {seed}")  # noqa: S311 - a reproducible stream of cases
        _, answer = adversary.question(random, "identity", open_world=random.random() < 0.6)
        open_ones += isinstance(answer, prove.Undetermined)
    assert open_ones <= 2
