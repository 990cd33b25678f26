"""Bucket on which the block of public access is switched off.

## Why it matters
The block is what stops the next mistake: with it, a policy or an access list that opens the bucket to the world has no
effect. New buckets have it, so switching it off is a decision, and a bucket that nothing opens does not need it. A
configuration that names only some of its four parts switches the others off.

## Example
```yaml
Inbox:
  Type: AWS::S3::Bucket
  Properties:
    PublicAccessBlockConfiguration:
      BlockPublicPolicy: false
      RestrictPublicBuckets: false
Import:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables:
        INBOX: !Ref Inbox
```

## Use instead
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
    Environment:
      Variables:
        INBOX: !Ref Inbox
```
A bucket that something does open is the matter of `public-trigger-bucket`. A website is better put behind CloudFront,
with the block on.

## Fix safety
A policy or access list outside the template that opens the bucket no longer has any effect.

## References
- Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking
from lamward.facts import Facts
from lamward.facts.buckets import public_uses
from lamward.facts.links import buckets_by_id
from lamward.facts.stores import BLOCKS
from lamward.model.application import Resource
from lamward.model.finding import Persona, Severity


@check(Resource, types=("AWS::S3::Bucket",), severity=Severity.LOW, persona=Persona.AUDITOR, since="0.1")
def unblocked_bucket(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a bucket around a function that nothing opens could be opened."""
    if any(public_uses(facts, buckets_by_id(facts)[resource.id])):
        return
    for demand in BLOCKS:
        *_, setting = demand.ways[0].path
        yield from lacking(
            resource,
            facts,
            demand,
            f"a mistake may open this bucket to the world: `{setting}` is off",
            remedy=f"set `{setting}` to true, or leave out the whole configuration",
            title="block public access",
            caution="what opens the bucket from outside the template has no effect any more",
            discriminator=str(setting),
        )
