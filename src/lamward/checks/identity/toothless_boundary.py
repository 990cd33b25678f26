"""Permissions boundary that keeps nothing out.

## Why it matters
A boundary is what a role can never get beyond. One that allows everything is there for those who ask for a boundary,
and holds nobody: whoever may write the role's policies, or whoever adds to them later, has the whole account.

Asked of the boundaries of functions' roles, by their documents; whether one keeps out what a function needs is asked by
`missing-permission`.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    PermissionsBoundary: arn:aws:iam::aws:policy/AdministratorAccess
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    PermissionsBoundary: !Ref Boundary
Boundary:
  Type: AWS::IAM::ManagedPolicy
  Properties:
    PolicyDocument:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Action: ["dynamodb:*", "logs:*", "sqs:*", "xray:*"]
          Resource: "*"
```

## References
- IAM User Guide, "Permissions boundaries for IAM entities"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.breadth import administers, allows
from lamward.facts.grants import execution_roles, holder, holders
from lamward.facts.reach import boundaries_of
from lamward.model.application import Role
from lamward.model.finding import Doubt, Problem, Related, Severity
from lamward.model.policy import Policy
from lamward.model.value import Absent, location_of


@check(Role, severity=Severity.LOW, since="0.1")
def toothless_boundary(role: Role, facts: Facts) -> Answer:
    """Ask whether a role's boundary allows everything; no boundary at all is another question."""
    if isinstance(role.boundary, Absent) or not any(role is each for each in execution_roles(facts)):
        return
    for case, policy in boundaries_of(facts, role):
        where = location_of(case.value)
        if isinstance(case.value, Absent):
            continue
        unread = [*policy.unreadable, *(why for each in policy.statements for why in each.unreadable)]
        if unread:
            reason = f"it cannot be told what the boundary keeps out: {unread[0].reason}"
            yield Doubt(where, reason, when=case.when)
        elif _is_open(policy):
            yield Problem(
                where,
                f"the permissions boundary of {holder(facts, (role,))} allows everything",
                when=case.when,
                discriminator=role.id,
                related=(*_writing(policy), *holders(facts, (role,), where)),
                help="allow what functions may ever come to need, or deny what they never may",
            )


def _is_open(policy: Policy) -> bool:
    everything = any(not each.conditions and any(administers(each)) for each in policy.statements)
    return everything and all(allows(each) for each in policy.statements)


def _writing(policy: Policy) -> tuple[Related, ...]:
    """Point at what allows it, where the boundary is written in the application."""
    return tuple(
        Related(each.location, "allows everything")
        for each in policy.statements
        if each.location.span.file and any(administers(each))
    )
