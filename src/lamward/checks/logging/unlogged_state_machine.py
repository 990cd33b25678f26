"""State machine that writes down nothing of what it did.

## Why it matters
A state machine decides which function runs with what. The history of a standard one is gone after ninety days, and
visible only in the console; an express one has none: when a run fails or does what it should not, nothing is
left of it.

## Example
```yaml
Fulfil:
  Type: AWS::Serverless::StateMachine
  Properties:
    Type: EXPRESS
    Definition:
      StartAt: Ship
      States: {Ship: {Type: Task, Resource: !GetAtt Ship.Arn, End: true}}
    Policies:
      - LambdaInvokePolicy: {FunctionName: !Ref Ship}
Ship:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
```

## Use instead
```yaml
Fulfil:
  Type: AWS::Serverless::StateMachine
  Properties:
    Type: EXPRESS
    Definition:
      StartAt: Ship
      States: {Ship: {Type: Task, Resource: !GetAtt Ship.Arn, End: true}}
    Policies:
      - LambdaInvokePolicy: {FunctionName: !Ref Ship}
    Logging:
      Level: ERROR
      IncludeExecutionData: false
      Destinations:
        - CloudWatchLogsLogGroup: {LogGroupArn: !GetAtt Steps.Arn}
Steps:
  Type: AWS::Logs::LogGroup
  Properties:
    RetentionInDays: 90
Ship:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
```
`IncludeExecutionData` writes inputs and results into the log as well: leave it off where they are personal.

## References
- AWS Step Functions Developer Guide, "Using CloudWatch Logs to log execution history in Step Functions"
"""

from __future__ import annotations

from msgspec.structs import replace

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking
from lamward.checks.repairs import Edits, all_of, allowing, attach, insert, put
from lamward.checks.stock import LOG, LOG_DELIVERY
from lamward.facts import Facts
from lamward.facts.links import roles_named
from lamward.facts.stores import STEPS_LOGGED
from lamward.model.application import Resource
from lamward.model.finding import Persona, Severity
from lamward.model.value import Absent, at, text_of


@check(
    Resource,
    types=("AWS::StepFunctions::StateMachine",),
    severity=Severity.INFO,
    persona=Persona.AUDITOR,
    since="0.1",
)
def unlogged_state_machine(resource: Resource, facts: Facts) -> Answer:
    """Ask whether anything is left of a state machine's runs."""
    express = text_of(at(resource.properties, "StateMachineType")) == "EXPRESS"
    yield from lacking(
        resource,
        facts,
        replace(STEPS_LOGGED, severity=Severity.LOW) if express else STEPS_LOGGED,
        "nothing is left of this state machine's runs" + ("" if express else " but a history of ninety days"),
        remedy="set LoggingConfiguration, in SAM Logging",
        title="log what fails in the runs",
        edits=lambda _: _log(resource, facts),
    )


def _log(machine: Resource, facts: Facts) -> Edits:
    now = at(machine.properties, "LoggingConfiguration")
    roles = [role for role, _ in roles_named(facts, at(machine.properties, "RoleArn"), machine.when)]
    if len(roles) != 1 or not isinstance(now, Absent):
        return None
    sam = facts.application.declared.get(machine.id) == "AWS::Serverless::StateMachine"
    group = insert(facts, machine, "Runs", "AWS::Logs::LogGroup", LOG, when=machine.when)
    settings = {"Level": "ERROR", "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": group.arn}}]}
    return all_of(
        put(machine, "Logging" if sam else "LoggingConfiguration", to=settings, now=now),
        attach(facts, roles[0], "Logging", allowing(LOG_DELIVERY)),
        group.edits,
    )
