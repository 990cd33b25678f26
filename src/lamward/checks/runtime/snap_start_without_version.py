"""SnapStart that never starts anything.

## Why it matters
SnapStart takes its snapshot when a version of the function is published. Where none is, everybody calls the
unpublished function: it starts as slowly as ever, and what was meant to withstand a burst of requests does not.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    SnapStart: {ApplyOn: PublishedVersions}
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    SnapStart: {ApplyOn: PublishedVersions}
    AutoPublishAlias: live
```
With `AutoPublishAlias` SAM publishes a version with each change, and points the function's events at its alias.

## Fix safety
Unsafe: events and APIs then call the alias `live`; whoever names the function without it still gets the slow one.

## References
- AWS Lambda Developer Guide, "Activating and managing Lambda SnapStart"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import is_sam, put, unsafe
from lamward.facts import Facts
from lamward.facts.published import versioned_functions
from lamward.model.application import Function
from lamward.model.finding import Fix, Problem, Severity
from lamward.model.value import at, cases, text_of


@check(Function, severity=Severity.INFO, since="0.1")
def snap_start_without_version(function: Function, facts: Facts) -> Answer:
    """Ask whether a version is published of which SnapStart can take a snapshot."""
    if function.id in versioned_functions(facts):
        return
    for case in cases(at(function.properties, "SnapStart", "ApplyOn"), function.when):
        if text_of(case.value) == "PublishedVersions":
            yield Problem(
                function.location,
                "SnapStart does nothing for this function, as no version of it is published",
                when=case.when,
                help="set AutoPublishAlias in SAM, or declare an AWS::Lambda::Version and call that",
                fix=_publish(facts, function),
            )


def _publish(facts: Facts, function: Function) -> Fix | None:
    if not is_sam(facts, function):
        return None
    return unsafe(
        "publish a version with each change",
        put(function, "AutoPublishAlias", to="live"),
        why="events then call the alias `live`",
    )
