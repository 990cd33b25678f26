"""GraphQL API that asks for nothing but an API key.

## Why it matters
An API key says which program calls, not who, and every page or app that uses it carries it around. Whoever copies the
key may run every query and mutation, and the functions that resolve them cannot tell callers apart.

Asked of AppSync APIs whose first way to authorise, which counts wherever the schema names no other, is a key.

## Example
```yaml
Shop:
  Type: AWS::AppSync::GraphQLApi
  Properties:
    Name: shop
    AuthenticationType: API_KEY
Resolve:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
Orders:
  Type: AWS::AppSync::DataSource
  Properties:
    ApiId: !GetAtt Shop.ApiId
    Name: orders
    Type: AWS_LAMBDA
    LambdaConfig: {LambdaFunctionArn: !GetAtt Resolve.Arn}
```

## Use instead
```yaml
Shop:
  Type: AWS::AppSync::GraphQLApi
  Properties:
    Name: shop
    AuthenticationType: AWS_IAM
Resolve:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
Orders:
  Type: AWS::AppSync::DataSource
  Properties:
    ApiId: !GetAtt Shop.ApiId
    Name: orders
    Type: AWS_LAMBDA
    LambdaConfig: {LambdaFunctionArn: !GetAtt Resolve.Arn}
```

## References
- AWS AppSync Developer Guide, "Configuring authorization and authentication to secure your GraphQL APIs"
- AWS Security Hub, AppSync.5, AWS AppSync GraphQL APIs should not be authenticated with API keys
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking
from lamward.facts import Facts
from lamward.facts.fronts import GRAPHQL_SIGN_IN
from lamward.model.application import Resource
from lamward.model.finding import Severity


@check(Resource, types=("AWS::AppSync::GraphQLApi",), severity=Severity.MEDIUM, since="0.1")
def graphql_by_key(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a GraphQL API asks for more than a key."""
    yield from lacking(
        resource,
        facts,
        GRAPHQL_SIGN_IN,
        "whoever has an API key may call this GraphQL API",
        remedy="authorise by AWS_IAM, a user pool, OpenID Connect or a function",
    )
