"""Function that can never run.

## Why it matters
A reserved concurrency of 0 refuses every invocation. It stops a function in an emergency; left in a template it is a
function whose role, secrets and triggers are still there and that nobody looks after.

## Example
```yaml
Old:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    ReservedConcurrentExecutions: 0
```

## Use instead
```yaml
Old:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    ReservedConcurrentExecutions: 5
```
Or take the function out, with its role and its triggers.

## References
- AWS Lambda Developer Guide, "Configuring reserved concurrency for a function"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.model.application import Function
from lamward.model.finding import Persona, Problem, Severity
from lamward.model.value import cases, location_of, number_of


@check(Function, severity=Severity.INFO, persona=Persona.AUDITOR, since="0.1")
def switched_off_function(function: Function, _facts: Facts) -> Answer:
    """Ask whether a function is there and may not run."""
    for case in cases(function.reserved_concurrency, function.when):
        if number_of(case.value) == 0:
            yield Problem(
                location_of(case.value),
                "every invocation of this function is refused",
                when=case.when,
                discriminator=function.id,
                help="take the function out, or let it run",
            )
