"""Store that can be spoken to without encryption.

## Why it matters
Whoever gets onto the way between a function and its cache, broker or search domain reads and changes what passes,
passwords included. A store that takes plaintext at all leaves it to every client to do better.

## Example
```yaml
Clicks:
  Type: AWS::MSK::Cluster
  Properties:
    ClusterName: clicks
    KafkaVersion: 3.8.x
    NumberOfBrokerNodes: 2
    ClientAuthentication: {Sasl: {Iam: {Enabled: true}}}
    EncryptionInfo:
      EncryptionInTransit: {ClientBroker: TLS_PLAINTEXT}
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
    ClientAuthentication: {Sasl: {Iam: {Enabled: true}}}
    EncryptionInfo:
      EncryptionInTransit: {ClientBroker: TLS}
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
TLS is what MSK does where nothing is said; caches and search domains have to be told. Let all clients connect with TLS
before plaintext is switched off.

## Fix safety
Unsafe: clients that connect without TLS are refused. A cache gets no fix: one that is there may have to be replaced.

## References
- Amazon MSK Developer Guide, "Amazon MSK encryption"
- Amazon ElastiCache User Guide, "ElastiCache in-transit encryption (TLS)"
- Amazon OpenSearch Service Developer Guide, "Infrastructure security in Amazon OpenSearch Service"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking
from lamward.facts import Facts
from lamward.facts.stores import TRANSIT
from lamward.model.application import Resource
from lamward.model.finding import Severity


@check(Resource, types=tuple(TRANSIT), severity=Severity.MEDIUM, since="0.1")
def plaintext_connection(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a store around a function takes connections that are not encrypted."""
    for demand in TRANSIT[resource.type]:
        *_, setting = demand.ways[0].path
        yield from lacking(
            resource,
            facts,
            demand,
            f"{demand.called} without encryption",
            remedy=f"let TLS be the only way: `{setting}`",
            title="let TLS be the only way",
            caution="clients that connect without it are refused",
            discriminator=str(setting),
        )
