"""Events or logs that leave for another account.

## Why it matters
A dead-letter queue or destination gets the whole event, often the answer too, and a subscription filter every line a
function logs. In an account that is not yours, personal data and secrets are out of reach of your own policies, and
nobody notices.

## Example
```yaml
Report:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    EventInvokeConfig:
      DestinationConfig:
        OnSuccess:
          Type: SNS
          Destination: !Sub arn:aws:sns:${AWS::Region}:210987654321:reports
```

## Use instead
```yaml
Report:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    EventInvokeConfig:
      DestinationConfig:
        OnSuccess:
          Type: SNS
          Destination: !Sub arn:aws:sns:${AWS::Region}:${AWS::AccountId}:reports
```

## Options
Accounts listed in `trusted-accounts` pass; list your own if you write it out instead of `${AWS::AccountId}`.

## References
- AWS Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations"
- Amazon CloudWatch Logs User Guide, "Cross-account log data sharing with subscriptions"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.destinations import foreign_destinations
from lamward.model.application import Application
from lamward.model.finding import Confidence, Problem, Severity


@check(Application, severity=Severity.MEDIUM, confidence=Confidence.MEDIUM, since="0.1")
def foreign_account_destination(_application: Application, facts: Facts) -> Answer:
    """Ask of every destination of events and logs whether it is in an account that is known."""
    for found in foreign_destinations(facts):
        yield Problem(
            found.place.location,
            f"{found.what} go to account {found.account}, which is not known to be yours",
            when=found.place.case.when,
            discriminator=found.account,
            help="write `${AWS::AccountId}`, or list the account in `trusted-accounts`",
        )
