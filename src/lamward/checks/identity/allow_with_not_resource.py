"""Role that is allowed actions on everything but some resources.

## Why it matters
`Allow` with `NotResource` reaches all resources it does not list, also those that somebody creates tomorrow. Protecting
a few resources is what a Deny is for; granting is done by naming.

Asked of the roles of functions.

## Example
```yaml
Archive:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            Action: s3:GetObject
            NotResource: arn:aws:s3:::payroll/*
```

## Use instead
```yaml
Archive:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            Action: s3:GetObject
            Resource: arn:aws:s3:::archive/*
```

## References
- IAM User Guide, "IAM JSON policy elements: NotResource"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.breadth import allows, bounded, plain
from lamward.facts.grants import holder, holders, listed, statements
from lamward.model.application import Application
from lamward.model.finding import Problem, Severity
from lamward.model.value import location_of


@check(Application, severity=Severity.MEDIUM, since="0.1")
def allow_with_not_resource(_application: Application, facts: Facts) -> Answer:
    """Ask whether a statement allows actions on the complement of what it lists."""
    for grant, statement in statements(facts):
        excluded = statement.not_resources
        if excluded is None or not allows(statement):
            continue
        where = location_of(excluded[0].value) if excluded else statement.location
        actions = listed([f"`{plain(case)}`" for case in statement.actions or ()] or ["what it names"])
        yield Problem(
            where,
            f"{holder(facts, grant.roles)} may do {actions} on every resource that is not listed",
            when=statement.when,
            discriminator=statement.sid or grant.policy.name,
            related=holders(facts, grant.roles, where),
            severity=Severity.LOW if bounded(statement) else None,
        )
