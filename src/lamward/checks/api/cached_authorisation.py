"""Authoriser whose answer for one route is given to callers of all others.

## Why it matters
API Gateway keeps what the authoriser answered and gives it to whoever comes with the same token or key, whatever they
ask for. An authoriser that looks at the route, and allows only that, then allows or refuses the wrong ones; a token
that was revoked works until the answer is forgotten.

Asked of functions that authorise APIs of several routes, where answers are kept (for five minutes, if a REST API does
not say) and found again without the route. It is right where the answer speaks of all routes at once; that is in the
code.

## Example
```yaml
Shop:
  Type: AWS::Serverless::HttpApi
  Properties:
    Auth:
      DefaultAuthorizer: Guard
      Authorizers:
        Guard:
          FunctionArn: !GetAtt Guard.Arn
          AuthorizerPayloadFormatVersion: "2.0"
          Identity: {Headers: [Authorization], ReauthorizeEvery: 300}
Guard:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      List: {Type: HttpApi, Properties: {ApiId: !Ref Shop, Path: /orders, Method: get}}
      Refund: {Type: HttpApi, Properties: {ApiId: !Ref Shop, Path: /refunds, Method: post}}
```

## Use instead
```yaml
Shop:
  Type: AWS::Serverless::HttpApi
  Properties:
    Auth:
      DefaultAuthorizer: Guard
      Authorizers:
        Guard:
          FunctionArn: !GetAtt Guard.Arn
          AuthorizerPayloadFormatVersion: "2.0"
          Identity: {Headers: [Authorization], Context: [routeKey], ReauthorizeEvery: 300}
Guard:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      List: {Type: HttpApi, Properties: {ApiId: !Ref Shop, Path: /orders, Method: get}}
      Refund: {Type: HttpApi, Properties: {ApiId: !Ref Shop, Path: /refunds, Method: post}}
```

## References
- Amazon API Gateway Developer Guide, "Use API Gateway Lambda authorizers"
- Amazon API Gateway Developer Guide, "Control access to HTTP APIs with AWS Lambda authorizers"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.authorisers import kept_for_all_routes
from lamward.model.application import Application
from lamward.model.finding import Persona, Problem, Severity


@check(Application, severity=Severity.LOW, since="0.1", persona=Persona.AUDITOR)
def cached_authorisation(_application: Application, facts: Facts) -> Answer:
    """Ask of every authorising function whether its answers are kept for other routes."""
    for kept in kept_for_all_routes(facts):
        yield Problem(
            kept.location,
            f"what this authoriser answers for one route holds for all of them, for {kept.seconds} seconds",
            when=kept.when,
            help="keep no answers, or name the route among the identity sources",
        )
