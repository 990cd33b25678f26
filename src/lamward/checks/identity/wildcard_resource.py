"""Action allowed on every resource although it could be held to some.

## Why it matters
`secretsmanager:GetSecretValue` on `*` reads every secret of the account, `iam:PutRolePolicy` on `*` rewrites
every role. The function needs one of them; an attacker inside the function takes the others.

Asked of the roles of functions, and of services that call them such as state machines, one finding a statement.
`arn:aws:s3:::*` or `…:table/*` is a wildcard too: all buckets, all tables. Silent are actions that AWS cannot
restrict, those that only list or describe, what Lambda itself needs (logs, network interfaces, traces), services that
work on what they are sent (translation, speech), and statements that a condition on the resource bounds, such as
`aws:ResourceTag/…` or `dynamodb:LeadingKeys`, and what the role's own Deny statements take back. So is a kind of
resources that events of its service tell the function of, such as all instances where events of EC2 start it. Whole
services are the matter of `service-wide-action`. Passing and assuming roles, decrypting, changing the function itself
and reading others have checks of their own, which speak instead.

## Example
```yaml
Report:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            Action: secretsmanager:GetSecretValue
            Resource: "*"
```

## Use instead
```yaml
Report:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            Action: secretsmanager:GetSecretValue
            Resource: !Sub arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:reports-*
```

## References
- IAM User Guide, "IAM JSON policy elements: Resource"
- Service Authorization Reference, "Actions, resources, and condition keys for AWS services"
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from lamward.checks.derived import derivable
from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.actions import elevates, handles_content, is_metered, restrictable
from lamward.facts.breadth import Reach, allows, plain, reaches_everything, wide_reaches
from lamward.facts.denials import is_denied
from lamward.facts.grants import holder, holders, listed, statements
from lamward.facts.singled import left_over
from lamward.facts.told_by_events import services_told_of
from lamward.model.application import Application
from lamward.model.finding import Doubt, Problem, Severity
from lamward.model.policy import Statement
from lamward.model.value import Guard, Unknown, location_of


@check(Application, severity=Severity.MEDIUM, since="0.1")
def wildcard_resource(_application: Application, facts: Facts) -> Answer:
    """Ask whether a statement allows restrictable actions on all resources; one problem a statement."""
    for grant, statement in statements(facts):
        for when, every in _by_guard(statement).items():
            # Passing and assuming roles, and the like, have checks of their own.
            own = left_over(facts, grant, statement, every)
            told = services_told_of(facts, grant.roles)
            found = [
                reach
                for reach in own
                if not is_denied(facts, grant, reach.pattern) and not _follows_events(reach, told)
            ]
            if not found:
                continue
            worst = sorted(found, key=lambda reach: not _opens_doors(reach))
            where = location_of(worst[0].resource.value)
            whole = any(reaches_everything(reach.resource) for reach in found)
            yield Problem(
                where,
                f"{holder(facts, grant.roles)} may do {_actions(worst)} on every resource"
                + ("" if whole else " of its kind"),
                when=when,
                discriminator=worst[0].pattern,
                related=holders(facts, grant.roles, where),
                severity=_severity(worst),
                help=derivable(facts, grant.roles),
            )
        yield from _doubts(statement)


def _doubts(statement: Statement) -> Iterator[Doubt]:
    """Say that nothing at all is known of the resources of an action that could be held to some."""
    known = [case for case in statement.resources or () if not isinstance(case.value, Unknown)]
    if (
        known
        or not allows(statement)
        or not any(restrictable(plain(case)) for case in statement.actions or ())
    ):
        return
    for case in statement.resources or ():
        if isinstance(case.value, Unknown) and case.value not in statement.unreadable:
            yield Doubt(location_of(case.value), case.value.reason, when=case.when)


def _by_guard(statement: Statement) -> dict[Guard, list[Reach]]:
    found: dict[Guard, list[Reach]] = defaultdict(list)
    for reach in wide_reaches(statement):
        if reach.when is not None:
            found[reach.when].append(reach)
    return found


def _follows_events(reach: Reach, told: frozenset[str]) -> bool:
    """Tell whether events say which resource of a kind is meant, so that none can be named beforehand."""
    services = {action.name.partition(":")[0] for action in reach.examples}
    return services <= told and not reaches_everything(reach.resource) and not _opens_doors(reach)


def _opens_doors(reach: Reach) -> bool:
    return any(elevates(action.name) or handles_content(action.name) for action in reach.examples)


def _severity(worst: Sequence[Reach]) -> Severity:
    if _opens_doors(worst[0]):
        return Severity.HIGH
    metered = all(is_metered(action.name) for reach in worst for action in reach.examples)
    return Severity.LOW if metered else Severity.MEDIUM


def _actions(found: Sequence[Reach]) -> str:
    return listed([f"`{reach.pattern}`" for reach in found])
