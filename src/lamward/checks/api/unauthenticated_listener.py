"""Load balancer that hands requests to functions without asking who sends them.

## Why it matters
An Application Load Balancer can sign users in, or check their token, before a function runs. Without that every
request is the function's to judge, and every mistake in its code is open to whoever reaches the load balancer.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
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
    DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
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
    DefaultActions:
      - Type: authenticate-cognito
        Order: 1
        AuthenticateCognitoConfig:
          UserPoolArn: arn:aws:cognito-idp:eu-west-1:111122223333:userpool/shop
          UserPoolClientId: shop
          UserPoolDomain: shop
      - {Type: forward, Order: 2, TargetGroupArn: !Ref Targets}
```

## References
- Elastic Load Balancing, "Authenticate users using an Application Load Balancer"
- Elastic Load Balancing, "Verify JWTs using an Application Load Balancer"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.plain_http import LISTENER, LISTENER_RULE, forwards_unasked
from lamward.model.application import Resource
from lamward.model.finding import Persona, Problem, Severity
from lamward.model.value import location_of


@check(
    Resource,
    types=(LISTENER, LISTENER_RULE),
    severity=Severity.LOW,
    since="0.1",
    persona=Persona.AUDITOR,
)
def unauthenticated_listener(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a listener or rule asks who sends what it forwards to functions."""
    for case in forwards_unasked(facts, resource):
        yield Problem(
            location_of(case.value),
            "nobody is asked who they are before their requests reach functions",
            when=case.when,
        )
