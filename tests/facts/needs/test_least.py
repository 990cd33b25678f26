"""What is granted is compared with what is needed, and the least policy is proved to be enough and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lamward.facts.needs.compare import compare
from lamward.facts.needs.deployed import deployed, single
from lamward.facts.needs.held import Granted, Held
from lamward.facts.needs.least import exact, least
from lamward.iam import prove
from lamward.iam.minimise import Allow, policy
from lamward.model.access import Policies
from lamward.model.evidence import Access
from lamward.model.policy import Effect
from lamward.model.value import Known
from tests.facts.needs.application import line, loaded

CALLS = {
    "put": ("dynamodb", "put_item(TableName=os.environ['T'], Item={})"),
    "query": ("dynamodb", "query(TableName=os.environ['T'], IndexName='i')"),
    "get": ("s3", "get_object(Bucket='letters', Key='in/x')"),
    "send": ("sqs", "send_message(QueueUrl=os.environ['Q'], MessageBody='')"),
    "publish": ("sns", "publish(TopicArn='arn:aws:sns:eu-west-1:111122223333:news', Message='')"),
    "invoke": ("lambda", "invoke(FunctionName='other')"),
    "secret": ("secretsmanager", "get_secret_value(SecretId='db')"),
}
TEMPLATE = """\
    Environment: {Variables: {T: !Ref Table, Q: !Ref Jobs}}
    Policies: POLICIES
