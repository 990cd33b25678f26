"""Call of an AWS SDK that cannot be told from the code.

## Why it matters
The least policy of a function can only be derived from calls that are known. One whose service or operation is computed
leaves open what the role must allow, for lamward and for everybody who reviews the role.

Asked of the auditor, of functions whose code is beside the template.

## Example
```yaml
Jobs:
  Type: AWS::Serverless::Function
  Properties:
    Handler: index.handler
    Runtime: python3.13
    InlineCode: |
      import boto3
      def handler(event, context):
          getattr(boto3.client("s3"), event["operation"])()
```

## Use instead
```yaml
Jobs:
  Type: AWS::Serverless::Function
  Properties:
    Handler: index.handler
    Runtime: python3.13
    InlineCode: |
      import boto3
      def handler(event, context):
          if event["operation"] == "list":
              boto3.client("sts").get_caller_identity()
```
Operations chosen from a few that the code names are told apart.

## References
- AWS Lambda Developer Guide, "Defining Lambda function permissions with an execution role"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.needs.code import code_of
from lamward.facts.places import count
from lamward.model.application import Function
from lamward.model.finding import Persona, Problem, Related, Severity


@check(Function, severity=Severity.INFO, since="0.1", persona=Persona.AUDITOR)
def unresolved_call(function: Function, facts: Facts) -> Answer:
    """Ask whether all that a function's code calls is known; one problem a function."""
    unresolved = code_of(facts, function).unresolved
    if unresolved:
        yield Problem(
            function.location,
            f"the code of `{function.declared_by or function.id}` has {count(len(unresolved), 'call')} of AWS that "
            "cannot be told",
            when=function.when,
            related=tuple(Related(each.location, each.reason) for each in unresolved),
            help="name the service and the operation, or allow by hand what the calls need",
        )
