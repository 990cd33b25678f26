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

## Fix safety
Unsafe: nobody has subscribed to a topic that the fix makes (`Alarms`) before somebody does. It takes the topic that
other alarms of the application tell, if there is one. The key of a new topic is paid for.

## References
- Amazon CloudWatch User Guide, "Using Amazon CloudWatch alarms", alarm actions
- AWS Security Hub, CloudWatch.15 and CloudWatch.17
"""

from __future__ import annotations

from lamward.checks.alarming import NOBODY_YET, told
from lamward.checks.framework import Answer, check
from lamward.checks.repairs import change, put, unsafe
from lamward.facts import Facts
from lamward.facts.alarms import is_asked_by_others, silent_branches, watched_functions
from lamward.facts.places import others
from lamward.model.application import Resource
from lamward.model.finding import Fix, Problem, Severity
from lamward.model.value import Case, Known


@check(Resource, types=("AWS::CloudWatch::Alarm",), severity=Severity.LOW, since="0.1")
def silent_alarm(alarm: Resource, facts: Facts) -> Answer:
    """Ask whether an alarm about functions tells anybody when it goes off."""
    functions = watched_functions(facts, alarm)
    if not functions or is_asked_by_others(facts, alarm):
        return
    for case in silent_branches(alarm):
        yield Problem(
            alarm.location,
            "nobody is told when this alarm goes off",
            when=case.when,
            related=others(functions, note="is watched"),
            help="set AlarmActions to a topic that somebody reads",
            fix=_tell(facts, alarm, case),
        )


def _tell(facts: Facts, alarm: Resource, case: Case) -> Fix | None:
    if isinstance(case.value, Known):
        why = "what the alarm tells is told again"
        return unsafe("let the alarm act", change(facts, case, to=True), why=why)
    topic = told(facts, alarm)
    actions = put(alarm, "AlarmActions", to=[topic.ref], now=case.value)
    return unsafe("let the alarm tell a topic", actions, topic.edits, why=NOBODY_YET)
