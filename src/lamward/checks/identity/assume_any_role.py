"""Role that may assume any other role.

## Why it matters
`sts:AssumeRole` on `*` is every role that trusts the account, also those of accounts one has forgotten: deployment
roles, break-glass roles, roles of partners. An attacker inside the function lists them and takes the best one.

Asked of the roles of functions, one finding a statement, of `*` and of all roles of an account. Silent for roles with a
name, a path or a prefix (in whatever account), for tags and organisations in a condition, and where another statement
or the permissions boundary denies it. `sts:*` is the matter of `service-wide-action`.

## Example
```yaml
Collector:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Resource: "*"
```

## Use instead
```yaml
Collector:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Resource: arn:aws:iam::*:role/inventory-reader
            Condition:
              StringEquals:
                aws:ResourceOrgID: o-exampleorg
```

## References
- IAM User Guide, "Grant a user permissions to switch roles"
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
def assume_any_role(_application: Application, facts: Facts) -> Answer:
    """Ask whether a statement lets every role be assumed; one problem a statement."""
    for found in wide(facts, "assume"):
        where = location_of(found.reaches[0].case.value)
        yield Problem(
            where,
            f"{holder(facts, found.grant.roles)} may assume any role that trusts its account",
            when=found.when,
            discriminator=found.reaches[0].pattern,
            related=holders(facts, found.grant.roles, where),
        )
    yield from unseen(facts, "assume")
