"""What is granted is compared with what is needed, and the least policy is proved to be enough and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamward.facts.needs.compare import compare
from lamward.facts.needs.held import Granted
from lamward.facts.needs.least import least
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
