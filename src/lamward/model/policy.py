"""IAM syntax as written: policies and statements whose every element keeps its place.

Source: IAM User Guide, "IAM JSON policy element reference".
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from lamward.model.location import NOWHERE, Location
from lamward.model.value import ALWAYS, Case, Guard, Unknown


class Effect(StrEnum):
    """What a matching statement does."""

    ALLOW = "Allow"
    DENY = "Deny"


class PrincipalKind(StrEnum):
    """The key under which a principal is written; `ANYONE` is the bare `*`."""

    ANYONE = "*"
    AWS = "AWS"
    SERVICE = "Service"
    FEDERATED = "Federated"
    CANONICAL = "CanonicalUser"


class Principal(Struct, frozen=True):
    """One principal of a statement; `value` is a settled scalar (`Known`, `Symbolic` or `Unknown`).

    `ANYONE` with an `Unknown` value is a principal whose very form cannot be told.
    """

    kind: PrincipalKind
    value: Case


class ConditionEntry(Struct, frozen=True):
    """One line of a condition block: `operator: {key: values}`. All entries of a statement must hold.

    An entry that only some branches of the template have carries their guard in `when`.
    """

    operator: str
    key: str
    values: tuple[Case, ...]
    location: Location = NOWHERE
    when: Guard = ALWAYS


class Statement(Struct, frozen=True):
    """One statement. An element that is not written is None, one written as an empty list is ().

    Elements are cases: a scalar (`Known`, `Symbolic` or `Unknown`) and the branch it belongs to.
    `unreadable` lists the parts that are not what IAM allows there, or cannot be told.
    """

    effect: Effect
    actions: tuple[Case, ...] | None = None
    not_actions: tuple[Case, ...] | None = None
    resources: tuple[Case, ...] | None = None
    not_resources: tuple[Case, ...] | None = None
    principals: tuple[Principal, ...] | None = None
    not_principals: tuple[Principal, ...] | None = None
    conditions: tuple[ConditionEntry, ...] = ()
    sid: str = ""
    location: Location = NOWHERE
    when: Guard = ALWAYS
    unreadable: tuple[Unknown, ...] = ()


class Policy(Struct, frozen=True):
    """A policy document. `version` is "2008-10-17" where none is written, as IAM takes it.

    `unreadable` says which parts could not be told: an answer about the policy is then "no" or "cannot tell"
    where it would have been "yes".
    """

    statements: tuple[Statement, ...]
    name: str = ""
    version: str = "2008-10-17"
    location: Location = NOWHERE
    when: Guard = ALWAYS
    unreadable: tuple[Unknown, ...] = ()
