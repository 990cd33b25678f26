"""Whether a name says that it holds a secret, or only where one is, how long it lives, who uses it."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
from typing import Final


class Says(IntEnum):
    """What a name says of its value."""

    NOTHING = 0
    SECRET = 1
    PASSWORD = 2


_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

_PASSWORDS: Final = frozenset({"pass", "passphrase", "passwd", "password", "passwords", "passwort", "pwd"})
_SECRETS: Final = frozenset({"apikey", "credential", "credentials", "secret", "secrets", "token", "tokens"})
_KEYS: Final = frozenset(
    {
        "access",
        "admin",
        "api",
        "app",
        "auth",
        "cipher",
        "encryption",
        "hmac",
        "jwt",
        "license",
        "master",
        "private",
        "secret",
    }
    | {"session", "shared", "signing", "webhook"}
)
"""What makes a `key` a secret one; `PRIMARY_KEY` and `S3_KEY` are none."""

_ABOUT: Final = frozenset(
    {"age", "algorithm", "alias", "arn", "attribute", "audience", "bucket", "cache", "class", "column"}
    | {"count", "country", "date", "days", "default", "disabled", "enabled", "endpoint", "exp"}
    | {"expiration", "expire", "expires", "expiry", "extension", "field", "file", "filename", "flag"}
    | {"folder", "format", "function", "header", "host", "hours", "id", "identifier", "ids", "index"}
    | {"interval", "issuer", "kind", "label", "length", "level", "lifetime", "limit", "location"}
    | {"manager", "max", "method", "min", "minutes", "mode", "name", "names", "namespace", "number"}
    | {"optional", "param", "parameter", "parameters", "params", "path", "pattern", "period", "policy"}
    | {"port", "prefix", "provider", "refresh", "region", "required", "resource", "role", "rotation"}
    | {"schedule", "scheme", "scope", "scopes", "seconds", "service", "size", "source", "store"}
    | {"strategy", "suffix", "table", "template", "timeout", "topic", "ttl", "type", "uri", "url", "urls"}
    | {"usage", "user", "username", "users", "validity", "version", "window"}
)
"""Last words of names that speak about a secret, or say where it is."""

_NEVER: Final = frozenset(
    {"cancellation", "continuation", "manager", "max", "next", "page", "pagination", "public"}
)
"""Words beside which a key or a token is none that opens anything."""


@lru_cache(maxsize=4096)
def says(name: str) -> Says:
    """Judge a name by its words, in camelCase, SNAKE_CASE or kebab-case."""
    words = [word.lower() for word in _WORD.findall(name)]
    while words and words[-1].isdigit():
        words.pop()
    if not words or words[-1] in _ABOUT or not _NEVER.isdisjoint(words):
        return Says.NOTHING
    if not _PASSWORDS.isdisjoint(words):
        return Says.PASSWORD
    pairs = pairwise(words)
    if not _SECRETS.isdisjoint(words) or any(second == "key" and first in _KEYS for first, second in pairs):
        return Says.SECRET
    return Says.NOTHING
