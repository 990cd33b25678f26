"""Whose credentials a client of the SDKs for JavaScript is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lamward.code.analysis import OWN, CredentialKind, Credentials
from lamward.code.calls import objects
from lamward.code.calls.answers import entries
from lamward.code.calls.credentials import UNKNOWN, assumed, of_key
from lamward.code.calls.frames import Arguments
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import (
    NOTHING,
    Atom,
    Bound,
    Client,
    Foreign,
    FunctionValue,
    Mapping,
    Session,
    Value,
    one,
    texts_of,
)
from lamward.code.pattern import Constant, Pattern, Result

_OWN_PROVIDERS: Final = (
    "fromNodeProviderChain",
    "fromEnv",
    "fromContainerMetadata",
    "fromInstanceMetadata",
    "defaultProvider",
    "EnvironmentCredentials",
)

Model = Callable[[Invocation], Value]


def of_settings(invocation: Invocation, settings: Arguments) -> frozenset[Credentials]:
    """Say whose credentials the settings of a client give."""
    found: set[Credentials] = set()
    given = settings.keywords.get("credentials", NOTHING)
    for atom in given:
        found |= _of(invocation, atom)
    key = settings.keywords.get("accessKeyId", NOTHING)
    found |= of_key(key)
    if "credentials" in settings.optional or not found:
        found.add(OWN)
    return frozenset(found)


def _of(invocation: Invocation, atom: Atom, depth: int = 3) -> set[Credentials]:
    match atom:
        case Session(credentials=credentials):
            return {credentials}
        case Mapping():
            keys = [
                objects.held(invocation.interpreter, atom, name) for name in ("accessKeyId", "AccessKeyId")
            ]
            return of_key(keys[0] or keys[1]) or {UNKNOWN}
        case FunctionValue() | Bound() if depth:
            given = invocation.call(one(atom))
            return {each for inner in given for each in _of(invocation, inner, depth - 1)}
        case Foreign(path=path) if any(name in path for name in _OWN_PROVIDERS):
            return {OWN}
        case Constant():
            return set()
        case Pattern(parts=(Result() as answer,)):
            return {assumed(answer) or UNKNOWN}
        case _:
            return {UNKNOWN}


def assuming(operation: str, wrapper: str = "params") -> Model:
    """Make a model of what takes a role when credentials are needed; its parameters are in `wrapper`."""

    def provider(invocation: Invocation) -> Value:
        written = invocation.get(0)
        settings = entries(invocation, written)
        inner = settings.keywords.get(wrapper)
        parameters = entries(invocation, inner) if inner else _pascal(settings)
        invocation.sdk_call(Client("sts"), operation, parameters)
        role = tuple(sorted(texts_of(parameters.keywords.get("RoleArn", NOTHING)), key=str))
        return one(Session(credentials=Credentials(CredentialKind.ASSUMED, role)))

    return provider


def _pascal(settings: Arguments) -> Arguments:
    keywords = {key[:1].upper() + key[1:]: value for key, value in settings.keywords.items()}
    return Arguments(keywords=keywords, open=settings.open)


def fixed(credentials: Credentials) -> Model:
    """Make a model of what always gives the same kind of credentials."""
    return lambda _: one(Session(credentials=credentials))
