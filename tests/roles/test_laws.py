"""Laws of writing roles, over applications that are made up: nothing is missing, nothing left over, once is enough."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lamward.facts.needs.compare import compare
from lamward.facts.needs.held import Granted
from lamward.facts.needs.needed import needed
from lamward.roles.circles import Circles
from lamward.roles.holdings import BASIC
from tests.roles.application import facts_of, planned

RESOURCES = {
    "Table": (
        "AWS::DynamoDB::Table",
        "TableName",
        "boto3.client('dynamodb').put_item(TableName={0}, Item={{}})",
    ),
    "Queue": (
        "AWS::SQS::Queue",
        "QueueName",
        "boto3.client('sqs').send_message(QueueUrl={0}, MessageBody='x')",
    ),
    "Topic": ("AWS::SNS::Topic", "TopicName", "boto3.client('sns').publish(TopicArn={0}, Message='x')"),
    "Bucket": ("AWS::S3::Bucket", "BucketName", "boto3.client('s3').get_object(Bucket={0}, Key='x')"),
}
HELD: list[dict[str, Any]] = [
    {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"},
    {"Effect": "Allow", "Action": ["sns:Publish", "sqs:SendMessage"], "Resource": "*"},
    {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": {"Fn::GetAtt": ["Table", "Arn"]}},
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": {"Fn::Sub": "arn:aws:s3:::${Bucket}/*"}},
]
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
MANAGED = ["AmazonS3FullAccess", f"service-role/{BASIC}", "AmazonSQSReadOnlyAccess"]


@st.composite
def applications(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, str]]:
    """Make a template and the code of its functions."""
    resources: dict[str, Any] = {}
    waiting = draw(st.sampled_from(["", *RESOURCES]))
    for name, (kind, key, _) in RESOURCES.items():
        properties = {key: f"my-{name.lower()}"} if draw(st.booleans()) else {}
        resources[name] = {"Type": kind, "Properties": properties}
    code: dict[str, str] = {}
    shared = draw(st.booleans())
    for number in range(draw(st.integers(1, 3))):
        used = draw(st.lists(st.sampled_from(list(RESOURCES)), unique=True))
        code[f"f{number}"] = _code([each for each in used if each != waiting or number == 0])
        resources |= _function(
            draw, number, [each for each in used if each != waiting], waiting, shared=shared
        )
    if waiting:
        resources[waiting]["DependsOn"] = ["F0"]
        resources["Where"] = {
            "Type": "AWS::SSM::Parameter",
            "Properties": {"Name": f"/{waiting}", "Type": "String", "Value": {"Ref": waiting}},
        }
        code["f0"] = code["f0"].replace(f"os.environ['{waiting}']", f"told('/{waiting}')")
    if shared:
        resources["Shared"] = _role(draw, waiting)
    return {"Transform": "AWS::Serverless-2016-10-31", "Resources": resources}, code


def _code(used: list[str]) -> str:
    calls = "".join(f"    {RESOURCES[each][2].format(f'os.environ[{each!r}]')}\n" for each in used)
    return (
        "import os, boto3\n\ndef told(name):\n"
        "    return boto3.client('ssm').get_parameter(Name=name)['Parameter']['Value']\n\n"
        f"def handler(event, context):\n{calls}    return None\n"
    )


def _without(waiting: str) -> list[dict[str, Any]]:
    return [each for each in HELD if not waiting or waiting not in str(each["Resource"])]


def _role(draw: st.DrawFn, waiting: str) -> dict[str, Any]:
    # What waits for a function is in no policy: that would be a circle already.
    held = draw(st.lists(st.sampled_from(_without(waiting)), unique_by=str))
    arns = [
        f"arn:aws:iam::aws:policy/{each}" for each in draw(st.lists(st.sampled_from(MANAGED), unique=True))
    ]
    policy = {"PolicyName": "mine", "PolicyDocument": {"Version": "2012-10-17", "Statement": held}}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": TRUST,
            **({"ManagedPolicyArns": arns} if arns else {}),
            **({"Policies": [policy]} if held else {}),
        },
    }


def _function(draw: st.DrawFn, number: int, used: list[str], waiting: str, *, shared: bool) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "Handler": f"f{number}.handler",
        "Runtime": "python3.13",
        "Environment": {"Variables": {each: {"Ref": each} for each in used}},
    }
    if draw(st.booleans()):
        properties["FunctionName"] = f"function-{number}"
    kind = draw(st.sampled_from(["sam", "sam with a role", "plain"])) if not shared else "plain"
    if kind == "sam":
        held = draw(
            st.lists(
                st.sampled_from(
                    ["AmazonS3FullAccess", BASIC, {"Statement": HELD[:2]}, {"Statement": _without(waiting)}]
                ),
                max_size=2,
            )
        )
        properties |= {"CodeUri": "src/"} | ({"Policies": held} if held else {})
        return {f"F{number}": {"Type": "AWS::Serverless::Function", "Properties": properties}}
    role = "Shared" if shared else f"Role{number}"
    properties |= {"Role": {"Fn::GetAtt": [role, "Arn"]}}
    properties |= {"CodeUri": "src/"} if kind == "sam with a role" else {"Code": "src/"}
    name = "AWS::Serverless::Function" if kind == "sam with a role" else "AWS::Lambda::Function"
    made: dict[str, Any] = {f"F{number}": {"Type": name, "Properties": properties}}
    return made if shared else made | {role: _role(draw, waiting)}


@given(applications())
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_all_that_is_needed_and_nothing_else(
    application: tuple[dict[str, Any], dict[str, str]],
) -> None:
    template, code = application
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "src").mkdir()
        for module, text in code.items():
            (folder / "src" / f"{module}.py").write_text(text, encoding="utf-8")
        path = folder / "template.yaml"
        # Copied, so that what is the same is written out each time and not as an alias.
        path.write_text(yaml.safe_dump(json.loads(json.dumps(template)), sort_keys=False), encoding="utf-8")
        made = planned(path)
        assert made.refused == []
        path.write_text(made.text, encoding="utf-8")
        _hold(path)
        assert [each.fix for each in planned(path).plans if each.fix] == []


def _hold(path: Path) -> None:
    facts, texts = facts_of(path)
    circles = Circles(facts, texts)
    for function in facts.application.functions:
        compared = compare(facts, function)
        assert compared is not None
        assert needed(facts, function).whole
        assert [each.access.action for each in compared.answers if each.granted is not Granted.YES] == []
        left = {each.policy.name.rpartition("/")[2] for each in compared.surplus}
        assert left <= {BASIC}
        references = [
            part.target
            for policy in compared.role.policies
            for statement in policy.statements
            for case in statement.resources or ()
            for part in getattr(case.value, "references", ())
        ]
        assert [each for each in references if circles.closes(compared.role.id, each)] == []
