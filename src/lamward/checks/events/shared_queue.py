"""Queue that several mappings poll at once.

## Why it matters
A queue hands each message to one reader. Two functions that poll the same queue do not both get every message: which
of them does is chance. Filters look like the cure and make it worse: a message that a filter does not want is deleted
from the queue, and the function it was meant for never sees it.

## Example
```yaml
Orders:
  Type: AWS::SQS::Queue
Ship:
  Type: AWS::Serverless::Function
  Properties:
    Handler: ship.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Ordered:
        Type: SQS
        Properties:
          Queue: !GetAtt Orders.Arn
          FilterCriteria: {Filters: [{Pattern: '{"body": {"kind": ["order"]}}'}]}
Refund:
  Type: AWS::Serverless::Function
  Properties:
    Handler: refund.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Returned:
        Type: SQS
        Properties:
          Queue: !GetAtt Orders.Arn
          FilterCriteria: {Filters: [{Pattern: '{"body": {"kind": ["return"]}}'}]}
```

## Use instead
Give each function a queue of its own, and let a topic or an event bus choose what goes where.
```yaml
Kinds:
  Type: AWS::SNS::Topic
Ship:
  Type: AWS::Serverless::Function
  Properties:
    Handler: ship.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Ordered:
        Type: SNS
        Properties: {Topic: !Ref Kinds, SqsSubscription: true, FilterPolicy: {kind: [order]}}
```

## References
- AWS Lambda Developer Guide, "Control which events Lambda sends to your function"
- Amazon SQS Developer Guide, "Amazon SQS visibility timeout"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.branches import together
from lamward.facts.mappings import mappings_of_queues
from lamward.model.application import EventSourceMapping, Queue
from lamward.model.finding import Problem, Related, Severity
from lamward.model.value import Absent, Guard, at


@check(Queue, severity=Severity.LOW, since="0.1")
def shared_queue(queue: Queue, facts: Facts) -> Answer:
    """Ask whether several mappings poll a queue at the same time."""
    polled = mappings_of_queues(facts).get(queue.id, ())
    for position, (first, when) in enumerate(polled):
        rivals = [
            (other, both)
            for other, own in polled[:position]
            if (both := together(facts, when, own)) is not None
        ]
        if rivals:
            yield _problem(queue, first, [other for other, _ in rivals], rivals[0][1])


def _problem(
    queue: Queue, mapping: EventSourceMapping, others: list[EventSourceMapping], when: Guard
) -> Problem:
    readers = [mapping, *others]
    filtered = any(not isinstance(at(each.properties, "FilterCriteria"), Absent) for each in readers)
    return Problem(
        mapping.location,
        "another mapping polls the same queue: "
        + (
            "what one's filter does not want is deleted for both"
            if filtered
            else "each message reaches one of them"
        ),
        when=when,
        severity=Severity.MEDIUM if filtered else Severity.LOW,
        related=(
            Related(queue.location, "the queue"),
            *(Related(each.location, "polls it too") for each in others),
        ),
        help="give each function a queue of its own, fed by a topic or an event bus",
    )
