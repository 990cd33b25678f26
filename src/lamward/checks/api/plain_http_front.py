"""Front door that takes requests without encryption.

## Why it matters
Whoever sits on the way reads and changes what callers send over plain HTTP: passwords, tokens, orders. That the
function answers correctly does not help them.

Asked of load balancers and CloudFront distributions before functions. A listener that redirects or answers by itself,
and one of an internal load balancer, passes; auditors hear of the latter.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/}
Targets:
  Type: AWS::ElasticLoadBalancingV2::TargetGroup
  Properties:
    TargetType: lambda
    Targets: [{Id: !GetAtt Orders.Arn}]
Listener:
  Type: AWS::ElasticLoadBalancingV2::Listener
  Properties:
    LoadBalancerArn: !Sub arn:aws:elasticloadbalancing:${AWS::Region}:${AWS::AccountId}:loadbalancer/app/shop/1
    Protocol: HTTP
    Port: 80
    DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/}
Targets:
  Type: AWS::ElasticLoadBalancingV2::TargetGroup
  Properties:
    TargetType: lambda
    Targets: [{Id: !GetAtt Orders.Arn}]
Listener:
  Type: AWS::ElasticLoadBalancingV2::Listener
  Properties:
    LoadBalancerArn: !Sub arn:aws:elasticloadbalancing:${AWS::Region}:${AWS::AccountId}:loadbalancer/app/shop/1
    Protocol: HTTPS
    Port: 443
    SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06
    Certificates: [{CertificateArn: !Sub "arn:aws:acm:${AWS::Region}:${AWS::AccountId}:certificate/shop"}]
    DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
```

## Fix safety
For distributions only, where plain requests are then redirected. Unsafe: clients that do not follow redirects get
none of the answers.

## References
- Elastic Load Balancing, "Create an HTTPS listener for your Application Load Balancer"
- Amazon CloudFront Developer Guide, "Require HTTPS for communication between viewers and CloudFront"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import change, unsafe
from lamward.facts import Facts
from lamward.facts.plain_http import (
    DISTRIBUTION,
    LISTENER,
    is_internal,
    leads_to_functions,
    plain_ways,
)
from lamward.model.application import Resource
from lamward.model.finding import Fix, Persona, Problem, Severity
from lamward.model.value import Case, location_of


@check(Resource, types=(DISTRIBUTION, LISTENER), severity=Severity.MEDIUM, since="0.1")
def plain_http_front(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a front door hands on what came without encryption."""
    if not leads_to_functions(facts, resource):
        return
    internal = resource.type == LISTENER and is_internal(facts, resource)
    for case in plain_ways(resource):
        yield Problem(
            location_of(case.value),
            "requests without encryption are handed on to functions",
            when=case.when,
            severity=Severity.LOW if internal else Severity.MEDIUM,
            persona=Persona.AUDITOR if internal else None,
            help="redirect plain requests to HTTPS",
            fix=_redirect(facts, resource, case),
        )


def _redirect(facts: Facts, resource: Resource, case: Case) -> Fix | None:
    if resource.type != DISTRIBUTION:
        return None
    edits = change(facts, case, "redirect-to-https")
    return unsafe("redirect plain requests", edits, why="clients that do not follow redirects are refused")
