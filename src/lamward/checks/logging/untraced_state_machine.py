"""State machine whose runs appear in no trace.

## Why it matters
A trace that begins at a function does not tell what called it, or what was called before. With tracing on, the steps of
the state machine and the functions they call are one picture.

## Example
```yaml
Fulfil:
  Type: AWS::Serverless::StateMachine
  Properties:
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
    Tracing: Active
```

## Use instead
```yaml
Fulfil:
  Type: AWS::Serverless::StateMachine
  Properties:
    Tracing:
      Enabled: true
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
    Tracing: Active
```

## References
- AWS Step Functions Developer Guide, "Trace Step Functions request data in AWS X-Ray"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking, settle
from lamward.checks.repairs import Edits, all_of, allowing, attach
from lamward.checks.stock import TRACING
from lamward.facts import Facts
from lamward.facts.links import roles_named
from lamward.facts.settings import Unmet
from lamward.facts.stores import STEPS_TRACED
from lamward.model.application import Resource
from lamward.model.finding import Persona, Severity
from lamward.model.value import at


@check(
    Resource,
    types=("AWS::StepFunctions::StateMachine",),
    severity=Severity.INFO,
    persona=Persona.AUDITOR,
    since="0.1",
)
def untraced_state_machine(resource: Resource, facts: Facts) -> Answer:
    """Ask whether the runs of a state machine around a function can be followed."""
    yield from lacking(
        resource,
        facts,
        STEPS_TRACED,
        "the runs of this state machine appear in no trace",
        remedy="switch tracing on, and let its role write traces",
        title="trace the runs with X-Ray",
        edits=lambda answer: _trace(resource, facts, answer),
    )


def _trace(machine: Resource, facts: Facts, answer: Unmet) -> Edits:
    roles = [role for role, _ in roles_named(facts, at(machine.properties, "RoleArn"), answer.when)]
    if len(roles) != 1:
        return None
    sam = facts.application.declared.get(machine.id) == "AWS::Serverless::StateMachine"
    switched = settle(
        machine, facts, answer, "Tracing" if sam else "TracingConfiguration", "Enabled", to=True
    )
    # SAM lets a role of its own making write traces.
    if roles[0].declared_by == machine.id:
        return switched
    return all_of(switched, attach(facts, roles[0], "Tracing", allowing(TRACING)))
