"""Proofs: single facts first, then laws on generated policies."""
# ruff: noqa: E501 - a row of a table reads best on one line

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lamward.iam import documents, evaluate, prove, reference
from lamward.iam.parse import policy as parse
from lamward.model.access import Policies, Request, Verdict
from lamward.model.policy import Policy
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
from tests.iam import generators

QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
"""Without shrinking: a smaller policy would take minutes to find and say little more."""

FUNCTION = "arn:aws:lambda:us-east-1:111122223333:function:f"


def allow(action: Any = "s3:GetObject", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "s3:GetObject", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def doc(*statements: dict[str, Any]) -> Policy:
    return documents.policy({"Version": "2012-10-17", "Statement": list(statements)})


def when(**operators: Any) -> dict[str, Any]:
    return {"Condition": {name.replace("__", ":"): block for name, block in operators.items()}}


BUCKET = "arn:aws:s3:::b/*"
EVERYTHING = doc(allow("*"))
VPC = {"aws:SourceVpc": "v"}
OWNER = {"aws:PrincipalTag/a": "${aws:PrincipalTag/b}"}

IMPLIES = [
    ("narrower resource", doc(allow(resource=BUCKET)), doc(allow("s3:*", "arn:aws:s3:::*")), True),
    ("wider resource", doc(allow(resource="arn:aws:s3:::*")), doc(allow(resource=BUCKET)), False),
    ("wider action", doc(allow("s3:Get*")), doc(allow()), False),
    # A variable without a value keeps the whole statement from matching, its other resources included.
    ("a variable beside a star", doc(allow()), doc(allow(resource=["arn:aws:s3:::b/${aws:username}", "*"])), False),
    ("letter case of actions", doc(allow("S3:getobject")), doc(allow()), True),
    ("new condition on the right", doc(allow()), doc(allow(**when(StringEquals=VPC))), False),
    ("condition on the left", doc(allow(**when(StringEquals=VPC))), doc(allow()), True),
    ("like covers equals", doc(allow(**when(StringEquals=VPC))), doc(allow(**when(StringLike={"aws:SourceVpc": "v*"}))), True),
    (
        "absent or present is always",
        doc(allow()),
        doc(allow(**when(Null={"aws:SourceVpc": "true"})), allow(**when(Null={"aws:SourceVpc": "false"}))),
        True,
    ),
    ("equals or not equals is always", doc(allow()), doc(allow(**when(StringEquals=VPC)), allow(**when(StringNotEquals=VPC))), True),
    ("equals or not equals if exists", doc(allow()), doc(allow(**when(StringEqualsIfExists=VPC))), False),
    ("a deny on the right", doc(allow()), doc(allow("*"), deny(resource=BUCKET)), False),
    ("a deny on the left makes room", doc(allow(), deny(resource=BUCKET)), doc(allow("*"), deny(resource=BUCKET)), True),
    ("a deny of something else", doc(allow()), doc(allow("*"), deny("s3:PutObject")), True),
    ("not resource and its complement", doc(allow()), doc(allow(resource=BUCKET), {"Effect": "Allow", "Action": "s3:*", "NotResource": BUCKET}), True),
    ("not action", doc({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}), doc(allow("*"), deny("iam:*")), True),
    ("not action and more", doc({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}), doc(allow("s3:*")), False),
    ("numbers", doc(allow(**when(NumericLessThan={"s3:max-keys": "5"}))), doc(allow(**when(NumericLessThanEquals={"s3:max-keys": "5"}))), True),
    ("numbers the other way", doc(allow("s3:ListBucket", **when(NumericLessThanEquals={"s3:max-keys": "5"}))), doc(allow("s3:ListBucket", **when(NumericLessThan={"s3:max-keys": "5"}))), False),
    ("dates", doc(allow(**when(DateLessThan={"aws:CurrentTime": "2030-01-01"}))), doc(allow(**when(DateLessThan={"aws:CurrentTime": "1893456000"}))), True),
    ("addresses", doc(allow(**when(IpAddress={"aws:SourceIp": "10.1.0.0/16"}))), doc(allow(**when(IpAddress={"aws:SourceIp": "10.0.0.0/8"}))), True),
    ("halves of all addresses, and IPv6", doc(allow(**when(IpAddress={"aws:SourceIp": ["0.0.0.0/0", "::/0"]}))), doc(allow(**when(IpAddress={"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}))), False),
    ("halves of all addresses", doc(allow(**when(IpAddress={"aws:SourceIp": "0.0.0.0/0"}))), doc(allow(**when(IpAddress={"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}))), True),
    ("fewer tag keys", doc(allow("ec2:CreateTags", **when(ForAllValues__StringEquals={"aws:TagKeys": ["a"]}))), doc(allow("ec2:CreateTags", **when(ForAllValues__StringEquals={"aws:TagKeys": ["a", "b"]}))), True),
    ("all is no any: no keys", doc(allow("ec2:CreateTags", **when(ForAllValues__StringEquals={"aws:TagKeys": ["a"]}))), doc(allow("ec2:CreateTags", **when(ForAnyValue__StringEquals={"aws:TagKeys": ["a"]}))), False),
    ("all and present is any", doc(allow("ec2:CreateTags", **when(ForAllValues__StringEquals={"aws:TagKeys": ["a"]}, Null={"aws:TagKeys": "false"}))), doc(allow("ec2:CreateTags", **when(ForAnyValue__StringEquals={"aws:TagKeys": ["a"]}))), True),
    ("two anys are met by two values", doc(allow("ec2:CreateTags", **when(ForAnyValue__StringEquals={"aws:TagKeys": ["a"]}, ForAnyValue__StringLike={"aws:TagKeys": ["b*"]}))), doc(allow("ec2:CreateTags", **when(ForAllValues__StringEquals={"aws:TagKeys": ["a"]}))), False),
    ("the same variable", doc(allow(resource="arn:aws:s3:::b/${aws:username}/*")), doc(allow(resource="arn:aws:s3:::b/${aws:username}/*")), True),
    ("a variable below a star", doc(allow(resource="arn:aws:s3:::b/${aws:username}/*")), doc(allow(resource=BUCKET)), True),
    ("a star above a variable", doc(allow(resource=BUCKET)), doc(allow(resource="arn:aws:s3:::b/${aws:username}")), False),
    ("a deny with a variable", doc(allow(resource=BUCKET)), doc(allow(), deny(resource="arn:aws:s3:::b/${aws:username}")), False),
    ("a key equal to a variable", doc(allow(**when(StringEquals=OWNER))), doc(allow(**when(StringLike={"aws:PrincipalTag/a": "${aws:PrincipalTag/b}*"}))), True),
    ("a key that goes on after a variable", doc(allow(**when(StringLike={"aws:PrincipalTag/a": "${aws:PrincipalTag/b}*"}))), doc(allow(**when(StringEquals=OWNER))), False),
    ("a variable ignoring case is more than the variable", doc(allow(**when(StringEqualsIgnoreCase=OWNER))), doc(allow(**when(StringEquals=OWNER))), False),
    ("ARN operators compare parts", doc(allow(**when(ArnLike={"aws:SourceArn": "arn:aws:s3:::*"}))), doc(allow(**when(StringLike={"aws:SourceArn": "arn:aws:s3:::*"}))), True),
    ("an empty left side", doc(), doc(), True),
    ("deny everything", doc(allow("*"), deny("*")), doc(), True),
    ("an action without resources on an ARN allows nothing", doc(allow("lambda:ListFunctions", FUNCTION)), doc(), True),
    ("the list of all buckets is asked of what stands for all", doc(allow("s3:ListAllMyBuckets")), doc(allow("s3:ListAllMyBuckets", "arn:aws:s3:::*")), True),
    ("what stands for all buckets allows listing them", doc(allow("s3:ListAllMyBuckets", "arn:aws:s3:::*")), doc(), False),
    ("one bucket does not stand for all", doc(allow("s3:ListAllMyBuckets", "arn:aws:s3:::acme")), doc(), True),
    ("an action of objects on a bucket allows nothing", doc(allow("s3:GetObject", "arn:aws:s3:::b")), doc(), True),
    ("a key that only the kind of resource has may be there", doc(allow("kms:Encrypt", "arn:aws:kms:*:*:key/*", **when(**{"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/a"}}))), doc(), False),
    ("a key that the action does not know is never there", doc(allow("s3:GetObject", BUCKET, **when(StringEquals={"s3:prefix": "p"}))), doc(), True),
]  # fmt: skip


@pytest.mark.parametrize(("name", "first", "second", "holds"), IMPLIES, ids=[row[0] for row in IMPLIES])
def test_implies(name: str, first: Policy, second: Policy, holds: bool) -> None:
    answer = prove.implies(first, second)
    assert isinstance(answer, prove.Proved if holds else prove.Refuted), (name, answer)


def test_open_world_drops_what_the_catalogue_says() -> None:
    on_bucket = doc(allow("s3:GetObject", "arn:aws:s3:::b"))
    assert isinstance(prove.implies(on_bucket, doc()), prove.Proved)
    assert isinstance(prove.implies(on_bucket, doc(), prove.Options(open_world=True)), prove.Refuted)


def test_future_actions_are_told_apart() -> None:
    patterns = doc(allow("iam:GenerateServiceLastAccessedDetails*"))
    names = doc(allow("iam:GenerateServiceLastAccessedDetails"))
    answer = prove.implies(patterns, names)
    assert isinstance(answer, prove.Refuted)
    assert answer.witness.future_action


def test_witness_names_statement_and_reason() -> None:
    answer = prove.implies(doc(allow(resource=BUCKET, Sid="mine")), doc(allow(**when(StringEquals=VPC))))
    assert isinstance(answer, prove.Refuted)
    assert [each.sid for each in answer.witness.allowed_by] == ["mine"]
    assert any("`aws:SourceVpc` is absent" in line for line in answer.witness.why_not)


def test_equivalent_disjoint_grants_always_denies() -> None:
    assert isinstance(
        prove.equivalent(doc(allow(["s3:Get*", "s3:GetObject"])), doc(allow("s3:Get*"))), prove.Proved
    )
    assert isinstance(prove.equivalent(doc(allow("s3:Get*")), doc(allow("s3:G*"))), prove.Refuted)
    assert isinstance(
        prove.disjoint(doc(allow(resource="arn:aws:s3:::a*")), doc(allow(resource="arn:aws:s3:::b*"))),
        prove.Proved,
    )
    assert isinstance(
        prove.disjoint(doc(allow(resource="arn:aws:s3:::a*")), doc(allow(resource="arn:aws:s3:::*b"))),
        prove.Refuted,
    )
    assert isinstance(prove.grants(doc(allow()), ["s3:PutObject", "iam:*"]), prove.Proved)
    assert isinstance(prove.grants(doc(allow("s3:*")), ["s3:PutObject"], ["arn:aws:s3:::x/*"]), prove.Refuted)
    assert isinstance(prove.always_denies(doc(allow(), deny("*"))), prove.Proved)
    assert isinstance(prove.always_denies(doc(allow())), prove.Refuted)


def _statement(principal: Any, **more: Any) -> Policy:
    return doc(allow("lambda:InvokeFunction", FUNCTION, Principal=principal, **more))


PUBLIC = [
    ("everyone", _statement("*"), True),
    ("everyone of AWS", _statement({"AWS": "*"}), True),
    ("one account", _statement({"AWS": "444455556666"}), False),
    ("a service", _statement({"Service": "s3.amazonaws.com"}), False),
    ("an organisation", _statement("*", **when(StringEquals={"aws:PrincipalOrgID": "o-1"})), False),
    ("an organisation if there is one", _statement("*", **when(StringEqualsIfExists={"aws:PrincipalOrgID": "o-1"})), True),
    ("a source", _statement("*", **when(ArnLike={"aws:SourceArn": "arn:aws:s3:::b"})), False),
    ("a narrow range", _statement("*", **when(IpAddress={"aws:SourceIp": "203.0.113.0/24"})), False),
    ("half the internet", _statement("*", **when(IpAddress={"aws:SourceIp": "0.0.0.0/1"})), True),
    ("all but a narrow range", _statement("*", **when(NotIpAddress={"aws:SourceIp": "203.0.113.0/24"})), True),
    ("transport only", _statement("*", **when(Bool={"aws:SecureTransport": "true"})), True),
    ("function URL without authentication", doc(allow("lambda:InvokeFunctionUrl", FUNCTION, Principal="*", **when(StringEquals={"lambda:FunctionUrlAuthType": "NONE"}))), True),
    ("denied to strangers", doc(allow("lambda:InvokeFunction", FUNCTION, Principal="*"), deny("*", Principal="*", **when(StringNotEquals={"aws:PrincipalAccount": "111122223333"}))), False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "policy", "is_public"), PUBLIC, ids=[row[0] for row in PUBLIC])
def test_public(name: str, policy: Policy, is_public: bool) -> None:
    answer = prove.public(policy)
    assert isinstance(answer, prove.Refuted if is_public else prove.Proved), (name, answer)


def test_layers() -> None:
    limited = Policies(identity=(EVERYTHING,), boundary=(doc(allow("s3:*")),))
    assert isinstance(prove.grants(limited, ["iam:*"]), prove.Proved)
    assert isinstance(prove.grants(limited, ["s3:GetObject"]), prove.Refuted)
    assert isinstance(prove.implies(limited, EVERYTHING), prove.Proved)
    assert isinstance(prove.implies(EVERYTHING, limited), prove.Refuted)
    controlled = Policies(identity=(EVERYTHING,), service_control=((EVERYTHING,), (doc(allow("s3:Get*")),)))
    assert isinstance(prove.grants(controlled, ["s3:PutObject"]), prove.Proved)


def test_resource_policies_name_principals() -> None:
    account, role = (
        _statement({"AWS": "444455556666"}),
        _statement({"AWS": "arn:aws:iam::444455556666:role/x"}),
    )
    assert isinstance(prove.implies(role, account), prove.Proved)
    assert isinstance(prove.implies(account, role), prove.Refuted)
    assert isinstance(prove.implies(_statement({"Service": "s3.amazonaws.com"}), account), prove.Refuted)


def test_what_aws_refuses_is_not_granted() -> None:
    assert isinstance(
        prove.grants(EVERYTHING, ["iam:CreatePolicyVersion"], ["arn:aws:iam::aws:policy/*"]), prove.Proved
    )


ACCOUNT = Reference(ReferenceKind.PSEUDO, "AWS::AccountId")
LIVE = (Assumption(AssumptionKind.CONDITION, "Live", "true"),)
NOT_LIVE = (Assumption(AssumptionKind.CONDITION, "Live", "false"),)


def template(resource: Value) -> Policy:
    fields = {"Effect": Known("Allow"), "Action": Known("sqs:SendMessage"), "Resource": resource}
    return parse(Fields({"Version": Known("2012-10-17"), "Statement": Fields(fields)}))


def test_references_stand_for_one_text() -> None:
    queue = template(Symbolic(("arn:aws:sqs:us-east-1:", ACCOUNT, ":q")))
    assert isinstance(
        prove.implies(queue, template(Symbolic(("arn:aws:sqs:us-east-1:", ACCOUNT, ":*")))), prove.Proved
    )
    answer = prove.implies(queue, template(Symbolic(("arn:aws:sqs:us-east-1:", ACCOUNT, ":p"))))
    assert isinstance(answer, prove.Refuted)
    assert answer.witness.given == {"${AWS::AccountId}": "111122223333"}


def test_worlds_of_the_template() -> None:
    either = template(
        OneOf(
            (
                Option(Known("arn:aws:sqs:us-east-1:1:a"), LIVE),
                Option(Known("arn:aws:sqs:us-east-1:1:b"), NOT_LIVE),
            )
        )
    )
    both = doc(allow("sqs:SendMessage", ["arn:aws:sqs:us-east-1:1:a", "arn:aws:sqs:us-east-1:1:b"]))
    only = doc(allow("sqs:SendMessage", "arn:aws:sqs:us-east-1:1:a"))
    assert isinstance(prove.implies(either, both), prove.Proved)
    answer = prove.implies(either, only)
    assert isinstance(answer, prove.Refuted)
    assert answer.witness.given == {"template": "condition `Live` is false"}


def test_unknown_values_are_neither_proved_nor_refuted() -> None:
    unknown = template(Unknown("nobody told"))
    assert isinstance(prove.implies(unknown, doc()), prove.Undetermined)
    assert isinstance(prove.implies(doc(allow("sqs:SendMessage")), unknown), prove.Undetermined)
    assert isinstance(prove.implies(unknown, EVERYTHING), prove.Proved)


def test_a_budget_that_is_used_up_is_said() -> None:
    answer = prove.implies(
        doc(allow(resource="*a*b*c*d*")), doc(allow(resource="*d*c*b*a*")), prove.Options(steps=3)
    )
    assert answer == prove.Undetermined("the budget of steps is used up")


def _without_principals(policy: Policy) -> Policy:
    kept = (each for each in policy.statements if each.principals is None and each.not_principals is None)
    return Policy(tuple(kept), version=policy.version)


def _allows(policy: Policy, request: Request) -> bool:
    return reference.decide(Policies(identity=(policy,)), request).verdict is Verdict.ALLOWED


@settings(max_examples=150, deadline=None, phases=QUICK)
@given(st.randoms(use_true_random=False))
def test_implication_is_reflexive(random: Random) -> None:
    policy = generators.policy(random)
    assert not isinstance(prove.implies(policy, policy), prove.Refuted)


@settings(max_examples=200, deadline=None, phases=QUICK)
@given(st.randoms(use_true_random=False))
def test_what_is_proved_withstands_requests_and_what_is_refuted_is_shown(random: Random) -> None:
    first, second = (_without_principals(generators.policy(random)) for _ in range(2))
    answer = prove.implies(first, second, prove.Options(open_world=True))
    match answer:
        case prove.Proved():
            for _ in range(25):
                request = generators.request(random)
                if _allows(first, request) and request.action.lower() != "sts:getcalleridentity":
                    decision = reference.decide(Policies(identity=(second,)), request)
                    assert decision.verdict in (Verdict.ALLOWED, Verdict.UNKNOWN), (first, second, request)
        case prove.Refuted(witness):
            assert _allows(first, witness.request) or witness.request.action.lower().startswith(
                ("kms:", "sts:")
            )
            assert not _allows(second, witness.request)
        case prove.Undetermined():
            pass


@settings(max_examples=150, deadline=None, phases=QUICK)
@given(st.randoms(use_true_random=False))
def test_implication_is_transitive(random: Random) -> None:
    first, second, third = (_without_principals(generators.policy(random)) for _ in range(3))
    if isinstance(prove.implies(first, second), prove.Proved) and isinstance(
        prove.implies(second, third), prove.Proved
    ):
        assert not isinstance(prove.implies(first, third), prove.Refuted)


@settings(max_examples=80, deadline=None, phases=QUICK)
@given(st.randoms(use_true_random=False))
def test_a_witness_replays(random: Random) -> None:
    policies = generators.policies(random)
    answer = prove.always_denies(policies)
    if isinstance(answer, prove.Refuted) and policies.resource is not None:
        assert reference.decide(policies, answer.witness.request).verdict is Verdict.ALLOWED


@settings(max_examples=100, deadline=None, phases=QUICK)
@given(st.randoms(use_true_random=False))
def test_adding_an_allow_never_removes_access(random: Random) -> None:
    policy, more = generators.policy(random), generators.policy(random)
    allows = tuple(each for each in more.statements if each.effect.value == "Allow")
    request = generators.request(random)
    before = evaluate.decide(Policies(identity=(policy,)), request)
    after = evaluate.decide(Policies(identity=(policy, Policy(allows, version=more.version))), request)
    assert not (before.allowed and not after.allowed)


@settings(max_examples=100, deadline=None, phases=QUICK)
@given(st.randoms(use_true_random=False))
def test_an_explicit_deny_dominates(random: Random) -> None:
    policies, request = generators.policies(random), generators.request(random)
    denied = Policies(identity=(*policies.identity, doc(deny("*"))))
    if request.principal.kind.value in ("user", "role session") and request.action != "sts:GetCallerIdentity":
        assert evaluate.decide(denied, request).verdict is Verdict.EXPLICITLY_DENIED


@settings(max_examples=100, deadline=None, phases=QUICK)
@given(st.randoms(use_true_random=False))
def test_a_boundary_intersects(random: Random) -> None:
    identity, boundary, request = (
        generators.policy(random),
        generators.policy(random),
        generators.request(random),
    )
    both = evaluate.decide(Policies(identity=(identity,), boundary=(boundary,)), request)
    if both.allowed and request.principal.kind.value in ("user", "role session"):
        assert evaluate.decide(Policies(identity=(identity,)), request).allowed
        assert evaluate.decide(Policies(identity=(boundary,)), request).allowed


@settings(max_examples=150, deadline=None, phases=QUICK)
@given(st.randoms(use_true_random=False))
def test_parse_after_print_is_the_identity(random: Random) -> None:
    policy = generators.policy(random, principal=True)
    written = documents.to_data(policy)
    assert documents.to_data(documents.policy(written)) == written


@pytest.mark.parametrize(
    "name", ["SageMakerStudioAdminIAMDefaultExecutionPolicy", "SageMakerStudioUserIAMDefaultExecutionPolicy"]
)
def test_what_is_written_the_same_needs_no_search(name: str) -> None:
    first, second = documents.managed_policy(name), documents.managed_policy(name)
    assert first is not None
    assert second is not None
    assert isinstance(prove.implies(first, second, prove.Options(steps=0)), prove.Proved)


def test_an_action_far_down_the_catalogue_is_found() -> None:
    table = "arn:aws:dynamodb:us-east-1:111122223333:table/t1"
    wide = {"Effect": "Allow", "NotAction": ["s3:Get*", "*:Get*"], "Resource": table}
    narrow = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
    first, second = (
        documents.policy({"Version": "2012-10-17", "Statement": each}) for each in (wide, narrow)
    )
    answer = prove.implies(first, second)
    assert isinstance(answer, prove.Refuted)
    assert answer.witness.request.action.startswith("dynamodb:")


def test_texts_nobody_told_are_not_the_same_though_they_look_it() -> None:
    untold = Fields(
        {
            "Version": Known("2012-10-17"),
            "Statement": Fields(
                {
                    "Effect": Known("Allow"),
                    "Action": Known("s3:GetObject"),
                    "Resource": Unknown("nobody told"),
                }
            ),
        }
    )
    assert not isinstance(prove.implies(parse(untold), parse(untold)), prove.Proved)


def test_what_cannot_be_read_is_never_proved_about() -> None:
    known = doc(allow())
    unread = parse(Unknown("a parameter decides"))
    mixed = parse(
        Fields(
            {
                "Version": Known("2012-10-17"),
                "Statement": Items((documents.value(allow()), Unknown("a macro"))),
            }
        )
    )
    for first, second in ((unread, known), (known, unread), (mixed, known), (known, mixed)):
        assert isinstance(prove.implies(first, second), prove.Undetermined)
    assert isinstance(prove.always_denies(unread), prove.Undetermined)
