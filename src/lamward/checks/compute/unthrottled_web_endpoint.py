"""Open web function endpoint without any limit.

## Why it matters
An endpoint that asks nobody who they are serves whoever sends the most requests. Without a rate or a number of
environments of its own it takes what the account has: other functions are throttled, and the bill grows.

Asked of endpoints with `AuthType: ApplicationManaged`; any limit at all is one.

## Example
```yaml
Shop:
  Type: AWS::Lambda::WebFunctionEndpoint
  Properties:
    FunctionName: shop
    EndpointName: public
    EndpointType: HomeRegion
    AuthType: ApplicationManaged
```

## Use instead
```yaml
Shop:
  Type: AWS::Lambda::WebFunctionEndpoint
  Properties:
    FunctionName: shop
    EndpointName: public
    EndpointType: HomeRegion
    AuthType: IamAuth
    ThrottleConfig: {RateLimit: 50}
```

## Fix safety
Unsafe: the number of the fix is a proposal. Callers beyond 50 requests a second are told to come back later.

## References
- AWS CloudFormation Template Reference, "AWS::Lambda::WebFunctionEndpoint"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import put, unsafe
from lamward.checks.stock import LIMITS
from lamward.facts import Facts
from lamward.facts.settings import Way, given, none_of, unmet
from lamward.model.application import Resource
from lamward.model.finding import Doubt, Problem, Severity

_LIMITS = (
    Way(("ThrottleConfig", "RateLimit"), given),
    Way(("ScalingConfig", "MaxEnvironments"), given),
)
_RATE = LIMITS["ThrottlingRateLimit"]
_ASKS_WHO_COMES = Way(("AuthType",), none_of("ApplicationManaged"), absent=True)


@check(Resource, severity=Severity.MEDIUM, since="0.1", types=("AWS::Lambda::WebFunctionEndpoint",))
def unthrottled_web_endpoint(endpoint: Resource, _facts: Facts) -> Answer:
    """Ask whether an endpoint that is open to everybody has a limit of its own."""
    for answer in unmet(endpoint, *_LIMITS, unless=(_ASKS_WHO_COMES,)):
        if answer.doubt:
            yield Doubt(answer.location, answer.doubt, when=answer.when)
        else:
            yield Problem(
                endpoint.location,
                "anyone may call this web function, and nothing limits how often",
                when=answer.when,
                help="set ThrottleConfig or ScalingConfig",
                fix=unsafe(
                    f"take {_RATE} calls a second at most",
                    put(endpoint, "ThrottleConfig", "RateLimit", to=_RATE, now=answer.value),
                    why="how often callers need the function is for its author to say",
                ),
            )
