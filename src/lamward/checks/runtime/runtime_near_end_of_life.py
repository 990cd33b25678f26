"""Runtime that AWS will soon stop looking after.

## Why it matters
Moving a function to another runtime takes a test run and sometimes new dependencies. Planned, it is an afternoon;
after the day of deprecation it is done in a hurry, or not at all, and the function stays without security patches.

Asked from 180 days before deprecation, as AWS itself sends word; more urgent in the last 60. Container images are not
asked.

## Example
```yaml
# today: 2026-11-21
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: index.handler
    Runtime: nodejs22.x
    CodeUri: src/
```

## Use instead
```yaml
# today: 2026-11-21
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: index.handler
    Runtime: nodejs24.x
    CodeUri: src/
```

## Fix safety
Unsafe: the fix writes the newest runtime of the same language, and code and dependencies have to be tested with it.
There is none where they must be built anew or written otherwise (.NET, Go, Python 2).

## References
- AWS Lambda Developer Guide, "Lambda runtimes", supported runtimes
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import change, unsafe
from lamward.facts import Facts
from lamward.facts.concerned import also_concerned
from lamward.facts.function_runtimes import RuntimeUse, runtime_uses
from lamward.facts.places import count
from lamward.facts.runtimes import Phase
from lamward.model.application import Application
from lamward.model.finding import Fix, Problem, Severity

URGENT_DAYS = 60
"""In the last days before deprecation a plan is late."""


@check(Application, severity=Severity.LOW, since="0.1")
def runtime_near_end_of_life(_application: Application, facts: Facts) -> Answer:
    """Ask which runtimes come to their end; a runtime of Globals once for all functions."""
    for use in runtime_uses(facts):
        end = use.lifecycle.deprecated if use.lifecycle else None
        if use.phase is Phase.NEAR_END and end is not None:
            days = (end - facts.today).days
            yield Problem(
                use.place.location,
                f"`{use.identifier}` gets no security patches from {end} on, in {count(days, 'day')}",
                when=use.place.case.when,
                related=also_concerned(use.place.location, use.place.functions, note="has this runtime"),
                fix=_renew(facts, use),
                severity=Severity.MEDIUM if days <= URGENT_DAYS else None,
            )


def _renew(facts: Facts, use: RuntimeUse) -> Fix | None:
    return unsafe(
        f"move to `{use.successor}`",
        change(facts, use.place.case, use.successor) if use.successor else None,
        why="code and dependencies must be tested with the new runtime",
    )
