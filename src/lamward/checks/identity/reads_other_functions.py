"""Function that may read the settings, environment variables and code of others.

## Why it matters
`lambda:GetFunctionConfiguration` and `lambda:ListFunctions` return the environment variables of a function, where
passwords and tokens are so often kept, and `lambda:GetFunction` a link to its code as well. One flaw in one function is
then a look into all of them.

Asked of the roles of functions, one finding a statement: on every function, or on another function of the application
that has environment variables. Variables under a key of the customer's need that key too. Silent for a function that
reads itself, and where a deny, a boundary or a condition on the resource keeps it from the others. `lambda:*` is the
matter of `service-wide-action`.

## Example
```yaml
Inventory:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            Action: lambda:GetFunction
            Resource: "*"
```

## Use instead
```yaml
Inventory:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            Action: lambda:GetFunctionConcurrency
            Resource: !Sub arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:shop-orders
```

## References
- AWS Lambda API Reference, GetFunction, GetFunctionConfiguration, ListFunctions
- AWS Lambda Developer Guide, "Securing Lambda environment variables"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.grants import holder, holders, listed
from lamward.facts.singled import unseen
from lamward.facts.touches import Touch, touches
from lamward.model.application import Application, Function
from lamward.model.finding import Problem, Related, Severity
from lamward.model.value import location_of


@check(Application, severity=Severity.LOW, since="0.1")
def reads_other_functions(_application: Application, facts: Facts) -> Answer:
    """Ask whether a statement shows what other functions keep; one problem a statement."""
    for touch in touches(facts, "read"):
        others = [each for each in touch.functions if each not in touch.holders and each.environment]
        if touch.everywhere or others:
            yield _problem(facts, touch, others)
    yield from unseen(facts, "read")


def _problem(facts: Facts, touch: Touch, others: list[Function]) -> Problem:
    where = location_of(touch.cases[0].value)
    names = (
        "every function"
        if touch.everywhere
        else listed([f"`{each.declared_by or each.id}`" for each in others])
    )
    pointed = tuple(Related(each.location, "can be read") for each in others)
    return Problem(
        where,
        f"{holder(facts, touch.grant.roles)} may read the environment variables of {names}",
        when=touch.when,
        discriminator=touch.actions[0],
        related=(*pointed, *holders(facts, touch.grant.roles, where)),
        severity=Severity.MEDIUM if touch.everywhere else None,
    )
