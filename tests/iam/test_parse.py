"""Reading policies: every shape that IAM takes, and those it does not, never an exception."""
# ruff: noqa: E501 - a row of a table reads best on one line

from __future__ import annotations

from typing import Any

import pytest

from lamward.iam import documents, parse
from lamward.model.policy import Effect, PrincipalKind
from lamward.model.value import (
    Assumption,
    AssumptionKind,
    Fields,
    Items,
    Known,
    OneOf,
    Option,
    Reference,
    ReferenceKind,
    Symbolic,
    Unknown,
    Value,
)

LIVE = (Assumption(AssumptionKind.CONDITION, "Live", "true"),)
NOT_LIVE = (Assumption(AssumptionKind.CONDITION, "Live", "false"),)
STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def reasons(data: object) -> list[str]:
    policy = documents.policy(data)
    parts = [*policy.unreadable, *(each for statement in policy.statements for each in statement.unreadable)]
    return [each.reason for each in parts]


def test_texts_and_lists_everywhere() -> None:
    policy = documents.policy(
        {"Version": "2012-10-17", "Statement": {**STATEMENT, "Action": ["a:b", "c:d"], "Sid": "one"}}
    )
    (statement,) = policy.statements
    assert [case.value for case in statement.actions or ()] == [Known("a:b"), Known("c:d")]
    assert [case.value for case in statement.resources or ()] == [Known("*")]
    assert (statement.sid, statement.effect, policy.version) == ("one", Effect.ALLOW, "2012-10-17")
    assert reasons({"Statement": STATEMENT}) == []
    assert documents.policy({"Statement": STATEMENT}).version == "2008-10-17"


def test_an_empty_list_is_not_an_element_that_is_missing() -> None:
    (statement,) = documents.policy({"Statement": {**STATEMENT, "Action": []}}).statements
    assert statement.actions == ()
    assert statement.not_actions is None


def test_principals_in_all_their_forms() -> None:
    principal = {"AWS": ["111122223333", 111122223333], "Service": "s3.amazonaws.com"}
    (statement,) = documents.policy({"Statement": {**STATEMENT, "Principal": principal}}).statements
    assert [(each.kind, each.value.value) for each in statement.principals or ()] == [
        (PrincipalKind.AWS, Known("111122223333")),
        (PrincipalKind.AWS, Known("111122223333")),
        (PrincipalKind.SERVICE, Known("s3.amazonaws.com")),
    ]
    (everyone,) = documents.policy({"Statement": {**STATEMENT, "Principal": "*"}}).statements
    assert [each.kind for each in everyone.principals or ()] == [PrincipalKind.ANYONE]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (None, "a policy document must be a mapping"),
        ([STATEMENT], "a policy document must be a mapping"),
        ({}, "the policy has no `Statement`"),
        ({"Statement": ["x"]}, "a statement must be a mapping"),
        ({"Statement": STATEMENT, "Owner": "me"}, "`Owner` is not an element of a policy"),
        ({"Statement": STATEMENT, "Version": "2020-01-01"}, "the version must be `2012-10-17` or `2008-10-17`"),
        ({"Statement": {**STATEMENT, "Actions": "x"}}, "`Actions` is not an element of a statement"),
        ({"Statement": {**STATEMENT, "NotAction": "x"}}, "a statement cannot have both `Action` and `NotAction`"),
        ({"Statement": {**STATEMENT, "Action": {"a": 1}}}, "an entry of `Action` must be text"),
        ({"Statement": {**STATEMENT, "Effect": "allow"}}, "`Effect` must be `Allow` or `Deny`, in this letter case"),
        ({"Statement": {"Action": "a:b", "Resource": "*"}}, "the statement has no `Effect`"),
        ({"Statement": {"Effect": "Deny", "Resource": "*"}}, "the statement has no `Action`"),
        ({"Statement": {**STATEMENT, "Principal": {"User": "x"}}}, "`User` is not a kind of principal"),
        ({"Statement": {**STATEMENT, "Principal": "me"}}, "`Principal` must be `*` or a mapping such as `{AWS: …}`"),
        ({"Statement": {**STATEMENT, "Condition": "x"}}, "`Condition` must be a mapping"),
        ({"Statement": {**STATEMENT, "Condition": {"Bool": "x"}}}, "`Bool` must be a mapping"),
        ({"Statement": {**STATEMENT, "Condition": {"Bool": {"k": {}}}}}, "a value of `k` must be text, a number or a boolean"),
    ],
)  # fmt: skip
def test_what_iam_does_not_take_is_said(data: Any, reason: str) -> None:
    assert reason in reasons(data)


def _document(**elements: Value) -> Fields:
    fields: dict[str, Value] = {
        "Effect": Known("Allow"),
        "Action": Known("a:b"),
        "Resource": Known("*"),
        **elements,
    }
    return Fields({"Version": Known("2012-10-17"), "Statement": Items((Fields(fields),))})


def test_branches_become_guards() -> None:
    either = OneOf((Option(Known("a:b"), LIVE), Option(Known("c:d"), NOT_LIVE)))
    (statement,) = parse.policy(_document(Action=either)).statements
    assert [(case.value, case.when) for case in statement.actions or ()] == [
        (Known("a:b"), LIVE),
        (Known("c:d"), NOT_LIVE),
    ]
    whole = OneOf((Option(_document(), LIVE), Option(Fields({"Statement": Items(())}), NOT_LIVE)))
    (only,) = parse.policy(whole).statements
    assert only.when == LIVE


def test_an_effect_that_depends_makes_two_statements() -> None:
    either = OneOf((Option(Known("Allow"), LIVE), Option(Known("Deny"), NOT_LIVE)))
    statements = parse.policy(_document(Effect=either)).statements
    assert [(each.effect, each.when) for each in statements] == [
        (Effect.ALLOW, LIVE),
        (Effect.DENY, NOT_LIVE),
    ]


def test_a_choice_that_is_not_exhaustive_may_be_something_else() -> None:
    open_choice = OneOf((Option(Known("a:b"), ()),), exhaustive=False)
    (statement,) = parse.policy(_document(Action=open_choice)).statements
    assert [type(case.value) for case in statement.actions or ()] == [Known, Unknown]


def test_what_cannot_be_told_stays_unknown() -> None:
    reference = Reference(ReferenceKind.PARAMETER, "Document")
    assert parse.policy(Symbolic((reference,))).unreadable[0].reason == "parameter `Document` has no default"
    (statement,) = parse.policy(_document(Resource=Unknown("nobody told"))).statements
    assert [case.value for case in statement.resources or ()] == [Unknown("nobody told")]
    assert statement.unreadable == ()
