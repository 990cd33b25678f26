"""Key that any AWS account may use.

## Why it matters
A key policy for `*` without a bound lets every AWS account decrypt what the key protects, once it has the ciphertext,
and with `kms:*` also disable the key or schedule its deletion. The encryption is then there in name only.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    KmsKeyArn: !GetAtt Key.Arn
    Environment:
      Variables: {TABLE: orders}
Key:
  Type: AWS::KMS::Key
  Properties:
    EnableKeyRotation: true
    KeyPolicy:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: {AWS: "*"}
          Action: kms:*
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
    KmsKeyArn: !GetAtt Key.Arn
    Environment:
      Variables: {TABLE: orders}
Key:
  Type: AWS::KMS::Key
  Properties:
    EnableKeyRotation: true
    KeyPolicy:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
          Action: kms:*
          Resource: "*"
```
The account's own policies then decide who uses the key. `kms:CallerAccount` bounds a statement for `*` as well;
`kms:ViaService` alone does not, as strangers can come by the service too.

## Fix safety
Unsafe: the fix bounds the statement to the key's own account (`kms:CallerAccount`). Users in other accounts must be
named.

## References
- AWS KMS Developer Guide, "Key policies in AWS KMS"
- AWS Security Hub, KMS.5, KMS keys should not be publicly accessible
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.strangers import let_in
from lamward.facts import Facts
from lamward.facts.feeding import stands_apart
from lamward.model.application import ResourcePolicy, ResourcePolicyKind
from lamward.model.finding import Severity


@check(ResourcePolicy, severity=Severity.CRITICAL, since="0.1")
def public_key_policy(written: ResourcePolicy, facts: Facts) -> Answer:
    """Ask whether the policy of a key lets strangers in."""
    if written.kind is ResourcePolicyKind.KEY and not stands_apart(facts, written):
        yield from let_in(
            written, facts, message="any AWS account may use this key", bound_by="kms:CallerAccount"
        )
