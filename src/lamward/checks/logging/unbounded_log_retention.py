"""Log group of a function that keeps everything for ever.

## Why it matters
Logs hold more personal data than anybody planned. What is kept for ever can be stolen for ever, has to be searched
when somebody asks for their data, and is paid for every month.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
OrdersLogs:
  Type: AWS::Logs::LogGroup
  Properties:
    LogGroupName: !Sub /aws/lambda/${Orders}
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
OrdersLogs:
  Type: AWS::Logs::LogGroup
  Properties:
    LogGroupName: !Sub /aws/lambda/${Orders}
    RetentionInDays: 90
```
Functions without a declared log group are `undeclared-log-group`.

## Fix safety
Unsafe: once deployed, CloudWatch deletes what is older than the 90 days the fix writes.

## References
- Amazon CloudWatch Logs User Guide, "Change log data retention in CloudWatch Logs"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import put, unsafe
from lamward.checks.stock import KEPT_DAYS
from lamward.facts import Facts
from lamward.facts.logs import functions_of_log_groups
from lamward.facts.places import others
from lamward.model.application import LogGroup
from lamward.model.finding import Fix, Problem, Severity
from lamward.model.value import Absent, Value, cases


@check(LogGroup, severity=Severity.LOW, since="0.1")
def unbounded_log_retention(group: LogGroup, facts: Facts) -> Answer:
    """Ask whether what functions log is ever deleted."""
    functions = functions_of_log_groups(facts).get(group.id, ())
    for case in cases(group.retention, group.when) if functions else ():
        if isinstance(case.value, Absent):
            yield Problem(
                group.location,
                "what functions log here is kept for ever",
                when=case.when,
                related=others(functions, note="logs here"),
                help="set RetentionInDays",
                fix=_retention(group, case.value),
            )


def _retention(group: LogGroup, now: Value) -> Fix | None:
    return unsafe(
        f"keep logs for {KEPT_DAYS} days",
        put(group, "RetentionInDays", to=KEPT_DAYS, now=now),
        why="logs older than that are deleted",
    )
