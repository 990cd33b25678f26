"""Image repository in which a tag can be moved to another image.

## Why it matters
Whoever may push to the repository replaces the image behind `latest` or `v1.2`, and the next deployment of the function
runs theirs under the old name. With immutable tags a push under a name that is taken fails.

## Example
```yaml
Images:
  Type: AWS::ECR::Repository
Take:
  Type: AWS::Serverless::Function
  Properties:
    PackageType: Image
    ImageUri: !Sub ${Images.RepositoryUri}@sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b
```

## Use instead
```yaml
Images:
  Type: AWS::ECR::Repository
  Properties:
    ImageTagMutability: IMMUTABLE
Take:
  Type: AWS::Serverless::Function
  Properties:
    PackageType: Image
    ImageUri: !Sub ${Images.RepositoryUri}@sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b
```
Lambda runs the image it resolved at deployment; a digest in `ImageUri` says which one for good.

## Fix safety
A pipeline that pushes under the same tag again, such as `latest`, fails.

## References
- Amazon ECR User Guide, "Preventing image tags from being overwritten in Amazon ECR"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking
from lamward.facts import Facts
from lamward.facts.stores import UNTOUCHABLE_TAGS
from lamward.model.application import Resource
from lamward.model.finding import Persona, Severity


@check(Resource, types=("AWS::ECR::Repository",), severity=Severity.LOW, persona=Persona.AUDITOR, since="0.1")
def overwritable_image_tag(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a tag of a function's images may come to mean another image."""
    yield from lacking(
        resource,
        facts,
        UNTOUCHABLE_TAGS,
        "a push can put another image behind a tag of this repository",
        remedy="set `ImageTagMutability: IMMUTABLE`",
        title="keep tags where they are",
        caution="pushing under the same tag again fails",
    )
