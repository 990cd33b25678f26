"""Identity pool that gives AWS credentials to everybody.

## Why it matters
With `AllowUnauthenticatedIdentities` whoever knows the pool's id, which every web page that uses it shows, gets AWS
credentials of the pool's guest role: for as long as they like, without signing in, and as often.

Asked of identity pools that functions have to do with.

## Example
```yaml
Shop:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables: {POOL: !Ref Visitors}
Visitors:
  Type: AWS::Cognito::IdentityPool
  Properties:
    AllowUnauthenticatedIdentities: true
```

## Use instead
```yaml
Shop:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables: {POOL: !Ref Visitors}
Visitors:
  Type: AWS::Cognito::IdentityPool
  Properties:
    AllowUnauthenticatedIdentities: false
```

## Fix safety
Unsafe: visitors who have not signed in get no credentials any more.

## References
- Amazon Cognito Developer Guide, "Identity pools authentication flow"
- AWS Security Hub, Cognito.2, Cognito identity pools should not allow unauthenticated identities
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking
from lamward.facts import Facts
from lamward.facts.fronts import GUESTS
from lamward.model.application import Resource
from lamward.model.finding import Severity


@check(Resource, types=("AWS::Cognito::IdentityPool",), severity=Severity.MEDIUM, since="0.1")
def guest_identities(resource: Resource, facts: Facts) -> Answer:
    """Ask whether an identity pool gives credentials to guests."""
    yield from lacking(
        resource,
        facts,
        GUESTS,
        "anyone on the internet gets AWS credentials of this pool's guest role",
        remedy="set AllowUnauthenticatedIdentities to false",
        title="give credentials to those who sign in only",
        caution="guests get none any more",
    )
