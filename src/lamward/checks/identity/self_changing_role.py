"""Function that may change itself: its code, its settings, who may invoke it.

## Why it matters
A flaw in a function is bad while it is used. With `lambda:UpdateFunctionCode` on itself it is there for good: the
attacker replaces the code once and is served every later event, also after the flaw is repaired. Layers and wrapper
scripts in the configuration, a URL, a permission for a foreign account do the same.

Asked of functions and their roles, one finding a statement that allows it on the function itself, by name, by prefix
or on every function. Publishing versions alone changes nothing. Denies, boundaries and conditions on the resource are
counted. `lambda:*` is the matter of `service-wide-action`.

## Example
```yaml
Worker:
  Type: AWS::Serverless::Function
  Properties:
    FunctionName: shop-worker
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            Action: lambda:UpdateFunctionConfiguration
            Resource: !Sub arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:shop-*
```

## Use instead
```yaml
Worker:
  Type: AWS::Serverless::Function
  Properties:
    FunctionName: shop-worker
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            Action: ssm:PutParameter
            Resource: !Sub arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/shop/worker/*
```

## References
- AWS Lambda Developer Guide, "Defining Lambda function permissions with an execution role"
- MITRE ATT&CK, T1525 and T1648, persistence in serverless functions
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.actions import elevates
from lamward.facts.grants import listed
from lamward.facts.singled import unseen
from lamward.facts.touches import touches
from lamward.model.application import Application
from lamward.model.finding import Problem, Related, Severity
from lamward.model.value import location_of


@check(Application, severity=Severity.MEDIUM, since="0.1")
def self_changing_role(_application: Application, facts: Facts) -> Answer:
    """Ask whether a statement lets a function change itself; one problem a statement."""
    for touch in touches(facts, "change"):
        own = [each for each in touch.functions if each in touch.holders]
        if not own:
            continue
        names = listed([f"`{each.declared_by or each.id}`" for each in own])
        where = location_of(touch.cases[0].value)
        yield Problem(
            where,
            f"{names} may change itself: {listed([f'`{each}`' for each in touch.actions])}",
            when=touch.when,
            discriminator=touch.actions[0],
            related=tuple(Related(each.location, "may be changed by itself") for each in own),
            severity=Severity.HIGH if any(map(elevates, touch.actions)) else None,
        )
    yield from unseen(facts, "change")
