"""`lamward roles` as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import surroundings
from tests.cli.conftest import Lamward
from tests.roles.application import CODE, OPEN, write
from tests.trail import made
from tests.trail.made import FUNCTION, event, identity

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Table:
    Type: AWS::DynamoDB::Table
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: src/
      Policies:
        - AmazonDynamoDBFullAccess # for now
      Environment: {Variables: {TABLE: !Ref Table}}
"""
LEAST = TEMPLATE.replace(
    """\
      Policies:
        - AmazonDynamoDBFullAccess # for now
""",
    """\
      Policies: # for now
        - Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Action: dynamodb:PutItem
              Resource: !GetAtt Table.Arn
""",
)
ELSEWHERE = TEMPLATE.replace(
    "      Policies:\n        - AmazonDynamoDBFullAccess # for now\n",
    "      Role: arn:aws:iam::111122223333:role/mine\n",
)


def test_the_least_policy_is_written_and_a_second_run_changes_nothing(
    lamward: Lamward, tmp_path: Path
) -> None:
    path = write(tmp_path, TEMPLATE)
    result = lamward("roles", "--write")
    assert path.read_text(encoding="utf-8") == LEAST
    assert result.code == 0
    assert result.out.startswith("wrote template.yaml:5 Orders\n")
    assert "proved: the role allows all 4 accesses that are needed" in result.out
    assert result.out.endswith("wrote 1 role, 0 fine as they are, left 0\n")
    again = lamward("roles", "--write")
    assert path.read_text(encoding="utf-8") == LEAST
    assert (again.code, again.out.splitlines()[-1]) == (0, "wrote 0 roles, 1 fine as it is, left 0")


def test_a_difference_is_shown_and_nothing_written(lamward: Lamward, tmp_path: Path) -> None:
    path = write(tmp_path, TEMPLATE)
    result = lamward("roles", "--diff")
    assert path.read_text(encoding="utf-8") == TEMPLATE
    assert result.code == 1
    assert "-        - AmazonDynamoDBFullAccess # for now\n" in result.out
    assert "+              Action: dynamodb:PutItem\n" in result.out
    assert "would write 1 role, 0 fine as they are, left 0" in result.err
    path.write_text(LEAST, encoding="utf-8")
    assert lamward("roles", "--diff").code == 0


def test_what_is_refused_is_told_and_is_1(lamward: Lamward, tmp_path: Path) -> None:
    path = write(tmp_path, ELSEWHERE)
    result = lamward("roles", "--write")
    assert path.read_text(encoding="utf-8") == ELSEWHERE
    assert (result.code, result.out.splitlines()[0]) == (
        1,
        "left template.yaml:5 Orders: its role is not in the template",
    )


def test_nothing_is_taken_away_where_not_all_is_known_unless_asked(lamward: Lamward, tmp_path: Path) -> None:
    path = write(tmp_path, TEMPLATE, app=OPEN)
    result = lamward("roles", "--write")
    assert (result.code, path.read_text(encoding="utf-8")) == (0, TEMPLATE)
    assert (
        "nothing is taken away: not all that `Orders` needs is known (1 call is not resolved)" in result.out
    )
    assert lamward("roles", "--write", "--strict").code == 4
    assert lamward("roles", "--write", "--unsafe").code == 0
    assert "AmazonDynamoDBFullAccess" not in path.read_text(encoding="utf-8")


def test_a_change_that_would_lead_to_a_new_finding_is_refused(lamward: Lamward, tmp_path: Path) -> None:
    """What is written is asked every question like any fix: here, the role could hand out its own rights."""
    code = (
        "import boto3\n\ndef handler(event, context):\n"
        "    boto3.client('iam').put_role_policy(RoleName=event['r'], PolicyName='p', PolicyDocument='')\n"
    )
    path = write(tmp_path, TEMPLATE, app=code)
    result = lamward("roles", "--write")
    assert path.read_text(encoding="utf-8") == TEMPLATE
    assert result.code == 1
    assert "left template.yaml:5 Orders: it would lead to a new finding" in result.out


def test_without_code_only_the_settings_are_known(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, TEMPLATE.replace("src/", "gone/"))
    result = lamward("roles")
    assert result.code == 0
    assert "there is no folder `gone/` beside the template" in result.out.replace("\n  ", " ")
    assert lamward("roles", "--strict").code == 4


def test_json_says_what_is_needed_and_why(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, TEMPLATE)
    data = json.loads(lamward("roles", "--format", "json").out)
    (function,) = data["functions"]
    assert (data["version"], function["function"], function["complete"]) == (1, "Orders", True)
    (need,) = [each for each in function["needs"] if each["action"].startswith("dynamodb:")]
    assert need["resource"] == {"Fn::GetAtt": ["Table", "Arn"]}
    assert need["evidence"] == ["src/app.py:7 dynamodb:PutItem"]
    assert {each["action"] for each in function["granted"]["answers"]} >= {"dynamodb:PutItem"}


