"""Network interfaces that a function's code may make and delete.

## Why it matters
To join a VPC, Lambda makes network interfaces with the function's own role. The code in the function has the same
role: what breaks in can make interfaces in other subnets, or delete those of others. AWS advises to deny that to the
code: the key `lambda:SourceFunctionArn` is only in the requests that the code makes.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    VpcConfig: {SubnetIds: [subnet-11111111, subnet-22222222], SecurityGroupIds: [sg-11111111]}
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    VpcConfig: {SubnetIds: [subnet-11111111, subnet-22222222], SecurityGroupIds: [sg-11111111]}
    Policies:
      - Statement:
          - Effect: Deny
            Action:
              - ec2:CreateNetworkInterface
              - ec2:DeleteNetworkInterface
              - ec2:AssignPrivateIpAddresses
              - ec2:UnassignPrivateIpAddresses
            Resource: "*"
            Condition:
              ArnLike:
                lambda:SourceFunctionArn: !Sub arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:*
```

## References
- AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC", security best practices
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import attach, safe, sub
from lamward.facts import Facts
from lamward.facts.branches import together
from lamward.facts.breadth import allows
from lamward.facts.links import roles_of
from lamward.facts.rights import is_named, statements_on
from lamward.model.application import Function, Role
from lamward.model.finding import Persona, Problem, Related, Severity
from lamward.model.value import Absent, at, cases

_MAKING = "ec2:CreateNetworkInterface"
_OF_CODE = "lambda:sourcefunctionarn"
_ANY_FUNCTION = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:*"
_DENIAL = {
    "Effect": "Deny",
    "Action": [
        _MAKING,
        "ec2:DeleteNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses",
    ],
    "Resource": "*",
    "Condition": {"ArnLike": {"lambda:SourceFunctionArn": sub(_ANY_FUNCTION)}},
}


@check(Function, severity=Severity.LOW, since="0.1", persona=Persona.AUDITOR)
def network_interfaces_for_code(function: Function, facts: Facts) -> Answer:
    """Ask whether the code of a function in a VPC may do what only Lambda needs."""
    connected = [
        case.when
        for case in cases(at(function.vpc, "SubnetIds"), function.when)
        if not isinstance(case.value, Absent)
    ]
    for when in connected[:1]:
        for role, guard in roles_of(facts, function):
            joined = together(facts, when, guard)
            if joined is not None and is_named(facts, role, _MAKING) and not _is_denied(facts, role):
                yield Problem(
                    function.location,
                    "the code of this function may make and delete network interfaces, which only Lambda needs",
                    when=joined,
                    discriminator=role.id,
                    related=(Related(role.location, "lets it"),)
                    if role.location != function.location
                    else (),
                    fix=safe(
                        "deny the code what only Lambda needs", attach(facts, role, "OnlyLambda", _DENIAL)
                    ),
                )


def _is_denied(facts: Facts, role: Role) -> bool:
    return any(
        not allows(statement) and any(entry.key.lower() == _OF_CODE for entry in statement.conditions)
        for statement in statements_on(facts, role, _MAKING)
    )
