"""Functions whose calls cannot be followed.

## Why it matters
A trace shows which call led to which: after an incident it tells what an attacker's request reached, and in daily
life where time goes. Without it, logs of several functions have to be pieced together by the clock.

Where no function is traced, nobody chose to, and it is for those who review every such place. Where some are, the
others break the chain, and everybody is told.

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

## Fix safety
Safe where the transform or an edit of the role lets the function write traces. Unsafe where a function has a role that
is not in the template: it must allow `xray:PutTraceSegments` and `xray:PutTelemetryRecords`, or the update fails.

## References
- AWS Lambda Developer Guide, "Visualize Lambda function invocations using AWS X-Ray"
"""

from __future__ import annotations

from collections.abc import Sequence

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import Edits, all_of, grant, is_sam, put, safe, unsafe
from lamward.checks.stock import TRACING
from lamward.facts import Facts
from lamward.facts.logs import traces_some_functions, untraced_functions
from lamward.facts.places import count, first_by_name, others
from lamward.model.application import Application, Function
from lamward.model.finding import Fix, Persona, Problem, Severity


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
            persona=None if traces_some_functions(facts) else Persona.AUDITOR,
            fix=_trace(facts, functions),
        )


def _trace(facts: Facts, functions: Sequence[Function]) -> Fix | None:
    switched = all_of(*(_switch(facts, function) for function in functions))
    allowed = all_of(*(grant(facts, function, "Tracing", TRACING) for function in functions))
    if allowed is not None:
        return safe("trace calls with X-Ray", switched, allowed)
    why = "roles that are not in this template must allow X-Ray to be written to"
    return unsafe("trace calls with X-Ray", switched, why=why)


def _switch(facts: Facts, function: Function) -> Edits:
    steps = ("Tracing",) if is_sam(facts, function) else ("TracingConfig", "Mode")
    return put(function, *steps, to="Active", now=function.tracing)
