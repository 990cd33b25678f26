"""Function that calls what its role does not allow, or is set up for what its role does not allow.

## Why it matters
The call fails when it is reached, perhaps months after the deployment, in the branch that nobody tested. What is done
about it in the middle of the night is a wildcard.

Asked of functions whose role is in the template. What the code calls is read, never run; calls whose resource is not
known are left out, and so is what a policy of the resource itself may allow. `lamward roles` shows all needs.

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

## References
- AWS Lambda Developer Guide, "Defining Lambda function permissions with an execution role"
- Service Authorization Reference, "Actions, resources, and condition keys for AWS services"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.grants import listed
from lamward.facts.needs.lacking import lacking
from lamward.model.application import Function
from lamward.model.finding import Confidence, Problem, Related, Severity


@check(Function, severity=Severity.MEDIUM, since="0.1", confidence=Confidence.MEDIUM)
def missing_permission(function: Function, facts: Facts) -> Answer:
    """Ask whether a function needs what its role does not allow; one problem for what it is needed for."""
    for lack in lacking(facts, function):
        actions, resources = (
            listed([f"`{each}`" for each in group]) for group in (lack.actions, lack.resources)
        )
        yield Problem(
            function.location,
            f"`{function.declared_by or function.id}` needs {actions} on {resources} for {lack.purpose}, and "
            + ("the boundary of its role keeps it out" if lack.bounded else "may not"),
            when=function.when,
            discriminator=lack.actions[0],
            # Without traces the function does what it does.
            severity=Severity.LOW if lack.purpose == "its tracing" else None,
            related=tuple(Related(each, "needed here") for each in lack.places),
            help="let the boundary allow it, or take out what needs it"
            if lack.bounded
            else "allow it, or take out what needs it; `lamward roles --write` writes the statement",
        )
