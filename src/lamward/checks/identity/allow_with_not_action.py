"""Role that is allowed everything but some actions.

## Why it matters
`Allow` with `NotAction` does not forbid what it lists; it allows all the rest, of every service there is and of every
service AWS will ever add. Together with `Resource: "*"` that is nearly an administrator, and mostly it was meant as a
Deny.

Asked of the roles of functions. The trust policies of roles are the matter of `open-trust-policy`.

## Example
```yaml
Cleanup:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            NotAction: iam:*
            Resource: "*"
```

## Use instead
```yaml
Cleanup:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            Action: ec2:DeleteSnapshot
            Resource: !Sub arn:${AWS::Partition}:ec2:${AWS::Region}::snapshot/*
            Condition:
              StringEquals:
                aws:ResourceTag/purpose: cleanup
```

## References
- IAM User Guide, "IAM JSON policy elements: NotAction"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.breadth import allows, bounded, everything, plain
from lamward.facts.grants import holder, holders, listed, statements
from lamward.model.application import Application
from lamward.model.finding import Problem, Severity
from lamward.model.value import location_of


@check(Application, severity=Severity.MEDIUM, since="0.1")
def allow_with_not_action(_application: Application, facts: Facts) -> Answer:
    """Ask whether a statement allows the complement of what it lists."""
    for grant, statement in statements(facts):
        excluded = statement.not_actions
        if excluded is None or not allows(statement):
            continue
        where = location_of(excluded[0].value) if excluded else statement.location
        wide = bool(everything(statement)) or statement.not_resources is not None
        unlimited = wide and not bounded(statement)
        names = listed([f"`{plain(case)}`" for case in excluded]) if excluded else "nothing"
        yield Problem(
            where,
            f"{holder(facts, grant.roles)} may do everything but {names}"
            + (" on every resource" if unlimited else ""),
            when=statement.when,
            discriminator=statement.sid or grant.policy.name,
            related=holders(facts, grant.roles, where),
            severity=Severity.HIGH if unlimited else None,
        )
