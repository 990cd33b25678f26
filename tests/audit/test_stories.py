"""Stories: which findings are one path, where it ends, and where it is cut."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from lamward.audit.pipeline import run
from lamward.audit.settings import Settings
from lamward.audit.stories import AT_DOORS, AT_ENDS
from lamward.checks import CHECKS
from lamward.facts.doors import DoorKind
from lamward.facts.ends import EndKind
from lamward.model.finding import Severity
from lamward.model.report import Entry, Report, Story
from tests.audit.samples import TODAY

FUNCTION = """
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: src/
"""
SECRETS = """
      Policies:
        - Statement:
            - {Effect: Allow, Action: "secretsmanager:GetSecretValue", Resource: "*"}
"""
EVERYTHING = """
      Policies:
        - Statement:
            - {Effect: Allow, Action: "*", Resource: "*"}
"""
URL = """
      FunctionUrlConfig:
        AuthType: NONE
"""


def audit(tmp_path: Path, *parts: str, **settings: object) -> Report:
    """Audit a template whose resources begin with a function."""
    text = "Transform: AWS::Serverless-2016-10-31\nResources:" + "".join(parts)
    (tmp_path / "template.yaml").write_text(text, encoding="utf-8")
    return run([tmp_path], Settings(**settings), checks=CHECKS, today=TODAY).report  # type: ignore[arg-type]


def only(report: Report) -> Story:
    (story,) = report.stories
    return story


def test_a_door_and_a_power_are_one_story(tmp_path: Path) -> None:
    story = only(audit(tmp_path, FUNCTION, URL, SECRETS))
    assert story.title == (
        "anyone on the internet invokes `Orders` and, by a flaw in the code, can read every secret"
    )
    assert [step.check for step in story.ways] == ["public-function-url"]
    assert [step.check for step in story.ends] == ["wildcard-resource"]
    assert story.severity is Severity.HIGH


def test_every_step_is_a_finding_of_the_report(tmp_path: Path) -> None:
    report = audit(tmp_path, FUNCTION, URL, EVERYTHING)
    story = only(report)
    findings = {finding.fingerprint: finding for finding in report.findings}
    for step in (*story.ways, *story.ends):
        assert findings[step.fingerprint].check == step.check
        assert findings[step.fingerprint].location == step.location


def test_administrators_are_the_worst_end(tmp_path: Path) -> None:
    story = only(audit(tmp_path, FUNCTION, URL, EVERYTHING))
    assert (story.severity, story.does) == (Severity.CRITICAL, "do everything in the account")


@pytest.mark.parametrize(
    ("door", "check", "entry"),
    [
        (
            """
  Open:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Orders, Action: "lambda:InvokeFunction", Principal: "*"}
""",
            "public-resource-policy",
            Entry.INVOKED,
        ),
        (
            """
      Events:
        Show: {Type: HttpApi, Properties: {Path: /orders, Method: get}}
""",
            "open-api-route",
            Entry.INVOKED,
        ),
        (
            """
      Events:
        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
  Jobs:
    Type: AWS::SQS::Queue
  Open:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Jobs]
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: "*", Action: "sqs:SendMessage", Resource: !GetAtt Jobs.Arn}
""",
            "public-queue-policy",
            Entry.FED,
        ),
        (
            """
      Events:
        News: {Type: SNS, Properties: {Topic: !Ref News}}
  News:
    Type: AWS::SNS::Topic
  Open:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref News]
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: "*", Action: "sns:Publish", Resource: !Ref News}
""",
            "public-topic-policy",
            Entry.FED,
        ),
        (
            """
      Events:
        Upload: {Type: S3, Properties: {Bucket: !Ref Inbox, Events: "s3:ObjectCreated:*"}}
  Inbox:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: PublicReadWrite
      PublicAccessBlockConfiguration: {BlockPublicAcls: false, IgnorePublicAcls: false}
