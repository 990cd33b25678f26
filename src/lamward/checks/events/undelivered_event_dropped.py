"""Topic, rule or schedule that drops the events it cannot hand to a function.

## Why it matters
A service that may not invoke the function any more, because somebody changed a permission or deleted an alias, does not
even try again: the event is gone. The function's own failure destination does not help, as the function was never
called.

## Example
```yaml
Morning:
  Type: AWS::Events::Rule
  Properties:
    ScheduleExpression: rate(1 day)
    Targets:
      - Id: report
        Arn: !GetAtt Report.Arn
Report:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
```

## Use instead
```yaml
Morning:
  Type: AWS::Events::Rule
  Properties:
    ScheduleExpression: rate(1 day)
    Targets:
      - Id: report
        Arn: !GetAtt Report.Arn
        DeadLetterConfig: {Arn: !GetAtt Undelivered.Arn}
Undelivered:
  Type: AWS::SQS::Queue
Report:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    EventInvokeConfig:
      DestinationConfig:
        OnFailure: {Type: SQS, Destination: !GetAtt Undelivered.Arn}
```
A subscription has `RedrivePolicy` for it. The queue's policy has to let the service send. Throttled and failing
deliveries are tried again for hours, so this is for auditors.

## References
- Amazon EventBridge User Guide, "Using dead-letter queues to process undelivered events in EventBridge"
- Amazon SNS Developer Guide, "Amazon SNS dead-letter queues"
- Amazon EventBridge Scheduler User Guide, "Configuring a dead-letter queue for EventBridge Scheduler"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.deliveries import dropped
from lamward.model.application import Resource
from lamward.model.finding import Persona, Problem, Related, Severity


@check(
    Resource,
    types=("AWS::Events::Rule", "AWS::SNS::Subscription", "AWS::Scheduler::Schedule"),
    severity=Severity.LOW,
    persona=Persona.AUDITOR,
    since="0.1",
)
def undelivered_event_dropped(resource: Resource, facts: Facts) -> Answer:
    """Ask what becomes of events that never reach their function."""
    for each in dropped(facts, resource):
        yield Problem(
            resource.location,
            f"events that do not reach `{each.function.declared_by or each.function.id}` are dropped",
            when=each.when,
            discriminator=each.function.id,
            related=(Related(each.function.location, "never hears of them"),)
            if each.function.location.path[:2] != resource.location.path[:2]
            else (),
            help="add a dead-letter queue: DeadLetterConfig, or RedrivePolicy of a subscription",
        )
