"""Function that logs more than it should.

## Why it matters
At debug level libraries write down requests with their headers, queries and tokens. With
`POWERTOOLS_LOGGER_LOG_EVENT` every event goes into the log as it came. Whoever may read logs then reads customers'
data and credentials.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables:
        POWERTOOLS_LOG_LEVEL: DEBUG
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables:
        POWERTOOLS_LOG_LEVEL: INFO
```
A level that depends on a condition or parameter, and is quiet in some of its branches, is a decision and passes.

## References
- AWS Lambda Developer Guide, "Configuring advanced logging controls for Lambda functions"
- Powertools for AWS Lambda, "Logger"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import change, safe
from lamward.facts import Facts
from lamward.facts.logs import Verbose, verbose_settings
from lamward.facts.places import others
from lamward.model.application import Application
from lamward.model.finding import Fix, Problem, Severity


@check(Application, severity=Severity.LOW, since="0.1")
def debug_log_level(_application: Application, facts: Facts) -> Answer:
    """Ask which settings make functions log too much."""
    for verbose in verbose_settings(facts):
        functions = verbose.place.functions
        whole = verbose.whole_events
        yield Problem(
            verbose.place.location,
            "every event is written to the log as it comes, with all it carries"
            if whole
            else f"`{verbose.setting}` is {verbose.value}: requests, queries and tokens may end up in the log",
            when=verbose.place.case.when,
            discriminator=verbose.setting,
            severity=Severity.MEDIUM if whole else Severity.LOW,
            related=others(functions, note="logs this much") if len(functions) > 1 else (),
            fix=_quieten(facts, verbose),
        )


def _quieten(facts: Facts, verbose: Verbose) -> Fix | None:
    if verbose.whole_events:
        return safe("log no whole events", change(facts, verbose.place.case, "false"))
    if "," in verbose.value:
        return None
    level = "info" if verbose.value.islower() else "INFO"
    return safe(f"log at level {level}", change(facts, verbose.place.case, level))
