"""Access list that lets everybody in to a network of functions.

## Why it matters
The access list of a subnet is the second line behind security groups, and the only one that can refuse. An entry that
allows every protocol from every address makes it none at all: one wrong security group is then enough.

Many leave this line to security groups on purpose, so this is for those who review every such place.

## Example
```yaml
Network:
  Type: AWS::EC2::VPC
  Properties: {CidrBlock: 10.0.0.0/16}
List:
  Type: AWS::EC2::NetworkAcl
  Properties: {VpcId: !Ref Network}
Everybody:
  Type: AWS::EC2::NetworkAclEntry
  Properties:
    NetworkAclId: !Ref List
    RuleNumber: 100
    Protocol: -1
    RuleAction: allow
    CidrBlock: 0.0.0.0/0
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
List:
  Type: AWS::EC2::NetworkAcl
  Properties: {VpcId: !Ref Network}
Answers:
  Type: AWS::EC2::NetworkAclEntry
  Properties:
    NetworkAclId: !Ref List
    RuleNumber: 100
    Protocol: 6
    PortRange: {From: 1024, To: 65535}
    RuleAction: allow
    CidrBlock: 0.0.0.0/0
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
- Amazon VPC User Guide, "Control subnet traffic with network access control lists"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.vpcs import lets_everything_in
from lamward.model.application import Resource
from lamward.model.finding import Persona, Problem, Severity


@check(
    Resource,
    types=("AWS::EC2::NetworkAclEntry",),
    severity=Severity.LOW,
    persona=Persona.AUDITOR,
    since="0.1",
)
def open_network_acl(entry: Resource, facts: Facts) -> Answer:
    """Ask whether an entry of an access list lets everybody in."""
    for when in lets_everything_in(facts, entry):
        yield Problem(
            entry.location,
            "every protocol from every address is let in to a network of functions",
            when=when,
            help="allow the ports that answers come to, and those that are served",
        )
