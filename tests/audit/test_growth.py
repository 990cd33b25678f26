"""The cost of an audit grows like the application: no question is asked of all for each."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from lamward.audit.pipeline import run
from lamward.audit.settings import Settings
from lamward.checks import CHECKS
from lamward.model.finding import Persona
from tests.counting import bend

TODAY = datetime.date(2026, 11, 1)
TOLERANCE = 1.03
"""Beyond 1 is what caches save, and names with one more digit."""

HEAD = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Table: {Type: AWS::Serverless::SimpleTable}\n"
TRUST = """{Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, \
Action: "sts:AssumeRole"}]}"""
SHARED = f"""\
Resources:
  Topic: {{Type: AWS::SNS::Topic}}
  Api: {{Type: AWS::ApiGatewayV2::Api, Properties: {{Name: api, ProtocolType: HTTP}}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {TRUST}
      Policies:
        - PolicyName: own
          PolicyDocument: {{Version: "2012-10-17", Statement: [{{Effect: Allow, Action: "s3:*", Resource: "*"}}]}}
"""

APPLICATIONS = {
    "queues": (
        HEAD,
        """\
  Function{n}:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: src/
      DeadLetterQueue: {{Type: SQS, TargetArn: !GetAtt Dead{n}.Arn}}
      Policies: [DynamoDBReadPolicy: {{TableName: !Ref Table}}]
      Events:
        Get: {{Type: Api, Properties: {{Path: /things/{n}, Method: get}}}}
        Queue: {{Type: SQS, Properties: {{Queue: !GetAtt Queue{n}.Arn}}}}
  Queue{n}:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 60
      RedrivePolicy: {{deadLetterTargetArn: !GetAtt Dead{n}.Arn, maxReceiveCount: 5}}
  Dead{n}: {{Type: AWS::SQS::Queue}}
  Alarm{n}:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/SQS
      MetricName: ApproximateNumberOfMessagesVisible
      Dimensions: [{{Name: QueueName, Value: !GetAtt Dead{n}.QueueName}}]
  Policy{n}:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue{n}]
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{{Effect: Allow, Principal: {{Service: events.amazonaws.com}}, Action: "sqs:SendMessage", \
Resource: !GetAtt Queue{n}.Arn}}]
""",
    ),
    "one role, one topic and one API": (
        SHARED,
        """\
  Function{n}:
    Type: AWS::Lambda::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      Role: !GetAtt Role.Arn
      Code: {{S3Bucket: code, S3Key: key{n}}}
      Environment: {{Variables: {{DB_PASSWORD: hunter{n}x}}}}
  Call{n}:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {{ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Function{n}.Arn}}
  Route{n}:
    Type: AWS::ApiGatewayV2::Route
    Properties: {{ApiId: !Ref Api, RouteKey: GET /things/{n}, Target: !Sub "integrations/${{Call{n}}}"}}
  Permission{n}:
    Type: AWS::Lambda::Permission
    Properties: {{FunctionName: !Ref Function{n}, Action: "lambda:InvokeFunction", Principal: apigateway.amazonaws.com}}
  Subscription{n}:
    Type: AWS::SNS::Subscription
    Properties: {{Protocol: lambda, Endpoint: !GetAtt Function{n}.Arn, TopicArn: !Ref Topic}}
""",
    ),
    "everything open": (
        HEAD,
        """\
  Function{n}:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: nodejs16.x  # lamward: ignore[deprecated-runtime] moved with the next release
      FunctionName: open-{n}
      CodeUri: src/
      FunctionUrlConfig: {{AuthType: NONE}}
      Environment: {{Variables: {{NEXT: !Ref Table, API_KEY: sk_live_4eC39HqLyjWDarjtT1zdp7d{n}}}}}
      Policies: [Statement: [{{Effect: Allow, Action: "*", Resource: "*"}}]]
      Events:
        Object: {{Type: S3, Properties: {{Bucket: !Ref Bucket{n}, Events: "s3:ObjectCreated:*"}}}}
        Stream: {{Type: Kinesis, Properties: {{Stream: !GetAtt Stream{n}.Arn, StartingPosition: LATEST}}}}
  Stream{n}: {{Type: AWS::Kinesis::Stream, Properties: {{ShardCount: 1}}}}
  Bucket{n}: {{Type: AWS::S3::Bucket}}
  Logs{n}:
    Type: AWS::Logs::LogGroup
    Properties: {{LogGroupName: /aws/lambda/open-{n}}}
""",
    ),
}


@pytest.mark.parametrize("name", APPLICATIONS)
def test_each_further_function_costs_the_same(name: str, tmp_path: Path) -> None:
    head, function = APPLICATIONS[name]

    def audit(size: int) -> Callable[[], object]:
        path = tmp_path / f"template-{size}.yaml"
        path.write_text(head + "".join(function.format(n=n + 100) for n in range(size)), encoding="utf-8")
        return lambda: run([path], Settings(persona=Persona.AUDITOR), checks=CHECKS, today=TODAY)

    audit(2)()  # what is loaded once
    assert bend(audit, 16) <= TOLERANCE
