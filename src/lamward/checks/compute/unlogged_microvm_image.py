"""MicroVM image whose virtual machines write no logs.

## Why it matters
A MicroVM runs for hours and often runs what users or models wrote. With logging disabled, nothing it prints is kept:
neither what went wrong nor what somebody did in it can be told afterwards.

## Example
```yaml
Sandbox:
  Type: AWS::Serverless::MicrovmImage
  Properties:
    Name: sandbox
    CodeUri: s3://artefacts/sandbox.zip
    Logging: {Disabled: true}
```

## Use instead
```yaml
Sandbox:
  Type: AWS::Serverless::MicrovmImage
  Properties:
    Name: sandbox
    CodeUri: s3://artefacts/sandbox.zip
    Logging:
      CloudWatch: {LogGroup: !Ref Logs}
Logs:
  Type: AWS::Logs::LogGroup
  Properties: {RetentionInDays: 30}
```

## Fix safety
Safe: the image behaves as before; logs cost what is written.

## References
- AWS CloudFormation Template Reference, "AWS::Lambda::MicrovmImage Logging"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import change, safe
from lamward.facts import Facts
from lamward.facts.settings import Way, case_of, off, unmet
from lamward.model.application import Resource
from lamward.model.finding import Doubt, Problem, Severity

_ON = Way(("Logging", "Disabled"), off, absent=True)


@check(Resource, severity=Severity.LOW, since="0.1", types=("AWS::Lambda::MicrovmImage",))
def unlogged_microvm_image(image: Resource, facts: Facts) -> Answer:
    """Ask whether logging is switched off."""
    for answer in unmet(image, _ON):
        if answer.doubt:
            yield Doubt(answer.location, answer.doubt, when=answer.when)
        else:
            yield Problem(
                answer.location,
                "nothing that these virtual machines print is kept",
                when=answer.when,
                fix=safe("keep the logs", change(facts, case_of(answer), to=False)),
            )
