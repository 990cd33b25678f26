"""Permission for the newest code of a function that is called by its alias.

## Why it matters
An alias says which version answers; the permission is for the function as such, so for whatever was uploaded last.
Callers that go by the alias are refused, and those that go past it get code nobody released.

Asked of permissions for a function that has an alias, where all that is known to call it goes by the alias.

## Example
```yaml
Orders:
  Type: AWS::Lambda::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    Role: arn:aws:iam::111122223333:role/orders
    Code: {S3Bucket: code, S3Key: orders.zip}
    DeadLetterConfig: {TargetArn: !Sub "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:failures"}
Version:
  Type: AWS::Lambda::Version
  Properties: {FunctionName: !Ref Orders}
Live:
  Type: AWS::Lambda::Alias
  Properties: {FunctionName: !Ref Orders, FunctionVersion: !GetAtt Version.Version, Name: live}
Nightly:
  Type: AWS::Events::Rule
  Properties:
    ScheduleExpression: rate(1 day)
    Targets: [{Id: orders, Arn: !Ref Live}]
Permission:
  Type: AWS::Lambda::Permission
  Properties:
    FunctionName: !Ref Orders
    Action: lambda:InvokeFunction
    Principal: events.amazonaws.com
    SourceArn: !GetAtt Nightly.Arn
```

## Use instead
```yaml
Orders:
  Type: AWS::Lambda::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    Role: arn:aws:iam::111122223333:role/orders
    Code: {S3Bucket: code, S3Key: orders.zip}
    DeadLetterConfig: {TargetArn: !Sub "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:failures"}
Version:
  Type: AWS::Lambda::Version
  Properties: {FunctionName: !Ref Orders}
Live:
  Type: AWS::Lambda::Alias
  Properties: {FunctionName: !Ref Orders, FunctionVersion: !GetAtt Version.Version, Name: live}
Nightly:
  Type: AWS::Events::Rule
  Properties:
    ScheduleExpression: rate(1 day)
    Targets: [{Id: orders, Arn: !Ref Live}]
Permission:
  Type: AWS::Lambda::Permission
  Properties:
    FunctionName: !Ref Live
    Action: lambda:InvokeFunction
    Principal: events.amazonaws.com
    SourceArn: !GetAtt Nightly.Arn
```

## Fix safety
Unsafe: a caller that names the function without its alias, and that the template does not show, is refused.

## References
- AWS Lambda Developer Guide, "Using Lambda aliases in event sources and permissions policies"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import put, there, unsafe
from lamward.facts import Facts
from lamward.facts.invited import aliases_of, calls_by_alias, is_unqualified
from lamward.facts.links import functions_named
from lamward.model.application import Permission, Resource
from lamward.model.finding import Fix, Problem, Related, Severity
from lamward.model.value import Case, cases, location_of


@check(Permission, severity=Severity.LOW, since="0.1")
def permission_past_alias(permission: Permission, facts: Facts) -> Answer:
    """Ask whether a permission is for the alias by which a function is called."""
    for case in cases(permission.function, permission.when):
        if not is_unqualified(facts, case) or permission.declared_by not in {"", permission.id}:
            continue
        for function, when in functions_named(facts, case.value, case.when):
            if calls_by_alias(facts, function.id):
                aliases = [facts.application.resources[one] for one in aliases_of(facts)[function.id]]
                yield Problem(
                    location_of(case.value),
                    "this is for the newest code, while the function is called by its alias",
                    when=when,
                    related=tuple(Related(alias.location, "the alias") for alias in aliases),
                    help="give the permission to the alias",
                    fix=_qualify(permission, case, aliases),
                )


def _qualify(permission: Permission, case: Case, aliases: list[Resource]) -> Fix | None:
    if len(aliases) != 1:
        return None
    named = put(permission, "FunctionName", to=there(aliases[0]).ref, now=case.value)
    return unsafe("give the permission to the alias", named, why="callers that do not name it are refused")
