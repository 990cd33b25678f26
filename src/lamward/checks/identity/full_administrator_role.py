"""Role that may do everything on everything.

## Why it matters
Whoever finds one flaw in the function (an injection, a poisoned dependency, a leaked credential) holds the role, and
with it the account: every secret, every table, every other function. No function needs that.

Asked of the roles of functions, and of roles for instances and containers in the same application. A permissions
boundary on the role lowers the severity: then the boundary alone decides what is left of it.

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
            Action: "*"
            Resource: "*"
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
      - DynamoDBWritePolicy:
          TableName: !Ref Invoices
Invoices:
  Type: AWS::DynamoDB::Table
  Properties:
    BillingMode: PAY_PER_REQUEST
    AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
    KeySchema: [{AttributeName: id, KeyType: HASH}]
```

## References
- IAM User Guide, "Security best practices in IAM", apply least-privilege permissions
- AWS Lambda Developer Guide, "Defining Lambda function permissions with an execution role"
"""

from __future__ import annotations

from collections.abc import Iterator

from lamward.checks.derived import derivable
from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.breadth import administers, plain
from lamward.facts.denials import is_denied
from lamward.facts.grants import (
    attachments,
    compute_grants,
    compute_roles,
    compute_statements,
    holder,
    holders,
)
from lamward.facts.managed_policies import Extent, judge
from lamward.model.application import Application, Role
from lamward.model.finding import Doubt, Problem, Severity
from lamward.model.location import Location
from lamward.model.value import Absent, Guard, cases, location_of


@check(Application, severity=Severity.CRITICAL, since="0.1")
def full_administrator_role(_application: Application, facts: Facts) -> Answer:
    """Ask whether a role is an administrator, by a policy of its own or by one of AWS's."""
    for grant, statement in compute_statements(facts):
        for case, when in administers(statement):
            if is_denied(facts, grant, plain(case)):
                continue
            yield _problem(facts, grant.roles, location_of(case.value), when, grant.policy.name)
    for role in compute_roles(facts):
        for attached in attachments(facts, role):
            judged = judge(attached.name) if attached.name else None
            if judged and judged.extent is Extent.EVERYTHING:
                yield _problem(facts, (role,), attached.location, attached.case.when, attached.name)
    yield from _doubts(facts)


def _problem(facts: Facts, roles: tuple[Role, ...], where: Location, when: Guard, policy: str) -> Problem:
    limited = all(_bounded(role) for role in roles)
    return Problem(
        where,
        f"{holder(facts, roles)} may do everything on everything"
        + (", within its permissions boundary" if limited else ""),
        when=when,
        discriminator=policy,
        related=holders(facts, roles, where),
        severity=Severity.HIGH if limited else None,
        help=derivable(facts, roles),
    )


def _bounded(role: Role) -> bool:
    """Tell whether the role has a boundary on every branch, and one that bounds."""
    return not any(
        isinstance(case.value, Absent) or plain(case).endswith(":policy/AdministratorAccess")
        for case in cases(role.boundary)
    )


def _doubts(facts: Facts) -> Iterator[Doubt]:
    """Say once, here where the answer would matter most, which parts of the policies cannot be read."""
    for grant in compute_grants(facts):
        for unreadable in grant.policy.unreadable:
            yield Doubt(location_of(unreadable), unreadable.reason, when=grant.when)
    for _, statement in compute_statements(facts):
        for unreadable in statement.unreadable:
            yield Doubt(location_of(unreadable), unreadable.reason, when=statement.when)
