"""Which texts are secrets: by a form their provider gives them, or by their name together with their look."""

from __future__ import annotations

import datetime
import json
import math
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from lamward.facts.secret_names import Says, chooses_secret, may_name_encryption_key, says
from lamward.model.finding import Confidence, Severity
from lamward.model.value import Known, Settled, Symbolic, text_of

FILE: Final = Path(__file__).with_name("data") / "secret_formats.toml"

FILLED: Final = "\ue000"
"""Stands for what the deployment fills in."""

_PLACEHOLDER: Final = re.compile(
    r"""(?ix) .*\ue000.* | <.*> | \[.*\] | \{.*\} | \$[({].* | (?-i:\$[A-Z_][A-Z0-9_]*) | \#\{.*\}\#?
    | %.*% | \**\* | x{3,} | \.{2,} | -+ | _+ | 0+ | n/?a
    | none | null | nil | undefined | empty | unset | default | true | false | yes | no | on | off | todo.* | tbd
    | .*(?:example|placeholder|change[ _-]?(?:me|it)|replace[ _-]?(?:me|this|with)|dummy|fake|redacted).*
    | (?:enter|insert|put|add|set|provide|the|your|some|any)[ _-].* | your(?=[A-Z]).* | .*[ _-]here | .*<<.*>>.*
    """,
    re.DOTALL,
)
_WEAK: Final = re.compile(
    r"(?i)(?:admin|guest|pass|passwd|password|postgres|root|secret|test|user|mysql|qwerty|12345)\W*[0-9]{0,4}!?"
)
_REFERENCE: Final = re.compile(
    r"(?is)arn:.*|\{\{resolve:.*|https?://[^@]*|s3://.*|ssm:.*|secretsmanager:.*|[./~].*|.*\.(?:json|ya?ml|pem|env|txt)"
)
_PATH: Final = re.compile(r"(?:[a-z]{2,}|[A-Z]{2,}|[A-Z][a-z]+)[0-9]*(?:[._-]\w+)*(?:[./]\w+)*/[\w./-]*")
"""A path starts with a word; what was drawn at random hardly does."""
_KMS_KEY: Final = re.compile(r"(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_WORDS: Final = re.compile(r"[A-Za-z]+(?:[ ._-]+[A-Za-z]+)*(?:[ ._-]*[0-9]{1,2})?")
_GENERATED_LENGTH: Final = 8
_GENERATED_ENTROPY: Final = 2.75
_LONG: Final = 200
_LONGEST: Final = 8192
"""Lambda and CloudFormation take no longer values (4 KB); nobody shall keep us busy with one."""
_AWS_SECRET_KEY: Final = re.compile(r"[A-Za-z0-9/+]{40}")
_AWS_SECRET_ENTROPY: Final = 4.2


class Format(Struct, frozen=True):
    """A form of secret: what it is called, how bad it is, what every text of it holds one of, how it looks."""

    name: str
    severity: Severity
    marks: tuple[str, ...]
    pattern: str

    @property
    def expression(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return re.compile(self.pattern)


class Secret(Struct, frozen=True):
    """A text that is a secret: what it is called, and how bad and how sure that is."""

    name: str
    severity: Severity
    confidence: Confidence = Confidence.HIGH


class _File(Struct, frozen=True):
    as_of: datetime.date
    formats: tuple[Format, ...]


@cache
def _file() -> _File:
    return msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), _File)


@cache
def formats() -> tuple[Format, ...]:
    """Return the forms that give a secret away."""
    return _file().formats


@cache
def _marked() -> tuple[tuple[str, Format], ...]:
    return tuple((mark, each) for each in formats() for mark in each.marks)


def as_of() -> datetime.date:
    """Return the day the formats were last held against what the providers say."""
    return _file().as_of


def written(value: Settled) -> str:
    """Give the text of a value; "" where it has none, a mark for each part that the deployment fills in."""
    if isinstance(value, Known):
        return (text_of(value) or "")[:_LONGEST]
    if isinstance(value, Symbolic):
        return "".join(part if isinstance(part, str) else FILLED for part in value.parts)[:_LONGEST]
    return ""


def by_format(text: str) -> Secret | None:
    """Recognise a secret by its form alone."""
    if len(text) < _GENERATED_LENGTH:
        return None
    # Few texts hold any mark, so few expressions are ever compiled.
    for form in dict.fromkeys([form for mark, form in _marked() if mark in text]):
        found = form.expression.search(text)
        if found and not is_placeholder(found.groupdict().get("secret") or found[0]):
            return Secret(form.name, form.severity)
    return None


def by_name(name: str, text: str) -> Secret | None:
    """Recognise a secret by what its name says and by a value that is no placeholder, reference or number."""
    told = says(name)
    # A secret key of AWS may have the slashes of a path.
    whole = told is Says.SECRET and is_aws_secret_key(text)
    if told is Says.NOTHING or FILLED in text or is_placeholder(text):
        return None
    if not whole and is_name_of_secret(text):
        return None
    if told is Says.PASSWORD:
        if len(text) < 4 or " " in text.strip():  # a switch or a number of something; a sentence
            return None
        weak = _WEAK.fullmatch(text) is not None
        return Secret("password", Severity.HIGH, Confidence.LOW if weak else Confidence.HIGH)
    if _KMS_KEY.fullmatch(text) and may_name_encryption_key(name):
        return None
    if _looks_generated(text):
        return Secret("secret", Severity.HIGH, Confidence.MEDIUM)
    return Secret("secret", Severity.HIGH, Confidence.LOW) if chooses_secret(name, text) else None


def by_structure(text: str) -> Secret | None:
    """Recognise a secret inside a JSON document by the name it has there."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    pending: list[tuple[str, object]] = [("", document)]
    while pending:
        name, value = pending.pop()
        match value:
            case dict():
                pending += [(str(key), child) for key, child in value.items()]
            case list():
                pending += [(name, child) for child in value]
            case str() if found := by_name(name, value):
                return found
    return None


def is_placeholder(text: str) -> bool:
    """Tell whether a text only keeps the place of a value."""
    stripped = text.strip()
    return not stripped or (len(stripped) < _LONG and _PLACEHOLDER.fullmatch(stripped) is not None)


def is_name_of_secret(text: str) -> bool:
    """Tell whether a text says where a secret is: an ARN, a path, a dynamic reference, an address."""
    start = text[:_LONG]
    return _REFERENCE.fullmatch(start) is not None or _PATH.fullmatch(start) is not None


def is_aws_secret_key(text: str) -> bool:
    """Tell whether a text looks like the secret half of an AWS access key; only beside a key ID does that count."""
    return (
        _AWS_SECRET_KEY.fullmatch(text) is not None
        and not is_placeholder(text)
        and entropy(text) >= _AWS_SECRET_ENTROPY
        and any(letter.isdigit() for letter in text)
        and any(letter.isupper() for letter in text)
        and any(letter.islower() for letter in text)
    )


def _looks_generated(text: str) -> bool:
    """Tell a key or token from the name of one: digits among letters, and no sequence of words."""
    return (
        len(text) >= _GENERATED_LENGTH
        and not text.isdigit()
        and " " not in text
        and any(letter.isdigit() for letter in text)
        and _WORDS.fullmatch(text) is None
        and entropy(text) >= _GENERATED_ENTROPY
    )


def entropy(text: str) -> float:
    """Compute Shannon's entropy of a text's characters, in bits a character."""
    return (
        -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())
        if text
        else 0.0
    )
