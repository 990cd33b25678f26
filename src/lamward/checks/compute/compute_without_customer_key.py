"""Data of compute that no key of one's own protects.

## Why it matters
The disks of managed instances, the environment of web functions and what durable executions keep of their inputs,
results and errors are encrypted with keys of AWS, which nobody can deny to anybody or take away. With a key of one's
own, its policy decides who reads, and CloudTrail says who did.

## Example
```yaml
Checkout:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    DurableConfig: {ExecutionTimeout: 3600}
```

## Use instead
```yaml
Checkout:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    DurableConfig:
      ExecutionTimeout: 3600
      KMSKeyArn: !GetAtt Key.Arn
Key:
  Type: AWS::KMS::Key
  Properties:
    EnableKeyRotation: true
```
The environment of functions is the matter of `environment-without-customer-key`.

## Fix safety
Unsafe: who deploys, and who reads what is kept, must be allowed to use the key, which is paid for. One key,
`ComputeKey`, serves all. The machines of a capacity provider get no fix: another key needs other machines.

## References
- AWS CloudFormation Template Reference, "AWS::Lambda::Function DurableConfig"
- AWS CloudFormation Template Reference, "AWS::Lambda::CapacityProvider"
- AWS CloudFormation Template Reference, "AWS::Lambda::WebFunctionRevision"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import insert_once, put, unsafe
from lamward.checks.stock import KEY
from lamward.facts import Facts
from lamward.facts.compute import PROVIDER, REVISION, environments_of_compute
from lamward.facts.settings import Unmet, Way, own_key, unmet
from lamward.model.application import Resource
from lamward.model.finding import Doubt, Fix, Persona, Problem, Severity
from lamward.model.value import Absent, at

_KEY = Way(("KmsKeyArn",), own_key)
_OF_EXECUTIONS = Way(("DurableConfig", "KMSKeyArn"), own_key)


@check(
    Resource,
    severity=Severity.LOW,
    since="0.1",
    persona=Persona.AUDITOR,
    types=("AWS::Lambda::CapacityProvider", "AWS::Lambda::Function", "AWS::Lambda::WebFunctionRevision"),
)
def compute_without_customer_key(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a key of the application's owner protects what compute keeps."""
    what = _kept(resource, facts)
    if not what:
        return
    for answer in unmet(resource, _OF_EXECUTIONS if resource.type == "AWS::Lambda::Function" else _KEY):
        if answer.doubt:
            yield Doubt(answer.location, answer.doubt, when=answer.when)
        else:
            yield Problem(
                answer.location,
                f"{what} encrypted with a key of AWS",
                when=answer.when,
                fix=None if resource.type == PROVIDER else _lock(resource, facts, answer),
            )


def _lock(resource: Resource, facts: Facts, answer: Unmet) -> Fix | None:
    key = insert_once(facts, resource, "ComputeKey", "AWS::KMS::Key", KEY)
    way = _KEY if resource.type == REVISION else _OF_EXECUTIONS
    locked = put(resource, *map(str, way.path), to=key.arn, now=answer.value)
    why = "whoever deploys or reads what is kept must be allowed to use the key"
    return unsafe("encrypt it with a key of your own", locked, key.edits, why=why)


def _kept(resource: Resource, facts: Facts) -> str:
    """Say what there is to protect, "" for nothing."""
    if resource.type == PROVIDER:
        return "the disks of these machines are"
    if resource.type == REVISION:
        return (
            "the environment of this web function is" if resource.id in environments_of_compute(facts) else ""
        )
    durable = not isinstance(at(resource.properties, "DurableConfig"), Absent)
    return "the history of this function's executions is" if durable else ""
