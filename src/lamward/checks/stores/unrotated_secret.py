"""Secret that nothing ever replaces.

## Why it matters
A password that somebody saw in a log or on an old laptop opens the door until it is changed. Secrets Manager changes
it on a schedule by itself; without a schedule that waits for somebody to remember.

## Example
```yaml
Login:
  Type: AWS::SecretsManager::Secret
  Properties:
    GenerateSecretString: {PasswordLength: 40}
Take:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables:
        LOGIN_ARN: !Ref Login
```

## Use instead
```yaml
Login:
  Type: AWS::SecretsManager::Secret
  Properties:
    GenerateSecretString: {PasswordLength: 40}
Rotation:
  Type: AWS::SecretsManager::RotationSchedule
  Properties:
    SecretId: !Ref Login
    RotationRules: {AutomaticallyAfterDays: 30}
    HostedRotationLambda: {RotationType: MySQLSingleUser}
Take:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables:
        LOGIN_ARN: !Ref Login
```
Databases that manage their own password (`ManageMasterUserPassword`) have it rotated. What another company hands out,
such as an API key, only a rotation function of your own can replace, so this is for auditors.

## References
- AWS Secrets Manager User Guide, "Rotate AWS Secrets Manager secrets"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import users
from lamward.facts import Facts
from lamward.facts.rotation import unrotated_branches
from lamward.model.application import Resource
from lamward.model.finding import Persona, Problem, Severity


@check(
    Resource,
    types=("AWS::SecretsManager::Secret",),
    severity=Severity.LOW,
    persona=Persona.AUDITOR,
    since="0.1",
)
def unrotated_secret(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a secret around a function is replaced by a schedule."""
    told = users(resource, facts)
    for when in unrotated_branches(facts, resource) if told else ():
        yield Problem(
            resource.location,
            "nothing replaces this secret by and by",
            when=when,
            related=told,
            help="add an AWS::SecretsManager::RotationSchedule",
        )
