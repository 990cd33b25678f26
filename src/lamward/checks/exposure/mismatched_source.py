"""Permission for a source that its service never acts for.

## Why it matters
The statement names one service and the ARN of another's resource: S3 with a topic, SNS with a bucket. It never holds,
so the source that was meant cannot invoke the function, and somebody looking for the reason will sooner or later drop
the source.

## Example
```yaml
News:
  Type: AWS::SNS::Topic
Permission:
  Type: AWS::Lambda::Permission
  Properties:
    FunctionName: import
    Action: lambda:InvokeFunction
    Principal: s3.amazonaws.com
    SourceAccount: !Ref AWS::AccountId
    SourceArn: !Ref News
```

## Use instead
```yaml
News:
  Type: AWS::SNS::Topic
Permission:
  Type: AWS::Lambda::Permission
  Properties:
    FunctionName: import
    Action: lambda:InvokeFunction
    Principal: sns.amazonaws.com
    SourceArn: !Ref News
```

## References
- AWS Lambda API Reference, "AddPermission"
- Service Authorization Reference, "Actions, resources, and condition keys for AWS services"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.invited import mismatched_sources
from lamward.model.application import Resource
from lamward.model.finding import Problem, Severity
from lamward.model.value import location_of


@check(Resource, severity=Severity.LOW, since="0.1")
def mismatched_source(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a service that is let in ever acts for the source that is named."""
    for found in mismatched_sources(facts).get(resource.id, ()):
        yield Problem(
            location_of(found.source.value),
            f"`{found.service}` never acts for a source in `{found.other}`, so this lets nobody in",
            when=found.source.when,
            discriminator=found.service,
        )
