"""Secret written into an environment variable.

## Why it matters
Whoever may read the repository, the function's configuration or the stack has the secret, and so has every log that
prints the environment. It cannot be rotated without a deployment, and the version history keeps it for ever.

A value is a secret when it has the form of one (private keys, tokens of known providers, access keys, addresses with a
password), or when the variable's name says so and the value looks made, not chosen to name something. Names such as
`SECRET_ARN`, `TOKEN_URL` or `PASSWORD_PARAMETER`, references, paths and placeholders are left alone. The value is never
printed. Values of parameters are the matter of `readable-secret-parameter`.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables:
        DB_PASSWORD: Tr1cky-but-written-down
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables:
        DB_SECRET_ARN: !Ref Database
    Policies:
      - AWSSecretsManagerGetSecretValuePolicy:
          SecretArn: !Ref Database
Database:
  Type: AWS::SecretsManager::Secret
  Properties:
    GenerateSecretString: {}
```
Rotate the secret that was written down: it is known now.

## References
- AWS Lambda Developer Guide, "Use Secrets Manager secrets in Lambda functions"
- CIS AWS Compute Services Benchmark, 4.3
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.concerned import also_concerned
from lamward.facts.secret_flows import Variable, is_literal, variables
from lamward.facts.secrets import Secret, by_format, by_name, is_aws_secret_key, written
from lamward.model.application import Application
from lamward.model.finding import Problem, Severity
from lamward.model.value import cases


@check(Application, severity=Severity.HIGH, since="0.1")
def literal_secret_in_environment(_application: Application, facts: Facts) -> Answer:
    """Ask whether a variable's literal value is a secret; a variable of Globals once for all functions."""
    for each in variables(facts):
        for case in cases(each.variable.value, each.variable.when):
            text = written(case.value)
            if not text or not is_literal(case):
                continue
            secret = by_format(text) or _secret_half(each, text) or by_name(each.variable.name, text)
            if secret is not None:
                yield Problem(
                    each.location,
                    f"`{each.variable.name}` holds {_article(secret.name)} in plain text",
                    when=case.when,
                    discriminator=f"env:{each.variable.name}",
                    related=also_concerned(each.location, each.functions, note="gets the variable"),
                    severity=secret.severity,
                    confidence=secret.confidence,
                )


def _secret_half(each: Variable, text: str) -> Secret | None:
    """Recognise a secret access key by the key ID beside it."""
    if not is_aws_secret_key(text):
        return None
    beside = (
        by_format(written(case.value))
        for other in each.functions[0].environment
        for case in cases(other.value)
    )
    if any(found and found.name == "AWS access key ID" for found in beside):
        return Secret("AWS secret access key", Severity.CRITICAL)
    return None


def _article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "AEIOUaeiou" else f"a {noun}"
