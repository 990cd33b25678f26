"""Service that may use a queue or topic for any account.

## Why it matters
`s3.amazonaws.com`, `sns.amazonaws.com` or `events.amazonaws.com` is one principal for all customers of the service. A
statement for it that names no source lets a bucket, topic or rule of anybody on AWS send messages here (the confused
deputy), and a function takes them for its own.

## Example
```yaml
Fulfil:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Orders: {Type: SQS, Properties: {Queue: !GetAtt Orders.Arn}}
Orders:
  Type: AWS::SQS::Queue
  Properties:
    RedrivePolicy: {deadLetterTargetArn: !Sub "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:dead", maxReceiveCount: 5}
OrdersPolicy:
  Type: AWS::SQS::QueuePolicy
  Properties:
    Queues: [!Ref Orders]
    PolicyDocument:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: {Service: sns.amazonaws.com}
          Action: sqs:SendMessage
          Resource: !GetAtt Orders.Arn
```

## Use instead
```yaml
Fulfil:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Orders: {Type: SQS, Properties: {Queue: !GetAtt Orders.Arn}}
Orders:
  Type: AWS::SQS::Queue
  Properties:
    RedrivePolicy: {deadLetterTargetArn: !Sub "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:dead", maxReceiveCount: 5}
News:
  Type: AWS::SNS::Topic
OrdersPolicy:
  Type: AWS::SQS::QueuePolicy
  Properties:
    Queues: [!Ref Orders]
    PolicyDocument:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: {Service: sns.amazonaws.com}
          Action: sqs:SendMessage
          Resource: !GetAtt Orders.Arn
          Condition: {ArnEquals: {aws:SourceArn: !Ref News}}
```
The source's account (`aws:SourceAccount`) or organisation bounds a statement too. Services that act by a role, such
as API Gateway, Step Functions and Lambda itself, need no statement, and one for them is not reported.

## Fix safety
Unsafe: buckets, topics and rules in other accounts are refused then. Name those that may send.

## References
- IAM User Guide, "The confused deputy problem"
- Amazon SQS Developer Guide, "Amazon SQS security best practices"
- Amazon SNS Developer Guide, "Subscribing an Amazon SQS queue to an Amazon SNS topic"
"""

from __future__ import annotations

from typing import Final

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import ACCOUNT, Edits, add, bound, sub, unsafe
from lamward.facts import Facts
from lamward.facts.feeding import concerned, stands_apart
from lamward.facts.function_policies import ServiceGrant, services_for_anyone
from lamward.model.application import ResourcePolicy, ResourcePolicyKind
from lamward.model.finding import Problem, Severity
from lamward.model.policy import Statement
from lamward.model.value import location_of

_BY_A_ROLE: Final = frozenset({"apigateway", "ec2", "ecs-tasks", "lambda", "pipes", "scheduler", "states"})
"""Services that act with a role of their customer's: a statement for them lets nobody in."""

_SAY_THEIR_SOURCE: Final = frozenset({"events.amazonaws.com", "sns.amazonaws.com"})
"""Services of which it is documented that they say by `aws:SourceArn` for what they act."""


@check(ResourcePolicy, severity=Severity.MEDIUM, since="0.1")
def service_use_without_source(written: ResourcePolicy, facts: Facts) -> Answer:
    """Ask whether the services that a queue or topic lets in are told for whom they may act."""
    kinds = {ResourcePolicyKind.QUEUE, ResourcePolicyKind.TOPIC}
    if written.kind not in kinds or stands_apart(facts, written):
        return
    for grant in services_for_anyone(written.policy):
        if grant.service.partition(".")[0] in _BY_A_ROLE:
            continue
        yield Problem(
            location_of(grant.principal.value),
            f"`{grant.service}` may use this {written.kind.value} for any AWS account",
            when=grant.when,
            discriminator=grant.service,
            related=concerned(facts, written),
            help="add a condition on aws:SourceArn or aws:SourceAccount",
            fix=unsafe(
                "take messages of the own account only",
                _own_sources(grant),
                why="sources in other accounts are refused",
            ),
        )


def _own_sources(grant: ServiceGrant) -> Edits:
    statement = grant.statement
    if statement is None or len(statement.principals or ()) != 1:
        return None
    if grant.service == "s3.amazonaws.com":
        # The ARN of a bucket has no account in it.
        return bound(statement, "aws:SourceAccount", ACCOUNT)
    own = sub("arn:${AWS::Partition}:*:*:${AWS::AccountId}:*")
    return _where_sourced(statement, own) if grant.service in _SAY_THEIR_SOURCE else None


def _where_sourced(statement: Statement, own: object) -> Edits:
    if statement.conditions or "Statement" not in statement.location.path:
        return None
    return add(statement.location, "Condition", "ArnLike", "aws:SourceArn", to=own)
