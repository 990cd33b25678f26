"""Key whose material never changes.

## Why it matters
The longer one key encrypts, the more is lost with it. KMS makes new key material every year, keeps the old one for what
it has encrypted, and nobody notices: no name, ARN or policy changes. It only has to be switched on.

## Example
```yaml
Key:
  Type: AWS::KMS::Key
  Properties:
    KeyPolicy:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
          Action: kms:*
          Resource: "*"
Take:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    KmsKeyArn: !GetAtt Key.Arn
```

## Use instead
```yaml
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
Take:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    KmsKeyArn: !GetAtt Key.Arn
```
Asymmetric and HMAC keys and those with imported material cannot be rotated like this, and are left alone.

## References
- AWS Key Management Service Developer Guide, "Rotate AWS KMS keys"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking
from lamward.facts import Facts
from lamward.facts.stores import ROTATION
from lamward.model.application import Resource
from lamward.model.finding import Severity


@check(Resource, types=("AWS::KMS::Key",), severity=Severity.LOW, since="0.1")
def unrotated_key(resource: Resource, facts: Facts) -> Answer:
    """Ask whether KMS renews a key around a function."""
    yield from lacking(
        resource,
        facts,
        ROTATION,
        "this key keeps the same material for ever",
        remedy="set `EnableKeyRotation: true`",
        title="rotate the key every year",
    )
