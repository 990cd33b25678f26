"""Table, stream, file system, repository or search domain that strangers may use.

## Why it matters
A resource policy for `*` goes past the roles: whoever it lets in reads or changes what the function works with, or
the image the function runs, without ever touching the function.

Asked of the stores that functions have to do with, by the policies of DynamoDB tables, Kinesis streams, EFS file
systems, ECR repositories and OpenSearch domains. Queues, topics, buckets, event buses, keys and secrets have checks
of their own.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment: {Variables: {TABLE: !Ref Stock}}
Stock:
  Type: AWS::DynamoDB::Table
  Properties:
    ResourcePolicy:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: "*"}
            Action: dynamodb:PutItem
            Resource: "*"
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment: {Variables: {TABLE: !Ref Stock}}
Stock:
  Type: AWS::DynamoDB::Table
  Properties:
    ResourcePolicy:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
            Action: dynamodb:PutItem
            Resource: "*"
```
A search domain inside a VPC is reached from there alone, and one with fine-grained access control asks for a user
itself: both pass.

## Fix safety
Unsafe: the fix bounds the statement to the own account (`aws:PrincipalAccount`). Users in other accounts must be
named, and clients that do not sign their requests are refused.

## References
- Amazon OpenSearch Service Developer Guide, "Identity and Access Management in Amazon OpenSearch Service"
- Amazon DynamoDB Developer Guide, "Using resource-based policies for DynamoDB"
- Amazon ECR User Guide, "Private repository policies in Amazon ECR"
- Amazon EFS User Guide, "Using IAM to control access to file systems"
"""

from __future__ import annotations

from typing import Final

from lamward.checks.framework import Answer, check
from lamward.checks.strangers import let_in
from lamward.facts import Facts
from lamward.facts.feeding import stands_apart
from lamward.model.application import ResourcePolicy, ResourcePolicyKind
from lamward.model.finding import Severity
from lamward.model.value import Fields, at, truth_of

_ACCESS: Final = "AdvancedSecurityOptions"
_STORES: Final = frozenset(
    {
        ResourcePolicyKind.FILE_SYSTEM,
        ResourcePolicyKind.REPOSITORY,
        ResourcePolicyKind.SEARCH,
        ResourcePolicyKind.STREAM,
        ResourcePolicyKind.TABLE,
    }
)


@check(ResourcePolicy, severity=Severity.HIGH, since="0.1")
def public_store_policy(written: ResourcePolicy, facts: Facts) -> Answer:
    """Ask whether the policy of a store that functions work with lets strangers in."""
    if written.kind not in _STORES or stands_apart(facts, written):
        return
    properties = facts.application.resources[written.id].properties
    asks = truth_of(at(properties, _ACCESS, "Enabled")) and not truth_of(
        at(properties, _ACCESS, "AnonymousAuthEnabled")
    )
    if not asks and not isinstance(at(properties, "VPCOptions"), Fields):
        message = f"strangers may use this {written.kind.value}"
        yield from let_in(written, facts, message=message, bound_by="aws:PrincipalAccount")
