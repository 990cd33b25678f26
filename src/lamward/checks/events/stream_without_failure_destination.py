"""Queue or stream whose poisonous records are lost or block the rest.

## Why it matters
A record the function cannot handle is tried again and again. In a stream it holds up everything behind it until it
expires, and is then lost; in a queue it comes back until the queue's retention ends, at your cost, and is then lost.
A failure destination, or the queue's own dead-letter queue, sets it aside.

## Example
```yaml
Totals:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Changes:
        Type: Kinesis
        Properties:
          Stream: !Sub arn:aws:kinesis:${AWS::Region}:${AWS::AccountId}:stream/orders
          StartingPosition: LATEST
```

## Use instead
```yaml
Failed:
  Type: AWS::SQS::Queue
Totals:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Changes:
        Type: Kinesis
        Properties:
          Stream: !Sub arn:aws:kinesis:${AWS::Region}:${AWS::AccountId}:stream/orders
          StartingPosition: LATEST
          MaximumRetryAttempts: 5
          DestinationConfig:
            OnFailure:
              Destination: !GetAtt Failed.Arn
```
For a queue, set `RedrivePolicy` on the queue. A queue that is itself a dead-letter queue needs none.

## References
- AWS Lambda Developer Guide, "Configuring partial batch response with Kinesis Data Streams and Lambda"
- Amazon SQS Developer Guide, "Using dead-letter queues in Amazon SQS"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.mappings import queues_without_redrive, unhandled_stream_branches
from lamward.model.application import EventSourceMapping
from lamward.model.finding import Problem, Related, Severity


@check(EventSourceMapping, severity=Severity.MEDIUM, since="0.1")
def stream_without_failure_destination(mapping: EventSourceMapping, facts: Facts) -> Answer:
    """Ask where records go that the function keeps failing on."""
    for branch in unhandled_stream_branches(facts, mapping):
        yield Problem(
            mapping.location,
            f"a record this function fails on {branch.effect} and is then lost",
            when=branch.when,
            help="set DestinationConfig.OnFailure and MaximumRetryAttempts",
        )
    for queue, when in queues_without_redrive(facts, mapping):
        yield Problem(
            queue.location,
            "a message the function fails on comes back until it expires, as this queue has no dead-letter queue",
            when=when,
            severity=Severity.LOW,
            related=(Related(mapping.location, "feeds the function"),),
            help="set RedrivePolicy",
        )
