"""Security group of a function that lets the internet in.

## Why it matters
A function in a VPC only makes connections, nobody can make one to it: its security group needs no ingress at all. A
rule for every address does nothing for the function, and everything for an attacker as soon as a server, database or
load balancer gets the same group.

## Example
```yaml
Group:
  Type: AWS::EC2::SecurityGroup
  Properties:
    GroupDescription: Functions
    SecurityGroupIngress:
      - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    VpcConfig:
      SecurityGroupIds: [!Ref Group]
      SubnetIds: [subnet-11111111, subnet-22222222]
```

## Use instead
```yaml
Group:
  Type: AWS::EC2::SecurityGroup
  Properties:
    GroupDescription: Functions
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    VpcConfig:
      SecurityGroupIds: [!Ref Group]
      SubnetIds: [subnet-11111111, subnet-22222222]
```
The severity is medium where something else in the template already uses the group, low otherwise.

## Fix safety
Unsafe: whatever else is in the group, here or in another stack, is no longer reached.

## References
- AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import remove, unsafe
from lamward.facts import Facts
from lamward.facts.network import (
    compute_of_groups,
    is_anybodys_guess,
    is_everywhere,
    other_users_of,
    peers,
)
from lamward.model.application import SecurityGroup, SecurityRule
from lamward.model.finding import Doubt, Fix, Problem, Related, Severity
from lamward.model.value import why_unknown


@check(SecurityGroup, severity=Severity.LOW, since="0.1")
def open_ingress(group: SecurityGroup, facts: Facts) -> Answer:
    """Ask whether the security group of a function is open to every address."""
    members = compute_of_groups(facts).get(group.id, ())
    if not members:
        return
    message = (
        f"the whole internet is let in to the security group of a {members[0].kind}, which needs no ingress"
    )
    for rule in group.rules:
        for case in peers(rule) if rule.ingress else ():
            if is_anybodys_guess(case.value):
                yield Doubt(rule.location, why_unknown(case.value), when=case.when)
            elif is_everywhere(case.value):
                users = other_users_of(facts, group)
                yield Problem(
                    rule.location,
                    message,
                    when=case.when,
                    severity=Severity.MEDIUM if users else Severity.LOW,
                    related=tuple(Related(each.location, "uses the same group") for each in users),
                    help="remove the rule; give what does need it a group of its own",
                    fix=_shut(rule),
                )


def _shut(rule: SecurityRule) -> Fix | None:
    # A rule that is a resource of its own may be referred to from anywhere.
    written_inside = "SecurityGroupIngress" in rule.location.path
    return unsafe(
        "take out the rule",
        remove(rule.location, comments=True) if written_inside else None,
        why="whatever else is in the group is no longer reached",
    )
