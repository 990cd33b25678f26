"""Store that is encrypted with a key of AWS's and not of your own.

## Why it matters
Whoever may read a store that AWS's own key protects needs no permission for the key. A customer managed key is a second
lock: its policy says who may decrypt, every use is in CloudTrail, and disabling it closes the store at once. It costs a
dollar a month and a permission more in every role; whether that is worth it depends on the data.

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
    SSESpecification:
      SSEEnabled: true
      SSEType: KMS
      KMSMasterKeyId: alias/orders
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
A topic or stream without any key is not encrypted at all: that is the matter of `unencrypted-store`.

## References
- AWS Key Management Service Developer Guide, "AWS KMS keys"
- Amazon DynamoDB Developer Guide, "DynamoDB encryption at rest"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking
from lamward.facts import Facts
from lamward.facts.stores import CUSTOMER_KEYS, is_keyless
from lamward.model.application import Resource
from lamward.model.finding import Persona, Severity


@check(Resource, types=tuple(CUSTOMER_KEYS), severity=Severity.INFO, persona=Persona.AUDITOR, since="0.1")
def store_without_customer_key(resource: Resource, facts: Facts) -> Answer:
    """Ask whether the account decides who may decrypt a store around a function."""
    if not is_keyless(facts, resource):
        demand = CUSTOMER_KEYS[resource.type]
        steps = [str(step) for step in demand.ways[0].path if isinstance(step, str)]
        yield from lacking(
            resource,
            facts,
            demand,
            f"this {demand.called} is encrypted with a key that is not your own",
            remedy=f"name a customer managed key: `{'.'.join(steps)}`",
        )
