"""Role that is allowed whole services.

## Why it matters
`dynamodb:*` is not "read and write my table": it also deletes tables, exports them, and changes who may read them. A
flaw in the function becomes all of that, and every action AWS adds to the service later.

Asked of the roles of functions, and of services that call them such as state machines, one finding a statement. Worst
on every resource, and for services whose wildcard makes an administrator (`iam:*`); less bad on a single resource or
under a condition on the resource, and for services that only carry logs and measurements. Services of a handful of
actions, such as `execute-api:*`, are left alone.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            Action: dynamodb:*
            Resource: "*"
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            Action:
              - dynamodb:GetItem
              - dynamodb:PutItem
            Resource: !Sub arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders
```

## References
- IAM User Guide, "IAM JSON policy elements: Action"
- AWS Security Hub, IAM.21, customer managed policies should not allow wildcard actions for services
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lamward.checks.derived import derivable
from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.actions import carries_telemetry, keeps_little, rules_the_account
from lamward.facts.breadth import (
    FILLED,
    Wildcard,
    allows,
    bounded,
    broad_wildcards,
    everything,
    plain,
    widely,
)
from lamward.facts.denials import is_denied
from lamward.facts.grants import holder, holders, listed, statements
from lamward.model.application import Application
from lamward.model.finding import Doubt, Problem, Severity
from lamward.model.policy import Statement
from lamward.model.value import Guard, location_of, why_unknown


@check(Application, severity=Severity.HIGH, since="0.1")
def service_wide_action(_application: Application, facts: Facts) -> Answer:
    """Ask whether a statement allows every action of a service; one problem a statement."""
    for grant, statement in statements(facts):
        yield from _doubts(statement)
        for when, every in _by_guard(statement).items():
            found = [each for each in every if not is_denied(facts, grant, each.pattern)]
            if not found:
                continue
            severities = [_severity(statement, each) for each in found]
            wide = any(widely(statement, each) for each in found)
            names = listed([_named(each) for each in found])
            where = location_of(found[0].case.value)
            yield Problem(
                where,
                f"{holder(facts, grant.roles)} may do {names}" + (_where(statement) if wide else ""),
                when=when,
                discriminator=found[0].pattern,
                related=holders(facts, grant.roles, where),
                severity=max(severities, key=lambda severity: severity.rank),
                help=derivable(facts, grant.roles),
            )


def _doubts(statement: Statement) -> Iterator[Doubt]:
    """Say where nothing at all is known of an action that is allowed on everything."""
    if not allows(statement) or not everything(statement) or bounded(statement):
        return
    if any(plain(case).strip(FILLED) for case in statement.actions or ()):
        return
    for case in statement.actions or ():
        if case.value not in statement.unreadable:
            yield Doubt(location_of(case.value), why_unknown(case.value), when=case.when)


def _by_guard(statement: Statement) -> dict[Guard, list[Wildcard]]:
    found: dict[Guard, list[Wildcard]] = defaultdict(list)
    for wildcard in broad_wildcards(statement):
        found[wildcard.case.when].append(wildcard)
    return found


def _named(wildcard: Wildcard) -> str:
    return "every action of every service" if wildcard.service == "*" else f"`{wildcard.pattern}`"


def _where(statement: Statement) -> str:
    listed_ones = "" if statement.not_resources is None else " that is not listed"
    return f" on every resource{listed_ones}"


def _severity(statement: Statement, wildcard: Wildcard) -> Severity:
    wide = widely(statement, wildcard)
    if carries_telemetry(wildcard.service):
        return Severity.MEDIUM if wide else Severity.LOW
    if not wide or keeps_little(wildcard.service):
        return Severity.MEDIUM
    sovereign = wildcard.service == "*" or rules_the_account(wildcard.service)
    return Severity.CRITICAL if sovereign else Severity.HIGH
