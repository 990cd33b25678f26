"""Function that has not run for a long time.

## Why it matters
A function that nobody calls any more is still there to be called: with its role, its open doors, a runtime that ages
and packages that nobody updates, and nobody looks at its logs.

Asked with `--trail LEDGER`. Lambda makes a log stream with a function's role whenever it starts a copy of it, and that
is a management event. A function is told that made none and did nothing else, where log files are of every day, other
functions beside it were seen to start all along, and the ledger shows that it was there before. Functions that only
deployments or failures call, and those that are switched off, are left alone.

## Example
The comments say what the ledger shows.
```yaml
# logged: 2026-06-01 to 2026-11-20
# used: orders logs:CreateLogStream 2026-06-01 to 2026-11-20
# used: export logs:CreateLogStream 2026-06-01 to 2026-07-15
Orders:
  Type: AWS::Serverless::Function
  Properties: {FunctionName: orders, Handler: app.handler, Runtime: python3.13, CodeUri: src/}
Export:
  Type: AWS::Serverless::Function
  Properties: {FunctionName: export, Handler: app.handler, Runtime: python3.13, CodeUri: src/}
```

## Use instead
```yaml
# logged: 2026-06-01 to 2026-11-20
# used: orders logs:CreateLogStream 2026-06-01 to 2026-11-20
# used: export logs:CreateLogStream 2026-06-01 to 2026-07-15
Orders:
  Type: AWS::Serverless::Function
  Properties: {FunctionName: orders, Handler: app.handler, Runtime: python3.13, CodeUri: src/}
```

## Options
`unused-days` (90): what did not run for so many days counts as unused. `stack`: the name of the stack.

## References
- AWS Lambda Developer Guide, "Sending Lambda function logs to CloudWatch Logs"
- AWS Well-Architected Framework, "SEC03-BP04 Reduce permissions continuously"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.doors import doors
from lamward.facts.seldom import runs_seldom
from lamward.model.application import Application, Function
from lamward.model.finding import Confidence, Doubt, Problem, Related, Severity
from lamward.model.value import cases, number_of

if TYPE_CHECKING:
    from lamward.facts.needs.unused import Life


@check(Application, severity=Severity.LOW, since="0.1", confidence=Confidence.MEDIUM, needs_trail=True)
def unused_function(application: Application, facts: Facts) -> Answer:
    """Ask which functions made no log stream and did nothing else."""
    # Only who has a ledger needs what reads it.
    from lamward.facts.needs.unused import life_of, why_untold

    doubt = why_untold(facts)
    if doubt and application.functions:
        yield Doubt(application.location, doubt)
    for function in application.functions if not doubt else ():
        if not runs_seldom(facts, function) and not _is_off(function):
            yield from _judged(function, life_of(facts, function), facts)


def _judged(function: Function, life: Life, facts: Facts) -> Answer:
    name = function.declared_by or function.id
    if life.goes_on:
        return
    if life.ambiguous:
        reason = f"`{name}` may be any of several functions in the ledger; `--stack` says which"
        yield Doubt(function.location, reason, when=function.when)
    elif life.there is None:
        reason = f"the ledger does not show that `{name}` is deployed, or since when"
        yield Doubt(function.location, reason, when=function.when)
    elif not life.is_young:
        last = (
            f"it last ran on {life.last}"
            if life.last
            else f"it was there on {life.there}, and ran never since"
        )
        open_ = [door for door in doors(facts) if door.function is function and not door.doubt]
        yield Problem(
            function.location,
            f"`{name}` has not run for {facts.unused_days} days: {last}",
            when=function.when,
            discriminator=function.id,
            severity=Severity.MEDIUM if open_ else None,
            related=tuple(Related(door.places[0], f"{door.who} may call it") for door in open_[:1]),
            help="take it out with its role and its triggers, unless it is for the one day in a year",
        )


def _is_off(function: Function) -> bool:
    return any(number_of(case.value) == 0 for case in cases(function.reserved_concurrency))
