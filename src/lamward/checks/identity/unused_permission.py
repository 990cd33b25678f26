"""Permission that nobody used for a long time.

## Why it matters
Whoever takes over a function may do what its role allows. What the function has not done for months it will hardly
miss, and whoever takes it over will not have it.

Asked with `--trail LEDGER`, of the roles of functions that were seen at work. Only what CloudTrail would have shown
counts: management events, and data events of resources of which some were seen, with log files of every day. What the
code is known to call is needed, used or not; what could not be seen is a question that stays open, never a finding.
`unneeded-permission` tells what no code calls. Other wildcards than whole services count as all that they stand for.

## Example
The comments say what the ledger shows of the function.
```yaml
# logged: 2026-08-01 to 2026-11-20
# used: orders logs:CreateLogStream 2026-08-01 to 2026-11-20
# used: orders ssm:GetParameter 2026-08-01 to 2026-11-20
# used: orders ssm:PutParameter 2026-08-03
Orders:
  Type: AWS::Serverless::Function
  Properties:
    FunctionName: orders
    Handler: app.handler
    Runtime: python3.13
    CodeUri: s3://builds/orders.zip
    Policies:
      - Statement:
          - Effect: Allow
            Action: [ssm:GetParameter, ssm:PutParameter]
            Resource: !Sub arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/orders
```

## Use instead
```yaml
# logged: 2026-08-01 to 2026-11-20
# used: orders logs:CreateLogStream 2026-08-01 to 2026-11-20
# used: orders ssm:GetParameter 2026-08-01 to 2026-11-20
Orders:
  Type: AWS::Serverless::Function
  Properties:
    FunctionName: orders
    Handler: app.handler
    Runtime: python3.13
    CodeUri: s3://builds/orders.zip
    Policies:
      - Statement:
          - Effect: Allow
            Action: ssm:GetParameter
            Resource: !Sub arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/orders
```

## Fix safety
Unsafe: what is done less often than the ledger goes back, such as the work of a year's end, fails from then on.

## Options
`unused-days` (90): what was not used for so many days counts as unused. `stack`: the name of the stack.

## References
- IAM User Guide, "Refine permissions in AWS using last accessed information"
- CloudTrail User Guide, "Logging management events" and "Logging data events"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lamward.checks.derived import derivable
from lamward.checks.framework import Answer, check
from lamward.checks.repairs import remove, unsafe
from lamward.checks.trimming import without
from lamward.facts import Facts
from lamward.facts.grants import Attachment, execution_roles, holder, holders, listed
from lamward.model.application import Application, Role
from lamward.model.finding import Confidence, Doubt, Fix, Problem, Related, Severity
from lamward.model.value import location_of

if TYPE_CHECKING:
    from lamward.facts.needs.unused import Silence, Surplus


@check(Application, severity=Severity.LOW, since="0.1", confidence=Confidence.MEDIUM, needs_trail=True)
def unused_permission(application: Application, facts: Facts) -> Answer:
    """Ask what roles may do and did not do; one problem a statement."""
    # Only who has a ledger needs what reads it.
    from lamward.facts.needs.unused import silence
    from lamward.facts.needs.watched import watched

    doubt = watched(facts).doubt
    if doubt and application.functions:
        yield Doubt(application.location, doubt)
    for role in execution_roles(facts) if not doubt else ():
        found = silence(facts, role)
        yield from (_problem(facts, role, surplus, found) for surplus in found.surplus)
        if found.hidden:
            names = listed([f"`{each}`" for each in found.hidden])
            reason = f"the ledger would not have shown {holder(facts, (role,))} use {names}"
            yield Doubt(role.location, reason, when=role.when)


def _problem(facts: Facts, role: Role, surplus: Surplus, found: Silence) -> Problem:
    where, who = surplus.of.location, holder(facts, (role,))
    names = listed([f"`{each.action}`" for each in surplus.unused])
    if isinstance(surplus.of, Attachment):
        message = f"`{surplus.of.name}` allows {who} nothing that it used in {facts.unused_days} days"
    else:
        message = f"{who} may do {names}, and did not in {facts.unused_days} days"
    return Problem(
        where,
        message,
        when=role.when,
        discriminator=surplus.of.name if isinstance(surplus.of, Attachment) else "",
        confidence=Confidence.LOW if found.changed or surplus.is_likely else None,
        related=(*_evidence(surplus, found), *holders(facts, (role,), where)),
        help="; ".join(_advice(facts, role, surplus, found)),
        fix=_fix(facts, role, surplus),
    )


def _advice(facts: Facts, role: Role, surplus: Surplus, found: Silence) -> Iterator[str]:
    yield derivable(facts, (role,), otherwise="allow only what is used")
    if found.changed:
        yield f"its policies changed on {found.changed}: what came then is younger"
    if surplus.is_likely:
        yield "a trail may have data events of some calls only"


def _evidence(surplus: Surplus, found: Silence) -> tuple[Related, ...]:
    """Point at each action with the day it was last used on, if the ledger goes back so far."""
    never = f"not used since the ledger begins, on {found.begins}"
    notes = [
        (location_of(each.case.value), f"last used on {each.last}" if each.last else never)
        for each in surplus.unused
    ]
    return tuple(Related(place, note) for place, note in dict.fromkeys(notes) if place.span.file)


def _fix(facts: Facts, role: Role, surplus: Surplus) -> Fix | None:
    if isinstance(surplus.of, Attachment):
        edits = remove(surplus.of.location) if isinstance(surplus.of.location.path[-1], int) else None
    else:
        edits = without(role, surplus.of, [each.case for each in surplus.unused])
    why = f"what is done less often than every {facts.unused_days} days fails from then on"
    return unsafe("take out what was not used", edits, why=why)
