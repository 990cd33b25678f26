"""Role that may not write the logs of its function.

## Why it matters
Without `logs:CreateLogStream` and `logs:PutLogEvents` the function is blind: nothing it prints is kept, no error can be
looked up, and what somebody did in it cannot be told. Nothing else fails, so that nobody notices until then.

Asked of roles written in the template that functions run with; SAM's own roles write logs. A role that may write to
some log group, and not to that of its function, is no better.

## Example
```yaml
Role:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement:
        - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
Orders:
  Type: AWS::Serverless::Function
  Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/, Role: !GetAtt Role.Arn}
```

## Use instead
```yaml
Role:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement:
        - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
    ManagedPolicyArns:
      - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
Orders:
  Type: AWS::Serverless::Function
  Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/, Role: !GetAtt Role.Arn}
```

## Fix safety
Safe: the function does what it did, and its logs cost what they hold.

## References
- AWS Lambda Developer Guide, "Sending Lambda function logs to CloudWatch Logs"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import put, safe
from lamward.facts import Facts
from lamward.facts.concerned import also_concerned
from lamward.facts.grants import functions_of, holder, holders
from lamward.facts.log_rights import WRITING, functions_without_logs
from lamward.facts.rights import is_named, unreadable
from lamward.model.application import Role
from lamward.model.finding import Doubt, Fix, Problem, Severity
from lamward.model.value import Absent, location_of

_BASIC = {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}


@check(Role, severity=Severity.LOW, since="0.1")
def no_log_permission(role: Role, facts: Facts) -> Answer:
    """Ask whether any policy of a function's role lets it write logs."""
    if not functions_of(facts, (role,)):
        return
    unknown = unreadable(facts, role)
    if is_named(facts, role, WRITING):
        yield from _elsewhere(role, facts) if unknown is None else ()
        return
    if unknown is not None:
        yield Doubt(location_of(unknown), unknown.reason, when=role.when)
        return
    yield Problem(
        role.location,
        f"{holder(facts, (role,))} may not write logs",
        when=role.when,
        related=holders(facts, (role,), role.location),
        fix=_allow(role),
    )


def _elsewhere(role: Role, facts: Facts) -> Answer:
    for function in functions_without_logs(facts, role):
        yield Problem(
            role.location,
            f"`{function.declared_by or function.id}` may not write to its log group, though to another",
            when=role.when,
            discriminator=function.id,
            related=also_concerned(role.location, (function,), note="runs with this role"),
            help="name the group that its `LoggingConfig` names, or `/aws/lambda/` and its name",
        )


def _allow(role: Role) -> Fix | None:
    if not isinstance(role.managed, Absent):
        return None
    return safe("let it write logs", put(role, "ManagedPolicyArns", to=[_BASIC], now=role.managed))
