"""Role that may decrypt with every key of the account.

## Why it matters
A key of one's own is a second lock: who gets at a bucket, a backup or a snapshot still needs the key. `kms:Decrypt` on
`*` opens all of these locks at once, also those of other applications.

Asked of the roles of functions, one finding a statement, of `kms:Decrypt` and `kms:ReEncryptFrom`; other uses of keys
beside them (`kms:GenerateDataKey`) are meant too. Silent where the key, `kms:ViaService`, the encryption context, an
alias (`kms:ResourceAliases`) or a tag bounds it, and where another statement or the permissions boundary denies it.
`kms:*` is the matter of `service-wide-action`, a managed policy of AWS's that of `broad-managed-policy`.

## Example
```yaml
Reader:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            Action: kms:Decrypt
            Resource: "*"
```

## Use instead
```yaml
Reader:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Statement:
          - Effect: Allow
            Action: kms:Decrypt
            Resource: "*"
            Condition:
              "ForAnyValue:StringEquals":
                kms:ResourceAliases: alias/orders
```

## References
- AWS Security Hub, KMS.1 and KMS.2, policies should not allow decryption with all keys
- AWS KMS Developer Guide, "Condition keys for AWS KMS"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.grants import holder, holders
from lamward.facts.singled import unseen, wide
from lamward.model.application import Application
from lamward.model.finding import Problem, Severity
from lamward.model.value import location_of


@check(Application, severity=Severity.HIGH, since="0.1")
def decrypt_with_any_key(_application: Application, facts: Facts) -> Answer:
    """Ask whether a statement lets every key decrypt; one problem a statement."""
    for found in wide(facts, "decrypt"):
        where = location_of(found.reaches[0].case.value)
        yield Problem(
            where,
            f"{holder(facts, found.grant.roles)} may decrypt with every key of the account",
            when=found.when,
            discriminator=found.reaches[0].pattern,
            related=holders(facts, found.grant.roles, where),
        )
    yield from unseen(facts, "decrypt")
