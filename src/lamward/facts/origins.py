"""Which websites may call from a visitor's browser: the origins of a CORS block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.model.value import Case, Guard, Value, at, cases, elements, text_of, truth_of

_SPELLINGS: Final = (("AllowOrigins", "AllowCredentials"), ("allowOrigins", "allowCredentials"))
"""The properties in CloudFormation, and in an OpenAPI document."""

EVERY_ORIGIN: Final = frozenset({"*", "http://*", "https://*"})


class EveryOrigin(Struct, frozen=True):
    """An entry that allows every origin, and whether a browser sends credentials along."""

    case: Case
    credentials: bool


def with_every_origin(cors: Value, when: Guard) -> Iterator[EveryOrigin]:
    """Find the entries of `AllowOrigins` that allow every origin, in each branch of the template."""
    for origins, credentials in _SPELLINGS:
        for case in elements(at(cors, origins), when):
            if text_of(case.value) in EVERY_ORIGIN:
                for allowed in cases(at(cors, credentials), case.when):
                    yield EveryOrigin(Case(case.value, allowed.when), truth_of(allowed.value) is True)
