"""MicroVM image whose code may do everything to its operating system.

## Why it matters
With `AdditionalOsCapabilities: [ALL]`, what runs in the virtual machine may mount file systems, load code into the
kernel and change its network. The machine's wall stands, but inside there is none left between the code of a guest and
the agent beside it that holds the credentials. Only mounting and nested containers need it.

## Example
```yaml
Sandbox:
  Type: AWS::Serverless::MicrovmImage
  Properties:
    Name: sandbox
    CodeUri: s3://artefacts/sandbox.zip
    AdditionalOsCapabilities: [ALL]
```

## Use instead
```yaml
Sandbox:
  Type: AWS::Serverless::MicrovmImage
  Properties:
    Name: sandbox
    CodeUri: s3://artefacts/sandbox.zip
```

## Fix safety
Unsafe: code that mounts file systems or starts containers fails.

## References
- AWS CloudFormation Template Reference, "AWS::Lambda::MicrovmImage"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check, undecided
from lamward.checks.repairs import remove, unsafe
from lamward.facts import Facts
from lamward.model.application import Resource
from lamward.model.finding import Doubt, Persona, Problem, Severity
from lamward.model.value import at, elements, location_of, text_of, why_unknown


@check(
    Resource,
    severity=Severity.LOW,
    since="0.1",
    persona=Persona.AUDITOR,
    types=("AWS::Lambda::MicrovmImage",),
)
def privileged_microvm_image(image: Resource, _facts: Facts) -> Answer:
    """Ask whether the code has all capabilities of the operating system."""
    for case in elements(at(image.properties, "AdditionalOsCapabilities"), image.when):
        where = location_of(case.value)
        if undecided(case.value):
            yield Doubt(where, why_unknown(case.value), when=case.when)
        elif text_of(case.value) == "ALL":
            yield Problem(
                where,
                "code in these virtual machines may do everything to their operating system",
                when=case.when,
                fix=unsafe(
                    "leave the capabilities out",
                    remove(where),
                    why="code that mounts file systems or starts containers fails",
                ),
            )
