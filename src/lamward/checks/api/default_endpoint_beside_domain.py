"""API that is reached past its own domain.

## Why it matters
Beside the domain, the API still answers at its `execute-api` address. Client certificates are asked for at the domain
only, so whoever knows the address calls without one.

A problem for everybody where the domain asks for client certificates; where it does not, the address only goes past
what stands before the domain, and auditors are told.

## Example
```yaml
Shop:
  Type: AWS::Serverless::Api
  Properties:
    StageName: prod
    Auth: {DefaultAuthorizer: AWS_IAM}
    Domain:
      DomainName: shop.example.com
      CertificateArn: !Sub arn:aws:acm:${AWS::Region}:${AWS::AccountId}:certificate/shop
      SecurityPolicy: TLS_1_2
      MutualTlsAuthentication: {TruststoreUri: s3://shop-certificates/clients.pem}
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      List: {Type: Api, Properties: {RestApiId: !Ref Shop, Path: /orders, Method: get}}
```

## Use instead
```yaml
Shop:
  Type: AWS::Serverless::Api
  Properties:
    StageName: prod
    Auth: {DefaultAuthorizer: AWS_IAM}
    DisableExecuteApiEndpoint: true
    Domain:
      DomainName: shop.example.com
      CertificateArn: !Sub arn:aws:acm:${AWS::Region}:${AWS::AccountId}:certificate/shop
      SecurityPolicy: TLS_1_2
      MutualTlsAuthentication: {TruststoreUri: s3://shop-certificates/clients.pem}
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      List: {Type: Api, Properties: {RestApiId: !Ref Shop, Path: /orders, Method: get}}
```

## Fix safety
Unsafe: callers that use the `execute-api` address are refused.

## References
- Amazon API Gateway Developer Guide, "Disable the default endpoint for REST APIs"
- Amazon API Gateway Developer Guide, "How to turn on mutual TLS authentication for your REST APIs in API Gateway"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import change, put, unsafe
from lamward.facts import Facts
from lamward.facts.stages import before_functions, domains_of
from lamward.model.application import Api
from lamward.model.finding import Doubt, Persona, Problem, Related, Severity
from lamward.model.value import Known, Symbolic, Unknown, at, cases, location_of, truth_of, why_unknown


@check(Api, severity=Severity.MEDIUM, since="0.1")
def default_endpoint_beside_domain(api: Api, facts: Facts) -> Answer:
    """Ask whether an API with a domain of its own still answers at its default address."""
    resource, domains = facts.application.resources[api.id], domains_of(facts).get(api.id, ())
    if not domains or not before_functions(facts, resource):
        return
    bypassed = any(domain.asks_for_certificates for domain in domains)
    for case in cases(at(resource.properties, "DisableExecuteApiEndpoint"), api.when):
        if isinstance(case.value, Symbolic | Unknown):
            yield Doubt(location_of(case.value), why_unknown(case.value), when=case.when)
        if truth_of(case.value) is True or isinstance(case.value, Symbolic | Unknown):
            continue
        known = isinstance(case.value, Known)
        edits = change(facts, case, to=True) if known else put(api, "DisableExecuteApiEndpoint", to=True)
        yield Problem(
            api.location,
            "callers without a certificate get in at this API's default address"
            if bypassed
            else "this API answers at its default address too, past its domain",
            when=case.when,
            severity=Severity.MEDIUM if bypassed else Severity.LOW,
            persona=None if bypassed else Persona.AUDITOR,
            related=tuple(Related(domain.resource.location, "the domain") for domain in domains),
            help="set DisableExecuteApiEndpoint to true",
            fix=unsafe(
                "answer at the domain only", edits, why="callers that use the default address are refused"
            ),
        )
