"""Key that is switched off while a function depends on it.

## Why it matters
Nothing can be decrypted with a disabled key: functions whose environment it protects do not start, queues and tables it
encrypts cannot be read. Whoever switches it back on in a hurry seldom asks why it was off.

## Example
```yaml
Key:
  Type: AWS::KMS::Key
  Properties:
    Enabled: false
    EnableKeyRotation: true
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
Take:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    KmsKeyArn: !GetAtt Key.Arn
```
Give the function another key where this one was switched off for a reason.

## Fix safety
Whatever the key was switched off for becomes readable again.

## References
- AWS Key Management Service Developer Guide, "Enable and disable keys"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking
from lamward.facts import Facts
from lamward.facts.stores import USABLE
from lamward.model.application import Resource
from lamward.model.finding import Severity


@check(Resource, types=("AWS::KMS::Key",), severity=Severity.MEDIUM, since="0.1")
def disabled_key(resource: Resource, facts: Facts) -> Answer:
    """Ask whether a key that functions depend on can be used."""
    yield from lacking(
        resource,
        facts,
        USABLE,
        "this key is switched off, and functions depend on it",
        remedy="enable the key, or use another one",
        title="switch the key on",
        caution="what it was switched off for becomes readable again",
    )
