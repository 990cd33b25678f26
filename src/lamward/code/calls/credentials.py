"""Whose credentials a client is given, whatever the language."""

from __future__ import annotations

from typing import Final

from lamward.code.analysis import OWN, CredentialKind, Credentials
from lamward.code.calls.values import Value, is_mystery, texts_of
from lamward.code.pattern import Env, Result

STATIC: Final = Credentials(CredentialKind.STATIC)
UNKNOWN: Final = Credentials(CredentialKind.UNKNOWN)

_OWN_KEYS: Final = frozenset({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})
_ASSUMING: Final = frozenset({"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"})


def of_key(key: Value, own: Credentials = OWN) -> set[Credentials]:
    """Say whose an access key may be; `own` are those that the function's environment stands for."""
    found: set[Credentials] = set()
    for pattern in texts_of(key):
        match pattern.sole:
            case Result() as answer:
                found.add(assumed(answer) or UNKNOWN)
            case Env(name=name) if name in _OWN_KEYS:
                found.add(own)
            case _:
                found.add(UNKNOWN if is_mystery(pattern) else STATIC)
    return found


def assumed(answer: Result) -> Credentials | None:
    """Give the credentials that an answer holds; None if it is no role that was asked for."""
    if answer.service != "sts" or answer.operation not in _ASSUMING:
        return None
    role = tuple(value for name, value in answer.arguments if name == "RoleArn")
    return Credentials(CredentialKind.ASSUMED, role)
