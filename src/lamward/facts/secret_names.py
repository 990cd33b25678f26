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

_PASSWORDS: Final = frozenset(
    {"passcode", "passphrase", "passwd", "password", "passwords", "passwort", "pwd"}
)
_LAST_PASSWORDS: Final = frozenset({"pass", "pw"})
"""Passwords as the last word only: `DB_PASS` is one, `PASS_THROUGH` is none."""
_SECRETS: Final = frozenset(
    {"apikeys", "credential", "credentials", "creds", "secret", "secrets", "token", "tokens"}
)
_GLUED_PASSWORDS: Final = re.compile(
    r"\w*(?:passphrase|passwd|password)|(?:db|ftp|mail|smtp|sftp|user)(?:pass|pwd)"
)
_GLUED_SECRETS: Final = re.compile(
    r"(?!non)\w*(?:access|api|app|auth|encryption|private|secret|session|signing)(?:key|secret|token)"
    r"|(?:client|consumer|jwt|shared|webhook)secret|(?:bearer|bot|oauth|refresh)token"
)
"""Words written together, as in `PGPASSWORD` and `authtoken`."""
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

_TAKEN: Final = frozenset(
    {("client", "secret"), ("cookie", "secret"), ("hmac", "secret"), ("jwt", "key"), ("jwt", "secret")}
    | {("secret", "key"), ("session", "secret"), ("signing", "key"), ("signing", "secret")}
)
"""Names under which code takes the secret itself, and no name of one."""
_CHOSEN: Final = re.compile(r"[A-Za-z]{14,}|[A-Za-z]+(?:[-_][A-Za-z]+){2,}[!?]*")
_NAMING: Final = frozenset({"alias", "credentials", "dev", "key", "name", "prod", "secret", "test", "token"})
"""Words of which the names of secrets are made."""

_PLACES: Final = frozenset({"arn", "id", "name", "param", "parameter", "path", "url", "username"})
_KMS: Final = frozenset({"cipher", "encryption", "kms", "master", "signing"})

_ABOUT: Final = frozenset(
    {"address", "addresses", "age", "alg", "algo", "algorithm", "alias", "always", "arn", "attempts"}
    | {"attribute", "audience", "bucket", "budget", "cache", "capacity", "chars", "check", "checksum"}
    | {"claim", "claims", "class", "column", "complexity", "contract", "cookie", "cost", "count"}
    | {
        "country",
        "currency",
        "date",
        "days",
        "default",
        "digest",
        "disabled",
        "duration",
        "enabled",
        "encoding",
    }
    | {"endpoint", "exp", "expiration", "expire", "expires", "expiry", "extension", "field", "file"}
    | {"filename", "fingerprint", "flag", "flow", "folder", "form", "format", "function", "handler"}
    | {"hash", "hashes", "header", "hint", "history", "host", "hours", "id", "identifier", "ids"}
    | {"index", "interval", "issuer", "kind", "label", "lambda", "layer", "leeway", "length", "level"}
    | {"lifespan", "lifetime", "limit", "link", "location", "manager", "max", "method", "min"}
    | {"minutes", "mode", "model", "name", "names", "namespace", "number", "optional", "param"}
    | {"parameter", "parameters", "params", "path", "pattern", "period", "policy", "port", "prefix"}
    | {"price", "provider", "queue", "quota", "rate", "ratio", "refresh", "regex", "region"}
    | {"required", "resource", "role", "rotation", "rule", "rules", "schedule", "scheme", "scope"}
    | {"scopes", "screen", "seconds", "sender", "service", "size", "source", "stage", "store"}
    | {"strategy", "strength", "subject", "suffix", "supply", "symbol", "table", "template"}
    | {"threshold", "thumbprint", "timeout", "topic", "ttl", "type", "uri", "url", "urls", "usage"}
    | {"use", "user", "username", "users", "validation", "validator", "validity", "version"}
    | {"window"}
)
"""Last words of names that speak about a secret, or say where it is."""

_NEVER: Final = frozenset(
    {"cancellation", "continuation", "disable", "enable", "forgot", "manager", "max", "next", "page"}
    | {"pagination", "public", "publishable", "require"}
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
    if (
        not _PASSWORDS.isdisjoint(words)
        or words[-1] in _LAST_PASSWORDS
        or any(map(_GLUED_PASSWORDS.fullmatch, words))
    ):
        # `DB_PASSWORD_KEY` is where in a secret the password stands.
        return Says.NOTHING if words[-1] == "key" else Says.PASSWORD
    if (
        words[-2:] == ["basic", "auth"]
        or not _SECRETS.isdisjoint(words)
        or any(map(_GLUED_SECRETS.fullmatch, words))
    ):
        return Says.SECRET
    opens = any(second in {"key", "keys"} and first in _KEYS for first, second in pairwise(words))
    return Says.SECRET if opens else Says.NOTHING


@lru_cache(maxsize=1024)
def names_place(name: str) -> bool:
    """Tell whether a name says where something is, and not what."""
    words = [word.lower() for word in _WORD.findall(name)]
    return bool(words) and words[-1] in _PLACES


def chooses_secret(name: str, text: str) -> bool:
    """Tell whether words are the secret itself: where code takes it as it stands, and they do not repeat the name."""
    words = [word.lower() for word in _WORD.findall(name)]
    if not any(pair in _TAKEN for pair in pairwise(words)) or not _CHOSEN.fullmatch(text):
        return False
    told = {word.lower() for word in _WORD.findall(text)}
    return told.isdisjoint(words) and told.isdisjoint(_NAMING)


@lru_cache(maxsize=1024)
def may_name_encryption_key(name: str) -> bool:
    """Tell whether a name may also stand for a key in KMS, which is named and never shown."""
    words = [word.lower() for word in _WORD.findall(name)]
    return not _KMS.isdisjoint(words)
