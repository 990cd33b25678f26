"""Functions whose log group nobody declares.

## Why it matters
Lambda makes a missing log group on the first call: without a retention, so that it is kept for ever; without your
key; and it stays behind when the stack is deleted. For that, the function's role also needs `logs:CreateLogGroup`.

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

## References
- AWS Lambda Developer Guide, "Sending Lambda function logs to CloudWatch Logs"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.logs import functions_without_log_group
from lamward.facts.places import count, first_by_name, others
from lamward.model.application import Application
from lamward.model.finding import Problem, Severity


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
            help="declare an AWS::Logs::LogGroup with RetentionInDays and name it in LoggingConfig.LogGroup",
        )
