"""Function that gets no more patches of its runtime.

## Why it matters
Lambda patches a runtime where functions use it, without a deployment. With `UpdateRuntimeOn: Manual` a function stays
on the version it names, whatever is found in it. AWS means this for a few days, to go back when an update breaks
something; who forgets to undo it runs old code for years.

`FunctionUpdate` patches with each change of the function: fine where functions are deployed often, and for those who
review every such place.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    RuntimeManagementConfig:
      UpdateRuntimeOn: Manual
      RuntimeVersionArn: arn:aws:lambda:eu-central-1::runtime:0af1966588ced06e3143ae720245c9b7
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    RuntimeManagementConfig:
      UpdateRuntimeOn: Auto
```
`Auto` is the default: without `RuntimeManagementConfig` a function is patched.

## Fix safety
Unsafe: the update that made somebody hold the function back may still break it.

## References
- AWS Lambda Developer Guide, "Understanding how Lambda manages runtime version updates"
- AWS Lambda Developer Guide, "Understanding the shared responsibility model for Lambda runtime management"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check, undecided
from lamward.checks.repairs import replace, unsafe
from lamward.facts import Facts
from lamward.facts.chosen import chosen
from lamward.facts.concerned import also_concerned
from lamward.facts.places import Shared
from lamward.model.application import Application
from lamward.model.finding import Doubt, Fix, Persona, Problem, Severity
from lamward.model.location import Location
from lamward.model.value import text_of, why_unknown

_SETTING = ("RuntimeManagementConfig", "UpdateRuntimeOn")
_SAYS = {
    "Manual": "stays on one version of its runtime, and gets no more security patches",
    "FunctionUpdate": "gets security patches of its runtime only when it is deployed",
}


@check(Application, severity=Severity.MEDIUM, since="0.1")
def frozen_runtime(_application: Application, facts: Facts) -> Answer:
    """Ask when the runtimes of functions are patched; a setting of Globals once for all functions."""
    for place in chosen(facts, *_SETTING):
        mode = text_of(place.case.value) or ""
        if undecided(place.case.value):
            yield Doubt(place.location, why_unknown(place.case.value), when=place.case.when)
        elif mode in _SAYS:
            yield Problem(
                place.location,
                _SAYS[mode],
                when=place.case.when,
                related=also_concerned(place.location, place.functions, note="has this setting"),
                severity=None if mode == "Manual" else Severity.INFO,
                persona=None if mode == "Manual" else Persona.AUDITOR,
                fix=_patch(place),
            )


def _patch(place: Shared) -> Fix | None:
    where = place.case.value.origins[-1]
    if where.path[-2:] != _SETTING:
        return None
    whole = Location(where.span, where.path[:-1])
    return unsafe(
        "patch the runtime without waiting",
        replace(whole, to={"UpdateRuntimeOn": "Auto"}),
        why="the update somebody held back may break the function",
    )
