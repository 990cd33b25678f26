"""Role that can make itself an administrator, or take what another role may do.

## Why it matters
Some permissions are a ladder: `iam:AttachRolePolicy` on one's own role, `iam:PassRole` with `lambda:CreateFunction`,
`lambda:UpdateFunctionCode` on a function with a stronger role. An attacker inside the function does not need the
permission that is missing; these give it.

Asked of the roles of functions, one finding a role: the surest and shortest of the known paths, with its steps in
order and the conditions under which it holds. Denies and permissions boundaries are counted. Critical when it ends at
administrator, high when it ends at another role of the application that reads, changes or hands out what this one
cannot. Silent for administrators (`full-administrator-role`), and for merely assuming a role that is there for it.

## Example
```yaml
Import:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            Action: iam:AttachRolePolicy
            Resource: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/Import*
```

## Use instead
```yaml
Import:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            Action: iam:AttachRolePolicy
            Resource: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/Import*
            Condition:
              ArnEquals:
                iam:PolicyARN: arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess
```

## References
- pathfinding.cloud, paths of privilege escalation in AWS
- IAM User Guide, "Permissions boundaries for IAM entities"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.escalation import ascents
from lamward.facts.grants import attached_at, holder, listed
from lamward.facts.links import functions_by_id, roles_by_id
from lamward.model.application import Application
from lamward.model.finding import Confidence, Doubt, Problem, Related, Severity
from lamward.model.location import NOWHERE
from lamward.model.value import location_of

if TYPE_CHECKING:
    from lamward.facts.ascent import Ascent


@check(Application, severity=Severity.HIGH, since="0.1")
def privilege_escalation(_application: Application, facts: Facts) -> Answer:
    """Ask whether a role comes to more by a known path; one problem a role."""
    for found in ascents(facts):
        if found.steps:
            yield _problem(facts, found)
        for unreadable in found.unreadable:
            yield Doubt(location_of(unreadable), unreadable.reason, when=found.when)


def _problem(facts: Facts, found: Ascent) -> Problem:
    places = list(_places(facts, found))
    where = next((each.location for each in places if each.location != NOWHERE), found.role.location)
    shown = [each for each in places if each.location not in (NOWHERE, where)]
    guard = f", {listed(list(found.guard))}" if found.guard else ""
    return Problem(
        where,
        f"{holder(facts, (found.role,))} can {_end(found)}: {_way(found)}{guard}",
        when=found.when,
        discriminator=found.role.id,
        related=tuple(dict.fromkeys(shown)),
        severity=Severity.CRITICAL if found.target is None else None,
        confidence=Confidence.MEDIUM if found.guard else None,
    )


def _end(found: Ascent) -> str:
    if found.target is None:
        return "become administrator"
    name = found.target.declared_by or found.target.id
    return f"take the role of `{name}`, which may do {listed([f'`{each}`' for each in found.gains])}"


def _way(found: Ascent) -> str:
    """Say the steps, each with the role that it gives."""
    named = ((step.title, found.ids.get(step.target, "")) for step in found.steps)
    return ", then ".join(f"{title} (`{role}`)" if role else title for title, role in named)


def _places(facts: Facts, found: Ascent) -> Iterator[Related]:
    """Point at each step in order: what allows it, and where it leads."""
    roles, functions = roles_by_id(facts), functions_by_id(facts)
    holding = found.role
    for number, step in enumerate(found.steps, start=1):
        for statement in step.statements:
            where = statement.location
            if where == NOWHERE:
                where = attached_at(facts, holding, statement.policy)
            yield Related(where, f"step {number}: {step.title}")
        through = functions.get(found.ids.get(step.via, ""))
        if through is not None:
            yield Related(through.location, f"step {number}: by this function")
        reached = roles.get(found.ids.get(step.target, ""))
        if reached is not None:
            yield Related(reached.location, f"step {number}: comes to this role")
            holding = reached
