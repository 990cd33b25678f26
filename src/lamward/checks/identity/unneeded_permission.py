"""Statement that allows actions no function of the role needs.

## Why it matters
Whoever takes over a function may do what its role allows. A permission that nothing uses protects nothing and helps
nobody but them, and it is the one that is never missed: it can go today.

Asked of roles in the template whose functions' code could be read whole: every call is known, there is no package of
which nobody knows what it calls, and what Lambda itself needs is counted. Actions that are written out are told here;
wildcards are `service-wide-action`, broad policies of AWS `broad-managed-policy`. Silent about
`logs:CreateLogGroup` where it is the only one too many: nearly every role has it, and it stops being needed once the
template makes the group.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: index.handler
    Runtime: python3.13
    InlineCode: |
      import boto3
      def handler(event, context):
          boto3.client("dynamodb").put_item(TableName="orders", Item={"id": {"S": "1"}})
    Policies:
      - Statement:
          - Effect: Allow
            Action: [dynamodb:PutItem, dynamodb:DeleteItem]
            Resource: !Sub arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: index.handler
    Runtime: python3.13
    InlineCode: |
      import boto3
      def handler(event, context):
          boto3.client("dynamodb").put_item(TableName="orders", Item={"id": {"S": "1"}})
    Policies:
      - Statement:
          - Effect: Allow
            Action: dynamodb:PutItem
            Resource: !Sub arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders
```

## Fix safety
Unsafe: the code was read and not run. What it does in a way that cannot be read would fail from then on.

## References
- AWS Lambda Developer Guide, "Defining Lambda function permissions with an execution role"
- IAM User Guide, "Security best practices in IAM", apply least-privilege permissions
"""

from __future__ import annotations

from lamward.checks.derived import derivable
from lamward.checks.framework import Answer, check
from lamward.checks.repairs import unsafe
from lamward.checks.trimming import without
from lamward.facts import Facts
from lamward.facts.grants import holder, holders, listed
from lamward.facts.needs.compare import Surplus, spare
from lamward.model.application import Role
from lamward.model.finding import Confidence, Problem, Severity
from lamward.model.value import text_of


@check(Role, severity=Severity.LOW, since="0.1", confidence=Confidence.MEDIUM)
def unneeded_permission(role: Role, facts: Facts) -> Answer:
    """Ask whether a role's statements allow actions that none of its functions needs; one problem a statement."""
    for surplus in spare(facts, role) or ():
        written = [each for each in _told(surplus) if "*" not in each and "?" not in each]
        gone = [case for case in surplus.statement.actions or () if text_of(case.value) in written]
        where = surplus.statement.location
        if written and where.span.file:
            yield Problem(
                where,
                f"{holder(facts, (role,))} may do {listed([f'`{each}`' for each in written])}, which nothing needs",
                when=role.when,
                related=holders(facts, (role,), where),
                help=derivable(facts, (role,), otherwise="take the actions out"),
                fix=unsafe(
                    "take out what nothing needs",
                    without(role, surplus.statement, gone),
                    why="the code was read and not run",
                ),
            )


def _told(surplus: Surplus) -> tuple[str, ...]:
    """Leave out making the log group, which hardly any role goes without."""
    return () if tuple(map(str.lower, surplus.actions)) == ("logs:createloggroup",) else surplus.actions
