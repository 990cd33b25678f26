"""Secret that any AWS account may use.

## Why it matters
A resource policy for `*` hands the secret's value, or the right to replace it, to everybody on AWS who knows its
name.

## Example
```yaml
ReadByAll:
  Type: AWS::SecretsManager::ResourcePolicy
  Properties:
    SecretId: shop/database
    ResourcePolicy:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: "*"
          Action: secretsmanager:GetSecretValue
          Resource: "*"
```

## Use instead
Within one account no resource policy is needed: the role's policy decides. For another account, name it.
```yaml
ReadByBilling:
  Type: AWS::SecretsManager::ResourcePolicy
  Properties:
    SecretId: shop/database
    ResourcePolicy:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/billing"}
          Action: secretsmanager:GetSecretValue
          Resource: "*"
```

## Fix safety
Unsafe: the fix bounds the statement to the secret's own account (`aws:PrincipalAccount`). Readers in other accounts
must be named.

## References
- AWS Secrets Manager User Guide, "Resource-based policies"
- AWS Secrets Manager User Guide, "How AWS Secrets Manager uses AWS KMS"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.strangers import let_in
from lamward.facts import Facts
from lamward.facts.feeding import stands_apart
from lamward.model.application import ResourcePolicy, ResourcePolicyKind
from lamward.model.finding import Severity


@check(ResourcePolicy, severity=Severity.CRITICAL, since="0.1")
def public_secret_policy(written: ResourcePolicy, facts: Facts) -> Answer:
    """Ask whether the policy of a secret lets strangers in."""
    if written.kind is ResourcePolicyKind.SECRET and not stands_apart(facts, written):
        message = "any AWS account may use this secret"
        yield from let_in(written, facts, message=message, bound_by="aws:PrincipalAccount")
