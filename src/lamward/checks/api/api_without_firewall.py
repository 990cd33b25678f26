"""API on the internet without a web application firewall.

## Why it matters
A web ACL turns away what needs no function to be recognised: floods from one address, known exploits, addresses of
botnets. Without one each of these requests is handled, and paid for.

Asked of REST APIs, GraphQL APIs and CloudFront distributions before functions; HTTP APIs and function URLs take no
web ACL. Whether one is needed is for those who review; one that is there, has no rules and allows everything is told
to everybody.

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
      List: {Type: Api, Properties: {RestApiId: !Ref Shop, Path: /orders, Method: get}}
```

## Use instead
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
      List: {Type: Api, Properties: {RestApiId: !Ref Shop, Path: /orders, Method: get}}
Firewall:
  Type: AWS::WAFv2::WebACLAssociation
  Properties:
    WebACLArn: !Sub arn:aws:wafv2:${AWS::Region}:${AWS::AccountId}:regional/webacl/shop/1
    ResourceArn: !Sub arn:aws:apigateway:${AWS::Region}::/restapis/${Shop}/stages/prod
```

## References
- Amazon API Gateway Developer Guide, "Use AWS WAF to protect your REST APIs in API Gateway"
- AWS Security Hub, APIGateway.4, API Gateway should be associated with a WAF Web ACL
"""

from __future__ import annotations

from typing import Final

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.apis import closed_to_strangers
from lamward.facts.plain_http import DISTRIBUTION
from lamward.facts.stages import GRAPHQL, apis_by_id, before_functions, empty_firewalls, guarded_by_firewall
from lamward.model.application import Resource
from lamward.model.finding import Persona, Problem, Related, Severity
from lamward.model.value import Absent, at, cases, text_of

_CALLED: Final = {
    "AWS::ApiGateway::RestApi": "REST API",
    GRAPHQL: "GraphQL API",
    DISTRIBUTION: "distribution",
}


@check(
    Resource,
    types=tuple(_CALLED),
    severity=Severity.LOW,
    since="0.1",
)
def api_without_firewall(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a web ACL stands before what is on the internet."""
    if not before_functions(facts, resource) or resource.id in guarded_by_firewall(facts):
        return
    empty = empty_firewalls(facts).get(resource.id)
    if empty is not None:
        yield Problem(
            empty.location,
            f"the web ACL before this {_CALLED[resource.type]} has no rules and lets everything through",
            when=empty.when,
            severity=Severity.MEDIUM,
            related=(Related(resource.location, "stands behind it"),),
            help="give it rules, such as those that AWS manages",
        )
        return
    api = apis_by_id(facts).get(resource.id)
    if api is not None and closed_to_strangers(facts, api).closed:
        return
    if resource.type == GRAPHQL and text_of(at(resource.properties, "Visibility")) == "PRIVATE":
        return
    told = at(resource.properties, "DistributionConfig", "WebACLId")
    for case in cases(told, resource.when):
        if isinstance(case.value, Absent) or text_of(case.value) == "":
            yield Problem(
                resource.location,
                f"no web ACL stands before this {_CALLED[resource.type]}",
                when=case.when,
                persona=Persona.AUDITOR,
                help="associate an AWS::WAFv2::WebACL that has rules",
            )
