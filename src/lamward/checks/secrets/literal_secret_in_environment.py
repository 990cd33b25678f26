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

## Fix safety
Unsafe: the fix puts a `NoEcho` parameter without a default in the secret's place, so that every deployment must give
its value. That needs neither a new resource nor a new right, and takes the secret out of the repository; to take it
out of the function's configuration as well, the code has to fetch it.

With `secrets = "secrets-manager"` the fix does the rest of that: the variable becomes `…_SECRET_ARN` with the ARN of a
new secret, which the parameter fills, and the function's role may read this one secret. For the master password of a
database of the template it is the secret that the service keeps. The code has to be changed to read it. There is no fix
where the role is not in the template, or where a condition chooses it or the value.

## Options
`secrets` (`parameter`): where the fix puts the secret, `parameter` or `secrets-manager`.

## References
- AWS Lambda Developer Guide, "Use Secrets Manager secrets in Lambda functions"
- CIS AWS Compute Services Benchmark, 4.3
"""

from __future__ import annotations

from lamward.checks.asking import ask_for
from lamward.checks.framework import Answer, check
from lamward.checks.moving import look_up_at_run_time
from lamward.facts import Facts
from lamward.facts.concerned import also_concerned
from lamward.facts.secret_flows import Variable, told_by, unread_environments, variables
from lamward.model.application import Application
from lamward.model.finding import Fix, Problem, SecretsIn, Severity
from lamward.model.value import Case, cases


@check(Application, severity=Severity.HIGH, since="0.1")
def literal_secret_in_environment(_application: Application, facts: Facts) -> Answer:
    """Ask whether a variable's literal value is a secret; a variable of Globals once for all functions."""
    yield from unread_environments(facts)
    for each in variables(facts):
        for case in cases(each.variable.value, each.variable.when):
            secret = told_by(facts, each, case)
            if secret is not None:
                yield Problem(
                    each.location,
                    f"`{each.variable.name}` holds {_article(secret.name)} in plain text",
                    when=case.when,
                    discriminator=f"env:{each.variable.name}",
                    related=also_concerned(each.location, each.functions, note="gets the variable"),
                    severity=secret.severity,
                    confidence=secret.confidence,
                    fix=_fix(facts, each, case),
                )


def _fix(facts: Facts, each: Variable, case: Case) -> Fix | None:
    if facts.secrets is SecretsIn.SECRETS_MANAGER:
        return look_up_at_run_time(facts, each, case)
    return ask_for(facts, each.variable.name, case)


def _article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "AEIOUaeiou" else f"a {noun}"
