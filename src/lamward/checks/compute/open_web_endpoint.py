"""Web function endpoint that anyone on the internet may call.

## Why it matters
Every endpoint of a web function has an address on the internet. With `AuthType: ApplicationManaged`, Lambda hands all
requests to the web server in the function: its code alone stands between the internet and the function's role.

A CloudFront distribution in front does not help: the endpoint's own address still answers, past its firewall and its
rules, unless the endpoint asks for signatures, which CloudFront adds (origin access control).

## Example
```yaml
Shop:
  Type: AWS::Serverless::WebFunction
  Properties:
    Runtime: nodejs24.x
    CodeUri: s3://artefacts/shop.zip
    AuthType: ApplicationManaged
    ThrottleConfig: {RateLimit: 50}
```

## Use instead
```yaml
Shop:
  Type: AWS::Serverless::WebFunction
  Properties:
    Runtime: nodejs24.x
    CodeUri: s3://artefacts/shop.zip
    AuthType: IamAuth
```
An endpoint whose server signs its users in itself deserves a suppression that says so.

## Fix safety
Unsafe: whoever calls the endpoint has to sign the requests from then on, browsers above all cannot.

## References
- AWS Lambda Developer Guide, "Lambda Web Function endpoint access control"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check, undecided
from lamward.checks.repairs import change, unsafe
from lamward.facts import Facts
from lamward.facts.compute import distributions_before
from lamward.model.application import Resource
from lamward.model.finding import Doubt, Problem, Related, Severity
from lamward.model.value import at, cases, location_of, text_of, why_unknown


@check(Resource, severity=Severity.HIGH, since="0.1", types=("AWS::Lambda::WebFunctionEndpoint",))
def open_web_endpoint(endpoint: Resource, facts: Facts) -> Answer:
    """Ask whether an endpoint hands every request to the code."""
    for case in cases(at(endpoint.properties, "AuthType"), endpoint.when):
        where = location_of(case.value)
        if text_of(case.value) == "ApplicationManaged":
            fronts = distributions_before(facts, endpoint)
            past = ", past the distribution in front of it" if fronts else ""
            yield Problem(
                where,
                f"anyone on the internet may call this web function{past}",
                when=case.when,
                related=tuple(Related(each.location, "is gone round") for each in fronts),
                fix=unsafe(
                    "ask callers to sign their requests",
                    change(facts, case, "IamAuth"),
                    why="callers that do not sign their requests are refused",
                ),
            )
        elif undecided(case.value):
            yield Doubt(where, why_unknown(case.value), when=case.when)
