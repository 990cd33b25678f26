"""Condition keys: which of them may have several values."""

from __future__ import annotations

from typing import Final

from lamward.iam import catalogue

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


def has_one_value(key: str) -> bool:
    """Tell whether a key, in lower case, is known to have at most one value."""
    if key.startswith("aws:"):
        return key not in SEVERAL
    known = catalogue.condition_key(key.partition(":")[0], key)
    return known is not None and not known.multivalued