Table: {Type: AWS::DynamoDB::Table}
Jobs: {Type: AWS::SQS::Queue}
"""


def code(*names: str) -> str:
    """Write a handler that makes some of the calls."""
    lines = [f"    boto3.client({service!r}).{call}" for service, call in (CALLS[name] for name in names)]
    return "\n".join(["import os, boto3", "def handler(event, context):", "    pass", *lines, ""])


@pytest.mark.parametrize(
    ("policies", "granted"),
    [
        ("[]", Granted.NO),
        ("[DynamoDBCrudPolicy: {TableName: !Ref Table}]", Granted.YES),
        ("[DynamoDBReadPolicy: {TableName: !Ref Table}]", Granted.NO),
        ("[AmazonDynamoDBFullAccess]", Granted.YES),
        ("[Statement: [{Effect: Allow, Action: 'dynamodb:P*', Resource: !GetAtt Table.Arn}]]", Granted.YES),
        (
            "[Statement: [{Effect: Allow, Action: 'dynamodb:*', Resource: '*', Condition: {Bool: {'aws:x': 'true'}}}]]",
            Granted.NO,
        ),
        ("[AmazonDynamoDBFullAccess, Statement: [{Effect: Deny, Action: 'dynamodb:Put*', Resource: '*'}]]", Granted.NO),
        ("[arn:aws:iam::111122223333:policy/ours]", Granted.UNKNOWN),
    ],
)  # fmt: skip
def test_an_access_is_granted_or_not(tmp_path: Path, policies: str, granted: Granted) -> None:
    facts, function = loaded(tmp_path, TEMPLATE.replace("POLICIES", policies), code("put"))
    comparison = compare(facts, function)
    assert comparison is not None
    (answer,) = [each for each in comparison.answers if each.access.action == "dynamodb:PutItem"]
    assert answer.granted is granted


def test_what_nothing_needs_is_told_by_statement(tmp_path: Path) -> None:
    policies = "[Statement: [{Effect: Allow, Action: [sqs:SendMessage, sqs:PurgeQueue], Resource: !GetAtt Jobs.Arn}]]"
    facts, function = loaded(tmp_path, TEMPLATE.replace("POLICIES", policies), code("send"))
    comparison = compare(facts, function)
    assert comparison is not None
    (surplus,) = [each for each in comparison.surplus if each.statement.location.span.file]
    assert (surplus.actions, surplus.spare, surplus.broad) == (("sqs:PurgeQueue",), 1, ())


def test_a_role_that_is_elsewhere_is_not_compared(tmp_path: Path) -> None:
    facts, function = loaded(tmp_path, "    Role: arn:aws:iam::111122223333:role/ours\n", code("send"))
    assert compare(facts, function) is None
    assert least(facts, function).statements


def test_a_grant_that_is_gone_or_added_breaks_the_proof(tmp_path: Path) -> None:
    facts, function = loaded(tmp_path, TEMPLATE.replace("POLICIES", "[]"), code(*CALLS))
    found = least(facts, function)
    accesses = found.needs.accesses

    def proved(statements: Iterable[Allow]) -> list[bool | None]:
        given = deployed(facts, Policies(identity=(policy(statements),)))
        return [proof.holds for proof in exact(facts, accesses, given)]

    assert proved(found.statements) == [True, True]
    assert proved([]) == [False, True]
    for place, each in enumerate(found.statements):
        others = [*found.statements[:place], *found.statements[place + 1 :]]
        less = [replace(each, actions=each.actions[:-1])] if each.actions[1:] else []
        assert proved([*others, *less]) == [False, True], each
        fewer = [replace(each, resources=each.resources[1:])] if each.resources[1:] else []
        assert proved([*others, *fewer]) == [False, True], each
        stricter = replace(
            each, conditions=(*each.conditions, ("Bool", "aws:SecureTransport", Known("true")))
        )
        assert proved([*others, stricter]) == [False, True], each
    for more in (
        Allow(("dynamodb:DeleteItem",), (Known("arn:aws:dynamodb:us-east-1:111122223333:table/Table"),)),
        Allow(("s3:GetObject",), (Known("arn:aws:s3:::letters/in/*"),)),
    ):
        assert proved([*found.statements, more]) == [True, False], more


def test_what_lacks_is_named(tmp_path: Path) -> None:
    facts, function = loaded(tmp_path, TEMPLATE.replace("POLICIES", "[]"), code(*CALLS))
    found = least(facts, function)
    for action in {each.action for each in found.needs.accesses}:
        kept = (
            replace(each, actions=tuple(one for one in each.actions if one != action))
            for each in found.statements
        )
        given = Policies(identity=(policy(each for each in kept if each.actions),))
        (enough, _) = exact(facts, found.needs.accesses, deployed(facts, given))
        assert (enough.holds, enough.reason) == (False, f"`{action}`")


def test_a_variable_speaks_for_no_other_resource(tmp_path: Path) -> None:
    facts, _ = loaded(tmp_path, TEMPLATE.replace("POLICIES", "[]"), code())
    names = ("arn:aws:s3:::letters/x", "arn:aws:s3:::letters/${aws:PrincipalTag/team}")
    accesses = [Access("s3:GetObject", Known(name)) for name in names]
    one = Allow(("s3:GetObject",), tuple(map(Known, names)))
    apart = [Allow(("s3:GetObject",), (Known(name),)) for name in names]
    for statements, enough in (([one], False), (apart, True)):
        given = deployed(facts, Policies(identity=(policy(statements),)))
        assert [proof.holds for proof in exact(facts, accesses, given)] == [enough, True]


ACTIONS = ["s3:GetObject", "s3:PutObject", "dynamodb:GetItem", "kms:Decrypt", "sqs:ListQueues", "new:Thing"]
PLACES = [
    "*",
    "arn:aws:s3:::letters/*",
    "arn:aws:s3:::letters/in/*",
    "arn:aws:s3:::letters/in/x",
    "arn:aws:dynamodb:us-east-1:111122223333:table/Table",
    "arn:aws:kms:us-east-1:111122223333:key/k",
]
CONDITIONS = [(), (), (("StringEquals", "kms:ViaService", Known("s3.us-east-1.amazonaws.com")),)]
held_statements = st.lists(
    st.tuples(
        st.sampled_from([Effect.ALLOW, Effect.ALLOW, Effect.ALLOW, Effect.DENY]),
        st.sampled_from([*ACTIONS, "*", "s3:*", "s3:Get*", "kms:*"]),
        st.sampled_from(PLACES),
        st.sampled_from(CONDITIONS),
    ),
    max_size=4,
)
asked = st.builds(
    Access,
    st.sampled_from(ACTIONS),
    st.sampled_from(PLACES).map(Known),
    conditions=st.sampled_from(CONDITIONS),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held_statements, st.lists(asked, min_size=1, max_size=5), st.booleans())
def test_what_is_told_without_a_proof_is_what_a_proof_finds(
    tmp_path: Path, statements: list[Any], accesses: list[Access], bounded: bool
) -> None:
    facts, _ = loaded(tmp_path, TEMPLATE.replace("POLICIES", "[]"), code())
    made = [
        replace(policy([Allow((action,), (Known(place),), conditions)]).statements[0], effect=effect)
        for effect, action, place, conditions in statements
    ]
    boundary = (policy([Allow(("s3:*",), (Known("*"),))]),) if bounded else None
    held = Held(facts, Policies(identity=(replace(policy([]), statements=tuple(made)),), boundary=boundary))
    for access, told in zip(accesses, held.answers(accesses), strict=True):
        answer = prove.implies(deployed(facts, single(access)), held.policies)
        expected = {prove.Proved: Granted.YES, prove.Refuted: Granted.NO}.get(type(answer), Granted.UNKNOWN)
        assert told.access is access
        # An example that is refused tells more than a proof that gives up.
        assert told.granted is expected or (expected is Granted.UNKNOWN and told.granted is Granted.NO)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.sampled_from(sorted(CALLS)), max_size=4))
def test_the_least_policy_is_enough_and_nothing_else(tmp_path: Path, names: set[str]) -> None:
    facts, function = loaded(tmp_path, TEMPLATE.replace("POLICIES", "[]"), code(*sorted(names)))
    found = least(facts, function)
    assert [(proof.claim, proof.holds) for proof in found.proofs[:2]] == [
        ("it allows every access that is needed", True),
        ("it allows nothing else", True),
    ]
    allowed = {action for allow in found.statements for action in allow.actions}
    assert allowed == {access.action for access in found.needs.accesses}


def test_new_access_is_told_with_a_request(tmp_path: Path) -> None:
    facts, function = loaded(tmp_path, TEMPLATE.replace("POLICIES", "[]"), code("secret"))
    proof = least(facts, function).proofs[2]
    assert proof.holds is False
    assert "`secretsmanager:GetSecretValue`" in proof.reason


def test_no_new_access_is_proved_where_the_role_is_broad(tmp_path: Path) -> None:
    policies = "[AmazonSQSFullAccess, AmazonDynamoDBFullAccess]"
    facts, function = loaded(tmp_path, TEMPLATE.replace("POLICIES", policies), code("send", "put"))
    found = least(facts, function)
    assert found.proofs[2].holds is True
    assert found.before is not None
    assert found.after is not None
    assert set(found.after.capabilities) <= set(found.before.capabilities)
    assert "dynamodb:PutItem ${Table.Arn}" in [line(each) for each in found.needs.accesses]
