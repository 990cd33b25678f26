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
    """An entry that allows every origin, and what is said of credentials a browser sends along."""

    case: Case
    allowed: Case

    @property
    def credentials(self) -> bool:
        """Whether a browser sends credentials along."""
        return truth_of(self.allowed.value) is True


def with_every_origin(cors: Value, when: Guard) -> Iterator[EveryOrigin]:
    """Find the entries of `AllowOrigins` that allow every origin, in each branch of the template."""
    for origins, credentials in _SPELLINGS:
        for case in elements(at(cors, origins), when):
            if text_of(case.value) in EVERY_ORIGIN:
                for allowed in cases(at(cors, credentials), case.when):
                    yield EveryOrigin(Case(case.value, allowed.when), allowed)
