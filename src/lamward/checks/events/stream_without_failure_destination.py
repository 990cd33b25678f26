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

## Fix safety
Unsafe: a record or message that fails five times is set aside, and no longer tried until it expires; those behind it
pass it. Somebody has to look into the queue of failures.

## References
- AWS Lambda Developer Guide, "Configuring partial batch response with Kinesis Data Streams and Lambda"
- Amazon SQS Developer Guide, "Using dead-letter queues in Amazon SQS"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.keeping import queue_for
from lamward.checks.repairs import grant, is_event, put, unsafe
from lamward.facts import Facts
from lamward.facts.links import functions_named
from lamward.facts.mappings import Unhandled, queues_without_redrive, unhandled_stream_branches
from lamward.model.application import EventSourceMapping, Queue
from lamward.model.finding import Fix, Problem, Related, Severity
from lamward.model.value import Absent, at, truth_of

_TRIES = 5
_WHY = "what fails this often is set aside, and what is behind it passes it"


@check(EventSourceMapping, severity=Severity.MEDIUM, since="0.1")
def stream_without_failure_destination(mapping: EventSourceMapping, facts: Facts) -> Answer:
    """Ask where records go that the function keeps failing on."""
    for branch in unhandled_stream_branches(facts, mapping):
        yield Problem(
            mapping.location,
            f"a record this function fails on {branch.effect} and is then lost",
            when=branch.when,
            help="set DestinationConfig.OnFailure and MaximumRetryAttempts",
            fix=_set_aside(facts, mapping, branch),
        )
    for queue, when in queues_without_redrive(facts, mapping):
        yield Problem(
            queue.location,
            "a message the function fails on comes back until it expires, as this queue has no dead-letter queue",
            when=when,
            severity=Severity.LOW,
            related=(Related(mapping.location, "feeds the function"),),
            help="set RedrivePolicy",
            fix=_redrive(facts, queue),
        )


def _set_aside(facts: Facts, mapping: EventSourceMapping, branch: Unhandled) -> Fix | None:
    function = next((each for each, _ in functions_named(facts, mapping.function, mapping.when)), None)
    if function is None:
        return None
    queue = queue_for(facts, function, "Failures", when=function.when)
    allowed = grant(facts, function, "SendFailures", ["sqs:SendMessage"], queue.arn)
    kind = {"Type": "SQS"} if is_event(mapping) else {}
    sent = put(mapping, "DestinationConfig", "OnFailure", to={**kind, "Destination": queue.arn})
    limited = not isinstance(at(mapping.properties, "MaximumRetryAttempts"), Absent)
    tries = put(mapping, "MaximumRetryAttempts", to=_TRIES) if branch.retries and not limited else ()
    return unsafe(f"set records aside that fail {_TRIES} times", sent, tries, allowed, queue.edits, why=_WHY)


def _redrive(facts: Facts, queue: Queue) -> Fix | None:
    ordered = truth_of(at(queue.properties, "FifoQueue")) is True
    failures = queue_for(facts, queue, "Failures", when=queue.when, ordered=ordered)
    policy = {"deadLetterTargetArn": failures.arn, "maxReceiveCount": _TRIES}
    set_aside = put(queue, "RedrivePolicy", to=policy, now=queue.redrive)
    return unsafe(f"set messages aside that fail {_TRIES} times", set_aside, failures.edits, why=_WHY)
