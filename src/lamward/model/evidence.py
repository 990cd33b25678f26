"""One action on one resource, and why we say that a function needs it, uses it or may do it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from lamward.model.location import Location
from lamward.model.value import Known, Symbolic


class Call(Struct, frozen=True, tag="call"):
    """The code calls an SDK operation here; `chain` leads to it from the handler, outermost first."""

    location: Location
    service: str
    operation: str
    chain: tuple[Location, ...] = ()


class Platform(Struct, frozen=True, tag="platform"):
    """Lambda itself needs it for something that is configured there."""

    feature: str
    location: Location


class Event(Struct, frozen=True, tag="event"):
    """CloudTrail saw it: how often, when first and last (ISO dates), and the id of one such event."""

    count: int
    first: str
    last: str
    id: str = ""


class Declared(Struct, frozen=True, tag="declared"):
    """Somebody wrote down that it is needed."""

    location: Location
    reason: str = ""


Evidence = Call | Platform | Event | Declared


class Tier(StrEnum):
    """How sure we are: seen and read; read with everything known; or taken to be so."""

    VERIFIED = "verified"
    INFERRED = "inferred"
    ASSUMED = "assumed"


Condition = tuple[str, str, Known | Symbolic]
"""What is demanded of a request: an operator, a context key and a value."""


class Access(Struct, frozen=True):
    """One action on one resource, under conditions on the request, with the evidence for it.

    `resource` is an ARN pattern in template form: references stand for what the deployment fills in, and `*` for what
    is not known, of which `unknowns` tell the reasons.
    """

    action: str
    resource: Known | Symbolic
    evidence: tuple[Evidence, ...] = ()
    conditions: tuple[Condition, ...] = ()
    unknowns: tuple[str, ...] = ()
    tier: Tier = Tier.INFERRED
    advice: bool = False
