"""Layers that other accounts publish, and what is known of their publishers."""

from __future__ import annotations

import datetime
import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.accounts import account_part, foreign_account, is_given_by_user, written, written_account
from lamward.facts.places import Shared, shared
from lamward.model.application import Function
from lamward.model.value import Case, Reference, ReferenceKind, elements

FILE: Final = Path(__file__).with_name("data") / "layer_publishers.toml"


class PublisherKind(StrEnum):
    """Who stands behind an account that publishes layers."""

    AWS = "aws"
    VENDOR = "vendor"


class Publisher(Struct, frozen=True):
    """Somebody who publishes layers for everybody, with the accounts they are published from."""

    name: str
    kind: PublisherKind
    accounts: tuple[str, ...]
    reference: str


def as_of() -> datetime.date:
    """Return the day the table was last held against what the publishers say."""
    return _file().as_of


def publishers() -> tuple[Publisher, ...]:
    """Return all known publishers."""
    return _file().publishers


def publisher(account: str) -> Publisher | None:
    """Return the publisher behind an account, or None if the table does not have it."""
    return _by_account().get(account)


class _File(Struct, frozen=True):
    as_of: datetime.date
    publishers: tuple[Publisher, ...]


@cache
def _file() -> _File:
    return msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), _File)


@cache
def _by_account() -> dict[str, Publisher]:
    return {account: each for each in _file().publishers for account in each.accounts}


class ForeignLayer(Struct, frozen=True):
    """A layer of an account nobody said can be trusted and AWS does not own; `name` is its ARN without the version."""

    account: str
    publisher: Publisher | None
    name: str


@fact
def foreign_layers(facts: Facts) -> tuple[tuple[ForeignLayer, Shared], ...]:
    """Find the layers of other accounts, each place once, with the functions that use it."""
    found: dict[ForeignLayer, list[tuple[Function, Case]]] = {}
    for function in facts.application.functions:
        for case in elements(function.layers, function.when):
            account = foreign_account(facts, case.value)
            known = publisher(account)
            if account and not (known and known.kind is PublisherKind.AWS):
                layer = ForeignLayer(account, known, written(case.value).rpartition(":")[0])
                found.setdefault(layer, []).append((function, case))
    return tuple((layer, place) for layer, uses in found.items() for place in shared(uses))


@fact
def unreadable_layers(facts: Facts) -> tuple[Shared, ...]:
    """Find the layers whose account only the deployment knows, each place once."""
    return shared(
        (function, case)
        for function in facts.application.functions
        for case in elements(function.layers, function.when)
        if _is_unreadable(case)
    )


def _is_unreadable(case: Case) -> bool:
    if is_given_by_user(case.value):
        return True
    outside = {ReferenceKind.PARAMETER, ReferenceKind.IMPORT, ReferenceKind.DYNAMIC}
    return any(
        isinstance(piece, Reference) and piece.kind in outside for piece in account_part(case.value) or ()
    )


def is_instrumented(function: Function) -> bool:
    """Tell whether a layer of an observability vendor, or AWS's own OpenTelemetry, traces a function."""
    for case in elements(function.layers, function.when):
        known = publisher(written_account(case.value))
        by_vendor = known is not None and known.kind is PublisherKind.VENDOR
        if by_vendor or any(word in written(case.value) for word in ("otel", "OpenTelemetry")):
            return True
    return False
