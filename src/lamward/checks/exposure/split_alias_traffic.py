"""Alias that sends a share of calls to a second version.

## Why it matters
A weight in an alias is easily forgotten: some calls then run other code than the alias says, an old version with its
old mistakes and secrets among them, or one that somebody slipped in.

## Example
```yaml
Live:
  Type: AWS::Lambda::Alias
  Properties:
    FunctionName: orders
    FunctionVersion: "7"
    Name: live
    RoutingConfig:
      AdditionalVersionWeights:
        - {FunctionVersion: "3", FunctionWeight: 0.1}
```

## Use instead
Let CodeDeploy shift traffic: it ends by itself, and goes back when an alarm fires.
```yaml
Live:
  Type: AWS::Lambda::Alias
  Properties:
    FunctionName: orders
    FunctionVersion: "7"
    Name: live
```

## References
- AWS Lambda Developer Guide, "Implement Lambda canary deployments using a weighted alias"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.model.application import Resource
from lamward.model.finding import Persona, Problem, Severity
from lamward.model.value import at, elements, location_of, number_of


@check(Resource, types=("AWS::Lambda::Alias",), severity=Severity.LOW, since="0.1", persona=Persona.AUDITOR)
def split_alias_traffic(resource: Resource, _facts: Facts) -> Answer:
    """Ask whether an alias sends calls to more than its version."""
    weights = at(resource.properties, "RoutingConfig", "AdditionalVersionWeights")
    for case in elements(weights, resource.when):
        if number_of(at(case.value, "FunctionWeight")) != 0:
            yield Problem(
                location_of(case.value),
                "a share of this alias's calls runs another version",
                when=case.when,
            )
