"""Role that may hand any role of the account to any service.

## Why it matters
`iam:PassRole` on `*` lets whoever holds the function give an administrator's role to something they start: a function,
a container, a notebook. Where that thing can be started, the whole account is one step away.

Asked of the roles of functions, one finding a statement, of every role and of all roles of an account. Silent where
`iam:PassedToService` or `iam:AssociatedResourceArn` bounds it, where the roles have a path or a prefix, and where
another statement or the permissions boundary denies it. Any role passed to one service only is still the matter of
`wildcard-resource`, `iam:*` that of `service-wide-action`.

## Example
```yaml
Starter:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            Action: iam:PassRole
            Resource: "*"
```

## Use instead
```yaml
Starter:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            Action: iam:PassRole
            Resource: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/batch/*
            Condition:
              StringEquals:
                iam:PassedToService: ecs-tasks.amazonaws.com
```

## References
- IAM User Guide, "Grant a user permissions to pass a role to an AWS service"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.grants import holder, holders
from lamward.facts.singled import unseen, wide
from lamward.model.application import Application
from lamward.model.finding import Problem, Severity
from lamward.model.value import location_of


@check(Application, severity=Severity.HIGH, since="0.1")
def pass_any_role(_application: Application, facts: Facts) -> Answer:
    """Ask whether a statement lets every role be passed to every service; one problem a statement."""
    for found in wide(facts, "pass"):
        where = location_of(found.reaches[0].case.value)
        yield Problem(
            where,
            f"{holder(facts, found.grant.roles)} may pass any role to any service",
            when=found.when,
            discriminator=found.reaches[0].pattern,
            related=holders(facts, found.grant.roles, where),
        )
    yield from unseen(facts, "pass")
