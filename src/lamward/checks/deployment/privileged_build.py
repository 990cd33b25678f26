"""Build that is root on its machine.

## Why it matters
`PrivilegedMode` gives a build all devices of its machine. It is there to build container images; in any other build, a
dependency that runs code while it is installed gets out of the container for nothing.

Builds of images need it, and the template does not show whether this is one: for those who review every such place.

## Example
```yaml
Deploys:
  Type: AWS::CodeBuild::Project
  Properties:
    ServiceRole: arn:aws:iam::111122223333:role/deploys
    Artifacts: {Type: NO_ARTIFACTS}
    Source: {Type: GITHUB, Location: "https://github.com/shop/orders.git"}
    Environment:
      Type: LINUX_CONTAINER
      ComputeType: BUILD_GENERAL1_SMALL
      Image: aws/codebuild/amazonlinux-x86_64-standard:5.0
      PrivilegedMode: true
```

## Use instead
```yaml
Deploys:
  Type: AWS::CodeBuild::Project
  Properties:
    ServiceRole: arn:aws:iam::111122223333:role/deploys
    Artifacts: {Type: NO_ARTIFACTS}
    Source: {Type: GITHUB, Location: "https://github.com/shop/orders.git"}
    Environment:
      Type: LINUX_CONTAINER
      ComputeType: BUILD_GENERAL1_SMALL
      Image: aws/codebuild/amazonlinux-x86_64-standard:5.0
```

## Fix safety
Unsafe: a build that makes container images fails without it.

## References
- AWS CodeBuild User Guide, "Build environment reference", running Docker in a build
- AWS Security Hub, CodeBuild.5
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import change, unsafe
from lamward.facts import Facts
from lamward.model.application import Resource
from lamward.model.finding import Persona, Problem, Severity
from lamward.model.value import at, cases, location_of, truth_of


@check(
    Resource, types=("AWS::CodeBuild::Project",), severity=Severity.LOW, persona=Persona.AUDITOR, since="0.1"
)
def privileged_build(project: Resource, facts: Facts) -> Answer:
    """Ask whether a build has all devices of its machine."""
    for case in cases(at(project.properties, "Environment", "PrivilegedMode"), project.when):
        if truth_of(case.value):
            yield Problem(
                location_of(case.value),
                "this build is root on its machine",
                when=case.when,
                help="leave out PrivilegedMode where no container image is built",
                fix=unsafe(
                    "build without privileges",
                    change(facts, case, to=False),
                    why="a build that makes container images fails without them",
                ),
            )
