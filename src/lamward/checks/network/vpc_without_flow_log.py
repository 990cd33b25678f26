"""Network of functions in which nobody records who talks to whom.

## Why it matters
After an incident the question is where data went. Lambda writes down no connections; in a network, flow logs do. They
have to be on before.

## Example
```yaml
Network:
  Type: AWS::EC2::VPC
  Properties: {CidrBlock: 10.0.0.0/16}
Subnet:
  Type: AWS::EC2::Subnet
  Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24, AvailabilityZone: !Select [0, !GetAZs ""]}
OtherSubnet:
  Type: AWS::EC2::Subnet
  Properties: {VpcId: !Ref Network, CidrBlock: 10.0.2.0/24, AvailabilityZone: !Select [1, !GetAZs ""]}
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    VpcConfig: {SecurityGroupIds: [sg-11111111], SubnetIds: [!Ref Subnet, !Ref OtherSubnet]}
```

## Use instead
```yaml
Network:
  Type: AWS::EC2::VPC
  Properties: {CidrBlock: 10.0.0.0/16}
Recorded:
  Type: AWS::EC2::FlowLog
  Properties:
    ResourceType: VPC
    ResourceId: !Ref Network
    TrafficType: ALL
    LogDestinationType: s3
    LogDestination: arn:aws:s3:::network-records
Subnet:
  Type: AWS::EC2::Subnet
  Properties: {VpcId: !Ref Network, CidrBlock: 10.0.1.0/24, AvailabilityZone: !Select [0, !GetAZs ""]}
OtherSubnet:
  Type: AWS::EC2::Subnet
  Properties: {VpcId: !Ref Network, CidrBlock: 10.0.2.0/24, AvailabilityZone: !Select [1, !GetAZs ""]}
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    VpcConfig: {SecurityGroupIds: [sg-11111111], SubnetIds: [!Ref Subnet, !Ref OtherSubnet]}
```

## References
- Amazon VPC User Guide, "Logging IP traffic using VPC Flow Logs"
- AWS Security Hub, EC2.6
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import allowing, insert, safe, there
from lamward.checks.stock import LOG, WRITING_LOGS, role_of
from lamward.facts import Facts
from lamward.facts.places import others
from lamward.facts.vpcs import functions_of_networks, without_flow_log
from lamward.model.application import Resource
from lamward.model.finding import Fix, Persona, Problem, Severity


@check(Resource, types=("AWS::EC2::VPC",), severity=Severity.LOW, persona=Persona.AUDITOR, since="0.1")
def vpc_without_flow_log(network: Resource, facts: Facts) -> Answer:
    """Ask whether the connections in a network of functions are recorded."""
    functions = functions_of_networks(facts).get(network.id, ())
    for when in without_flow_log(facts, network) if functions else ():
        yield Problem(
            network.location,
            "nobody records who talks to whom in this network of functions",
            when=when,
            related=others(functions, note="is in the network"),
            help="declare an AWS::EC2::FlowLog",
            fix=_record(facts, network) if when == network.when else None,
        )


def _record(facts: Facts, network: Resource) -> Fix | None:
    group = insert(facts, network, "Flows", "AWS::Logs::LogGroup", LOG, when=network.when)
    trusted = role_of("vpc-flow-logs.amazonaws.com", allowing(WRITING_LOGS, group.arn))
    role = insert(facts, network, "FlowLogRole", "AWS::IAM::Role", trusted, when=network.when)
    settings = {
        "ResourceType": "VPC",
        "ResourceId": there(network).ref,
        "TrafficType": "ALL",
        "LogGroupName": group.ref,
        "DeliverLogsPermissionArn": role.arn,
    }
    log = insert(facts, network, "FlowLog", "AWS::EC2::FlowLog", settings, when=network.when)
    return safe("record connections in a log group", log.edits, role.edits, group.edits)
