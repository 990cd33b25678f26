"""Function that may write to what invokes it.

## Why it matters
A function that puts its result into the bucket, table or queue it takes its work from invokes itself with every run,
as fast as the account allows. Nothing but the bill and the exhausted concurrency of all other functions tells of it,
and an attacker who finds the way in has to send only one event.

Lambda notices loops through buckets, queues and topics after about sixteen rounds and drops the event; loops through
tables and streams it does not see.

## Example
```yaml
Images:
  Type: AWS::S3::Bucket
Thumbnails:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: [s3:GetObject, s3:PutObject]
            Resource: !Sub ${Images.Arn}/*
    Events:
      Upload:
        Type: S3
        Properties:
          Bucket: !Ref Images
          Events: s3:ObjectCreated:*
```

## Use instead
```yaml
Images:
  Type: AWS::S3::Bucket
Thumbnails:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: s3:PutObject
            Resource: !Sub ${Images.Arn}/thumbnails/*
    Events:
      Upload:
        Type: S3
        Properties:
          Bucket: !Ref Images
          Events: s3:ObjectCreated:*
          Filter:
            S3Key:
              Rules:
                - {Name: prefix, Value: uploads/}
```
Best is another bucket, table or queue for results; otherwise a filter at the trigger that results do not pass. A
function that only reads there should only be allowed to read. Triggers with a filter are left alone.

## References
- AWS Lambda Developer Guide, "Use Lambda recursive loop detection to prevent infinite loops"
- AWS Lambda Developer Guide, "Process Amazon S3 event notifications with Lambda"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.loops import loops
from lamward.model.application import Application
from lamward.model.finding import Confidence, Problem, Related, Severity


@check(Application, severity=Severity.MEDIUM, confidence=Confidence.MEDIUM, since="0.1")
def self_triggering_function(_application: Application, facts: Facts) -> Answer:
    """Ask whether a function may put something into what invokes it for everything new."""
    for loop in loops(facts):
        yield Problem(
            loop.location,
            f"`{loop.function.declared_by or loop.function.id}` may write to `{loop.store.id}`, which invokes it for"
            " all that is new there",
            when=loop.when,
            discriminator=loop.function.id,
            severity=Severity.LOW if loop.stopped else Severity.MEDIUM,
            related=(
                Related(loop.granted, "allows the writing"),
                Related(loop.store.location, "invokes the function"),
            ),
            help="write somewhere else, filter the trigger, or let the function only read there",
        )
