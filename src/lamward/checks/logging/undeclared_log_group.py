"""Functions whose log group nobody declares.

## Why it matters
Lambda makes a missing log group on the first call: without a retention, so that it is kept for ever; without your
key; and it stays behind when the stack is deleted. For that, the function's role also needs `logs:CreateLogGroup`.

Where the application decides for no function how long its logs are kept, it is for those who review every such place.
Where it does for some, the others are forgotten, and everybody is told.

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
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    LoggingConfig:
      LogGroup: !Ref OrdersLogs
OrdersLogs:
  Type: AWS::Logs::LogGroup
  Properties:
    RetentionInDays: 90
```
All functions concerned are named in one finding.

## Fix safety
Unsafe: logs go to a new group from then on, under `/aws/lambda/` where roles expect it. What reads the old one by its
name (alarms, subscriptions, dashboards) must be told, and the old one stays as it is.

## References
- AWS Lambda Developer Guide, "Sending Lambda function logs to CloudWatch Logs"
"""

from __future__ import annotations

from collections.abc import Sequence

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import Edits, all_of, insert, put, sub, unsafe
from lamward.checks.stock import KEPT_DAYS, LOG
from lamward.facts import Facts
from lamward.facts.logs import functions_without_log_group, keeps_some_logs_for_a_time
from lamward.facts.places import count, first_by_name, others
from lamward.model.application import Application, Function
from lamward.model.finding import Fix, Persona, Problem, Severity
from lamward.model.value import at


@check(Application, severity=Severity.LOW, since="0.1")
def undeclared_log_group(_application: Application, facts: Facts) -> Answer:
    """Ask which functions log to a group that Lambda makes."""
    for when, functions in functions_without_log_group(facts).items():
        first = first_by_name(functions)
        yield Problem(
            first.location,
            f"the logs of {count(len(functions), 'function')} are kept for ever, as nobody declares the log group",
            when=when,
            related=others(functions, besides=first, note="logs for ever as well"),
            persona=None if keeps_some_logs_for_a_time(facts) else Persona.AUDITOR,
            help="declare an AWS::Logs::LogGroup with RetentionInDays and name it in LoggingConfig.LogGroup",
            fix=_declare(facts, functions),
        )


def _declare(facts: Facts, functions: Sequence[Function]) -> Fix | None:
    return unsafe(
        f"keep logs in a group of {'its' if len(functions) == 1 else 'their'} own for {KEPT_DAYS} days",
        *(_log_to_own_group(facts, function) for function in functions),
        why="what reads the old log group by its name must be told of the new one",
    )


def _log_to_own_group(facts: Facts, function: Function) -> Edits:
    # A name with a slash is no function's: nobody has made such a group yet.
    name = sub(f"/aws/lambda/${{AWS::StackName}}/{function.id.rpartition('/')[2]}")
    group = insert(
        facts, function, "Logs", "AWS::Logs::LogGroup", {"LogGroupName": name, **LOG}, when=function.when
    )
    now = at(function.logging, "LogGroup")
    return all_of(put(function, "LoggingConfig", "LogGroup", to=group.ref, now=now), group.edits)
