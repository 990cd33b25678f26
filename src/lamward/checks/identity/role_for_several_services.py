"""Role of a function that other services may take too.

## Why it matters
Whoever can hand the role to another of these services, with a state machine, a task or an instance of their own, has
what the function has. And the role grows to what all of them need together.

`edgelambda.amazonaws.com` beside `lambda.amazonaws.com` is one function at the edge, and passes.

## Example
```yaml
Role:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: {Service: [lambda.amazonaws.com, states.amazonaws.com]}
          Action: sts:AssumeRole
    ManagedPolicyArns:
      - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
Orders:
  Type: AWS::Serverless::Function
  Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/, Role: !GetAtt Role.Arn}
```

## Use instead
```yaml
Role:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: {Service: lambda.amazonaws.com}
          Action: sts:AssumeRole
    ManagedPolicyArns:
      - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
Orders:
  Type: AWS::Serverless::Function
  Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/, Role: !GetAtt Role.Arn}
```
Give the other service a role of its own.

## References
- IAM User Guide, "Security best practices in IAM", apply least-privilege permissions
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.grants import functions_of, holder, holders, listed
from lamward.facts.trust import services_of
from lamward.model.application import Role
from lamward.model.finding import Problem, Severity

_LAMBDA = frozenset({"lambda", "edgelambda"})


@check(Role, severity=Severity.LOW, since="0.1")
def role_for_several_services(role: Role, facts: Facts) -> Answer:
    """Ask whether services besides Lambda may take the role of a function."""
    others = sorted(services_of(facts, role) - _LAMBDA - {""})
    if role.trust is None or not others or not functions_of(facts, (role,)):
        return
    names = listed([f"`{each}`" for each in others])
    yield Problem(
        role.trust.location,
        f"{names} may take the role of {holder(facts, (role,))} too",
        when=role.when,
        discriminator=role.id,
        related=holders(facts, (role,), role.trust.location),
        help="give each service a role of its own",
    )
