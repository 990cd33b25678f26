"""Function that takes events from a Kafka cluster that asks nobody who they are.

## Why it matters
Lambda connects to the brokers without a name and a password, so the brokers let anybody in who reaches them. Who does
writes the function's events, reads what others write, and no log says who it was.

## Example
```yaml
Count:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Clicks:
        Type: SelfManagedKafka
        Properties:
          KafkaBootstrapServers: [b-1.kafka.shop.internal:9092]
          Topics: [clicks]
          SourceAccessConfigurations:
            - {Type: VPC_SUBNET, URI: subnet-1111aaaa}
            - {Type: VPC_SECURITY_GROUP, URI: sg-1111aaaa}
```

## Use instead
```yaml
Count:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Events:
      Clicks:
        Type: SelfManagedKafka
        Properties:
          KafkaBootstrapServers: [b-1.kafka.shop.internal:9094]
          Topics: [clicks]
          SourceAccessConfigurations:
            - {Type: VPC_SUBNET, URI: subnet-1111aaaa}
            - {Type: VPC_SECURITY_GROUP, URI: sg-1111aaaa}
            - Type: SASL_SCRAM_512_AUTH
              URI: !Sub arn:aws:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:kafka-login
```
Certificates (`CLIENT_CERTIFICATE_TLS_AUTH`) do as well. A cluster of Amazon MSK is asked about itself, by
`unauthenticated-broker`: Lambda signs in there with the function's role.

## References
- AWS Lambda Developer Guide, "Configuring cluster authentication methods in Lambda" (self-managed Apache Kafka)
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check, undecided
from lamward.facts import Facts
from lamward.model.application import EventSourceMapping
from lamward.model.finding import Doubt, Problem, Severity
from lamward.model.value import Absent, at, cases, elements, location_of, text_of, why_unknown

_NETWORK = frozenset({"SERVER_ROOT_CA_CERTIFICATE", "VPC_SECURITY_GROUP", "VPC_SUBNET"})
"""Settings that say how to reach the brokers, and not who is calling."""


@check(EventSourceMapping, severity=Severity.MEDIUM, since="0.1")
def unauthenticated_event_source(mapping: EventSourceMapping, _facts: Facts) -> Answer:
    """Ask whether Lambda signs in where it gets records from."""
    if isinstance(at(mapping.properties, "SelfManagedEventSource"), Absent):
        return
    for written in cases(at(mapping.properties, "SourceAccessConfigurations"), mapping.when):
        kinds = [
            each for case in elements(written.value, written.when) for each in cases(at(case.value, "Type"))
        ]
        unknown = next((each.value for each in kinds if undecided(each.value)), None)
        if any(text_of(each.value) and text_of(each.value) not in _NETWORK for each in kinds):
            continue
        if unknown is not None:
            yield Doubt(location_of(unknown), why_unknown(unknown), when=written.when)
        else:
            yield Problem(
                mapping.location,
                "Lambda takes records from brokers that ask nobody who they are",
                when=written.when,
                help="let the brokers ask, and name the secret in SourceAccessConfigurations",
            )
