"""Role that strangers may take.

## Why it matters
Whoever may take the execution role is the function, without its code in between: same secrets, same tables. A trust
policy with `Principal: {AWS: "*"}` lets every AWS account do so that knows or guesses the role's name.

Anyone, and anyone but a few, is asked of every role of the application; other accounts only of the roles of functions,
which nobody but Lambda needs to take. An account listed in `trusted-accounts` is yours. A condition that names callers
(`aws:PrincipalOrgID`, `sts:ExternalId`, …) counts, also in a Deny. A public identity provider (GitHub, Google, Cognito
identity pools) needs one that says whose users it lets in, such as `token.actions.githubusercontent.com:sub`.

## Example
```yaml
ReportRole:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal:
            Service: lambda.amazonaws.com
            AWS: "*"
          Action: sts:AssumeRole
```

## Use instead
```yaml
ReportRole:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal:
            Service: lambda.amazonaws.com
          Action: sts:AssumeRole
```

## Options
`trusted-accounts`: accounts that are yours.

## References
- IAM User Guide, "AWS JSON policy elements: Principal"
- IAM User Guide, "The confused deputy problem"
"""

from __future__ import annotations

from collections.abc import Iterator

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.grants import execution_roles
from lamward.facts.trust import Opening, Openness, openings
from lamward.model.application import Role
from lamward.model.finding import Confidence, Doubt, Problem, Severity


@check(Role, severity=Severity.CRITICAL, since="0.1")
def open_trust_policy(role: Role, facts: Facts) -> Answer:
    """Ask who beyond services and the own account may take the role."""
    executes = any(role is each for each in execution_roles(facts))
    for opening in openings(role):
        match opening.openness:
            case Openness.ANYONE | Openness.ALL_BUT:
                yield from _open_to_all(opening)
            case Openness.ANY_USER:
                yield Problem(
                    opening.location,
                    f"every user of `{opening.reason}` may take this role",
                    when=opening.when,
                    severity=Severity.HIGH,
                )
            case Openness.ACCOUNT if executes and opening.account not in facts.trusted_accounts:
                yield from _open_to_account(opening)
            case Openness.UNTOLD if executes and not opening.names_callers:
                yield Doubt(opening.location, opening.reason, when=opening.when)
            case _:
                pass
    for unreadable in role.trust.unreadable if role.trust and executes else ():
        where = unreadable.origins[0] if unreadable.origins else role.location
        yield Doubt(where, unreadable.reason, when=role.when)


def _open_to_all(opening: Opening) -> Iterator[Problem]:
    named = [key for key in opening.keys if key != "sts:externalid"]
    if opening.names_callers and named and "sts:externalid" not in opening.keys:
        return
    who = "anyone" if opening.openness is Openness.ANYONE else "anyone but the listed principals"
    known = "sts:externalid" in opening.keys
    yield Problem(
        opening.location,
        f"{who} may take this role" + (" who knows the external ID" if known else ""),
        when=opening.when,
        severity=Severity.HIGH if known or opening.keys else None,
    )


def _open_to_account(opening: Opening) -> Iterator[Problem]:
    if opening.names_callers:
        return
    who = "everyone it allows in account" if opening.whole else "a principal of account"
    yield Problem(
        opening.location,
        f"{who} `{opening.account}` may take the role of a function",
        when=opening.when,
        discriminator=opening.account,
        severity=Severity.MEDIUM if opening.whole else Severity.LOW,
        confidence=Confidence.MEDIUM,
        help="add the account to `trusted-accounts` if it is yours",
    )
