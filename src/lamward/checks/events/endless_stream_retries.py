"""Stream whose bad records are tried again until they expire, although a destination waits for them.

## Why it matters
A failure destination of a stream gets a record only when Lambda gives up, and without a limit it only does once the
record expires, a day or up to a year later. Until then everything behind it in the shard waits, and the function is
called and paid for again and again.

## Example
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
          DestinationConfig:
            OnFailure:
              Destination: !GetAtt Failed.Arn
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
          BisectBatchOnFunctionError: true
          DestinationConfig:
            OnFailure:
              Destination: !GetAtt Failed.Arn
```
`MaximumRecordAgeInSeconds` is a limit too. A stream without any destination is the matter of
`stream-without-failure-destination`.

## Fix safety
A record that a longer outage of something else would have outlasted goes to the destination instead.

## References
- AWS Lambda Developer Guide, "Retain discarded batch records for a Kinesis Data Streams event source in Lambda"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import Edits, add, change, unsafe
from lamward.facts import Facts
from lamward.facts.mappings import endless_branches
from lamward.model.application import EventSourceMapping
from lamward.model.finding import Problem, Severity
from lamward.model.value import Case, Known, location_of

ATTEMPTS = 5
"""Enough for a short outage of something else: Lambda waits longer between later attempts."""


@check(EventSourceMapping, severity=Severity.LOW, since="0.1")
def endless_stream_retries(mapping: EventSourceMapping, facts: Facts) -> Answer:
    """Ask whether Lambda ever gives up on a record that has somewhere to go."""
    for case in endless_branches(facts, mapping):
        yield Problem(
            location_of(case.value) if isinstance(case.value, Known) else mapping.location,
            "a record this function fails on is tried until it expires, before the destination gets it",
            when=case.when,
            help=f"set MaximumRetryAttempts, for example to {ATTEMPTS}",
            fix=unsafe(
                f"give up after {ATTEMPTS} attempts",
                _limit(mapping, facts, case),
                why="records that a longer outage would have outlasted go to the destination",
            ),
        )


def _limit(mapping: EventSourceMapping, facts: Facts, case: Case) -> Edits:
    if isinstance(case.value, Known):
        return change(facts, case, ATTEMPTS)
    return add(mapping.location, "Properties", "MaximumRetryAttempts", to=ATTEMPTS)
