"""What lint says about a policy: a remark with a name, a place and what to do about it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from lamward.model.location import NOWHERE, Location
from lamward.model.policy import Statement
from lamward.model.value import Case


class Kind(StrEnum):
    """What a document is for, which decides its elements and its size."""

    MANAGED = "managed policy"
    INLINE = "inline policy"
    RESOURCE = "resource policy"
    TRUST = "trust policy"
    SERVICE_CONTROL = "service control policy"
    RESOURCE_CONTROL = "resource control policy"


class Remark(Struct, frozen=True):
    """One thing that is wrong or without effect. `statement` is its index, None for the whole document."""

    name: str
    message: str
    hint: str = ""
    location: Location = NOWHERE
    statement: int | None = None


def place(case: Case, statement: Statement) -> Location:
    """Give the place of a scalar, its statement's where it has none."""
    origins = case.value.origins
    return origins[0] if origins else statement.location
