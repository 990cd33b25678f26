"""The identity of a finding across runs: what it is about, never where in the text or in which words.

A fingerprint hashes the check's name, the logical resource, the keys of the path inside it and the check's
discriminator. Lines, list positions, wording, versions and file names are left out on purpose: a baseline must
survive reordering, re-indenting and renaming.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from lamward.model.location import Step

LENGTH: Final = 16
"""Hexadecimal digits of a fingerprint: 64 bits, so that two of a million findings never meet by chance."""


class Identity(Struct, frozen=True):
    """What makes a finding itself."""

    check: str
    resource: str
    keys: tuple[str, ...]
    discriminator: str


def identify(check: str, resource: str, path: tuple[Step, ...], discriminator: str) -> Identity:
    """Make an identity; the part of the path that leads to the resource, and list indexes, are left out."""
    logical = resource.rpartition("/")[2]
    inside = path[2:] if path[:2] == ("Resources", logical) else path
    return Identity(check, resource, tuple(step for step in inside if isinstance(step, str)), discriminator)


def fingerprints(identities: Iterable[Identity]) -> list[str]:
    """Give each finding of one application, in order, a fingerprint of its own: equal ones are numbered."""
    seen: Counter[Identity] = Counter()
    given = []
    for identity in identities:
        given.append(_digest(identity, seen[identity]))
        seen[identity] += 1
    return given


def _digest(identity: Identity, ordinal: int) -> str:
    told = [identity.check, identity.resource, identity.keys, identity.discriminator]
    written = json.dumps([*told, ordinal] if ordinal else told, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:LENGTH]
