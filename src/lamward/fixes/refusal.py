"""Why a fix is not applied: a reason for machines, a sentence for people, and the place it speaks of."""

from __future__ import annotations

from enum import StrEnum
from typing import NoReturn

from msgspec import Struct

from lamward.model.location import Location


class Reason(StrEnum):
    """The kinds of refusal."""

    NOT_WRITTEN = "not-written"
    ALREADY_THERE = "already-there"
    SHARED = "shared"
    MERGED = "merged"
    DUPLICATE_KEY = "duplicate-key"
    INTRINSIC = "intrinsic"
    TRANSFORM = "transform"
    GENERATED = "generated"
    TEMPLATE_LANGUAGE = "template-language"
    SHAPE = "shape"
    VALUE = "value"
    SEVERAL_FILES = "several-files"
    CONFLICT = "conflict"
    OVERLAP = "overlap"
    MALFORMED = "malformed"
    NOT_AS_INTENDED = "not-as-intended"
    OTHER_FACTS = "other-facts"
    STILL_FOUND = "still-found"
    NEW_FINDING = "new-finding"
    CHANGED_ON_DISK = "changed-on-disk"
    UNWRITABLE = "unwritable"


class Refusal(Struct, frozen=True):
    """A fix that is not applied, and why: one lower-case sentence without a full stop."""

    reason: Reason
    message: str
    location: Location


class Refused(Exception):
    """Carries a refusal out of the depth of one document's edits; what is public returns it as a value."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def refuse(reason: Reason, message: str, location: Location) -> NoReturn:
    """Give up on a document's edits."""
    raise Refused(Refusal(reason, message, location))
