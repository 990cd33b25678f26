"""Store that cannot be brought back to what it was before.

## Why it matters
A function with a bug, a wrong deployment or somebody with the function's role changes or deletes what is stored.
Without versions, backups or point-in-time recovery that is final.

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
    PointInTimeRecoverySpecification:
      PointInTimeRecoveryEnabled: true
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
For buckets set `VersioningConfiguration` (with a lifecycle rule for old versions), for file systems `BackupPolicy`,
for databases a `BackupRetentionPeriod`. What can be made anew, such as a cache or thumbnails, needs none of it. What
AWS Backup does is not seen.

## References
- Amazon DynamoDB Developer Guide, "Point-in-time backups for DynamoDB"
- Amazon S3 User Guide, "Retaining multiple versions of objects with S3 Versioning"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking
from lamward.facts import Facts
from lamward.facts.stores import RECOVERY
from lamward.model.application import Resource
from lamward.model.finding import Persona, Severity


@check(Resource, types=tuple(RECOVERY), severity=Severity.LOW, persona=Persona.AUDITOR, since="0.1")
def store_without_recovery(resource: Resource, facts: Facts) -> Answer:
    """Ask whether there is a way back to what a store around a function held."""
    demand = RECOVERY[resource.type]
    yield from lacking(
        resource,
        facts,
        demand,
        f"what is changed or deleted in this {demand.called} is lost",
        remedy=f"set `{demand.ways[0].path[0]}`",
        title=f"keep what the {demand.called} held",
    )
