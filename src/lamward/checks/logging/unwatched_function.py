"""Function whose failures nobody is told of.

## Why it matters
Errors, throttling and floods of calls show in metrics first. For a function that anyone may call, or whose role may do
much, a quiet failure is also how an attack looks. Where other functions of an application have alarms, one without
is forgotten and not chosen.

## Example
```yaml
Hook:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    ReservedConcurrentExecutions: 5
    FunctionUrlConfig: {AuthType: NONE}
Report:
  Type: AWS::Serverless::Function
  Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/}
ReportErrors:
  Type: AWS::CloudWatch::Alarm
  Properties:
    Namespace: AWS/Lambda
    MetricName: Errors
    Dimensions: [{Name: FunctionName, Value: !Ref Report}]
    Statistic: Sum
    Period: 300
    EvaluationPeriods: 1
    Threshold: 1
    ComparisonOperator: GreaterThanOrEqualToThreshold
    AlarmActions: [!Sub "arn:aws:sns:${AWS::Region}:${AWS::AccountId}:alarms"]
```

## Use instead
```yaml
Hook:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    ReservedConcurrentExecutions: 5
    FunctionUrlConfig: {AuthType: AWS_IAM}
HookErrors:
  Type: AWS::CloudWatch::Alarm
  Properties:
    Namespace: AWS/Lambda
    MetricName: Errors
    Dimensions: [{Name: FunctionName, Value: !Ref Hook}]
    Statistic: Sum
    Period: 300
    EvaluationPeriods: 1
    Threshold: 1
    ComparisonOperator: GreaterThanOrEqualToThreshold
    AlarmActions: [!Sub "arn:aws:sns:${AWS::Region}:${AWS::AccountId}:alarms"]
```
Alarms on the function's queue or API count, and so do those on metrics the code makes. An application without any alarm
is told to auditors once: its alarms may be elsewhere.

## Fix safety
Unsafe: nobody has subscribed to a topic that the fix makes (`Alarms`) before somebody does. It takes the topic that
other alarms of the application tell, if there is one. Alarms are paid for, and so is the key of a new topic.

## References
- AWS Lambda Developer Guide, "Monitoring and troubleshooting Lambda functions"
- Amazon CloudWatch User Guide, "Recommended alarms"
"""

from __future__ import annotations

from collections.abc import Sequence

from lamward.checks.alarming import NOBODY_YET, told, watch
from lamward.checks.framework import Answer, check
from lamward.checks.repairs import unsafe
from lamward.facts import Facts
from lamward.facts.alarms import watched
from lamward.facts.feeding import powers
from lamward.facts.function_policies import public_entries
from lamward.facts.places import count, first_by_name, others
from lamward.model.application import Application, Function
from lamward.model.finding import Fix, Persona, Problem, Severity


@check(Application, severity=Severity.LOW, since="0.1")
def unwatched_function(application: Application, facts: Facts) -> Answer:
    """Ask whether an alarm watches the functions that matter most, where others are watched."""
    if not application.functions:
        return
    if not watched(facts):
        first = first_by_name(application.functions)
        yield Problem(
            first.location,
            f"no alarm tells of failures ({count(len(application.functions), 'function')})",
            discriminator="all",
            persona=Persona.AUDITOR,
            related=others(application.functions, besides=first, note="nor of this one's"),
            help="add alarms on Errors, Throttles and what else tells of trouble",
            fix=_watch(facts, application.functions),
        )
        return
    for function in application.functions:
        open_to_all = bool(public_entries(facts).get(function.id))
        if function.id not in watched(facts) and (open_to_all or powers(facts).get(function.id)):
            why = "anyone may call this function" if open_to_all else "this function may do much"
            yield Problem(
                function.location,
                f"{why}, and unlike others it has no alarm",
                when=function.when,
                help="add alarms on its Errors and Throttles",
                fix=_watch(facts, [function]),
            )


def _watch(facts: Facts, functions: Sequence[Function]) -> Fix | None:
    topic = told(facts, first_by_name(functions))
    alarms = (watch(facts, function, topic) for function in functions)
    title = f"tell of errors and throttles of {count(len(functions), 'function')}"
    return unsafe(title, *alarms, topic.edits, why=NOBODY_YET)
