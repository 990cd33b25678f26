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
from lamward.model.policy import PrincipalKind, Statement
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


class Openness(StrEnum):
    """To whom a trust policy is open."""

    ANYONE = "anyone"
    ALL_BUT = "all but a few"
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
def _services(_facts: Facts, role: Role) -> frozenset[str]:
    """Collect the first labels of the services that may take a role: `lambda` of `lambda.amazonaws.com`."""
    return frozenset(
        plain(principal.value).partition(".amazonaws")[0].partition(".\ue000")[0]
        for statement, _ in _taking(role)
        for principal in statement.principals or ()
        if principal.kind is PrincipalKind.SERVICE
    )


def may_be_taken_by(facts: Facts, role: Role, *services: str) -> bool:
    """Tell whether one of some services may take a role."""
    return not _services(facts, role).isdisjoint(services)


def openings(role: Role) -> Iterator[Opening]:
    """List the principals by which a role is open beyond services and its own account."""
    for statement, guard in _taking(role):
        keys = tuple(
            entry.key.lower() for entry in statement.conditions if "not" not in entry.operator.lower()
        )
        for excluded in (statement.not_principals or ())[:1]:
            yield Opening(Openness.ALL_BUT, location_of(excluded.value.value), guard, keys=keys)
        for principal in statement.principals or ():
            joined = both(guard, principal.value.when)
            if joined is not None and principal.kind in (PrincipalKind.ANYONE, PrincipalKind.AWS):
                yield from _opening(principal.value, joined, keys)


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
