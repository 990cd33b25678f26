"""Queue or topic that takes messages over plain HTTP.

## Why it matters
SQS and SNS answer on HTTP as well as HTTPS. The SDKs use HTTPS; a client that is told otherwise sends its messages,
and the signed request with them, in the clear. A policy can refuse that for everybody.

Asked of queues and topics that functions have to do with: none of their policies denies what `aws:SecureTransport`
says came without encryption.

## Example
```yaml
Orders:
  Type: AWS::SQS::Queue
  Properties:
    RedrivePolicy:
      deadLetterTargetArn: !Sub arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:failures
      maxReceiveCount: 5
Fulfil:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Orders:
        Type: SQS
        Properties: {Queue: !GetAtt Orders.Arn}
```

## Use instead
```yaml
Orders:
  Type: AWS::SQS::Queue
  Properties:
    RedrivePolicy:
      deadLetterTargetArn: !Sub arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:failures
      maxReceiveCount: 5
Encrypted:
  Type: AWS::SQS::QueuePolicy
  Properties:
    Queues: [!Ref Orders]
    PolicyDocument:
      Version: "2012-10-17"
      Statement:
        - Effect: Deny
          Principal: "*"
          Action: sqs:*
          Resource: !GetAtt Orders.Arn
          Condition:
            Bool: {aws:SecureTransport: "false"}
Fulfil:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Orders:
        Type: SQS
        Properties: {Queue: !GetAtt Orders.Arn}
```

## References
- Amazon SQS Developer Guide, "Amazon SQS security best practices"
- Amazon SNS Developer Guide, "Amazon SNS security best practices"
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import Edits, append, insert, safe, there
from lamward.checks.stock import encrypted_only, policy_of_queue, policy_of_topic
from lamward.facts import Facts
from lamward.facts.feeding import policies_of
from lamward.facts.stages import before_functions
from lamward.model.application import Resource, ResourcePolicy
from lamward.model.finding import Persona, Problem, Severity
from lamward.model.policy import Effect, Policy
from lamward.model.value import Items, at, text_of


@check(
    Resource,
    types=("AWS::SNS::Topic", "AWS::SQS::Queue"),
    severity=Severity.INFO,
    since="0.1",
    persona=Persona.AUDITOR,
)
def messages_over_http(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a queue or topic refuses what comes unencrypted."""
    policies = policies_of(facts).get(resource.id, ())
    if before_functions(facts, resource) and not any(_refuses(each.policy) for each in policies):
        yield Problem(
            resource.location,
            "messages may be sent here over plain HTTP",
            help="deny requests for which aws:SecureTransport is false",
            fix=safe("refuse messages over plain HTTP", _refuse(facts, resource, policies)),
        )


def _refuses(policy: Policy) -> bool:
    """Tell whether a policy denies everybody what comes without encryption."""
    return any(
        statement.effect is Effect.DENY
        and any(
            entry.operator.lower().removesuffix("ifexists") == "bool"
            and entry.key.lower() == "aws:securetransport"
            and any((text_of(case.value) or "").lower() == "false" for case in entry.values)
            for entry in statement.conditions
        )
        for statement in policy.statements
    )


def _refuse(facts: Facts, resource: Resource, policies: Sequence[ResourcePolicy]) -> Edits:
    """Add the denial to the one policy there is, or make one: a resource has only the policy written last."""
    queue = resource.type == "AWS::SQS::Queue"
    if policies:
        denial = encrypted_only("sqs:*" if queue else "sns:Publish", "*")
        return _extend(facts, policies[0], denial) if len(policies) == 1 else None
    own = there(resource)
    # A policy takes the place of the one by which a new topic is its account's.
    settings = policy_of_queue(own.ref, own.arn) if queue else policy_of_topic(own.ref)
    kind = f"{resource.type}Policy"
    return insert(facts, resource, "Encrypted", kind, settings, when=resource.when).edits


def _extend(facts: Facts, policy: ResourcePolicy, statement: dict[str, Any]) -> Edits:
    carrier = facts.application.resources[policy.id]
    written = at(carrier.properties, "PolicyDocument", "Statement")
    if facts.application.declared.get(policy.id) != carrier.type or not isinstance(written, Items):
        return None
    return append(carrier.location, "Properties", "PolicyDocument", "Statement", item=statement)
