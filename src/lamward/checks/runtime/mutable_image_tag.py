"""Container image that is named by a tag somebody may move.

## Why it matters
Lambda looks a tag up when the function is deployed. Whoever may push to the repository gives the tag to another image,
and the next deployment of the very same template runs it: what was reviewed, scanned and tested is not what runs.
And CloudFormation sees no change where only the image behind a tag is new, so that a patched image is not deployed.

`latest`, or no tag, is moved by every push. Other tags may be fixed by a habit that the template does not show: they
are for those who review every such place. A repository of the same template with `ImageTagMutability: IMMUTABLE`, a tag
that the deployment fills in, and images that the SAM CLI builds pass.

## Example
```yaml
Orders:
  Type: AWS::Lambda::Function
  Properties:
    PackageType: Image
    Role: arn:aws:iam::111122223333:role/orders
    Code:
      ImageUri: !Sub ${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/orders:latest
```

## Use instead
```yaml
Orders:
  Type: AWS::Lambda::Function
  Properties:
    PackageType: Image
    Role: arn:aws:iam::111122223333:role/orders
    Code:
      ImageUri: !Join
        - "@"
        - - !Sub ${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/orders
          - sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
```

## References
- AWS Lambda Developer Guide, "Create a Lambda function using a container image"
- Amazon ECR User Guide, "Preventing image tags from being overwritten"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.concerned import also_concerned
from lamward.facts.images import movable_images
from lamward.model.application import Application
from lamward.model.finding import Persona, Problem, Severity


@check(Application, severity=Severity.LOW, since="0.1")
def mutable_image_tag(_application: Application, facts: Facts) -> Answer:
    """Ask whether the images of functions are named by what cannot be moved."""
    for image in movable_images(facts):
        place = image.place
        yield Problem(
            place.location,
            f"the image is whatever `{image.tag}` names when the function is deployed",
            when=place.case.when,
            related=also_concerned(place.location, place.functions, note="runs this image"),
            severity=None if image.newest else Severity.INFO,
            persona=None if image.newest else Persona.AUDITOR,
            help="name the image by its digest (@sha256:...)",
        )
