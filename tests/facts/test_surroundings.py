"""Functions depend on what they use, on what invokes them, and on what stands before that; not on others' things."""

from __future__ import annotations

import datetime

import pytest

from lamward.facts import Facts
from lamward.facts.surroundings import functions_around
from lamward.model.application import Invocation, TriggerKind
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
      Environment: {Variables: {TABLE: !Ref Table}}
      Policies: [{SQSSendMessagePolicy: {QueueName: !GetAtt Outbox.QueueName}}]
      Events:
        In: {Type: SQS, Properties: {Queue: !GetAtt Inbox.Arn}}
  Mails:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: src/
      Environment: {Variables: {BUCKET: letters-of-the-shop, ORDERS: !Ref Orders}}
  Table: {Type: AWS::DynamoDB::Table, Properties: {SSESpecification: {KMSMasterKeyId: !Ref Key}}}
  Key: {Type: AWS::KMS::Key}
  Outbox: {Type: AWS::SQS::Queue, Properties: {KmsMasterKeyId: !Ref OtherKey}}
  OtherKey: {Type: AWS::KMS::Key}
  Inbox: {Type: AWS::SQS::Queue}
  Topic: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: !Ref Key}}
  Subscription:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Inbox.Arn}
  Letters: {Type: AWS::S3::Bucket, Properties: {BucketName: letters-of-the-shop}}
  Steps:
    Type: AWS::StepFunctions::StateMachine
    Properties: {Definition: {States: {Take: {Type: Task, Resource: !GetAtt Orders.Arn}}}}
  Stray: {Type: AWS::S3::Bucket}
  StrayTopic: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: !Ref Key}}
"""


@pytest.mark.parametrize(
    ("resource", "functions"),
    [
        ("Table", {"Orders"}),
        ("Key", {"Orders"}),
        ("Outbox", {"Orders"}),
        ("OtherKey", {"Orders"}),
        ("Inbox", {"Orders"}),
        ("Subscription", {"Orders"}),
        ("Topic", {"Orders"}),
        ("Letters", {"Mails"}),
        ("Steps", {"Orders"}),
        ("Stray", set()),
        ("StrayTopic", set()),
        ("Orders", {"Orders"}),
    ],
)
def test_functions_depend_on_what_they_use_and_on_what_reaches_them(
    resource: str, functions: set[str]
) -> None:
    facts = Facts(application(TEMPLATE), today=datetime.date(2026, 11, 21))
    assert {each.id for each in functions_around(facts).get(resource, ())} == functions


def test_what_a_function_policy_lets_in_stands_around_the_function() -> None:
    facts = Facts(
        application("""
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Handler: app.handler, Runtime: python3.13, Role: r, Code: {S3Bucket: b, S3Key: k}}
  News: {Type: AWS::SNS::Topic}
  Callers:
    Type: AWS::Lambda::ResourcePolicy
    Properties:
      ResourceArn: !GetAtt Orders.Arn
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Service: sns.amazonaws.com}
            Action: lambda:InvokeFunction
            Resource: "*"
            Condition: {ArnEquals: {"aws:SourceArn": !Ref News}}
          - {Effect: Deny, Principal: {Service: s3.amazonaws.com}, Action: "lambda:*", Resource: "*"}
"""),
        today=datetime.date(2026, 11, 21),
    )
    assert {"Callers", "News"} <= functions_around(facts).keys()
    assert [(each.kind, each.invocation) for each in facts.application.triggers] == [
        (TriggerKind.TOPIC, Invocation.ASYNCHRONOUS)
    ]


def test_a_distribution_stands_before_the_function_whose_address_it_splits() -> None:
    facts = Facts(
        application("""
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/, FunctionUrlConfig: {AuthType: AWS_IAM}}
  Front:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Origins: [{Id: orders, DomainName: !Select [2, !Split ["/", !GetAtt OrdersUrl.FunctionUrl]]}]
"""),
        today=datetime.date(2026, 11, 21),
    )
    assert [each.id for each in functions_around(facts)["Front"]] == ["Orders"]
