"""API whose calls cannot be followed into the functions.

## Why it matters
With tracing the way of one call through API, functions and tables can be seen: what is slow, and where it failed.
Traces that begin at the function leave out the authoriser and the API itself.

Asked of the stages of REST APIs, and of GraphQL APIs; HTTP and WebSocket APIs cannot be traced.

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
    TracingEnabled: true
    Auth: {DefaultAuthorizer: AWS_IAM}
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Tracing: Active
    Events:
      List:
        Type: Api
        Properties: {RestApiId: !Ref Shop, Path: /orders, Method: get}
```

## References
- Amazon API Gateway Developer Guide, "Trace user requests to REST APIs using X-Ray in API Gateway"
- AWS Security Hub, APIGateway.3, API Gateway REST API stages should have AWS X-Ray tracing enabled
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking, set_as
from lamward.checks.repairs import Edits
from lamward.checks.routes import of_stage
from lamward.facts import Facts
from lamward.facts.fronts import TRACING
from lamward.facts.settings import Unmet
from lamward.facts.stages import REST_STAGE
from lamward.model.application import Resource
from lamward.model.finding import Persona, Severity
from lamward.model.value import Absent


@check(Resource, types=tuple(TRACING), severity=Severity.INFO, since="0.1", persona=Persona.AUDITOR)
def untraced_api(resource: Resource, facts: Facts) -> Answer:
    """Ask whether an API before functions is traced."""
    yield from lacking(
        resource,
        facts,
        TRACING[resource.type],
        "calls of this API are not traced",
        remedy=f"set {TRACING[resource.type].ways[0].path[0]} to true",
        title="trace calls of the API",
        edits=lambda answer: _trace(resource, facts, answer),
    )


def _trace(resource: Resource, facts: Facts, answer: Unmet) -> Edits:
    """Switch tracing on, also in what SAM makes the stage of."""
    if resource.type == REST_STAGE and isinstance(answer.value, Absent):
        return of_stage(facts, resource, "TracingEnabled", to=True, now=answer.value)
    return set_as(resource, facts, TRACING[resource.type], answer)
