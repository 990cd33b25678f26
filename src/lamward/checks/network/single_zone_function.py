"""Function that stops when one availability zone does.

## Why it matters
Lambda runs in every zone of a region by itself, but a function in a VPC only where it has a subnet. With all subnets
in one zone, that zone's failure is the function's, and whoever can bring it about stops you.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    VpcConfig:
      SecurityGroupIds: [sg-11111111]
      SubnetIds: [subnet-11111111]
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    VpcConfig:
      SecurityGroupIds: [sg-11111111]
      SubnetIds: [subnet-11111111, subnet-22222222]
```

## References
- AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.network import narrow_networks
from lamward.facts.places import count, others
from lamward.model.application import Application
from lamward.model.finding import Doubt, Problem, Severity
from lamward.model.value import why_unknown


@check(Application, severity=Severity.LOW, since="0.1")
def single_zone_function(_application: Application, facts: Facts) -> Answer:
    """Ask whether functions in a VPC have subnets in more than one zone."""
    for zones in narrow_networks(facts):
        place = zones.place
        if zones.unknown:
            yield Doubt(place.location, why_unknown(place.case.value), when=place.case.when)
            continue
        yield Problem(
            place.location,
            f"{count(len(place.functions), 'function')} can run in one availability zone only",
            when=place.case.when,
            related=others(place.functions, note="runs there") if len(place.functions) > 1 else (),
            help="add a subnet in another zone",
        )