""",
            "public-trigger-bucket",
            Entry.FED,
        ),
        (
            """
      Events:
        Shipped:
          Type: EventBridgeRule
          Properties: {EventBusName: !Ref Bus, Pattern: {source: [shop]}}
  Bus:
    Type: AWS::Events::EventBus
    Properties: {Name: shop}
  Open:
    Type: AWS::Events::EventBusPolicy
    Properties:
      EventBusName: !Ref Bus
      StatementId: open
      Statement: {Effect: Allow, Principal: "*", Action: "events:PutEvents", Resource: !GetAtt Bus.Arn}
""",
            "public-event-bus",
            Entry.FED,
        ),
    ],
    ids=["permission", "route", "queue", "topic", "bucket", "bus"],
)
def test_every_kind_of_door_leads_to_the_role(tmp_path: Path, door: str, check: str, entry: Entry) -> None:
    story = only(audit(tmp_path, FUNCTION, SECRETS, door))
    assert [step.check for step in story.ways] == [check]
    assert story.entries == (entry,)
    assert story.through == ("Orders",)


def test_reading_is_not_feeding(tmp_path: Path) -> None:
    door = """
      Events:
        Upload: {Type: S3, Properties: {Bucket: !Ref Inbox, Events: "s3:ObjectCreated:*"}}
  Inbox:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: PublicRead
      PublicAccessBlockConfiguration: {BlockPublicAcls: false, IgnorePublicAcls: false}
"""
    report = audit(tmp_path, FUNCTION, SECRETS, door)
    assert "public-trigger-bucket" in {finding.check for finding in report.findings}
    assert report.stories == ()


@pytest.mark.parametrize("name", ["", ", FunctionName: shop"])
def test_a_web_function_has_a_door_and_a_role(tmp_path: Path, name: str) -> None:
    web = f"""
  Shop:
    Type: AWS::Serverless::WebFunction
    Properties:
      {{Runtime: nodejs24.x, CodeUri: "s3://b/s", AuthType: ApplicationManaged, ExecutionRoleArn: !GetAtt R.Arn{name}}}
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}]
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]
"""
    story = only(audit(tmp_path, web))
    assert story.title == (
        "anyone on the internet invokes `Shop` and, by a flaw in the code, can do everything in the account"
    )
    assert [step.check for step in story.ways] == ["open-web-endpoint"]


def test_an_endpoint_leads_to_the_revisions_of_its_function_only(tmp_path: Path) -> None:
    web = """
  Endpoint:
    Type: AWS::Lambda::WebFunctionEndpoint
    Properties: {FunctionName: shop, EndpointName: a, EndpointType: HomeRegion, AuthType: ApplicationManaged}
  Revision:
    Type: AWS::Lambda::WebFunctionRevision
    Properties: {FunctionName: other, ServiceConfig: {ExecutionRoleArn: !GetAtt R.Arn}}
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]
"""
    assert audit(tmp_path, web).stories == ()
    assert len(audit(tmp_path, web.replace("other", "shop")).stories) == 1


def test_a_role_that_anyone_takes_needs_no_flaw(tmp_path: Path) -> None:
    role = """
  Taken:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Service: lambda.amazonaws.com, AWS: "*"}
            Action: sts:AssumeRole
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]
"""
    story = only(audit(tmp_path, role))
    assert story.title == "any AWS account can do everything in the account"
    assert story.entries == (Entry.TAKEN,)
    assert [step.check for step in story.ends] == ["full-administrator-role"]


@pytest.mark.parametrize(
    "closed",
    [
        URL.replace("NONE", "AWS_IAM"),
        """
      Events:
        Show: {Type: Api, Properties: {Path: /orders, Method: get, Auth: {Authorizer: AWS_IAM}}}
""",
        """
  Own:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Orders, Action: "lambda:InvokeFunction", Principal: "111122223333"}
