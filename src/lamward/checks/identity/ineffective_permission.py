"""Permission that allows or denies nothing as it is written.

## Why it matters
A misspelt action, one that no resource of its statement fits, or a condition that can never hold is a permission only
on paper: what needed it fails, or, worse, what was meant to be denied is not. IAM accepts it without a word.

Asked of the policies of functions' roles as they are written, statement by statement, with the IAM catalogue that
lamward packs; what SAM's policy templates say is SAM's matter.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: sqs:SendMessages
            Resource: !GetAtt Jobs.Arn
Jobs:
  Type: AWS::SQS::Queue
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
      - Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: sqs:SendMessage
            Resource: !GetAtt Jobs.Arn
Jobs:
  Type: AWS::SQS::Queue
```

## References
- IAM User Guide, "Grammar of the IAM JSON policy language"
- Service Authorization Reference, "Actions, resources, and condition keys for AWS services"
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Final

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.grants import compute_grants, holders
from lamward.iam import catalogue
from lamward.iam.lint import Remark, statement_remarks
from lamward.model.application import Application
from lamward.model.finding import Confidence, Problem, Related, Severity
from lamward.model.policy import Policy

_FRESH: Final = datetime.timedelta(days=90)
"""For so long the catalogue hardly misses an action that policies name."""

_WITHOUT_EFFECT: Final = frozenset(
    {
        "action-never-matches",
        "literal-wildcard",
        "malformed-action",
        "malformed-value",
        "no-values",
        "resource-never-matches",
        "unknown-action",
        "unknown-key",
        "unknown-operator",
        "variable-in-old-version",
        "variable-without-meaning",
    }
)


@check(Application, severity=Severity.LOW, since="0.1")
def ineffective_permission(_application: Application, facts: Facts) -> Answer:
    """Ask whether every part of a statement has an effect; one problem a statement."""
    for grant in compute_grants(facts):
        for index, found in _by_statement(grant.policy):
            first, *others = found
            more = f", and {len(others)} more like it" if others else ""
            yield Problem(
                first.location,
                f"{first.message}{more}",
                when=grant.policy.statements[index].when or grant.when,
                discriminator=f"{grant.policy.name}:{index}:{first.name}",
                related=(
                    *(Related(each.location, each.message) for each in others),
                    *holders(facts, grant.roles, first.location),
                ),
                confidence=_confidence(facts, first),
                help=first.hint,
            )


def _confidence(facts: Facts, remark: Remark) -> Confidence | None:
    """Doubt the catalogue where it may not know yet: new actions, and actions that come to know resources."""
    stale = facts.today - catalogue.as_of() > _FRESH
    if remark.name == "unknown-action" and stale:
        return Confidence.LOW
    return Confidence.MEDIUM if remark.name == "action-never-matches" else None


def _by_statement(policy: Policy) -> Iterator[tuple[int, list[Remark]]]:
    for index, statement in enumerate(policy.statements):
        # What SAM writes stands nowhere.
        if "Statement" not in statement.location.path:
            continue
        found = [each for each in statement_remarks(policy, index) if each.name in _WITHOUT_EFFECT]
        if found:
            yield index, found
