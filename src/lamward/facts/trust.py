"""Who may take a role, as its trust policy says: services, accounts, anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.breadth import allows, plain
from lamward.iam.pattern import matcher
from lamward.model.application import Role
from lamward.model.location import Location
from lamward.model.policy import ConditionEntry, Principal, PrincipalKind, Statement
from lamward.model.value import (
    Case,
    Guard,
    Known,
    ReferenceKind,
    Symbolic,
    Unknown,
    both,
    location_of,
    text_of,
)

_TAKING: Final = ("sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML")
_ACCOUNT: Final = re.compile(r"(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::(.*))?")
_NAMING_CALLERS: Final = re.compile(
    r"aws:(principal(orgid|orgpaths|arn|account|tag/.*)|source(arn|account|orgid|orgpaths|vpc|vpce)|userid)"
    r"|sts:externalid|saml:.*|.*:(aud|sub|oaud|amr)"
)


_MET_BY_ALL: Final = frozenset({"", "*", "o-*", "o-*/*", "0.0.0.0/0", "::/0", "repo:*"})
_ANY_PRINCIPAL: Final = re.compile(r"(?:arn|\*):[^:]*:(?:iam|sts|\*)::\*:.*")


_SERVICES_ASIDE: Final = frozenset({"aws:principalisawsservice"})
_PUBLIC_PROVIDERS: Final = (
    "accounts.google.com",
    "app.terraform.io",
    "cognito-identity.amazonaws.com",
    "gitlab.com",
    "graph.facebook.com",
    "token.actions.githubusercontent.com",
    "www.amazon.com",
)
_SAYS_WHOSE: Final = {
    "app.terraform.io": ("sub",),
    "gitlab.com": ("sub", "project_id", "namespace_id"),
    "token.actions.githubusercontent.com": (
        "sub",
        "repository",
        "repository_id",
        "repository_owner",
        "repository_owner_id",
        "job_workflow_ref",
    ),
}
"""The claims that tell one user from another where the audience is the same for all."""


class Openness(StrEnum):
    """To whom a trust policy is open."""

    ANYONE = "anyone"
    ALL_BUT = "all but a few"
    ANY_USER = "any user of a public identity provider"
    ACCOUNT = "another account"
    UNTOLD = "untold"


class Opening(Struct, frozen=True):
    """A principal of a trust policy beyond services and the role's own account.

    `account` has 12 digits where it is told; `whole` is whether all of that account is meant; `keys` are the
    condition keys, in lower case, that the statement holds its callers to.
    """

    openness: Openness
    location: Location
    when: Guard
    account: str = ""
    whole: bool = False
    keys: tuple[str, ...] = ()
    reason: str = ""

    @property
    def names_callers(self) -> bool:
        """Whether a condition says who may take the role."""
        return any(_NAMING_CALLERS.fullmatch(key) for key in self.keys)


def _taking(role: Role) -> Iterator[tuple[Statement, Guard]]:
    """List the statements by which the role can be taken."""
    for statement in role.trust.statements if role.trust else ():
        guard = both(role.when, statement.when)
        if guard is not None and allows(statement) and _allows_taking(statement):
            yield statement, guard


def _allows_taking(statement: Statement) -> bool:
    if statement.actions is None:
        return statement.not_actions is not None
    return any(
        matcher(plain(case), ignore_case=True)(action) for case in statement.actions for action in _TAKING
    )


@fact
def services_of(_facts: Facts, role: Role) -> frozenset[str]:
    """Collect the first labels of the services that may take a role: `lambda` of `lambda.amazonaws.com`."""
    return frozenset(
        _label(principal.value)
        for statement, _ in _taking(role)
        for principal in statement.principals or ()
        if principal.kind is PrincipalKind.SERVICE
    )


def _label(case: Case) -> str:
    return plain(case).partition(".amazonaws")[0].partition(".\ue000")[0]


class UnboundService(Struct, frozen=True):
    """A service that may take a role whoever it acts for."""

    service: str
    statement: Statement
    when: Guard


def unbound_services(role: Role) -> Iterator[UnboundService]:
    """List the services that may take a role without a condition that says for whom."""
    denied = tuple(_keys_of_denials(role))
    for statement, guard in _taking(role):
        keys = (*(entry.key.lower() for entry in statement.conditions if _holds(entry)), *denied)
        if any(_NAMING_CALLERS.fullmatch(key) for key in keys):
            continue
        for principal in statement.principals or ():
            when = both(guard, principal.value.when)
            if principal.kind is PrincipalKind.SERVICE and when is not None:
                yield UnboundService(_label(principal.value), statement, when)


def may_be_taken_by(facts: Facts, role: Role, *services: str) -> bool:
    """Tell whether one of some services may take a role."""
    return not services_of(facts, role).isdisjoint(services)


def openings(role: Role) -> Iterator[Opening]:
    """List the principals by which a role is open beyond services and its own account."""
    denied = tuple(_keys_of_denials(role))
    for statement, guard in _taking(role):
        keys = (*(entry.key.lower() for entry in statement.conditions if _holds(entry)), *denied)
        for excluded in (statement.not_principals or ())[:1]:
            yield Opening(Openness.ALL_BUT, location_of(excluded.value.value), guard, keys=keys)
        for principal in statement.principals or ():
            joined = both(guard, principal.value.when)
            if joined is None:
                continue
            if principal.kind in (PrincipalKind.ANYONE, PrincipalKind.AWS):
                yield from _opening(principal.value, joined, keys)
            elif principal.kind is PrincipalKind.FEDERATED:
                provider = _provider(principal.value, statement)
                if _admits_all_users(provider, keys):
                    where = location_of(principal.value.value)
                    yield Opening(Openness.ANY_USER, where, joined, keys=keys, reason=provider)


def _holds(entry: ConditionEntry) -> bool:
    """Tell whether a condition holds callers to something: it is asked of everybody, and not met by anything."""
    operator = entry.operator.lower()
    if entry.when or "not" in operator or operator == "null" or not entry.values:
        return False
    # Callers who do not bring the key pass.
    if operator.endswith("ifexists") or operator.startswith("forallvalues:"):
        return False
    if any(plain(value) in _MET_BY_ALL for value in entry.values):
        return False
    return not any(_ANY_PRINCIPAL.fullmatch(plain(value)) for value in entry.values)


def _keys_of_denials(role: Role) -> Iterator[str]:
    """List the keys that callers must have the right values of, or are denied: `StringNotEquals` under a Deny."""
    for statement in role.trust.statements if role.trust else ():
        if allows(statement) or statement.when != role.when or not _covers_taking(statement):
            continue
        if statement.not_principals and not statement.conditions:
            yield "aws:principalarn"
        everybody = any(_is_everybody(each) for each in statement.principals or ())
        entries = [each for each in statement.conditions if each.key.lower() not in _SERVICES_ASIDE]
        if everybody and all("not" in each.operator.lower() and not each.when for each in entries):
            yield from (each.key.lower() for each in entries)


def _covers_taking(statement: Statement) -> bool:
    patterns = [matcher(plain(case), ignore_case=True) for case in statement.actions or ()]
    return any(pattern("sts:AssumeRole") for pattern in patterns)


def _is_everybody(principal: Principal) -> bool:
    return principal.kind in (PrincipalKind.ANYONE, PrincipalKind.AWS) and plain(principal.value) == "*"


def _provider(case: Case, statement: Statement) -> str:
    """Name an identity provider that everybody may have an account with (`*` for whatever provider), "" for others."""
    text = plain(case)
    if text == "*":
        return text
    if isinstance(case.value, Symbolic) and case.value.parts == case.value.references:
        # What a reference stands for is told by whose claims the conditions ask for.
        asked = {entry.key.lower().rpartition(":")[0] for entry in statement.conditions}
        return next((each for each in _PUBLIC_PROVIDERS if each in asked), "")
    return next((each for each in _PUBLIC_PROVIDERS if text == each or text.endswith("/" + each)), "")


def _admits_all_users(provider: str, keys: tuple[str, ...]) -> bool:
    """Tell whether all users of a public provider are let in: whatever their repository or application."""
    wanted = _SAYS_WHOSE.get(provider, ("aud", "app_id", "sub"))
    return bool(provider) and not any(f"{provider}:{claim}" in keys for claim in wanted)


def _opening(case: Case, when: Guard, keys: tuple[str, ...]) -> Iterator[Opening]:
    where = location_of(case.value)
    match case.value:
        case Known():
            yield from _told(text_of(case.value) or "", where, when, keys)
        case Symbolic():
            kinds = {reference.kind for reference in case.value.references}
            account = _ACCOUNT.match(str(case.value).replace("${AWS::Partition}", "aws"))
            if account:
                yield from _told(str(case.value).replace("${AWS::Partition}", "aws"), where, when, keys)
            elif ReferenceKind.PARAMETER in kinds or ReferenceKind.IMPORT in kinds:
                reason = f"`{case.value}` may be another account"
                yield Opening(Openness.UNTOLD, where, when, keys=keys, reason=reason)
        case Unknown(reason=reason):
            yield Opening(Openness.UNTOLD, where, when, keys=keys, reason=reason)


def _told(principal: str, where: Location, when: Guard, keys: tuple[str, ...]) -> Iterator[Opening]:
    if principal == "*":
        yield Opening(Openness.ANYONE, where, when, keys=keys)
        return
    account = _ACCOUNT.fullmatch(principal)
    if account:
        whole = account[2] in (None, "root")
        yield Opening(Openness.ACCOUNT, where, when, account=account[1], whole=whole, keys=keys)