@pytest.mark.parametrize("name", ["sam", "cloudformation", "terraform", "policy"])
def test_bare_policies_hold_the_statement(name: str, lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, TEMPLATE)
    result = lamward("roles", "--format", name, "--stack", "shop")
    assert (result.code, result.err) == (0, "")
    assert "dynamodb:PutItem" in result.out


@pytest.mark.parametrize("name", ["sam", "cloudformation", "terraform", "policy"])
def test_beside_bare_policies_it_is_told_what_is_not_known(
    name: str, lamward: Lamward, tmp_path: Path
) -> None:
    write(tmp_path, TEMPLATE, app=OPEN)
    result = lamward("roles", "--format", name, "--stack", "shop")
    assert result.code == 0
    assert result.err == "notice: Orders: not all that it needs is known: 1 call is not resolved\n"


def test_terraform_is_written_for_the_functions_that_are_chosen(lamward: Lamward, tmp_path: Path) -> None:
    other = TEMPLATE.replace("Transform: AWS::Serverless-2016-10-31\nResources:\n", "").replace(
        "Orders:", "More:"
    )
    write(tmp_path, TEMPLATE + other.replace("Table:\n", "Table2:\n"))
    result = lamward("roles", "--format", "terraform", "--function", "More", "--stack", "shop")
    assert (result.code, result.err) == (0, "")
    assert 'resource "aws_iam_role" "more" {' in result.out
    assert "orders" not in result.out


def test_log_groups_of_long_stacks_are_told(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, TEMPLATE)
    said = "log groups are right for stacks whose name has up to 43 characters: "
    assert said in lamward("roles").out
    assert said in lamward("roles", "--format", "policy").err
    assert said not in lamward("roles", "--format", "sam").err  # SAM attaches a policy of AWS's for them
    (function,) = json.loads(lamward("roles", "--format", "json").out)["functions"]
    assert function["right_for_stack_names_up_to"] == 43
    long = "a-stack-of-a-very-long-name-that-cloudformation-cuts"
    result = lamward("roles", "--format", "policy", "--stack", long)
    assert (result.code, result.err) == (0, "")
    assert f":log-group:/aws/lambda/{long[:43]}*-Orders-*:*" in result.out
    path = tmp_path / "template.yaml"
    assert lamward("roles", "--write", "--stack", long).code == 0
    assert path.read_text(encoding="utf-8") == LEAST


def test_what_cannot_be_read_is_told_with_its_place(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, 'AWSTemplateFormatVersion: "2010-09-09"\nResources: [1]\n')
    for more in ((), ("--diff",), ("--format", "json")):
        result = lamward("roles", *more)
        assert result.code == 4
        assert "error: template.yaml:2:12: `Resources` is not a mapping\nhelp: " in result.err
    (told,) = json.loads(lamward("roles", "--format", "json").out)["not_read"]
    assert (told["place"], told["message"]) == ("template.yaml:2:12", "`Resources` is not a mapping")
    write(tmp_path, TEMPLATE + "  Broken: [1]\n")
    result = lamward("roles")
    assert "error: template.yaml:14:3: the resource `Broken` is not a mapping\n" in result.err
    assert (result.code, lamward("roles", "--allow-partial").code) == (4, 0)


def test_a_parameter_that_no_template_has_is_told(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, TEMPLATE)
    result = lamward("roles", "--parameter", "Stgae=x")
    assert (result.code, result.err) == (0, "notice: no template has a parameter `Stgae`\nhelp: remove it\n")


def test_why_an_action_is_needed(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, TEMPLATE)
    assert lamward("roles", "--explain", "DynamoDB:putitem").out == (
        "Orders needs dynamodb:PutItem on ${Table.Arn} (inferred)\n  src/app.py:7 dynamodb:PutItem\n"
    )


def test_what_is_no_action_is_not_explained(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, TEMPLATE)
    result = lamward("roles", "--explain", "dynamodb:PutItems")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(
        "error: there is no action `dynamodb:PutItems`\nhelp: did you mean `dynamodb:PutItem`"
    )


def test_a_misspelt_function_is_suggested(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, TEMPLATE)
    for more in ((), ("--write",)):
        result = lamward("roles", "--function", "Ordres", *more)
        assert (result.code, "did you mean `Orders`" in result.err) == (2, True)


def test_an_explanation_has_no_other_format(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, TEMPLATE)
    result = lamward("roles", "--explain", "s3:GetObject", "--format", "json")
    assert (result.code, result.out) == (2, "")
    assert result.err == "error: `--explain` and `--format` exclude each other\nhelp: leave one of them out\n"


def test_hostile_names_cannot_act_at_the_terminal(lamward: Lamward, tmp_path: Path) -> None:
    path = write(tmp_path, TEMPLATE.replace("  Orders:", '  "Or\\e[2Jders\\u202e":'))
    for arguments in (
        ("roles",),
        ("roles", "--diff"),
        ("roles", "--write"),
        ("roles", "--explain", "x\x1b[2J"),
    ):
        result = lamward(*arguments)
        assert "\x1b" not in result.out + result.err
        assert "\u202e" not in result.out + result.err
    assert "\x1b" not in path.read_text(encoding="utf-8")


