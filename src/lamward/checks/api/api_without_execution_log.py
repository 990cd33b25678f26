"""API stage that does not log what went wrong inside it.

## Why it matters
The access log says that a call got a 500 or 403; the execution log says why: which authoriser refused it, which
mapping or integration failed. Without one, an attack on the API itself looks like noise.

Asked of REST and WebSocket stages, and of GraphQL APIs; HTTP APIs have no such log.

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
        LoggingLevel: ERROR
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

## References
- Amazon API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs in API Gateway"
- AWS AppSync Developer Guide, "Using CloudWatch to monitor and log GraphQL API data"
- AWS Security Hub, APIGateway.1, API Gateway REST and WebSocket API execution logging should be enabled
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.stages import GRAPHQL, REST_STAGE, STAGE, before_functions, is_of_http_api, without
from lamward.model.application import Resource
from lamward.model.finding import Persona, Problem, Severity
from lamward.model.value import Absent, at, cases


@check(
    Resource,
    types=(REST_STAGE, STAGE, GRAPHQL),
    severity=Severity.LOW,
    since="0.1",
    persona=Persona.AUDITOR,
)
def api_without_execution_log(resource: Resource, facts: Facts) -> Answer:
    """Ask whether an API before functions logs its own work."""
    if not before_functions(facts, resource) or is_of_http_api(facts, resource):
        return
    if resource.type == GRAPHQL:
        told = cases(at(resource.properties, "LogConfig"), resource.when)
        branches = [case.when for case in told if isinstance(case.value, Absent)]
    else:
        branches = list(without(resource, "LoggingLevel", "ERROR", "INFO"))
    for when in branches:
        yield Problem(
            resource.location,
            "nothing logs why this API refuses or fails a call",
            when=when,
            help="set a LoggingLevel for all routes, or LogConfig",
        )
