"""API stage that is limited by nothing but the account.

## Why it matters
Without limits of its own a stage takes ten thousand calls a second, all that API Gateway gives an account in a
Region: one caller decides what the functions cost and starves every other API of the account.

Worse where nobody is asked who they are. A usage plan with limits counts, as it bounds each of its callers.

## Example
```yaml
Shop:
  Type: AWS::Serverless::Api
  Properties:
    StageName: prod
    Auth: {DefaultAuthorizer: AWS_IAM}
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      List:
        Type: Api
        Properties: {RestApiId: !Ref Shop, Path: /orders, Method: get}
```

## Use instead
```yaml
Shop:
  Type: AWS::Serverless::Api
  Properties:
    StageName: prod
    Auth: {DefaultAuthorizer: AWS_IAM}
    MethodSettings:
      - ResourcePath: /*
        HttpMethod: "*"
        ThrottlingRateLimit: 50
        ThrottlingBurstLimit: 100
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      List:
        Type: Api
        Properties: {RestApiId: !Ref Shop, Path: /orders, Method: get}
```

## Fix safety
Unsafe: the numbers of the fix are a proposal. Callers beyond 50 requests a second are told to come back later.

## References
- Amazon API Gateway Developer Guide, "Throttle requests to your REST APIs for better throughput in API Gateway"
- Amazon API Gateway Developer Guide, "Throttle requests to your HTTP APIs for better throughput in API Gateway"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import unsafe
from lamward.checks.routes import for_all_routes
from lamward.checks.stock import LIMITS
from lamward.facts import Facts
from lamward.facts.stages import (
    REST_STAGE,
    STAGE,
    answers_anybody,
    apis_of,
    before_functions,
    planned,
    without,
)
from lamward.model.application import Resource
from lamward.model.finding import Persona, Problem, Severity


@check(Resource, types=(REST_STAGE, STAGE), severity=Severity.LOW, since="0.1", persona=Persona.AUDITOR)
def unthrottled_api(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a stage before functions limits how often it is called."""
    apis = apis_of(facts, resource)
    if not before_functions(facts, resource) or any(api.id in planned(facts) for api in apis):
        return
    anybody = any(answers_anybody(facts, api) for api in apis)
    who = "anyone on the internet may call" if anybody else "callers may use"
    for when in without(resource, "ThrottlingRateLimit"):
        yield Problem(
            resource.location,
            f"{who} this stage as often as the account's own limit allows",
            when=when,
            severity=Severity.MEDIUM if anybody else Severity.LOW,
            help="set ThrottlingRateLimit and ThrottlingBurstLimit for all routes",
            fix=unsafe(
                f"take {LIMITS['ThrottlingRateLimit']} calls a second at most",
                for_all_routes(facts, resource, LIMITS),
                why="how often callers need the API is for its author to say",
            ),
        )
