"""Permission for all routes of an API, where the function serves a few.

## Why it matters
The permission says which routes may lead here. One for all of them lets whoever may edit the API, and nothing else,
put this function behind a new route that has no authoriser.

## Example
```yaml
Shop:
  Type: AWS::ApiGatewayV2::Api
  Properties: {Name: shop, ProtocolType: HTTP}
List:
  Type: AWS::ApiGatewayV2::Route
  Properties:
    ApiId: !Ref Shop
    RouteKey: GET /orders
    AuthorizationType: AWS_IAM
    Target: !Sub integrations/${ToOrders}
ToOrders:
  Type: AWS::ApiGatewayV2::Integration
  Properties:
    ApiId: !Ref Shop
    IntegrationType: AWS_PROXY
    IntegrationUri: !GetAtt Orders.Arn
    PayloadFormatVersion: "2.0"
Orders:
  Type: AWS::Serverless::Function
  Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/}
Permission:
  Type: AWS::Lambda::Permission
  Properties:
    FunctionName: !Ref Orders
    Action: lambda:InvokeFunction
    Principal: apigateway.amazonaws.com
    SourceArn: !Sub arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Shop}/*/*/*
```

## Use instead
```yaml
Shop:
  Type: AWS::ApiGatewayV2::Api
  Properties: {Name: shop, ProtocolType: HTTP}
List:
  Type: AWS::ApiGatewayV2::Route
  Properties:
    ApiId: !Ref Shop
    RouteKey: GET /orders
    AuthorizationType: AWS_IAM
    Target: !Sub integrations/${ToOrders}
ToOrders:
  Type: AWS::ApiGatewayV2::Integration
  Properties:
    ApiId: !Ref Shop
    IntegrationType: AWS_PROXY
    IntegrationUri: !GetAtt Orders.Arn
    PayloadFormatVersion: "2.0"
Orders:
  Type: AWS::Serverless::Function
  Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/}
Permission:
  Type: AWS::Lambda::Permission
  Properties:
    FunctionName: !Ref Orders
    Action: lambda:InvokeFunction
    Principal: apigateway.amazonaws.com
    SourceArn: !Sub arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Shop}/*/GET/orders
```

## Fix safety
Unsafe: a route to the function that the template does not show is refused. Where a function has several routes, each
needs a permission of its own, which the fix does not write.

## References
- Amazon API Gateway Developer Guide, "Control access for invoking an API"
- AWS Lambda Developer Guide, "Invoking a Lambda function using an Amazon API Gateway endpoint"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import put, unsafe
from lamward.checks.routes import source
from lamward.facts import Facts
from lamward.facts.invited import routes_beyond
from lamward.facts.places import count
from lamward.model.application import Permission, Route
from lamward.model.finding import Fix, Persona, Problem, Related, Severity
from lamward.model.value import Case, cases, location_of


@check(Permission, severity=Severity.INFO, since="0.1", persona=Persona.AUDITOR)
def broad_api_source(permission: Permission, facts: Facts) -> Answer:
    """Ask whether a permission for an API names the routes that lead to the function."""
    for broad in cases(permission.source_arn, permission.when):
        routes = routes_beyond(facts, permission, broad)
        if routes and permission.declared_by in {"", permission.id}:
            yield Problem(
                location_of(broad.value),
                f"every route of the API may lead here, where {count(len(routes), 'route')} should",
                when=broad.when,
                related=tuple(Related(route.location, f"{route.method} {route.path}") for route in routes),
                fix=_pin(permission, broad, routes[0])
                if len(routes) == 1 and routes[0].path.startswith("/")
                else None,
            )


def _pin(permission: Permission, broad: Case, route: Route) -> Fix | None:
    return unsafe(
        f"let only `{route.method} {route.path}` of the API lead here",
        put(permission, "SourceArn", to=source(route.api, [route]), now=broad.value),
        why="routes that the template does not show are refused",
    )
