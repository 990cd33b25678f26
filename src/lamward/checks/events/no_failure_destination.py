"""Function whose failed events vanish.

## Why it matters
Nobody waits for the answer of an asynchronous invocation. Lambda tries three times and then drops the event: an
upload that is never imported, an order that is never sent, and no trace of which. A dead-letter queue or an
on-failure destination keeps it.

## Example
```yaml
Import:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Morning:
        Type: Schedule
        Properties:
          Schedule: rate(1 day)
```

## Use instead
```yaml
Failed:
  Type: AWS::SQS::Queue
Import:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    EventInvokeConfig:
      DestinationConfig:
        OnFailure:
          Type: SQS
          Destination: !GetAtt Failed.Arn
    Events:
      Morning:
        Type: Schedule
        Properties:
          Schedule: rate(1 day)
```
Only functions that buckets, topics, event rules, schedules, logs or IoT rules invoke are asked about. The dead-letter
queue of a rule, schedule or subscription keeps events that never reached the function, not those it failed on.

## References
- AWS Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.keeping import queue_for
from lamward.checks.repairs import grant, is_sam, put, safe
from lamward.facts import Facts
from lamward.facts.asynchrony import asynchronous_triggers_of, branches_without_failure_destination
from lamward.model.application import Function
from lamward.model.finding import Fix, Problem, Related, Severity


@check(Function, severity=Severity.LOW, since="0.1")
def no_failure_destination(function: Function, facts: Facts) -> Answer:
    """Ask where events go that a function keeps failing on."""
    triggers = asynchronous_triggers_of(facts, function)
    for when in branches_without_failure_destination(facts, function) if triggers else ():
        senders = ", ".join(sorted({trigger.kind.value for trigger in triggers}))
        yield Problem(
            function.location,
            f"events ({senders}) that this function keeps failing on are dropped",
            when=when,
            related=tuple(
                Related(each.location, f"sends events: {each.kind.value}")
                for each in triggers
                if each.location != function.location
            ),
            help="add an on-failure destination (EventInvokeConfig) or a dead-letter queue",
            fix=_keep(facts, function),
        )


def _keep(facts: Facts, function: Function) -> Fix | None:
    queue = queue_for(facts, function, "Failures", when=function.when)
    allowed = grant(facts, function, "SendFailures", ["sqs:SendMessage"], queue.arn)
    if is_sam(facts, function):
        destination = {"Type": "SQS", "Destination": queue.arn}
        kept = put(function, "EventInvokeConfig", "DestinationConfig", "OnFailure", to=destination)
    else:
        kept = put(function, "DeadLetterConfig", "TargetArn", to=queue.arn, now=function.dead_letter)
    return safe("keep failed events in a queue", kept, allowed, queue.edits)
