"""Function that every account of an organisation may invoke.

## Why it matters
`PrincipalOrgID` keeps strangers out, and lets in everybody else: sandboxes, accounts of interns and contractors,
whatever joins the organisation next. Any of them that is broken into can send the function events of its making.

## Example
```yaml
Permission:
  Type: AWS::Lambda::Permission
  Properties:
    FunctionName: pricing
    Action: lambda:InvokeFunction
    Principal: "*"
    PrincipalOrgID: o-a1b2c3d4e5
```

## Use instead
```yaml
Permission:
  Type: AWS::Lambda::Permission
  Properties:
    FunctionName: pricing
    Action: lambda:InvokeFunction
    Principal: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/shop"
```

## References
- AWS Lambda Developer Guide, "Working with resource-based policies in Lambda"
- AWS Organizations User Guide, "Using resource-based policies in AWS Organizations"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.invited import organisation_grants
from lamward.model.application import Resource
from lamward.model.finding import Persona, Problem, Severity


@check(Resource, severity=Severity.LOW, since="0.1", persona=Persona.AUDITOR)
def organisation_wide_invoke(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a statement lets a whole organisation invoke a function."""
    for statement, when in organisation_grants(facts).get(resource.id, ()):
        yield Problem(
            statement.location,
            "every account of the organisation may invoke this function",
            when=when,
            discriminator=statement.sid,
            help="name the accounts or roles that call",
        )
