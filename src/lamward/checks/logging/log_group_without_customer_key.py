"""Log group of a function that an application with a key of its own leaves to AWS's key.

## Why it matters
CloudWatch encrypts every log group, with a key that whoever may read logs may use. With a key of one's own a key policy
says who reads, each use is on record, and disabling the key shuts the logs. An application that guards its data with a
key and then logs the same data beside it has guarded half.

Asked where the application declares a key or gives one to a function, and for those who review every such place.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    KmsKeyArn: !GetAtt Key.Arn
OrdersLogs:
  Type: AWS::Logs::LogGroup
  Properties:
    LogGroupName: !Sub /aws/lambda/${Orders}
    RetentionInDays: 90
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

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    KmsKeyArn: !GetAtt Key.Arn
OrdersLogs:
  Type: AWS::Logs::LogGroup
  Properties:
    LogGroupName: !Sub /aws/lambda/${Orders}
    RetentionInDays: 90
    KmsKeyId: !GetAtt Key.Arn
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
        - Effect: Allow
          Principal: {Service: logs.amazonaws.com}
          Action: [kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, kms:GenerateDataKey*, kms:Describe*]
          Resource: "*"
          Condition:
            ArnLike:
              kms:EncryptionContext:aws:logs:arn: !Sub arn:aws:logs:${AWS::Region}:${AWS::AccountId}:*
```

## References
- Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS Key Management Service"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.logs import functions_of_log_groups, own_keys
from lamward.facts.places import others
from lamward.model.application import LogGroup
from lamward.model.finding import Persona, Problem, Related, Severity
from lamward.model.value import Absent, cases


@check(LogGroup, severity=Severity.INFO, persona=Persona.AUDITOR, since="0.1")
def log_group_without_customer_key(group: LogGroup, facts: Facts) -> Answer:
    """Ask whether the logs of functions are encrypted with the application's key, where it has one."""
    functions = functions_of_log_groups(facts).get(group.id, ())
    keys = own_keys(facts)
    for case in cases(group.kms_key, group.when) if functions and keys else ():
        if isinstance(case.value, Absent):
            yield Problem(
                group.location,
                "what functions log here is encrypted with AWS's key, though the application has one of its own",
                when=case.when,
                related=(Related(keys[0], "the application's own key"), *others(functions, note="logs here")),
                help="set KmsKeyId, and let logs.amazonaws.com use the key for this log group",
            )
