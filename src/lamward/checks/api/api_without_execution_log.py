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

## Fix safety
Unsafe for REST and WebSocket APIs: API Gateway logs only when the account has a role for it
(`AWS::ApiGateway::Account`), and refuses the setting otherwise. Safe for GraphQL APIs, which get a role of their own.

## References
- Amazon API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs in API Gateway"
- AWS AppSync Developer Guide, "Using CloudWatch to monitor and log GraphQL API data"
- AWS Security Hub, APIGateway.1, API Gateway REST and WebSocket API execution logging should be enabled
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import insert, put, safe, unsafe
from lamward.checks.routes import for_all_routes
from lamward.checks.stock import role_of
from lamward.facts import Facts
from lamward.facts.stages import GRAPHQL, REST_STAGE, STAGE, before_functions, is_of_http_api, without
from lamward.model.application import Resource
from lamward.model.finding import Fix, Persona, Problem, Severity
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
            fix=_log(facts, resource),
        )


def _log(facts: Facts, resource: Resource) -> Fix | None:
    title = "log what the API fails at"
    if resource.type != GRAPHQL:
        why = "the account needs a role by which API Gateway may write logs"
        return unsafe(title, for_all_routes(facts, resource, {"LoggingLevel": "ERROR"}), why=why)
    managed = "service-role/AWSAppSyncPushToCloudWatchLogs"
    trusted = role_of("appsync.amazonaws.com", managed=managed)
    role = insert(facts, resource, "LogRole", "AWS::IAM::Role", trusted, when=resource.when)
    settings = {"FieldLogLevel": "ERROR", "CloudWatchLogsRoleArn": role.arn}
    now = at(resource.properties, "LogConfig")
    return safe(title, put(resource, "LogConfig", to=settings, now=now), role.edits)
