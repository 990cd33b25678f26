"""Kafka cluster that asks nobody who they are.

## Why it matters
Anything in the network that reaches the brokers reads every topic and writes to it, and what it writes becomes the
events of the function behind. Network rules alone do not tell the shop from a forgotten test machine.

## Example
```yaml
Clicks:
  Type: AWS::MSK::Cluster
  Properties:
    ClusterName: clicks
    KafkaVersion: 3.8.x
    NumberOfBrokerNodes: 2
    BrokerNodeGroupInfo:
      InstanceType: kafka.m7g.large
      ClientSubnets: [subnet-1111aaaa, subnet-2222bbbb]
Count:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables:
        CLUSTER: !Ref Clicks
```

## Use instead
```yaml
Clicks:
  Type: AWS::MSK::Cluster
  Properties:
    ClusterName: clicks
    KafkaVersion: 3.8.x
    NumberOfBrokerNodes: 2
    ClientAuthentication:
      Sasl: {Iam: {Enabled: true}}
      Unauthenticated: {Enabled: false}
    BrokerNodeGroupInfo:
      InstanceType: kafka.m7g.large
      ClientSubnets: [subnet-1111aaaa, subnet-2222bbbb]
Count:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables:
        CLUSTER: !Ref Clicks
```
Serverless clusters always ask. With IAM the roles of functions say which topics they may use.

## References
- Amazon MSK Developer Guide, "Authentication and authorization for Apache Kafka APIs"
- AWS Lambda Developer Guide, "Configuring Amazon MSK cluster authentication methods"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking
from lamward.facts import Facts
from lamward.facts.stores import SIGN_IN, Demand, lacks
from lamward.model.application import Resource
from lamward.model.finding import Severity


@check(Resource, types=tuple(SIGN_IN), severity=Severity.MEDIUM, since="0.1")
def unauthenticated_broker(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a cluster around a function lets clients in that do not say who they are."""
    for demand in _asked(resource, facts):
        yield from lacking(
            resource,
            facts,
            demand,
            f"this cluster{demand.called} serves clients that do not say who they are",
            remedy="enable a form of ClientAuthentication and set Unauthenticated to false",
        )


def _asked(resource: Resource, facts: Facts) -> tuple[Demand, ...]:
    """Leave out whether anybody has to sign in where it is written that nobody has to."""
    stated, *_ = SIGN_IN[resource.type]
    return (stated,) if any(lacks(facts, resource, stated)) else SIGN_IN[resource.type]
