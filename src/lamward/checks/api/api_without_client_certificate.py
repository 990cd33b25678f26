"""API that its backend servers cannot tell from anybody else.

## Why it matters
A server behind an API is reached over the internet. If API Gateway shows it no certificate, the server cannot know
that a request came through the API, past its authorisers and limits, and answers whoever finds its address.

Asked of REST APIs that hand some routes to functions and others to servers: functions are invoked by IAM and need
none.

## Example
```yaml
Shop:
  Type: AWS::ApiGateway::RestApi
  Properties:
    Body:
      openapi: "3.0.1"
      paths:
        /orders:
          get:
            x-amazon-apigateway-auth: {type: AWS_IAM}
            x-amazon-apigateway-integration:
              type: aws_proxy
              httpMethod: POST
              uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Orders.Arn}/invocations
        /stock:
          get:
            x-amazon-apigateway-auth: {type: AWS_IAM}
            x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: "https://stock.example.com/"}
Stage:
  Type: AWS::ApiGateway::Stage
  Properties:
    RestApiId: !Ref Shop
    StageName: prod
Orders:
  Type: AWS::Serverless::Function
  Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/}
```

## Use instead
```yaml
Shop:
  Type: AWS::ApiGateway::RestApi
  Properties:
    Body:
      openapi: "3.0.1"
      paths:
        /orders:
          get:
            x-amazon-apigateway-auth: {type: AWS_IAM}
            x-amazon-apigateway-integration:
              type: aws_proxy
              httpMethod: POST
              uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Orders.Arn}/invocations
        /stock:
          get:
            x-amazon-apigateway-auth: {type: AWS_IAM}
            x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: "https://stock.example.com/"}
Stage:
  Type: AWS::ApiGateway::Stage
  Properties:
    RestApiId: !Ref Shop
    StageName: prod
    ClientCertificateId: !Ref Certificate
Certificate:
  Type: AWS::ApiGateway::ClientCertificate
Orders:
  Type: AWS::Serverless::Function
  Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/}
```

## References
- API Gateway Developer Guide, "Generate and configure an SSL certificate for backend authentication in API Gateway"
- AWS Security Hub, APIGateway.2, API Gateway REST API stages should be configured to use SSL certificates
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.stages import REST_STAGE, apis_of, before_functions, calls_servers
from lamward.model.application import Resource
from lamward.model.finding import Persona, Problem, Severity
from lamward.model.value import Absent, at, cases


@check(Resource, types=(REST_STAGE,), severity=Severity.LOW, since="0.1", persona=Persona.AUDITOR)
def api_without_client_certificate(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a stage shows the servers behind it a certificate."""
    if not before_functions(facts, resource):
        return
    if not any(calls_servers(facts, api) for api in apis_of(facts, resource)):
        return
    for case in cases(at(resource.properties, "ClientCertificateId"), resource.when):
        if isinstance(case.value, Absent):
            yield Problem(
                resource.location,
                "servers behind this API cannot tell its requests from anybody else's",
                when=case.when,
                help="set ClientCertificateId, and ask for that certificate at the servers",
            )
