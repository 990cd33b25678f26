"""Function in the default security group of its network.

## Why it matters
Whatever is put into a network without a thought ends in its default group, and members of that group may talk to each
other on every port. A function there reaches them all and is reached by what each of them is allowed; a rule that one
of them needs is given to all.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    VpcConfig:
      SecurityGroupIds: [!GetAtt Network.DefaultSecurityGroup]
      SubnetIds: [subnet-11111111, subnet-22222222]
```

## Use instead
```yaml
Group:
  Type: AWS::EC2::SecurityGroup
  Properties:
    GroupDescription: Orders
    VpcId: !Ref Network
    SecurityGroupEgress:
      - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    VpcConfig:
      SecurityGroupIds: [!Ref Group]
      SubnetIds: [subnet-11111111, subnet-22222222]
```

## References
- Amazon VPC User Guide, "Default security groups for your VPCs"
- AWS Security Hub, EC2.2
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.concerned import also_concerned
from lamward.facts.vpcs import default_groups
from lamward.model.application import Application
from lamward.model.finding import Problem, Severity


@check(Application, severity=Severity.LOW, since="0.1")
def default_security_group(_application: Application, facts: Facts) -> Answer:
    """Ask which functions are in a default security group; a group of Globals once for all functions."""
    for place in default_groups(facts):
        yield Problem(
            place.location,
            "functions share the default security group with whatever else is in the network",
            when=place.case.when,
            related=also_concerned(place.location, place.functions, note="is in the default group too"),
            help="give the functions a group of their own",
        )
