"""What is put into a bucket, topic, queue or bus is followed to the functions that handle it."""

from __future__ import annotations

import datetime

import pytest

from lamward.facts import Facts
from lamward.facts.feeding import concerned, fed, stands_apart
from tests.loading import application

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: src/
      Policies: [{Statement: [{Effect: Allow, Action: "dynamodb:*", Resource: "*"}]}]
      Environment: {Variables: {OUTBOX: !Ref Outbox}}
      Events:
        In: {Type: SQS, Properties: {Queue: !GetAtt Inbox.Arn}}
  Chief:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: src/
      Policies: [AdministratorAccess]
      Events:
        Paid: {Type: EventBridgeRule, Properties: {EventBusName: !Ref Bus, Pattern: {source: [shop]}}}
  Inbox: {Type: AWS::SQS::Queue}
  Outbox: {Type: AWS::SQS::Queue}
  Topic: {Type: AWS::SNS::Topic}
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: shop}}
  Stray: {Type: AWS::SQS::Queue}
  Uploads:
    Type: AWS::S3::Bucket
    Properties: {NotificationConfiguration: {TopicConfigurations: [{Event: "s3:*", Topic: !Ref Topic}]}}
  Subscription:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Inbox.Arn}
  Open:
    Type: AWS::SQS::QueuePolicy
    Properties: {Queues: [!Ref Inbox, !Ref Outbox], PolicyDocument: {Statement: []}}
  OpenBus:
    Type: AWS::Events::EventBusPolicy
    Properties: {EventBusName: !Ref Bus, StatementId: all, Principal: "*", Action: events:PutEvents}
  Apart:
    Type: AWS::SQS::QueuePolicy
    Properties: {Queues: [!Ref Stray], PolicyDocument: {Statement: []}}
  Elsewhere:
    Type: AWS::SQS::QueuePolicy
    Properties: {Queues: [orders], PolicyDocument: {Statement: []}}
"""


@pytest.fixture
def facts() -> Facts:
    return Facts(application(TEMPLATE), today=datetime.date(2026, 11, 21))


@pytest.mark.parametrize(
    ("resource", "functions"),
    [
        ("Inbox", {"Orders"}),
        ("Topic", {"Orders"}),
        ("Uploads", {"Orders"}),
        ("Bus", {"Chief"}),
        ("Outbox", set()),
        ("Stray", set()),
    ],
)
def test_events_are_followed(facts: Facts, resource: str, functions: set[str]) -> None:
    assert {each.id for each in fed(facts).get(resource, ())} == functions


@pytest.mark.parametrize(
    ("policy", "notes"),
    [
        ("Open", ["handles what comes in, and may do `dynamodb:*`"]),
        ("OpenBus", ["handles what comes in, and may do everything"]),
        ("Apart", []),
    ],
)
def test_a_policy_concerns_those_who_handle_what_it_lets_in(
    facts: Facts, policy: str, notes: list[str]
) -> None:
    (written,) = (each for each in facts.application.resource_policies if each.id == policy)
    assert [each.note for each in concerned(facts, written)] == notes


def test_only_what_is_known_to_be_unused_stands_apart(facts: Facts) -> None:
    written = facts.application.resource_policies
    assert {each.id for each in written if stands_apart(facts, each)} == {"Apart"}
