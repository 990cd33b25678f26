"""Policy by which anyone on AWS may use log groups.

## Why it matters
Whoever may write to a log group fills it, and pays nothing for what you store; forged lines lead an investigation
astray and feed whatever reads the log: metrics, alarms, functions. Whoever may read it has all that your functions
log.

## Example
```yaml
Writers:
  Type: AWS::Logs::ResourcePolicy
  Properties:
    PolicyName: writers
    PolicyDocument: !Sub |
      {
        "Version": "2012-10-17",
        "Statement": [{
          "Effect": "Allow",
          "Principal": {"AWS": "*"},
          "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
          "Resource": "arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/events/*:*"
        }]
      }
```

## Use instead
```yaml
Writers:
  Type: AWS::Logs::ResourcePolicy
  Properties:
    PolicyName: writers
    PolicyDocument: !Sub |
      {
        "Version": "2012-10-17",
        "Statement": [{
          "Effect": "Allow",
          "Principal": {"Service": "events.amazonaws.com"},
          "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
          "Resource": "arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/events/*:*",
          "Condition": {"StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"}}
        }]
      }
```

## References
- Amazon CloudWatch Logs User Guide, "Overview of managing access permissions to your CloudWatch Logs resources"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.strangers import let_in
from lamward.facts import Facts
from lamward.model.application import ResourcePolicy, ResourcePolicyKind
from lamward.model.finding import Severity


@check(ResourcePolicy, severity=Severity.HIGH, since="0.1")
def public_log_policy(written: ResourcePolicy, facts: Facts) -> Answer:
    """Ask whether a policy of log groups lets strangers in."""
    if written.kind is ResourcePolicyKind.LOGS:
        yield from let_in(written, facts, message="any AWS account may use the log groups this policy names")
