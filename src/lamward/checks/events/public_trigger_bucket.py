"""Bucket that a function depends on and the world may use.

## Why it matters
Whoever may write to a bucket that invokes a function sends it events and the objects to work on: file names and
contents of an attacker's making. Whoever may read gets what the function takes in or puts out.

## Example
```yaml
Inbox:
  Type: AWS::S3::Bucket
  Properties:
    PublicAccessBlockConfiguration:
      BlockPublicPolicy: false
      RestrictPublicBuckets: false
InboxPolicy:
  Type: AWS::S3::BucketPolicy
  Properties:
    Bucket: !Ref Inbox
    PolicyDocument:
      Statement:
        - Effect: Allow
          Principal: "*"
          Action: s3:PutObject
          Resource: !Sub ${Inbox.Arn}/*
Import:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Upload:
        Type: S3
        Properties:
          Bucket: !Ref Inbox
          Events: s3:ObjectCreated:*
```

## Use instead
Let outsiders upload by presigned addresses, which the function's own account hands out.
```yaml
Inbox:
  Type: AWS::S3::Bucket
  Properties:
    PublicAccessBlockConfiguration:
      BlockPublicAcls: true
      BlockPublicPolicy: true
      IgnorePublicAcls: true
      RestrictPublicBuckets: true
Import:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Upload:
        Type: S3
        Properties:
          Bucket: !Ref Inbox
          Events: s3:ObjectCreated:*
```
Buckets that no function has to do with are left alone.

## References
- Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage"
- Amazon S3 User Guide, "Download and upload objects with presigned URLs"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.buckets import public_uses
from lamward.facts.surroundings import functions_around
from lamward.model.application import Bucket
from lamward.model.finding import Confidence, Doubt, Problem, Related, Severity


@check(Bucket, severity=Severity.HIGH, since="0.1")
def public_trigger_bucket(bucket: Bucket, facts: Facts) -> Answer:
    """Ask whether strangers may use a bucket that functions depend on."""
    functions = functions_around(facts).get(bucket.id, ())
    for use in public_uses(facts, bucket) if functions else ():
        if use.doubt:
            yield Doubt(use.location, use.doubt, when=use.when)
            continue
        way = "write to" if use.writes else "read"
        yield Problem(
            use.location,
            f"anyone on the internet may {way} this bucket, which a function works with",
            when=use.when,
            severity=Severity.CRITICAL if use.writes else Severity.HIGH,
            # New buckets block this since April 2023 unless told otherwise; older ones do not.
            confidence=Confidence.HIGH if use.certain else Confidence.MEDIUM,
            related=tuple(Related(each.location, "works with the bucket") for each in functions),
        )
