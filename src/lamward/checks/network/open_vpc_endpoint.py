"""Endpoint through which a network reaches anybody's resources.

## Why it matters
A network without a way to the internet still has its endpoints. Through one whose policy names neither callers nor
resources, stolen data leaves for a bucket or queue in an attacker's account, with the attacker's own credentials if
need be, and no security group can tell.

An endpoint without a policy has AWS's own, which allows everything; most have, and that is for those who review every
such place. A policy that somebody wrote and that binds nothing is told everybody.

## Example
```yaml
Network:
  Type: AWS::EC2::VPC
  Properties: {CidrBlock: 10.0.0.0/16}
Storage:
  Type: AWS::EC2::VPCEndpoint
  Properties:
    VpcId: !Ref Network
    ServiceName: !Sub com.amazonaws.${AWS::Region}.s3
    PolicyDocument:
      Version: "2012-10-17"
      Statement:
        - {Effect: Allow, Principal: "*", Action: s3:*, Resource: "*"}
One:
  Type: AWS::EC2::Subnet
  Properties: {VpcId: !Ref Network, AvailabilityZone: eu-west-1a}
Other:
  Type: AWS::EC2::Subnet
  Properties: {VpcId: !Ref Network, AvailabilityZone: eu-west-1b}
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    VpcConfig: {SecurityGroupIds: [sg-11111111], SubnetIds: [!Ref One, !Ref Other]}
```

## Use instead
```yaml
Network:
  Type: AWS::EC2::VPC
  Properties: {CidrBlock: 10.0.0.0/16}
Storage:
  Type: AWS::EC2::VPCEndpoint
  Properties:
    VpcId: !Ref Network
    ServiceName: !Sub com.amazonaws.${AWS::Region}.s3
    PolicyDocument:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: "*"
          Action: s3:*
          Resource: "*"
          Condition: {StringEquals: {aws:ResourceAccount: !Ref AWS::AccountId}}
One:
  Type: AWS::EC2::Subnet
  Properties: {VpcId: !Ref Network, AvailabilityZone: eu-west-1a}
Other:
  Type: AWS::EC2::Subnet
  Properties: {VpcId: !Ref Network, AvailabilityZone: eu-west-1b}
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    VpcConfig: {SecurityGroupIds: [sg-11111111], SubnetIds: [!Ref One, !Ref Other]}
```

## Fix safety
Unsafe: the fix binds a written statement to the own account's resources (`aws:ResourceAccount`). Some services of AWS
keep what they need in buckets of their own: ECR its image layers, Amazon Linux its packages.

## References
- AWS PrivateLink Guide, "Control access to VPC endpoints using endpoint policies"
- AWS Whitepaper, "Building a data perimeter on AWS"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import ACCOUNT, add, unsafe
from lamward.facts import Facts
from lamward.facts.places import others
from lamward.facts.vpcs import OpenStatement, functions_beside, functions_in, open_statements
from lamward.model.application import Resource
from lamward.model.finding import Confidence, Doubt, Fix, Persona, Problem, Severity
from lamward.model.value import at


@check(Resource, types=("AWS::EC2::VPCEndpoint",), severity=Severity.LOW, since="0.1")
def open_vpc_endpoint(endpoint: Resource, facts: Facts) -> Answer:
    """Ask whether an endpoint in a network of functions leads to known resources only."""
    network = at(endpoint.properties, "VpcId")
    known = functions_in(facts, network)
    functions = known or functions_beside(facts, network)
    for statement in open_statements(endpoint) if functions else ():
        if statement.doubt:
            yield Doubt(statement.location, statement.doubt, when=statement.when)
            continue
        yield Problem(
            statement.location,
            "anybody in the network of functions reaches anybody's resources through this endpoint",
            when=statement.when,
            related=others(functions, note="is in the network"),
            severity=None if statement.written else Severity.INFO,
            persona=None if statement.written else Persona.AUDITOR,
            confidence=None if known else Confidence.MEDIUM,
            fix=_bind(statement) if statement.written else None,
            help="bind the policy to your own resources, by their ARNs or by aws:ResourceAccount",
        )


def _bind(statement: OpenStatement) -> Fix | None:
    return unsafe(
        "reach resources of the own account only",
        add(statement.location, "Condition", "StringEquals", "aws:ResourceAccount", to=ACCOUNT),
        why="what AWS keeps in accounts of its own, such as layers of images, is no longer reached",
    )
