"""Privilege escalation: the catalogue of ways, and which of them an account is open to."""

from __future__ import annotations

from lamward.iam.escalation.catalogue import Capability, Target, Way, as_of, capabilities, ways
from lamward.iam.escalation.edges import ADMINISTRATOR, Edge, Edges
from lamward.iam.escalation.power import Able, Power

__all__ = [
    "ADMINISTRATOR",
    "Able",
    "Capability",
    "Edge",
    "Edges",
    "Power",
    "Target",
    "Way",
    "as_of",
    "capabilities",
    "ways",
]
