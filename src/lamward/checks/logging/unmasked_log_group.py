"""Log group whose sensitive data is shown, while that of others is masked.

## Why it matters
A data protection policy masks addresses, card numbers and credentials in log lines for all but a few readers. Who has
one for some functions has decided that their logs carry such data; the function next to them, which handles the same
orders, shows it.

Asked only where some log group of the application, or the account as the template sets it, is masked.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/}
OrdersLogs:
  Type: AWS::Logs::LogGroup
  Properties:
    LogGroupName: !Sub /aws/lambda/${Orders}
    RetentionInDays: 90
    DataProtectionPolicy:
      Name: mask
      Version: "2021-06-01"
      Statement:
        - DataIdentifier: [arn:aws:dataprotection::aws:data-identifier/EmailAddress]
          Operation: {Audit: {FindingsDestination: {}}}
        - DataIdentifier: [arn:aws:dataprotection::aws:data-identifier/EmailAddress]
          Operation: {Deidentify: {MaskConfig: {}}}
Invoices:
  Type: AWS::Serverless::Function
  Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/}
InvoicesLogs:
  Type: AWS::Logs::LogGroup
  Properties:
    LogGroupName: !Sub /aws/lambda/${Invoices}
    RetentionInDays: 90
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/}
OrdersLogs:
  Type: AWS::Logs::LogGroup
  Properties:
    LogGroupName: !Sub /aws/lambda/${Orders}
    RetentionInDays: 90
    DataProtectionPolicy:
      Name: mask
      Version: "2021-06-01"
      Statement:
        - DataIdentifier: [arn:aws:dataprotection::aws:data-identifier/EmailAddress]
          Operation: {Audit: {FindingsDestination: {}}}
        - DataIdentifier: [arn:aws:dataprotection::aws:data-identifier/EmailAddress]
          Operation: {Deidentify: {MaskConfig: {}}}
Invoices:
  Type: AWS::Serverless::Function
  Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: src/}
InvoicesLogs:
  Type: AWS::Logs::LogGroup
  Properties:
    LogGroupName: !Sub /aws/lambda/${Invoices}
    RetentionInDays: 90
    DataProtectionPolicy:
      Name: mask
      Version: "2021-06-01"
      Statement:
        - DataIdentifier: [arn:aws:dataprotection::aws:data-identifier/EmailAddress]
          Operation: {Audit: {FindingsDestination: {}}}
        - DataIdentifier: [arn:aws:dataprotection::aws:data-identifier/EmailAddress]
          Operation: {Deidentify: {MaskConfig: {}}}
```

## References
- Amazon CloudWatch Logs User Guide, "Help protect sensitive log data with masking"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.logs import functions_of_log_groups, masks_some_logs, unmasked_branches
from lamward.facts.places import others
from lamward.model.application import LogGroup
from lamward.model.finding import Problem, Severity


@check(LogGroup, severity=Severity.LOW, since="0.1")
def unmasked_log_group(group: LogGroup, facts: Facts) -> Answer:
    """Ask whether sensitive data is masked in all logs of functions, where it is in some."""
    for when in unmasked_branches(facts, group) if masks_some_logs(facts) else ():
        yield Problem(
            group.location,
            "sensitive data is shown in these logs, and masked in others of the application",
            when=when,
            related=others(functions_of_log_groups(facts)[group.id], note="logs here"),
            help="give the log group a DataProtectionPolicy too",
        )
