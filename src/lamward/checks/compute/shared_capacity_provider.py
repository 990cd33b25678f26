"""Powerful function on the machines of one that strangers reach.

## Why it matters
Functions on managed instances run in containers, which AWS says are no security boundary: what breaks out of one
reaches the others on the machine, and their roles. The capacity provider is the boundary, and all functions on it have
to trust each other.

Asked of capacity providers with a function that strangers may invoke or feed, and another one whose role reaches far:
an administrator, or every secret, bucket or table.

## Example
```yaml
Machines:
  Type: AWS::Lambda::CapacityProvider
  Properties:
    PermissionsConfig: {CapacityProviderOperatorRoleArn: arn:aws:iam::111122223333:role/operator}
    VpcConfig: {SubnetIds: [subnet-11111111, subnet-22222222], SecurityGroupIds: [sg-11111111]}
Webhook:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    FunctionUrlConfig: {AuthType: NONE}
    CapacityProviderConfig: {Arn: !GetAtt Machines.Arn}
Rotate:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    CapacityProviderConfig: {Arn: !GetAtt Machines.Arn}
    Policies:
      - Statement:
          - {Effect: Allow, Action: "secretsmanager:GetSecretValue", Resource: "*"}
```

## Use instead
Leave the function that strangers reach on Lambda's own compute, or give it a capacity provider of its own.
```yaml
Machines:
  Type: AWS::Lambda::CapacityProvider
  Properties:
    PermissionsConfig: {CapacityProviderOperatorRoleArn: arn:aws:iam::111122223333:role/operator}
    VpcConfig: {SubnetIds: [subnet-11111111, subnet-22222222], SecurityGroupIds: [sg-11111111]}
Webhook:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
Rotate:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    CapacityProviderConfig: {Arn: !GetAtt Machines.Arn}
```

## References
- AWS Lambda Developer Guide, "Lambda Managed Instances", security and permissions
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.compute import functions_of_providers
from lamward.facts.doors import doors
from lamward.facts.ends import end_of
from lamward.facts.links import roles_of
from lamward.model.application import Function, Resource
from lamward.model.finding import Problem, Related, Severity


@check(Resource, severity=Severity.MEDIUM, since="0.1", types=("AWS::Lambda::CapacityProvider",))
def shared_capacity_provider(provider: Resource, facts: Facts) -> Answer:
    """Ask whether functions of different trust share machines; one problem a provider."""
    functions = [function for function, _ in functions_of_providers(facts).get(provider.id, ())]
    open_doors = {door.function.id: door for door in doors(facts) if door.function and not door.doubt}
    reached = [each for each in functions if each.id in open_doors]
    powerful = [(each, does) for each in functions if (does := _does(facts, each))]
    pairs = [(one, other, does) for one in reached for other, does in powerful if one is not other]
    if not pairs:
        return
    one, other, does = pairs[0]
    yield Problem(
        provider.location,
        f"`{_name(one)}`, which strangers reach, shares machines with `{_name(other)}`, which can {does}",
        when=provider.when,
        related=(
            Related(open_doors[one.id].places[0], "strangers come in here"),
            Related(other.location, "runs on the same machines"),
        ),
        help="give functions that do not trust each other capacity providers of their own",
    )


def _does(facts: Facts, function: Function) -> str:
    ends = (end_of(facts, role) for role, _ in roles_of(facts, function))
    return next((end.does for end in ends if end is not None and not end.doubt), "")


def _name(function: Function) -> str:
    return function.declared_by or function.id
