"""Secret parameter that others can read.

## Why it matters
Without `NoEcho` CloudFormation shows a parameter's value to everybody who may describe the stack, in the console and in
every change set. A default is worse: it stands in the repository, and every deployment that forgets the parameter runs
with a secret that all the world may know.

A parameter is secret when its name says so, when it is `NoEcho`, or when it ends in a place for secrets, such as an
environment variable `API_KEY` or `MasterUserPassword`. Parameters with `AllowedValues` and those that only name a
parameter in Systems Manager are not. Empty defaults and placeholders are left alone.

## Example
```yaml
Parameters:
  PaymentToken:
    Type: String
    Default: tok-4f9a-77c1-e02b
Resources:
  Webhook:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: python3.13
      Code: {ZipFile: "def handler(event, context): pass"}
      Role: arn:aws:iam::111122223333:role/webhook
      Environment:
        Variables:
          PAYMENT_TOKEN: !Ref PaymentToken
```

## Use instead
```yaml
Resources:
  PaymentToken:
    Type: AWS::SecretsManager::Secret
    Properties:
      GenerateSecretString: {}
  Webhook:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: python3.13
      Code: {ZipFile: "def handler(event, context): pass"}
      Role: arn:aws:iam::111122223333:role/webhook
      Environment:
        Variables:
          PAYMENT_TOKEN_ARN: !Ref PaymentToken
```
Where a parameter must stay, give it `NoEcho: true` and no default.

## Fix safety
`NoEcho` is safe. To take a default out is unsafe: every deployment must then give the parameter a value.

## References
- AWS CloudFormation User Guide, "Parameters", NoEcho
- AWS CloudFormation User Guide, "Security best practices", do not embed credentials in your templates
"""

from __future__ import annotations

from collections.abc import Iterator

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import add, remove, replace, safe, unsafe
from lamward.facts import Facts
from lamward.facts.secret_flows import holds_secret, secret_uses
from lamward.facts.secrets import by_format, is_name_of_secret, is_placeholder
from lamward.model.application import Parameter
from lamward.model.finding import Confidence, Doubt, Fix, Problem, Severity
from lamward.model.value import Absent, text_of, truth_of


@check(Parameter, severity=Severity.MEDIUM, since="0.1")
def readable_secret_parameter(parameter: Parameter, facts: Facts) -> Answer:
    """Ask whether a secret parameter is echoed, and whether the template itself gives it away."""
    if not holds_secret(facts, parameter):
        return
    use = secret_uses(facts).get(parameter.id)
    role = f", which goes into {use}," if use else ""
    hidden = truth_of(parameter.no_echo)
    if isinstance(parameter.no_echo, Absent) or hidden is False:
        message = f"secret parameter `{parameter.id}`{role} is shown to everybody who may describe the stack"
        yield Problem(parameter.location, message, discriminator="no-echo", fix=_hide(parameter))
    elif hidden is None:
        yield Doubt(parameter.location, "`NoEcho` is neither true nor false")
    yield from _default(parameter)


def _hide(parameter: Parameter) -> Fix | None:
    """Replace `NoEcho: false`, or add what is missing."""
    hide = add if isinstance(parameter.no_echo, Absent) else replace
    return safe("give the parameter `NoEcho: true`", hide(parameter.location, "NoEcho", to=True))


def _default(parameter: Parameter) -> Iterator[Problem]:
    default = text_of(parameter.default) or ""
    form = by_format(default)
    if form is None and (is_placeholder(default) or is_name_of_secret(default)):
        return
    yield Problem(
        parameter.location,
        f"secret parameter `{parameter.id}` has its {form.name if form else 'secret'} as a default in the template",
        discriminator="default",
        severity=form.severity if form else Severity.HIGH,
        confidence=Confidence.HIGH if form else Confidence.MEDIUM,
        fix=unsafe(
            "take out the default",
            remove(parameter.location, "Default"),
            why="every deployment must then give the parameter a value",
        ),
    )
