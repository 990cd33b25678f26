"""Security group of a function that lets everything out.

## Why it matters
The way out is the way stolen data takes. A group without egress rules gets one that allows every protocol to every
address; what a function really calls is mostly a database and port 443.

## Example
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

## Use instead
```yaml
Group:
  Type: AWS::EC2::SecurityGroup
  Properties:
    GroupDescription: Functions
    SecurityGroupEgress:
      - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
      - {IpProtocol: tcp, FromPort: 3306, ToPort: 3306, CidrIp: 10.0.0.0/16}
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
Single ports to every address pass: AWS's own endpoints and partners have no fixed addresses.

## References
- Amazon VPC User Guide, "Security group rules"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.network import (
    compute_of_groups,
    is_anybodys_guess,
    is_everywhere,
    lets_everything_out,
    peers,
    without_egress,
)
from lamward.model.application import SecurityGroup
from lamward.model.finding import Doubt, Problem, Related, Severity
from lamward.model.value import why_unknown


@check(SecurityGroup, severity=Severity.LOW, since="0.1")
def unrestricted_egress(group: SecurityGroup, facts: Facts) -> Answer:
    """Ask whether the security group of a function lets everything out."""
    members = compute_of_groups(facts).get(group.id, ())
    if not members:
        return
    kind = members[0].kind
    related = tuple(Related(each.location, "is in the group") for each in members)
    for when in without_egress(group):
        message = (
            f"everything is let out to everywhere, as this security group of a {kind} says nothing of egress"
        )
        yield Problem(group.location, message, when=when, related=related)
    for rule in group.rules:
        for case in peers(rule) if lets_everything_out(rule) else ():
            if is_anybodys_guess(case.value):
                yield Doubt(rule.location, why_unknown(case.value), when=case.when)
            elif is_everywhere(case.value):
                message = f"everything is let out to everywhere from the security group of a {kind}"
                yield Problem(rule.location, message, when=case.when, related=related)
