"""API that hands bodies on without looking at them.

## Why it matters
A REST API can hold a request against a model before the function runs: what does not fit is refused at no cost, and
the code sees only what it expects. Code may validate as well; that is not seen here.
Routes that take every method or path leave the shape to a framework in the function and pass.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Create:
        Type: Api
        Properties:
          Path: /orders
          Method: post
```

## Use instead
```yaml
Shop:
  Type: AWS::Serverless::Api
  Properties:
    StageName: prod
    Models:
      Order:
        type: object
        required: [sku]
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Create:
        Type: Api
        Properties:
          RestApiId: !Ref Shop
          Path: /orders
          Method: post
          RequestModel:
            Model: Order
            ValidateBody: true
```

## References
- Amazon API Gateway Developer Guide, "Request validation for REST APIs in API Gateway"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.apis import unvalidated_routes
from lamward.facts.places import count
from lamward.model.application import Api
from lamward.model.finding import Problem, Related, Severity


@check(Api, severity=Severity.LOW, since="0.1")
def unvalidated_api_request(api: Api, facts: Facts) -> Answer:
    """Ask whether routes that take a body validate it."""
    routes = tuple(unvalidated_routes(facts, api))
    if routes:
        yield Problem(
            api.location,
            f"{count(len(routes), 'route')} of this API hand bodies on without validating them"
            if len(routes) > 1
            else "a route of this API hands bodies on without validating them",
            related=tuple(
                Related(route.location, f"{route.method} {route.path}")
                for route in routes
                if route.location != api.location
            ),
        )
