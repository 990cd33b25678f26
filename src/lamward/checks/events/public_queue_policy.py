"""Queue that anyone on the internet may use.

## Why it matters
Whoever may send to the queue writes the events of the function behind it: input it takes for its own. Whoever may
receive reads other people's data and makes messages disappear.

## Example
```yaml
Orders:
  Type: AWS::SQS::Queue
OrdersPolicy:
  Type: AWS::SQS::QueuePolicy
  Properties:
    Queues: [!Ref Orders]
    PolicyDocument:
      Statement:
        - Effect: Allow
          Principal: "*"
          Action: sqs:SendMessage
          Resource: !GetAtt Orders.Arn
```

## Use instead
```yaml
Orders:
  Type: AWS::SQS::Queue
OrdersPolicy:
  Type: AWS::SQS::QueuePolicy
  Properties:
    Queues: [!Ref Orders]
    PolicyDocument:
      Statement:
        - Effect: Allow
          Principal: {Service: sns.amazonaws.com}
          Action: sqs:SendMessage
          Resource: !GetAtt Orders.Arn
          Condition:
            ArnEquals:
              aws:SourceArn: !Sub arn:aws:sns:${AWS::Region}:${AWS::AccountId}:orders
```
The conditions of a statement are evaluated: one for `*` that is bounded by account, organisation, source or network
passes, one that merely demands encrypted transport does not.

## Fix safety
Unsafe: the fix lets only services act, for sources in the queue's own account (`aws:SourceAccount`). Roles of that
account keep what their own policies allow. Senders in other accounts must be named.

## References
- Amazon SQS Developer Guide, "Basic examples of Amazon SQS policies"
- Amazon SQS Developer Guide, "Amazon SQS security best practices"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.strangers import let_in
from lamward.facts import Facts
from lamward.model.application import ResourcePolicy, ResourcePolicyKind
from lamward.model.finding import Severity


@check(ResourcePolicy, severity=Severity.CRITICAL, since="0.1")
def public_queue_policy(written: ResourcePolicy, facts: Facts) -> Answer:
    """Ask whether the policy of a queue lets strangers in."""
    if written.kind is ResourcePolicyKind.QUEUE:
        yield from let_in(
            written, facts, message="anyone on the internet may use this queue", bound_by="aws:SourceAccount"
        )
