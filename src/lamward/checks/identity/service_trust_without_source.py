"""Role that a service may take on behalf of any account.

## Why it matters
A service takes roles for all its customers. A trust policy that names the service alone relies on the service to never
mix them up (the confused deputy); one that names the own account, with `aws:SourceAccount`, does not.

Asked of roles around functions, for the services of which AWS documents these keys in trust policies: Step Functions,
EventBridge Scheduler and Pipes, Bedrock; and, for the roles that build MicroVM images, Lambda.

## Example
```yaml
Nightly:
  Type: AWS::Scheduler::Schedule
  Properties:
    ScheduleExpression: rate(1 day)
    FlexibleTimeWindow: {Mode: "OFF"}
    Target: {Arn: !GetAtt Report.Arn, RoleArn: !GetAtt Caller.Arn}
Caller:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: {Service: scheduler.amazonaws.com}
          Action: sts:AssumeRole
Report:
  Type: AWS::Serverless::Function
  Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/}
```

## Use instead
```yaml
Nightly:
  Type: AWS::Scheduler::Schedule
  Properties:
    ScheduleExpression: rate(1 day)
    FlexibleTimeWindow: {Mode: "OFF"}
    Target: {Arn: !GetAtt Report.Arn, RoleArn: !GetAtt Caller.Arn}
Caller:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: {Service: scheduler.amazonaws.com}
          Action: sts:AssumeRole
          Condition:
            StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}
Report:
  Type: AWS::Serverless::Function
  Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/}
```

## Fix safety
Unsafe: what acts from another account can no longer have the service take the role.

## References
- IAM User Guide, "The confused deputy problem", cross-service confused deputy prevention
- EventBridge Scheduler User Guide, "Confused deputy prevention in EventBridge Scheduler"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import ACCOUNT, bound, unsafe
from lamward.facts import Facts
from lamward.facts.compute import roles_of_images
from lamward.facts.surroundings import functions_around
from lamward.facts.trust import unbound_services
from lamward.model.application import Role
from lamward.model.finding import Persona, Problem, Severity

_ASKED = frozenset({"bedrock", "pipes", "scheduler", "states"})


@check(Role, severity=Severity.LOW, since="0.1", persona=Persona.AUDITOR)
def service_trust_without_source(role: Role, facts: Facts) -> Answer:
    """Ask whether a trust policy says for whom a service takes the role."""
    builds = role.id in roles_of_images(facts)
    if role.id not in functions_around(facts) and not builds:
        return
    for found in unbound_services(role):
        if found.service in _ASKED or (builds and found.service == "lambda"):
            yield Problem(
                found.statement.location,
                f"`{found.service}` may take this role on behalf of any account",
                when=found.when,
                discriminator=found.service,
                fix=unsafe(
                    "serve the own account only",
                    bound(found.statement, "aws:SourceAccount", ACCOUNT),
                    why="what acts from another account can no longer have the service take the role",
                ),
            )
