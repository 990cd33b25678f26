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

## Fix safety
Unsafe: the fix copies the role for each function but the first, with all its rights, so that they can then be narrowed
one by one. What names the old role elsewhere (a policy in another stack, a key's grants) does not know the new ones.
There is no fix where the role has a fixed name, or something in the template names it besides functions and policies.

## References
- AWS Well-Architected Framework, Serverless Applications Lens, security pillar
- CIS AWS Compute Services Benchmark, 4.5
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import Edits, all_of, append, copy, put, unsafe
from lamward.facts import Facts
from lamward.facts.branches import together
from lamward.facts.grants import attached_to, listed, uses_of
from lamward.facts.links import resources_named
from lamward.facts.network import mentioning
from lamward.model.application import Function, IdentityPolicy, Role
from lamward.model.finding import Fix, Problem, Related, Severity
from lamward.model.value import Absent, Guard, elements


@check(Role, severity=Severity.MEDIUM, since="0.1")
def shared_role(role: Role, facts: Facts) -> Answer:
    """Ask whether two functions of one deployment run with the role."""
    uses = uses_of(facts, role)
    meeting = [
        when
        for (one, first), (other, second) in combinations(_telling(uses), 2)
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
        fix=_split(facts, role, functions),
    )


def _telling(uses: Sequence[tuple[Function, Guard]]) -> Iterator[tuple[Function, Guard]]:
    """Leave two functions of each branch: which branches meet is all that the others could tell."""
    seen: dict[Guard, set[str]] = defaultdict(set)
    for function, when in uses:
        if len(seen[when]) < 2:
            seen[when].add(function.id)
            yield function, when


def _split(facts: Facts, role: Role, functions: tuple[Function, ...]) -> Fix | None:
    policies = attached_to(facts, role)
    known = {*(each.id for each in functions), *(each.id for each in policies)}
    named = any(each.id not in known for each in mentioning(facts).get(role.id, ()))
    if named or not isinstance(role.name, Absent):
        return None
    _, *others = sorted(functions, key=lambda function: function.id)
    return unsafe(
        "copy the role for each function",
        *(_own(facts, role, function, policies) for function in others),
        why="what names the role outside this template does not know the copies",
    )


def _own(facts: Facts, role: Role, function: Function, policies: tuple[IdentityPolicy, ...]) -> Edits:
    made = copy(facts, role, f"{function.location.path[-1]}Role")
    # A policy that the role names is named by its copy as well.
    attached = [
        append(policy.location, "Properties", "Roles", item=made.ref)
        for policy in policies
        for case in elements(policy.roles, policy.when)
        if any(each.id == role.id for each, _ in resources_named(facts, case.value, case.when))
    ]
    return all_of(made.edits, put(function, "Role", to=made.arn, now=function.role), *attached)
