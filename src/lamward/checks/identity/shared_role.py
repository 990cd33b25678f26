"""Role that several functions share.

## Why it matters
A shared role is the union of what all its functions need. A flaw in the least careful of them has the rights of all,
and nobody dares to remove a right, because nobody knows who uses it.

One finding a role, at the role. Functions that never are in one deployment together, because their conditions exclude
each other, do not share.

## Example
```yaml
Role:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement:
        - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
Orders:
  Type: AWS::Serverless::Function
  Properties: {Handler: orders.handler, Runtime: python3.13, CodeUri: src/, Role: !GetAtt Role.Arn}
Invoices:
  Type: AWS::Serverless::Function
  Properties: {Handler: invoices.handler, Runtime: python3.13, CodeUri: src/, Role: !GetAtt Role.Arn}
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties: {Handler: orders.handler, Runtime: python3.13, CodeUri: src/}
Invoices:
  Type: AWS::Serverless::Function
  Properties: {Handler: invoices.handler, Runtime: python3.13, CodeUri: src/}
```
Without `Role`, SAM makes each function a role of its own.

## References
- AWS Well-Architected Framework, Serverless Applications Lens, security pillar
- CIS AWS Compute Services Benchmark, 4.5
"""

from __future__ import annotations

from itertools import combinations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.branches import together
from lamward.facts.grants import listed, uses_of
from lamward.model.application import Role
from lamward.model.finding import Problem, Related, Severity


@check(Role, severity=Severity.MEDIUM, since="0.1")
def shared_role(role: Role, facts: Facts) -> Answer:
    """Ask whether two functions of one deployment run with the role."""
    uses = uses_of(facts, role)
    meeting = [
        when
        for (one, first), (other, second) in combinations(uses, 2)
        if one is not other and (when := together(facts, first, second)) is not None
    ]
    if not meeting:
        return
    functions = tuple({function.id: function for function, _ in uses}.values())
    names = listed([f"`{function.declared_by or function.id}`" for function in functions])
    yield Problem(
        role.location,
        f"{len(functions)} functions share this role: {names}",
        when=min(meeting, key=len),
        related=tuple(Related(function.location, "runs with this role") for function in functions),
    )
