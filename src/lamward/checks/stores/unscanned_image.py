"""Image repository that searches nothing for known weaknesses.

## Why it matters
A function's image brings an operating system and its libraries along. Their weaknesses are found after the image was
built; whoever does not look keeps running them.

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
    ImageScanningConfiguration:
      ScanOnPush: true
Take:
  Type: AWS::Serverless::Function
  Properties:
    PackageType: Image
    ImageUri: !Sub ${Images.RepositoryUri}@sha256:6c3c624b58dbbcd3c0dd82b4c53f04194d1247c6eebdaab7c610cf7d66709b3b
```
The registry of an account may scan everything by its own configuration, and Amazon Inspector goes on looking after the
push. The template does not show either, so this is for auditors.

## References
- Amazon ECR User Guide, "Scan images for software vulnerabilities in Amazon ECR"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking
from lamward.facts import Facts
from lamward.facts.stores import SCANNING
from lamward.model.application import Resource
from lamward.model.finding import Persona, Severity


@check(Resource, types=("AWS::ECR::Repository",), severity=Severity.LOW, persona=Persona.AUDITOR, since="0.1")
def unscanned_image(resource: Resource, facts: Facts) -> Answer:
    """Ask whether the images of functions are searched for known weaknesses."""
    yield from lacking(
        resource,
        facts,
        SCANNING,
        "images in this repository are not searched for known weaknesses",
        remedy="set `ScanOnPush: true`, or let the registry or Amazon Inspector scan",
        title="scan images when they are pushed",
    )
