"""User pool whose users cannot add a second factor.

## Why it matters
A stolen or guessed password is then all it takes to call the functions behind the pool. `OPTIONAL` lets users, or a
group of them, add a factor; `ON` asks everybody for one.

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
        Properties: {UserPool: !Ref Customers, Trigger: PostConfirmation}
Customers:
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
        Properties: {UserPool: !Ref Customers, Trigger: PostConfirmation}
Customers:
  Type: AWS::Cognito::UserPool
  Properties:
    MfaConfiguration: OPTIONAL
    EnabledMfas: [SOFTWARE_TOKEN_MFA]
```

## References
- Amazon Cognito Developer Guide, "Adding MFA to a user pool"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking, settle
from lamward.checks.repairs import Edits, all_of, put
from lamward.facts import Facts
from lamward.facts.fronts import SECOND_FACTOR
from lamward.facts.settings import Unmet
from lamward.model.application import Resource
from lamward.model.finding import Persona, Severity
from lamward.model.value import Absent, at


@check(
    Resource, types=("AWS::Cognito::UserPool",), severity=Severity.LOW, since="0.1", persona=Persona.AUDITOR
)
def pool_without_second_factor(resource: Resource, facts: Facts) -> Answer:
    """Ask whether the users of a pool may have a second factor."""
    yield from lacking(
        resource,
        facts,
        SECOND_FACTOR,
        "users of this pool cannot add a second factor to their password",
        remedy="set MfaConfiguration to OPTIONAL or ON, and EnabledMfas",
        title="let users add a second factor",
        edits=lambda answer: _offer(resource, facts, answer),
    )


def _offer(pool: Resource, facts: Facts, answer: Unmet) -> Edits:
    """Allow a code generator, which needs neither a role nor anybody's telephone number."""
    now = at(pool.properties, "EnabledMfas")
    kinds = put(pool, "EnabledMfas", to=["SOFTWARE_TOKEN_MFA"]) if isinstance(now, Absent) else ()
    return all_of(settle(pool, facts, answer, "MfaConfiguration", to="OPTIONAL"), kinds)
