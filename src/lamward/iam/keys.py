"""Condition keys: which of them may have several values, and of what type these are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from lamward.iam import catalogue
from lamward.iam.catalogue import ValueType

SEVERAL: Final = frozenset(
    {
        "aws:tagkeys",
        "aws:calledvia",
        "aws:principalorgpaths",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:principalservicenameslist",
    }
)
"""Global keys with several values (IAM User Guide, "AWS global condition context keys")."""


ALWAYS_SENT: Final = (
    "aws:currenttime",
    "aws:epochtime",
    "aws:requestedregion",
    "aws:securetransport",
    "aws:useragent",
    "aws:viaawsservice",
)
"""Global keys that AWS sends with every request, whoever calls and whatever is asked for (the same page; it makes an
exception of a few services for the last).
"""


def has_one_value(key: str) -> bool:
    """Tell whether a key, in lower case, is known to have at most one value."""
    if key.startswith("aws:"):
        return key not in SEVERAL
    known = catalogue.condition_key(key.partition(":")[0], key)
    return known is not None and not known.multivalued


_GLOBAL_TYPES: Final[Mapping[str, ValueType]] = {
    "aws:currenttime": ValueType.DATE,
    "aws:epochtime": ValueType.DATE,
    "aws:multifactorauthage": ValueType.NUMERIC,
    "aws:multifactorauthpresent": ValueType.BOOL,
    "aws:principalisawsservice": ValueType.BOOL,
    "aws:securetransport": ValueType.BOOL,
    "aws:tokenissuetime": ValueType.DATE,
    "aws:viaawsservice": ValueType.BOOL,
}
"""Types of global keys; those that are not here are text, ARNs, or addresses that may be the name of a service."""


@lru_cache(maxsize=4096)
def value_type(key: str) -> ValueType | None:
    """Give the type of a key in lower case; None where AWS does not say, or it is a global key without a form."""
    if key.startswith("aws:"):
        return _GLOBAL_TYPES.get(key)
    known = catalogue.condition_key(key.partition(":")[0], key)
    return None if known is None else known.type
