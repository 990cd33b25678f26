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

## Fix safety
Unsafe: strangers who use the bucket now, visitors of a website in it above all, are refused.

## References
- Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage"
- Amazon S3 User Guide, "Download and upload objects with presigned URLs"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import OWN_ACCOUNT, Edits, all_of, put, remove, reserve, unsafe
from lamward.facts import Facts
from lamward.facts.buckets import PublicUse, public_uses
from lamward.facts.surroundings import functions_around
from lamward.model.application import Bucket
from lamward.model.finding import Confidence, Doubt, Fix, Problem, Related, Severity
from lamward.model.value import Absent, at, truth_of

_BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


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
            fix=_close(bucket, use),
        )


def _close(bucket: Bucket, use: PublicUse) -> Fix | None:
    """Block public access; what would be public is taken back too, as S3 refuses it from then on."""
    taken_back = reserve(use.statement, OWN_ACCOUNT) if use.statement else remove(use.location)
    why = "strangers who use the bucket are refused"
    return unsafe("block public access to the bucket", _block(bucket), taken_back, why=why)


def _block(bucket: Bucket) -> Edits:
    block = "PublicAccessBlockConfiguration"
    if isinstance(bucket.public_access_block, Absent):
        return put(bucket, block, to=dict.fromkeys(_BLOCKS, True), now=bucket.public_access_block)
    return all_of(
        *(
            put(bucket, block, name, to=True, now=at(bucket.public_access_block, name))
            for name in _BLOCKS
            if truth_of(at(bucket.public_access_block, name)) is not True
        )
    )
