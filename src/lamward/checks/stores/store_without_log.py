"""Store that keeps no record of what was done to it.

## Why it matters
After an incident the question is who read or changed what. A store that writes no log leaves it open, and
if it fails, nobody knows why.

## Example
```yaml
Inbox:
  Type: AWS::S3::Bucket
Import:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables:
        INBOX: !Ref Inbox
```

## Use instead
```yaml
Inbox:
  Type: AWS::S3::Bucket
  Properties:
    LoggingConfiguration:
      DestinationBucketName: !Ref AccessLogs
      LogFilePrefix: inbox/
AccessLogs:
  Type: AWS::S3::Bucket
  Properties:
    LifecycleConfiguration:
      Rules: [{Status: Enabled, ExpirationInDays: 90}]
Import:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables:
        INBOX: !Ref Inbox
```
CloudTrail's data events record the same of buckets and tables; lamward cannot see whether a trail has them, so this is
for auditors. A bucket that takes other buckets' logs is left alone.

## References
- Amazon S3 User Guide, "Logging requests with server access logging"
- Amazon MQ Developer Guide, "Configuring Amazon MQ for ActiveMQ logs"
- Amazon MSK Developer Guide, "Amazon MSK logging"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking
from lamward.facts import Facts
from lamward.facts.stores import LOGS, is_log_target
from lamward.model.application import Resource
from lamward.model.finding import Persona, Severity


@check(Resource, types=tuple(LOGS), severity=Severity.INFO, persona=Persona.AUDITOR, since="0.1")
def store_without_log(resource: Resource, facts: Facts) -> Answer:
    """Ask whether anybody can say later what was done to a store around a function."""
    demand = LOGS[resource.type]
    if not is_log_target(facts, resource):
        yield from lacking(
            resource,
            facts,
            demand,
            f"no log of its own records what is done to this {demand.called}",
            remedy=f"set `{demand.ways[0].path[0]}`",
        )
