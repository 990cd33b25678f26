"""Front door that still takes TLS 1.0 or 1.1.

## Why it matters
The first versions of TLS were withdrawn in 2021 (RFC 8996), as they rest on hashes and ciphers that were broken since.
A client that speaks nothing newer is served all the same, and what it sends can be read and changed on the way.

Asked of the domains of APIs (those before functions, and those whose API is in another template), and of CloudFront
distributions and load balancers before functions. A listener or a
distribution with a certificate of its own that names no policy takes TLS 1.0; what a REST API's domain then takes is
not documented, and reported to auditors only, like the listeners of internal load balancers.

## Example
```yaml
Shop:
  Type: AWS::Serverless::Api
  Properties:
    StageName: prod
    Auth: {DefaultAuthorizer: AWS_IAM}
    Domain:
      DomainName: shop.example.com
      CertificateArn: arn:aws:acm:us-east-1:111122223333:certificate/shop
      SecurityPolicy: TLS_1_0
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
    Domain:
      DomainName: shop.example.com
      CertificateArn: arn:aws:acm:us-east-1:111122223333:certificate/shop
      SecurityPolicy: TLS_1_2
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
Unsafe: clients that speak nothing newer, ten years old or more, are refused.

## References
- Amazon API Gateway Developer Guide, "Choose a security policy for your custom domain in API Gateway"
- Elastic Load Balancing, "Security policies for your Application Load Balancer"
- Amazon CloudFront Developer Guide, "Supported protocols and ciphers between viewers and CloudFront"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking
from lamward.facts import Facts
from lamward.facts.fronts import TLS
from lamward.facts.plain_http import LISTENER, is_internal, leads_to_functions
from lamward.facts.settings import unmet
from lamward.facts.stages import domains_of_other_apis
from lamward.facts.stores import for_reviewers
from lamward.model.application import Resource
from lamward.model.finding import Severity
from lamward.model.value import Absent, at


@check(Resource, types=tuple(TLS), severity=Severity.MEDIUM, since="0.1")
def outdated_tls(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a front door takes versions of TLS that are broken."""
    demand, message = TLS[resource.type], f"this {TLS[resource.type].called} takes TLS 1.0 or 1.1"
    apart = resource.id in domains_of_other_apis(facts)
    if not (apart or leads_to_functions(facts, resource)):
        return
    if resource.type == LISTENER and is_internal(facts, resource):
        demand = for_reviewers(demand)
    if resource.type == "AWS::ApiGateway::DomainName" and isinstance(
        at(resource.properties, "SecurityPolicy"), Absent
    ):
        demand = for_reviewers(demand)
        message = "this domain does not say which versions of TLS it takes"
    yield from lacking(
        resource,
        facts,
        demand,
        message,
        remedy=f"take TLS 1.2 and later only, such as `{demand.remedy}`",
        title="take TLS 1.2 and later only",
        caution="clients that speak nothing newer are refused",
        answers=unmet(resource, *demand.ways, unless=demand.unless) if apart else None,
    )
