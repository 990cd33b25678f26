"""Role of a function without the permissions boundary that others have.

## Why it matters
A boundary is what a role can never get beyond, whatever policies it is given later. Where some roles of an application
have one, those without are where somebody who may write policies gets round it.

Asked only where another role of the application has a boundary: alone it is a matter of taste.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    PermissionsBoundary: arn:aws:iam::111122223333:policy/applications
Invoices:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
```

## Use instead
```yaml
Globals:
  Function:
    PermissionsBoundary: arn:aws:iam::111122223333:policy/applications
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/}
  Invoices:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/}
```

## References
- IAM User Guide, "Permissions boundaries for IAM entities"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts, fact
from lamward.facts.grants import holder, runs_functions
from lamward.model.application import Role
from lamward.model.finding import Persona, Problem, Related, Severity
from lamward.model.value import Absent, cases


@check(Role, severity=Severity.LOW, since="0.1", persona=Persona.AUDITOR)
def no_permissions_boundary(role: Role, facts: Facts) -> Answer:
    """Ask whether a role is the one without a boundary."""
    bounded = _bounded(facts)
    if bounded is None or not runs_functions(facts, role):
        return
    for case in cases(role.boundary, role.when):
        if isinstance(case.value, Absent):
            yield Problem(
                role.location,
                f"{holder(facts, (role,))} has no permissions boundary, unlike other roles here",
                when=case.when,
                discriminator=role.id,
                related=(Related(bounded.location, "has a boundary"),),
            )


@fact
def _bounded(facts: Facts) -> Role | None:
    """Find the first role with a boundary."""
    return next((each for each in facts.application.roles if not isinstance(each.boundary, Absent)), None)
