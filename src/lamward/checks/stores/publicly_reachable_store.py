"""Database or broker that the internet can reach.

## Why it matters
With a public address nothing but a security group and a password stands between the internet and the data. Passwords
are guessed and leaked, and every flaw of the engine can be tried from anywhere. A function reaches a store in private
subnets through the VPC it is attached to.

A database of RDS that says nothing has such an address wherever its network has an internet gateway, as the default
network does; auditors hear of those.

## Example
```yaml
Shop:
  Type: AWS::RDS::DBInstance
  Properties:
    Engine: mysql
    DBInstanceClass: db.t4g.micro
    AllocatedStorage: "20"
    StorageEncrypted: true
    ManageMasterUserPassword: true
    MasterUsername: shop
    PubliclyAccessible: true
Take:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables:
        DB_HOST: !GetAtt Shop.Endpoint.Address
```

## Use instead
```yaml
Shop:
  Type: AWS::RDS::DBInstance
  Properties:
    Engine: mysql
    DBInstanceClass: db.t4g.micro
    AllocatedStorage: "20"
    StorageEncrypted: true
    ManageMasterUserPassword: true
    MasterUsername: shop
    PubliclyAccessible: false
Take:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables:
        DB_HOST: !GetAtt Shop.Endpoint.Address
```
Attach the function to the VPC of the store, or use the data API or IAM authentication of the service.

## Fix safety
A function outside the VPC, and whoever else connects from outside, no longer reaches the store.

## References
- Amazon RDS User Guide, "Hiding a DB instance in a VPC from the internet"
- Amazon MQ Developer Guide, "Best practices for Amazon MQ": prefer brokers without public accessibility
- Amazon MSK Developer Guide, "Turn on public access to an MSK Provisioned cluster"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking
from lamward.facts import Facts
from lamward.facts.stores import PRIVACY, for_reviewers
from lamward.model.application import Resource
from lamward.model.finding import Severity
from lamward.model.value import Absent, at


@check(Resource, types=tuple(PRIVACY), severity=Severity.HIGH, since="0.1")
def publicly_reachable_store(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a store around a function has an address on the internet."""
    demand = PRIVACY[resource.type]
    told = not isinstance(at(resource.properties, *demand.ways[0].path), Absent)
    place = "the internet" if told else "the internet if its network has an internet gateway"
    yield from lacking(
        resource,
        facts,
        demand if told else for_reviewers(demand),
        f"this {demand.called} has an address on {place}",
        remedy="keep it in private subnets, and attach the functions to its VPC",
        title=f"take the {demand.called} off the internet",
        caution="who connects from outside the VPC no longer can",
    )
