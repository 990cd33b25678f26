"""Store that a single call deletes with all it holds.

## Why it matters
A table or database goes with all its data when somebody deletes it: on purpose, in the wrong account, with a
stolen role. With deletion protection the first call fails, and removing the protection is a second decision.

## Example
```yaml
Orders:
  Type: AWS::DynamoDB::Table
  Properties:
    BillingMode: PAY_PER_REQUEST
    AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
    KeySchema: [{AttributeName: id, KeyType: HASH}]
Take:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables:
        TABLE: !Ref Orders
```

## Use instead
```yaml
Orders:
  Type: AWS::DynamoDB::Table
  Properties:
    BillingMode: PAY_PER_REQUEST
    AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
    KeySchema: [{AttributeName: id, KeyType: HASH}]
    DeletionProtectionEnabled: true
Take:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables:
        TABLE: !Ref Orders
```
`DeletionPolicy: Retain` keeps a resource when its stack goes; it does not stop anybody who asks the service itself.

## Fix safety
A stack that has to replace or delete the store fails until the protection is taken off.

## References
- Amazon DynamoDB Developer Guide, "Using deletion protection"
- Amazon RDS User Guide, "Deleting a DB instance"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking
from lamward.facts import Facts
from lamward.facts.stores import DELETION_PROTECTION
from lamward.model.application import Resource
from lamward.model.finding import Persona, Severity


@check(
    Resource, types=tuple(DELETION_PROTECTION), severity=Severity.LOW, persona=Persona.AUDITOR, since="0.1"
)
def store_without_deletion_protection(resource: Resource, facts: Facts) -> Answer:
    """Ask whether one call is enough to delete a store around a function."""
    demand = DELETION_PROTECTION[resource.type]
    yield from lacking(
        resource,
        facts,
        demand,
        f"one call deletes this {demand.called} and all it holds",
        remedy=f"set `{demand.ways[0].path[0]}`",
        title=f"protect the {demand.called} from being deleted",
        caution="a stack that has to replace or delete it fails",
    )
