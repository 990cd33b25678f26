"""Alarm about a function that tells nobody.

## Why it matters
An alarm without an action goes red in a console that nobody has open: at night, during an attack on the function, or
when what it writes to a dead-letter queue piles up. Whoever reads the template believes that somebody will be told.

Alarms that a deployment watches to roll back, that another alarm is made of, or that an output hands on, pass.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
Failing:
  Type: AWS::CloudWatch::Alarm
  Properties:
    Namespace: AWS/Lambda
    MetricName: Errors
    Dimensions: [{Name: FunctionName, Value: !Ref Orders}]
    Statistic: Sum
    Period: 60
    EvaluationPeriods: 1
    Threshold: 0
    ComparisonOperator: GreaterThanThreshold
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
Failing:
  Type: AWS::CloudWatch::Alarm
  Properties:
    Namespace: AWS/Lambda
    MetricName: Errors
    Dimensions: [{Name: FunctionName, Value: !Ref Orders}]
    Statistic: Sum
    Period: 60
    EvaluationPeriods: 1
    Threshold: 0
    ComparisonOperator: GreaterThanThreshold
    AlarmActions: [!ImportValue on-call-topic]
```

## References
- Amazon CloudWatch User Guide, "Using Amazon CloudWatch alarms", alarm actions
- AWS Security Hub, CloudWatch.15 and CloudWatch.17
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.alarms import is_asked_by_others, silent_branches, watched_functions
from lamward.facts.places import others
from lamward.model.application import Resource
from lamward.model.finding import Problem, Severity


@check(Resource, types=("AWS::CloudWatch::Alarm",), severity=Severity.LOW, since="0.1")
def silent_alarm(alarm: Resource, facts: Facts) -> Answer:
    """Ask whether an alarm about functions tells anybody when it goes off."""
    functions = watched_functions(facts, alarm)
    if not functions or is_asked_by_others(facts, alarm):
        return
    for when in silent_branches(alarm):
        yield Problem(
            alarm.location,
            "nobody is told when this alarm goes off",
            when=when,
            related=others(functions, note="is watched"),
            help="set AlarmActions to a topic that somebody reads",
        )
