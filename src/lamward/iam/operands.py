"""The values that conditions compare: numbers, moments, addresses; and what the name of an operator says."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Network, IPv6Network, NetmaskValueError, ip_network
from typing import Final

from msgspec import Struct

from lamward.model.value import Scalar

LONGEST_NUMBER: Final = 64


Network = IPv4Network | IPv6Network


class Quantifier(StrEnum):
    """How an operator deals with several values of a key."""

    NONE = ""
    ALL = "forallvalues"
    ANY = "foranyvalue"


class Comparison(StrEnum):
    """What an operator compares, its negation aside."""

    STRING = "string"
    STRING_IGNORE_CASE = "string, any letter case"
    LIKE = "pattern"
    ARN = "arn"
    NUMBER = "number"
    DATE = "date"
    BOOL = "bool"
    BINARY = "binary"
    ADDRESS = "address"
    NULL = "null"


class Operator(Struct, frozen=True):
    """An operator taken apart. `relation` is one of `==`, `<`, `<=`, `>`, `>=`."""

    comparison: Comparison
    negated: bool = False
    relation: str = "=="
    if_exists: bool = False
    quantifier: Quantifier = Quantifier.NONE

    @property
    def takes_variables(self) -> bool:
        """Whether policy variables have a meaning in its values (IAM User Guide, "Variables and tags")."""
        return self.comparison in _WITH_VARIABLES


_WITH_VARIABLES: Final = frozenset(
    {Comparison.STRING, Comparison.STRING_IGNORE_CASE, Comparison.LIKE, Comparison.ARN, Comparison.BOOL}
)
_C = Comparison
_PLAIN: Final[dict[str, tuple[Comparison, bool, str]]] = {
    "stringequals": (_C.STRING, False, "=="),
    "stringnotequals": (_C.STRING, True, "=="),
    "stringequalsignorecase": (_C.STRING_IGNORE_CASE, False, "=="),
    "stringnotequalsignorecase": (_C.STRING_IGNORE_CASE, True, "=="),
    "stringlike": (_C.LIKE, False, "=="),
    "stringnotlike": (_C.LIKE, True, "=="),
    "arnequals": (_C.ARN, False, "=="),
    "arnlike": (_C.ARN, False, "=="),
    "arnnotequals": (_C.ARN, True, "=="),
    "arnnotlike": (_C.ARN, True, "=="),
    "bool": (_C.BOOL, False, "=="),
    "binaryequals": (_C.BINARY, False, "=="),
    "ipaddress": (_C.ADDRESS, False, "=="),
    "notipaddress": (_C.ADDRESS, True, "=="),
    "null": (_C.NULL, False, "=="),
}
_RELATIONS: Final = {
    "equals": (False, "=="),
    "notequals": (True, "=="),
    "lessthan": (False, "<"),
    "lessthanequals": (False, "<="),
    "greaterthan": (False, ">"),
    "greaterthanequals": (False, ">="),
}


@lru_cache(maxsize=512)
def operator(name: str) -> Operator | None:
    """Take an operator's name apart; None for one that IAM does not have."""
    lowered = name.lower()
    quantifier, colon, rest = lowered.rpartition(":")
    if quantifier not in ("", "forallvalues", "foranyvalue") or (colon and not quantifier):
        return None
    base = rest.removesuffix("ifexists")
    plain = _PLAIN.get(base) or _measured(base)
    if plain is None or (plain[0] is Comparison.NULL and (base != rest or quantifier)):
        return None
    return Operator(*plain, if_exists=base != rest, quantifier=Quantifier(quantifier))


def _measured(base: str) -> tuple[Comparison, bool, str] | None:
    for prefix, comparison in (("numeric", Comparison.NUMBER), ("date", Comparison.DATE)):
        relation = _RELATIONS.get(base.removeprefix(prefix)) if base.startswith(prefix) else None
        if relation is not None:
            return (comparison, *relation)
    return None


def text(value: Scalar) -> str:
    """Give a scalar as IAM stores it: booleans as `true` and `false`, numbers without a trailing `.0`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NETWORK: Final = re.compile(r"[0-9a-fA-F.:]+(/\d{1,3})?", re.ASCII)


@lru_cache(maxsize=4096)
def number(written: str) -> Decimal | None:
    """Read a decimal number: no words such as `NaN`, no `_` between digits."""
    if len(written) > LONGEST_NUMBER or _NUMBER.fullmatch(written) is None:
        return None
    try:
        return Decimal(written)
    except InvalidOperation:
        return None


@lru_cache(maxsize=4096)
def moment(written: str) -> Decimal | None:
    """Read a date as seconds since 1970: ISO 8601 (without a zone it is UTC) or a number of seconds."""
    seconds = number(written)
    if seconds is not None:
        return seconds
    try:
        read = datetime.datetime.fromisoformat(written)
    except ValueError:
        return None
    if read.tzinfo is None:
        read = read.replace(tzinfo=datetime.UTC)
    return Decimal(str((read - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)).total_seconds()))


def measure(comparison: Comparison, written: str) -> Decimal | None:
    """Read a value of a numeric or date operator."""
    return moment(written) if comparison is Comparison.DATE else number(written)


@lru_cache(maxsize=4096)
def network(written: str) -> Network | None:
    """Read an address or a range by the length of its prefix; bits beyond it do not count [assumed]."""
    if _NETWORK.fullmatch(written) is None:
        return None
    try:
        return ip_network(written, strict=False)
    except (AddressValueError, NetmaskValueError, ValueError):
        return None


def truth(written: str) -> bool | None:
    """Read a boolean in any letter case."""
    return {"true": True, "false": False}.get(written.lower())
