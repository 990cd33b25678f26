"""User pool that takes passwords of less than eight characters.

## Why it matters
Short passwords are guessed, and a guessed one passes every authoriser: to the functions the guesser is a customer.

Asked of user pools that functions have to do with. Eight is Cognito's own default, and the least that NIST allows
beside a second factor; without one it asks for fifteen.

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
        Properties: {UserPool: !Ref Customers, Trigger: PostConfirmation}
Customers:
  Type: AWS::Cognito::UserPool
  Properties:
    Policies:
      PasswordPolicy:
        MinimumLength: 6
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
        Properties: {UserPool: !Ref Customers, Trigger: PostConfirmation}
Customers:
  Type: AWS::Cognito::UserPool
  Properties:
    Policies:
      PasswordPolicy:
        MinimumLength: 12
```

## Fix safety
Unsafe: new passwords that are shorter are refused. Passwords that are in use stay.

## References
- Amazon Cognito Developer Guide, "Adding user pool password requirements"
- NIST Special Publication 800-63B, "Digital Identity Guidelines"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking
from lamward.facts import Facts
from lamward.facts.fronts import PASSWORDS
from lamward.model.application import Resource
from lamward.model.finding import Severity


@check(Resource, types=("AWS::Cognito::UserPool",), severity=Severity.LOW, since="0.1")
def short_passwords(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a user pool takes short passwords."""
    yield from lacking(
        resource,
        facts,
        PASSWORDS,
        "this pool takes passwords of less than eight characters",
        remedy="set MinimumLength to 8 or more",
        title="ask for eight characters",
        caution="shorter new passwords are refused",
    )
