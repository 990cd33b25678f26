"""Event bus that anyone on AWS may put events on.

## Why it matters
Whoever may put events on the bus writes the input of every function its rules lead to: with any source and any
detail, past every check that the real senders make.

## Example
```yaml
Shop:
  Type: AWS::Events::EventBus
  Properties:
    Name: shop
Partners:
  Type: AWS::Events::EventBusPolicy
  Properties:
    EventBusName: !Ref Shop
    StatementId: partners
    Statement:
      Effect: Allow
      Principal: "*"
      Action: events:PutEvents
      Resource: !GetAtt Shop.Arn
```

## Use instead
```yaml
Shop:
  Type: AWS::Events::EventBus
  Properties:
    Name: shop
Partners:
  Type: AWS::Events::EventBusPolicy
  Properties:
    EventBusName: !Ref Shop
    StatementId: partners
    Statement:
      Effect: Allow
      Principal: "*"
      Action: events:PutEvents
      Resource: !GetAtt Shop.Arn
      Condition:
        StringEquals:
          aws:PrincipalOrgID: o-a1b2c3d4e5
```
Both forms of the resource are read: `Statement`, and the older `Principal`, `Action` and `Condition`.

## Fix safety
Unsafe: the fix bounds the statement to the bus's own account (`aws:PrincipalAccount`). Senders in other accounts must
be named.

## References
- Amazon EventBridge User Guide, "Permissions for event buses in Amazon EventBridge"
- AWS Security Hub, EventBridge.3, EventBridge custom event buses should have a resource-based policy attached
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.strangers import let_in
from lamward.facts import Facts
from lamward.model.application import ResourcePolicy, ResourcePolicyKind
from lamward.model.finding import Severity
from lamward.model.value import Known, Symbolic, at


@check(ResourcePolicy, severity=Severity.CRITICAL, since="0.1")
def public_event_bus(written: ResourcePolicy, facts: Facts) -> Answer:
    """Ask whether the policy of an event bus lets strangers in."""
    if written.kind is ResourcePolicyKind.BUS:
        own = at(facts.application.resources[written.id].properties, "Statement")
        # A statement that is text is not edited.
        key = "" if isinstance(own, Known | Symbolic) else "aws:PrincipalAccount"
        yield from let_in(written, facts, message="any AWS account may use this event bus", bound_by=key)
