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

from typing import Any

from lamward.checks.framework import Answer, check
from lamward.checks.keeping import queue_for
from lamward.checks.repairs import (
    Edits,
    Inserted,
    add,
    all_of,
    allowing,
    attach,
    is_event,
    put,
    safe,
    there,
)
from lamward.facts import Facts
from lamward.facts.deliveries import Dropped, dropped
from lamward.facts.links import functions_by_id, resources_named, roles_named
from lamward.model.application import Resource
from lamward.model.finding import Fix, Persona, Problem, Related, Severity
from lamward.model.value import at


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
            fix=_keep(facts, resource, each),
        )


def _keep(facts: Facts, sender: Resource, each: Dropped) -> Fix | None:
    event = is_event(sender)
    beside = functions_by_id(facts).get(sender.declared_by, sender) if event else sender
    suffix = f"{sender.location.path[-1]}Undelivered" if event else "Undelivered"
    allowed = _let_in(facts, sender)
    if allowed is None:
        return None
    queue = queue_for(facts, beside, suffix, when=sender.when, allowed=allowed)
    title = "keep events that are not delivered in a queue"
    return safe(title, _name(facts, sender, each, queue), queue.edits)


def _name(facts: Facts, sender: Resource, each: Dropped, queue: Inserted) -> Edits:
    """Say in the sender which queue keeps what it cannot deliver."""
    if sender.type == "AWS::SNS::Subscription":
        return put(sender, "RedrivePolicy", "deadLetterTargetArn", to=queue.arn, now=each.now)
    if is_event(sender):
        return put(sender, "DeadLetterConfig", "Arn", to=queue.arn)
    if sender.type == "AWS::Events::Rule":
        return add(each.now.origins[-1], "DeadLetterConfig", "Arn", to=queue.arn)
    roles = [role for role, _ in roles_named(facts, at(sender.properties, "Target", "RoleArn"), each.when)]
    if len(roles) != 1:
        return None
    # A schedule sends with its own role.
    sends = attach(
        facts, roles[0], f"{there(sender).id}Undelivered", allowing(["sqs:SendMessage"], queue.arn)
    )
    return all_of(put(sender, "Target", "DeadLetterConfig", "Arn", to=queue.arn, now=each.now), sends)


def _let_in(facts: Facts, sender: Resource) -> dict[str, Any] | None:
    """Give whom the queue has to let in, and for what source; {} for nobody, None where the source has no name."""
    if sender.type == "AWS::Scheduler::Schedule":
        return {}
    service, source = "events", there(sender).arn
    if sender.type == "AWS::SNS::Subscription":
        topics = [topic for topic, _ in resources_named(facts, at(sender.properties, "TopicArn"))]
        if len(topics) != 1 or topics[0].type != "AWS::SNS::Topic":
            return None
        service, source = "sns", there(topics[0]).ref
    return {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Condition": {"ArnEquals": {"aws:SourceArn": source}},
    }
