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
from lamward.checks.repairs import Edits, all_of, insert_once, put, there
from lamward.checks.stock import BUCKET_OF_LOGS, policy_of_log_bucket
from lamward.facts import Facts
from lamward.facts.settings import Unmet
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
            title="log what is done to the bucket",
            edits=lambda answer: _log(resource, facts, answer),
        )


def _log(bucket: Resource, facts: Facts, answer: Unmet) -> Edits:
    """Let one bucket take the access logs of all; other stores need what only their author knows."""
    if bucket.type != "AWS::S3::Bucket":
        return None
    logs = insert_once(facts, bucket, "AccessLogs", bucket.type, BUCKET_OF_LOGS)
    settings = policy_of_log_bucket(logs.ref, logs.arn)
    policy = insert_once(facts, bucket, "AccessLogsPolicy", "AWS::S3::BucketPolicy", settings)
    if policy.edits and not logs.edits:
        # The author's own bucket of this name may have a policy, and takes no second one.
        return None
    target = {"DestinationBucketName": logs.ref, "LogFilePrefix": f"{there(bucket).id}/"}
    logged = put(bucket, "LoggingConfiguration", to=target, now=answer.value)
    return all_of(logged, logs.edits, policy.edits)