""",
    ],
    ids=["url", "route", "permission"],
)
def test_a_door_that_asks_who_comes_is_no_story(tmp_path: Path, closed: str) -> None:
    report = audit(tmp_path, FUNCTION, EVERYTHING, closed)
    assert "full-administrator-role" in {finding.check for finding in report.findings}
    assert report.stories == ()


@pytest.mark.parametrize(
    "held",
    [
        '{Effect: Allow, Action: "secretsmanager:GetSecretValue", Resource: "arn:aws:secretsmanager:*:*:secret:a-*"}',
        '{Effect: Allow, Action: "logs:*", Resource: "*"}',
    ],
)
def test_a_role_that_stays_with_its_own_is_no_story(tmp_path: Path, held: str) -> None:
    policies = f"\n      Policies:\n        - Statement:\n            - {held}\n"
    assert audit(tmp_path, FUNCTION, URL, policies).stories == ()


def test_a_deny_takes_the_end_away(tmp_path: Path) -> None:
    denied = '            - {Effect: Deny, Action: "secretsmanager:*", Resource: "*"}\n'
    assert audit(tmp_path, FUNCTION, URL, SECRETS, denied).stories == ()


def test_an_accepted_door_is_no_story(tmp_path: Path) -> None:
    watched = URL.replace("NONE", "NONE # lamward: ignore[public-function-url] signature checked in code")
    report = audit(tmp_path, FUNCTION, watched, EVERYTHING)
    assert report.stories == ()
    assert audit(tmp_path, FUNCTION, watched, EVERYTHING, ignores=False).stories != ()


def test_who_does_not_ask_for_doors_hears_no_story(tmp_path: Path) -> None:
    assert audit(tmp_path, FUNCTION, URL, EVERYTHING, disable=("public-function-url",)).stories == ()


def test_a_url_that_nobody_may_call_is_no_story(tmp_path: Path) -> None:
    door = """
  Address:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !GetAtt Orders.Arn, AuthType: NONE}
"""
    allowed = """
  Everybody:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunctionUrl, Principal: "*", FunctionUrlAuthType: NONE}
"""
    assert audit(tmp_path, FUNCTION, EVERYTHING, door).stories == ()
    assert only(audit(tmp_path, FUNCTION, EVERYTHING, door, allowed)).ways[0].check == "public-function-url"


def test_a_door_nobody_can_see_is_a_story_in_doubt(tmp_path: Path) -> None:
    door = """
  Address:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !GetAtt Orders.Arn, AuthType: !ImportValue auth}
"""
    story = only(audit(tmp_path, FUNCTION, EVERYTHING, door))
    assert story.doubt
    assert story.cut is None
    assert [step.fingerprint for step in story.ways] == [""]


def test_several_ways_to_one_end_are_cut_at_the_end(tmp_path: Path) -> None:
    door = """
      Events:
        Show: {Type: HttpApi, Properties: {Path: /orders, Method: get}}
"""
    story = only(audit(tmp_path, FUNCTION, URL, EVERYTHING, door))
    assert len(story.ways) == 2
    assert story.cut is not None
    assert (story.cut.step.check, story.cut.closes) == ("full-administrator-role", 2)


def test_one_way_to_several_ends_is_cut_at_the_door(tmp_path: Path) -> None:
    more = '            - {Effect: Allow, Action: "dynamodb:*", Resource: "*"}\n'
    story = only(audit(tmp_path, FUNCTION, URL, SECRETS, more))
    assert story.does == "read every secret and table, and change every table"
    assert story.cut is not None
    assert (story.cut.step.check, story.cut.closes, story.paths) == ("public-function-url", 2, 2)
    assert story.cut.advice == "ask callers to sign their requests"


def test_the_worst_is_told_first(tmp_path: Path) -> None:
    other = textwrap.indent(
        textwrap.dedent(FUNCTION.replace("Orders", "Refunds") + URL + EVERYTHING), "  "
    ).replace("\n  \n", "\n")
    report = audit(tmp_path, FUNCTION, URL, SECRETS, other)
    assert [story.severity for story in report.stories] == [Severity.CRITICAL, Severity.HIGH]


def test_every_kind_of_door_and_end_is_told_by_checks_there_are() -> None:
    names = {check.name for check in CHECKS}
    assert AT_DOORS.keys() == set(DoorKind)
    assert AT_ENDS.keys() == set(EndKind)
    assert names.issuperset(AT_DOORS.values())
    assert names.issuperset(name for checks in AT_ENDS.values() for name in checks)
