"""Secret in the outputs of a stack.

## Why it matters
Outputs are plain text for everybody who may describe the stack, and exports for the whole account. An output with a
`NoEcho` parameter undoes the `NoEcho`; a secret access key in an output never leaves the stack's description again.

An output tells a secret when it contains a secret parameter, a dynamic reference to a secret, a literal secret, or an
attribute that is one, such as `ClientSecret` of a user pool client. ARNs and names of secrets are fine.

## Example
```yaml
Parameters:
  StorefrontApiKey:
    Type: String
    NoEcho: true
Resources:
  Topic:
    Type: AWS::SNS::Topic
Outputs:
  StorefrontApiKey:
    Value: !Ref StorefrontApiKey
```

## Use instead
```yaml
Resources:
  StorefrontApiKey:
    Type: AWS::SecretsManager::Secret
    Properties:
      GenerateSecretString: {}
Outputs:
  StorefrontApiKeyArn:
    Value: !Ref StorefrontApiKey
```
Whoever needs the secret reads it from Secrets Manager, where access is granted and recorded.

## Fix safety
Unsafe: whoever reads the output, or imports what it exports, has to get the secret elsewhere.

## References
- AWS CloudFormation User Guide, "Outputs", do not include sensitive information
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import remove, unsafe
from lamward.facts import Facts
from lamward.facts.secret_flows import is_literal, told_secret
from lamward.facts.secrets import by_format, by_name, written
from lamward.model.application import Output
from lamward.model.finding import Confidence, Fix, Problem, Severity
from lamward.model.value import cases


@check(Output, severity=Severity.HIGH, since="0.1")
def secret_in_output(output: Output, facts: Facts) -> Answer:
    """Ask whether an output tells a secret; the place is its name, the value may be the secret itself."""
    for case in cases(output.value, output.when):
        told = told_secret(facts, case)
        if told is not None:
            message = f"output `{output.id}` tells {told.name} to everybody who may describe the stack"
            yield Problem(
                output.location, message, when=case.when, severity=told.severity, fix=_withhold(facts, output)
            )
            continue
        text = written(case.value)
        secret = (by_format(text) or by_name(output.id, text)) if is_literal(case) else None
        if secret is not None:
            yield Problem(
                output.location,
                f"output `{output.id}` holds a secret ({secret.name}) in plain text",
                when=case.when,
                severity=secret.severity,
                confidence=min(secret.confidence, Confidence.MEDIUM, key=lambda each: each.rank),
                fix=_withhold(facts, output),
            )


def _withhold(facts: Facts, output: Output) -> Fix | None:
    # The outputs of a nested stack are read by its parent.
    if output.location.span.file != facts.application.location.span.file:
        return None
    return unsafe(
        "take out the output",
        remove(output.location, comments=True),
        why="whoever reads or imports it has to get it elsewhere",
    )
