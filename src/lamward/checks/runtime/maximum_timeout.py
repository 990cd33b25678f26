"""Timeout at Lambda's maximum.

## Why it matters
Fifteen minutes is not a duration that was measured, it is the end of the scale: a hanging call, or one that a caller
makes hang, is paid for to the last second, and holds one of the account's concurrent executions. Behind an API it is
of no use besides: the caller has long gone.

A batch may need the time, so this is for those who review every such place. Where somebody waits for the answer the
severity is higher.

## Example
```yaml
Report:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Timeout: 900
```

## Use instead
```yaml
Report:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Timeout: 120
```

## References
- AWS Lambda Developer Guide, "Configure Lambda function timeout"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.concerned import also_concerned
from lamward.facts.timeouts import MAXIMUM, awaited_by, timeouts
from lamward.model.application import Application
from lamward.model.finding import Doubt, Persona, Problem, Related, Severity
from lamward.model.value import Symbolic, Unknown, why_unknown


@check(Application, severity=Severity.INFO, since="0.1")
def maximum_timeout(_application: Application, facts: Facts) -> Answer:
    """Ask whether functions may run as long as Lambda lets any; a timeout of Globals once for all functions."""
    for timeout in timeouts(facts):
        place = timeout.place
        if isinstance(place.case.value, Symbolic | Unknown):
            yield Doubt(place.location, why_unknown(place.case.value), when=place.case.when)
        if timeout.seconds is None or timeout.seconds < MAXIMUM:
            continue
        trigger = next(filter(None, (awaited_by(facts, function) for function in place.functions)), None)
        waiting = f", and the {trigger.kind} waits for it" if trigger else ""
        seen = (Related(trigger.location, "waits for the answer"),) if trigger else ()
        yield Problem(
            place.location,
            f"may run for {MAXIMUM // 60} minutes, the maximum{waiting}",
            when=place.case.when,
            related=(*seen, *also_concerned(place.location, place.functions, note="has this timeout")),
            severity=Severity.LOW if trigger else None,
            persona=None if trigger else Persona.AUDITOR,
        )
