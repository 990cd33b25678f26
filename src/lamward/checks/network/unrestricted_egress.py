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
from lamward.facts.network import EVERYWHERE, functions_of_groups, lets_everything_out
from lamward.facts.places import others
from lamward.model.application import SecurityGroup
from lamward.model.finding import Problem, Severity
from lamward.model.value import cases, text_of


@check(SecurityGroup, severity=Severity.LOW, since="0.1")
def unrestricted_egress(group: SecurityGroup, facts: Facts) -> Answer:
    """Ask whether the security group of a function lets everything out."""
    functions = functions_of_groups(facts).get(group.id, ())
    if not functions:
        return
    related = others(functions, note="is in the group")
    if not group.egress_declared:
        message = (
            "everything is let out to everywhere, as this security group of a function says nothing of egress"
        )
        yield Problem(group.location, message, when=group.when, related=related)
    for rule in group.rules:
        for case in cases(rule.peer, rule.when) if lets_everything_out(rule) else ():
            if text_of(case.value) in EVERYWHERE:
                message = "everything is let out to everywhere from the security group of a function"
                yield Problem(rule.location, message, when=case.when, related=related)
