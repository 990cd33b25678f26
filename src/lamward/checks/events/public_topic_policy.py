"""Topic that anyone on the internet may use.

## Why it matters
Whoever may publish to the topic writes the events of every function subscribed to it: input they take for their own.
Whoever may subscribe gets a copy of every message.

## Example
```yaml
Orders:
  Type: AWS::SNS::Topic
OrdersPolicy:
  Type: AWS::SNS::TopicPolicy
  Properties:
    Topics: [!Ref Orders]
    PolicyDocument:
      Statement:
        - Effect: Allow
          Principal: {AWS: "*"}
          Action: [sns:Publish, sns:Subscribe]
          Resource: !Ref Orders
```

## Use instead
```yaml
Orders:
  Type: AWS::SNS::Topic
OrdersPolicy:
  Type: AWS::SNS::TopicPolicy
  Properties:
    Topics: [!Ref Orders]
    PolicyDocument:
      Statement:
        - Effect: Allow
          Principal: {AWS: "*"}
          Action: [sns:Publish, sns:Subscribe]
          Resource: !Ref Orders
          Condition:
            StringEquals:
              aws:SourceOwner: !Ref AWS::AccountId
```
The conditions of a statement are evaluated: one for `*` that is bounded by account, organisation, source or network
passes, one that merely demands encrypted transport does not.

## Fix safety
Unsafe: the fix bounds the statement to the topic's own account (`aws:SourceOwner`). Publishers and subscribers in other
accounts must be named.

## References
- Amazon SNS Developer Guide, "Example cases for Amazon SNS access control"
- Amazon SNS Developer Guide, "Amazon SNS security best practices"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.strangers import let_in
from lamward.facts import Facts
from lamward.model.application import ResourcePolicy, ResourcePolicyKind
from lamward.model.finding import Severity


@check(ResourcePolicy, severity=Severity.CRITICAL, since="0.1")
def public_topic_policy(written: ResourcePolicy, facts: Facts) -> Answer:
    """Ask whether the policy of a topic lets strangers in."""
    if written.kind is ResourcePolicyKind.TOPIC:
        yield from let_in(
            written, facts, message="anyone on the internet may use this topic", bound_by="aws:SourceOwner"
        )
