"""Permission on a function for more than invoking it.

## Why it matters
A function's resource policy is meant for callers. `lambda:*` or `lambda:UpdateFunctionCode` in it lets the other side
replace the code and so take over the role; `lambda:GetFunction` hands out the code and the environment variables.

## Example
```yaml
Partner:
  Type: AWS::Lambda::Permission
  Properties:
    FunctionName: !Ref Fulfilment
    Action: lambda:*
    Principal: "210987654321"
```

## Use instead
```yaml
Partner:
  Type: AWS::Lambda::Permission
  Properties:
    FunctionName: !Ref Fulfilment
    Action: lambda:InvokeFunction
    Principal: "210987654321"
```

## Fix safety
Unsafe: a deployment or administration in another account that works through this statement stops working.

## References
- AWS Lambda Developer Guide, "Granting Lambda function access to other accounts"
- Service Authorization Reference, "Actions, resources, and condition keys for AWS Lambda"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import change, unsafe
from lamward.facts import Facts
from lamward.facts.function_policies import AdministrativeGrant, administrative_grants
from lamward.model.application import Resource
from lamward.model.finding import Doubt, Fix, Problem, Severity
from lamward.model.value import location_of, text_of, why_unknown


@check(Resource, severity=Severity.HIGH, since="0.1")
def administrative_permission_grant(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a statement about a function allows more than invoking."""
    for grant in administrative_grants(facts).get(resource.id, ()):
        where = location_of(grant.action.value)
        if not grant.pattern:
            yield Doubt(where, why_unknown(grant.action.value), when=grant.action.when)
            continue
        effect = "change" if grant.changes else "read the code and settings of"
        yield Problem(
            where,
            f"`{grant.pattern}` lets the other side {effect} this function, not only invoke it",
            when=grant.action.when,
            discriminator=grant.pattern,
            severity=Severity.HIGH if grant.changes else Severity.MEDIUM,
            help="allow `lambda:InvokeFunction` only",
            fix=_narrow(facts, grant),
        )


def _narrow(facts: Facts, grant: AdministrativeGrant) -> Fix | None:
    # What an exception leaves over is not narrowed by changing the exception.
    if text_of(grant.action.value) != grant.pattern:
        return None
    return unsafe(
        "allow invoking only",
        change(facts, grant.action, "lambda:InvokeFunction"),
        why="the other side can do nothing else any more",
    )
