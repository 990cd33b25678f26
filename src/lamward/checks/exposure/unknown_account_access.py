"""Access for an account nobody knows.

## Why it matters
An account number in a policy is easily a supplier's of years ago, an example's, or a slip of the finger. Whoever has
it may invoke the function, write to its queue, decrypt with its key: with rights of their own choosing on their side.

Asked of the policies of functions, layers, queues, topics, event buses, keys, secrets and stores that functions have
to do with. A statement that also asks for the organisation passes.

## Example
```yaml
Partner:
  Type: AWS::Lambda::Permission
  Properties:
    FunctionName: fulfilment
    Action: lambda:InvokeFunction
    Principal: "210987654321"
```

## Use instead
```yaml
Partner:
  Type: AWS::Lambda::Permission
  Properties:
    FunctionName: fulfilment
    Action: lambda:InvokeFunction
    Principal: !Ref AWS::AccountId
```

## Options
Accounts listed in `trusted-accounts` pass: list your own, and those of partners you know.

## References
- AWS Lambda Developer Guide, "Granting Lambda function access to other accounts"
- IAM User Guide, "Cross account resource access in IAM"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.invited import unknown_guests
from lamward.model.application import Resource
from lamward.model.finding import Confidence, Problem, Severity
from lamward.model.value import location_of


@check(Resource, severity=Severity.MEDIUM, confidence=Confidence.MEDIUM, since="0.1")
def unknown_account_access(resource: Resource, facts: Facts) -> Answer:
    """Ask whether the accounts that a policy lets in are known."""
    for guest in unknown_guests(facts).get(resource.id, ()):
        yield Problem(
            location_of(guest.principal.value),
            f"account {guest.account}, which is not known to be yours, may use this {guest.what}",
            when=guest.when,
            discriminator=f"{guest.account} {guest.sid}".strip(),
            help="write `${AWS::AccountId}`, or list the account in `trusted-accounts`",
        )
