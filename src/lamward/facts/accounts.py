"""Whose account an ARN names."""

from __future__ import annotations

import re
from typing import Final

from lamward.facts import Facts
from lamward.iam import pattern
from lamward.model.value import Reference, ReferenceKind, Symbolic, Value, text_of

ACCOUNT: Final = re.compile(r"\d{12}")
_ACCOUNT_PART: Final = 4


def written(value: Value) -> str:
    """Give a text as it is written, with `${…}` for what the deployment fills in; "" for what is no text."""
    return str(value) if isinstance(value, Symbolic) else text_of(value) or ""


def account_part(value: Value) -> pattern.Pattern | None:
    """Give the account part of an ARN as a pattern; None for what is no ARN."""
    text = value if isinstance(value, Symbolic) else text_of(value)
    parts = pattern.split_arn(pattern.parse(text)) if text else None
    return parts[_ACCOUNT_PART] if parts else None


def written_account(value: Value) -> str:
    """Give the account that an ARN writes out, "" where it writes none."""
    match account_part(value):
        case (str() as text,) if ACCOUNT.fullmatch(text):
            return text
        case _:
            return ""


def foreign_account(facts: Facts, value: Value) -> str:
    """Give the account an ARN writes out when nobody said that it can be trusted, "" otherwise."""
    account = written_account(value)
    return "" if account in facts.trusted_accounts else account


def is_given_by_user(value: Value) -> bool:
    """Tell whether a value is nothing but a parameter, an import or a look-up: anything may stand there."""
    outside = {ReferenceKind.PARAMETER, ReferenceKind.IMPORT, ReferenceKind.DYNAMIC}
    match value:
        case Symbolic(parts=(Reference(kind=kind),)):
            return kind in outside
        case _:
            return False