def test_no_function_is_3(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, "Resources: {Table: {Type: AWS::DynamoDB::Table}}\n", app=CODE)
    assert lamward("roles", "--write").code == 3


def test_a_trail_confirms_what_is_needed_and_adds_what_the_code_does_not_say(
    lamward: Lamward, tmp_path: Path
) -> None:
    path = write(tmp_path, TEMPLATE)
    name = "shop-Orders-AbC123"
    who = identity(session=name, issued_to=FUNCTION.replace("orders", name))
    denied = event("sqs", "ListQueues", errorCode="AccessDenied", who=who)
    made.write(tmp_path / "logs/one.json", event("sns", "ListTopics", who=who), denied)
    ledger = "trail.ledger"
    assert lamward("trail", "read", "logs", "--ledger", ledger).code == 0
    told = lamward("roles", "--trail", ledger).out
    assert f"    as {name}, 2026-10-01 to 2026-10-01\n" in told
    assert "    used, but not found in the code: sns:ListTopics on *\n" in told
    assert "    denied 1 time, and not granted: sqs:ListQueues on" in told
    data = json.loads(lamward("roles", "--trail", ledger, "--format", "json").out)["functions"][0]["trail"]
    assert data["not_in_code"] == [{"action": "sns:ListTopics", "resource": "*"}]
    assert [each["action"] for each in data["denied"]] == ["sqs:ListQueues"]
    assert lamward("roles", "--trail", ledger, "--write").code == 0
    written = path.read_text(encoding="utf-8")
    assert "sns:ListTopics" in written
    assert "sqs:ListQueues" not in written
    assert lamward("roles", "--trail", ledger, "--diff").code == 0


def test_what_was_seen_is_suggested_and_never_granted_instead(lamward: Lamward, tmp_path: Path) -> None:
    code = (
        "import boto3\n\ndef handler(event, context):\n"
        "    boto3.client('sns').publish(TopicArn=event['topic'], Message='x')\n"
    )
    write(tmp_path, TEMPLATE, app=code)
    name = "shop-Orders-AbC123"
    who = identity(session=name, issued_to=FUNCTION.replace("orders", name))
    topic = "arn:aws:sns:eu-west-1:111122223333:al\x1b[2Jerts"
    seen = event("sns", "Publish", {"topicArn": topic}, arns=(topic,), who=who)
    made.write(tmp_path / "logs/one.json", seen, seen)
    lamward("trail", "read", "logs", "--ledger", "trail.ledger")
    told = lamward("roles", "--trail", "trail.ledger").out
    assert "      seen: arn:aws:sns:eu-west-1:111122223333:al\\x1b[2Jerts since 2026-10-01, 2 times\n" in told
    data = json.loads(lamward("roles", "--trail", "trail.ledger", "--format", "json").out)["functions"][0]
    assert data["trail"]["seen_on"] == [
        {
            "action": "sns:Publish",
            "granted_on": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:*",
            "resource": topic,
            "count": 2,
            "first": "2026-10-01",
            "last": "2026-10-01",
        }
    ]
    granted = {str(each["Action"]): each["Resource"] for each in data["policy"]["Statement"]}
    assert granted["sns:Publish"] == {
        "Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:*"
    }
    assert "# seen: arn:aws:sns" in lamward("roles", "--trail", "trail.ledger", "--format", "terraform").out


def test_a_role_that_nothing_has_and_the_trail_did_not_show_is_told(lamward: Lamward, tmp_path: Path) -> None:
    trust = "{Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}}"
    role = f"  Left: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {trust}}}}}\n"
    write(tmp_path, TEMPLATE + role)
    made.write(tmp_path / "logs/one.json", event("sns", "ListTopics"))
    lamward("trail", "read", "logs", "--ledger", "trail.ledger")
    told = lamward("roles", "--trail", "trail.ledger").out
    assert "no function has the role Left, and the trail did not show it" in told
    assert "no function has the role" not in lamward("roles").out


@pytest.mark.parametrize(("answer", "after"), [("y\n", LEAST), ("n\n", TEMPLATE)])
def test_each_change_is_asked_for(answer: str, after: str, tmp_path: Path) -> None:
    path = write(tmp_path, TEMPLATE)
    command = [sys.executable, "-m", "lamward", "roles", "--write", "--interactive"]
    subprocess.run(command, cwd=tmp_path, env=surroundings(), input=answer, encoding="utf-8", check=False)
    assert path.read_text(encoding="utf-8") == after


def test_a_trail_that_is_not_there_is_2(lamward: Lamward, tmp_path: Path) -> None:
    write(tmp_path, TEMPLATE)
    assert lamward("roles", "--trail", "gone").code == 2
