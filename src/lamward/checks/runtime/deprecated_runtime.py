"""Runtime that AWS no longer looks after.

## Why it matters
A deprecated runtime gets no security patches: a flaw in the interpreter or its libraries stays open in your function.
Later AWS refuses to create functions with it, and then to update them, so that not even a repair can be deployed.

High once deprecated, critical once functions can no longer be updated. Container images are not asked: their runtime
is in the image. The dates come from a table that is shipped with lamward; the report says how old it is.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.8
    CodeUri: src/
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.14
    CodeUri: src/
```

## Fix safety
Unsafe: the fix writes the newest runtime of the same language, and code and dependencies have to be tested with it.
There is none where they must be built anew or written otherwise (.NET, Go, Python 2).

## References
- AWS Lambda Developer Guide, "Lambda runtimes", runtime deprecation policy
- AWS Security Hub, Lambda.2
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import change, unsafe
from lamward.facts import Facts
from lamward.facts.concerned import also_concerned
from lamward.facts.function_runtimes import RuntimeUse, runtime_uses
from lamward.facts.runtimes import Lifecycle, Phase
from lamward.model.application import Application
from lamward.model.finding import Doubt, Fix, Problem, Severity
from lamward.model.value import Known, why_unknown

_SEVERITY = {
    Phase.DEPRECATED: Severity.HIGH,
    Phase.CREATE_BLOCKED: Severity.HIGH,
    Phase.UPDATE_BLOCKED: Severity.CRITICAL,
}


@check(Application, severity=Severity.HIGH, since="0.1")
def deprecated_runtime(_application: Application, facts: Facts) -> Answer:
    """Ask which phase of its life each runtime is in; a runtime of Globals once for all functions."""
    for use in runtime_uses(facts):
        if use.lifecycle is None or use.phase is None:
            yield from _doubt(use)
        elif use.phase in _SEVERITY:
            yield Problem(
                use.place.location,
                f"`{use.identifier}` {_story(use.lifecycle, facts.today)}",
                when=use.place.case.when,
                related=also_concerned(use.place.location, use.place.functions, note="has this runtime"),
                fix=_renew(facts, use),
                severity=_SEVERITY[use.phase],
            )


def _story(lifecycle: Lifecycle, today: datetime.date) -> str:
    """Tell the dates, those to come as such."""
    blocked = {"creating": lifecycle.create_blocked, "updating": lifecycle.update_blocked}
    told = [
        f"{doing} functions is blocked {'since' if day <= today else 'from'} {day}"
        for doing, day in blocked.items()
        if day
    ]
    return "; ".join([f"has had no security patches since {lifecycle.deprecated}", *told])


def _doubt(use: RuntimeUse) -> Iterator[Doubt]:
    value = use.place.case.value
    reason = (
        f"`{use.identifier}` is not a runtime we know" if isinstance(value, Known) else why_unknown(value)
    )
    yield Doubt(use.place.location, reason, when=use.place.case.when)


def _renew(facts: Facts, use: RuntimeUse) -> Fix | None:
    return unsafe(
        f"move to `{use.successor}`",
        change(facts, use.place.case, use.successor) if use.successor else None,
        why="code and dependencies must be tested with the new runtime",
    )
