"""Where a way in ends: the worst that a role really may do, asked of the engine with all its policies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.breadth import allows, plain
from lamward.facts.deployment import ACCOUNT, REGION
from lamward.facts.escalation import ascents, is_administrator, own_policies
from lamward.facts.grants import attached_at, attachments
from lamward.facts.managed_policies import Extent, judge
from lamward.facts.power import power
from lamward.iam.pattern import matcher
from lamward.model.access import Determining, Truth
from lamward.model.application import Role
from lamward.model.finding import Severity
from lamward.model.location import NOWHERE, Location
from lamward.model.policy import Statement

_SOME: Final = "nobody-thought-of-this"
"""The name of a resource that no policy means by itself: who may touch it may touch all of its kind."""


class EndKind(StrEnum):
    """How far a role goes, the worst first."""

    ADMINISTRATOR = "administrator"
    ASCENT = "ascent"
    ACCOUNT_WIDE = "account-wide"


class End(Struct, frozen=True):
    """What holding a role is worth: in words, and the places that give it. With a `doubt` it may be less."""

    kind: EndKind
    does: str
    severity: Severity
    places: tuple[Location, ...]
    doubt: str = ""


class _Ability(Struct, frozen=True):
    """Something worth having: "read every" and "secret", and an action that does it to a resource of any name."""

    verb: str
    noun: str
    action: str
    resource: str


def _arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}{_SOME}"


_BUCKET_OBJECT: Final = f"arn:aws:s3:::{_SOME}/object"
_ABILITIES: Final = (
    _Ability(
        "take every", "role that trusts the account", "sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/{_SOME}"
    ),
    _Ability(
        "replace the code of every", "function", "lambda:UpdateFunctionCode", _arn("lambda", "function:")
    ),
    _Ability("read every", "secret", "secretsmanager:GetSecretValue", _arn("secretsmanager", "secret:")),
    _Ability("read every", "parameter", "ssm:GetParameter", _arn("ssm", "parameter/")),
    _Ability("read every", "bucket", "s3:GetObject", _BUCKET_OBJECT),
    _Ability("read every", "table", "dynamodb:GetItem", _arn("dynamodb", "table/")),
    _Ability("change every", "bucket", "s3:PutObject", _BUCKET_OBJECT),
    _Ability("change every", "table", "dynamodb:PutItem", _arn("dynamodb", "table/")),
)


@fact
def end_of(facts: Facts, role: Role) -> End | None:
    """Say the worst that holding a role comes to; None for one that stays within what it is for."""
    return _administrator(facts, role) or _ascent(facts, role) or _account_wide(facts, role)


def _goes_far(facts: Facts, role: Role) -> bool:
    """Tell cheaply whether anything in a role's policies may go beyond single resources."""
    if any(_may_go_far(statement) for policy in own_policies(facts, role) for statement in policy.statements):
        return True
    judged = (judge(each.name) for each in attachments(facts, role) if each.name)
    return any(each is not None and each.extent is not Extent.ORDINARY for each in judged)


def _may_go_far(statement: Statement) -> bool:
    if not allows(statement):
        return False
    if statement.not_actions is not None or statement.not_resources is not None:
        return True
    patterns = [matcher(plain(case), ignore_case=True) for case in statement.actions or ()]
    wide = any("*" in plain(case) for case in statement.resources or ())
    return wide and any(fits(ability.action) for fits in patterns for ability in _ABILITIES)


def _administrator(facts: Facts, role: Role) -> End | None:
    if not is_administrator(facts, role):
        return None
    able = power(facts, role).can("iam:CreateUser", "*")
    if able.truth is Truth.NO:
        return None
    places = _places(facts, role, able.statements)
    doubt = "" if able.truth is Truth.YES else _conditions(able.guard)
    return End(EndKind.ADMINISTRATOR, "do everything in the account", Severity.CRITICAL, places, doubt)


def _ascent(facts: Facts, role: Role) -> End | None:
    for found in ascents(facts):
        if found.role is not role or not found.steps:
            continue
        target = found.target
        does = (
            "become administrator of the account"
            if target is None
            else f"take the role `{target.declared_by or target.id}`"
        )
        severity = Severity.CRITICAL if target is None else Severity.HIGH
        places = _places(facts, role, found.steps[0].statements)
        return End(EndKind.ASCENT, does, severity, places, _conditions(found.guard))
    return None


def _account_wide(facts: Facts, role: Role) -> End | None:
    # The engine takes a moment to load, and most roles keep to what is theirs.
    if not _goes_far(facts, role):
        return None
    able = [(ability, power(facts, role).can(ability.action, ability.resource)) for ability in _ABILITIES]
    sure = [(ability, each) for ability, each in able if each.truth is Truth.YES]
    unsure = [(ability, each) for ability, each in able if each.truth is Truth.UNKNOWN]
    chosen = sure or unsure
    if not chosen:
        return None
    statements = tuple(dict.fromkeys(one for _, each in chosen for one in each.statements))
    doubt = "" if sure else _conditions(chosen[0][1].guard)
    return End(
        EndKind.ACCOUNT_WIDE,
        _phrase([ability for ability, _ in chosen]),
        Severity.HIGH,
        _places(facts, role, statements),
        doubt,
    )


def _phrase(abilities: list[_Ability]) -> str:
    """Put abilities in words, verb by verb: "read every secret and table, and change every table"."""
    nouns: dict[str, list[str]] = defaultdict(list)
    for ability in abilities:
        nouns[ability.verb].append(ability.noun)
    return ", and ".join(f"{verb} {_listed(each)}" for verb, each in nouns.items())


def _listed(nouns: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(nouns[:-1]), nouns[-1])))


def _conditions(guard: tuple[str, ...]) -> str:
    return f"only {' and '.join(guard)}" if guard else ""


def _places(facts: Facts, role: Role, statements: tuple[Determining, ...]) -> tuple[Location, ...]:
    return tuple(dict.fromkeys(_located(facts, role, statements)))


def _located(facts: Facts, role: Role, statements: tuple[Determining, ...]) -> Iterator[Location]:
    for statement in statements:
        where = statement.location
        if where == NOWHERE:
            where = attached_at(facts, role, statement.policy)
        if where != NOWHERE:
            yield where
