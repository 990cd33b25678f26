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

## Fix safety
Unsafe: only services take the role from then on; whoever else took it, people who test with it for instance, no longer
can. There is a fix for roles of functions that anyone may take, none for named accounts.

## Options
`trusted-accounts`: accounts that are yours.

## References
- IAM User Guide, "AWS JSON policy elements: Principal"
- IAM User Guide, "The confused deputy problem"
"""

from __future__ import annotations

from collections.abc import Iterator

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import Edits, remove, replace, unsafe
from lamward.facts import Facts
from lamward.facts.grants import runs_functions
from lamward.facts.trust import Opening, Openness, openings
from lamward.model.application import Role
from lamward.model.finding import Confidence, Doubt, Fix, Problem, Severity
from lamward.model.policy import PrincipalKind, Statement


@check(Role, severity=Severity.CRITICAL, since="0.1")
def open_trust_policy(role: Role, facts: Facts) -> Answer:
    """Ask who beyond services and the own account may take the role."""
    executes = runs_functions(facts, role)
    for opening in openings(role):
        match opening.openness:
            case Openness.ANYONE | Openness.ALL_BUT:
                yield from _open_to_all(opening, _close(role, opening) if executes else None)
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


def _open_to_all(opening: Opening, fix: Fix | None) -> Iterator[Problem]:
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
        fix=fix,
    )


def _close(role: Role, opening: Opening) -> Fix | None:
    for statement in role.trust.statements if role.trust else ():
        if any(opening.location in each.value.value.origins for each in statement.principals or ()):
            why = "whoever else takes the role no longer can"
            return unsafe("let services alone take the role", _services_alone(statement), why=why)
    return None


def _services_alone(statement: Statement) -> Edits:
    principals = statement.principals or ()
    if "Statement" not in statement.location.path:
        return None
    if all(each.kind in {PrincipalKind.AWS, PrincipalKind.ANYONE} for each in principals):
        return replace(statement.location, "Principal", to={"Service": "lambda.amazonaws.com"})
    others = [each for each in principals if each.kind is not PrincipalKind.AWS]
    if all(each.kind is PrincipalKind.SERVICE for each in others):
        return remove(statement.location, "Principal", "AWS")
    return None


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
