"""Functions whose calls cannot be followed.

## Why it matters
A trace shows which call led to which: after an incident it tells what an attacker's request reached, and in daily
life where time goes. Without it, logs of several functions have to be pieced together by the clock.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
```

## Use instead
In SAM, one line in `Globals` does it for all functions.
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Tracing: Active
```
All functions without tracing are named in one finding. Functions with an OpenTelemetry layer or one of a tracing
vendor pass.

## References
- AWS Lambda Developer Guide, "Visualize Lambda function invocations using AWS X-Ray"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.logs import untraced_functions
from lamward.facts.places import count, first_by_name, others
from lamward.model.application import Application
from lamward.model.finding import Problem, Severity


@check(Application, severity=Severity.INFO, since="0.1")
def no_tracing(_application: Application, facts: Facts) -> Answer:
    """Ask which functions are not traced."""
    for when, functions in untraced_functions(facts).items():
        first = first_by_name(functions)
        yield Problem(
            first.location,
            f"calls of {count(len(functions), 'function')} are not traced",
            when=when,
            related=others(functions, besides=first, note="is not traced either"),
            help="set Tracing: Active (TracingConfig.Mode in CloudFormation)",
        )
