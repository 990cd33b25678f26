"""User pool in which anyone may make an account.

## Why it matters
An authoriser that asks this pool lets everybody in who signs up, which takes a minute: right for a shop's customers,
wrong for a back office. Who may do what is then decided by the functions alone.

Asked of user pools that functions have to do with.

## Example
```yaml
Welcome:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      SignUp:
        Type: Cognito
        Properties: {UserPool: !Ref Staff, Trigger: PostConfirmation}
Staff:
  Type: AWS::Cognito::UserPool
```

## Use instead
```yaml
Welcome:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      SignUp:
        Type: Cognito
        Properties: {UserPool: !Ref Staff, Trigger: PostConfirmation}
Staff:
  Type: AWS::Cognito::UserPool
  Properties:
    AdminCreateUserConfig:
      AllowAdminCreateUserOnly: true
```

## Fix safety
Unsafe: nobody can sign up any more; accounts are made by administrators.

## References
- Amazon Cognito Developer Guide, "Signing up and confirming user accounts"
- Amazon Cognito Developer Guide, "Policies for user creation"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking
from lamward.facts import Facts
from lamward.facts.fronts import INVITATION
from lamward.model.application import Resource
from lamward.model.finding import Persona, Severity


@check(
    Resource, types=("AWS::Cognito::UserPool",), severity=Severity.LOW, since="0.1", persona=Persona.AUDITOR
)
def open_sign_up(resource: Resource, facts: Facts) -> Answer:
    """Ask whether everybody may sign up to a user pool."""
    yield from lacking(
        resource,
        facts,
        INVITATION,
        "anyone may make an account in this pool",
        remedy="set AdminCreateUserConfig.AllowAdminCreateUserOnly where users are invited",
        title="let administrators alone make accounts",
        caution="nobody can sign up any more",
    )
