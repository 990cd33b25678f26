"""All that a function needs, each access once with all the evidence for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.needs.code import Code, code_of
from lamward.facts.needs.keys import key_accesses
from lamward.facts.needs.platform import platform_of
from lamward.model.application import Function
from lamward.model.evidence import Access, Tier
from lamward.model.value import parts_of

_SUREST = (Tier.VERIFIED, Tier.INFERRED, Tier.ASSUMED)


class Needed(Struct, frozen=True):
    """What a function needs. `advice` are accesses it works without; `code` says what was looked at.

    Without the whole code the accesses are only those that are known.
    """

    accesses: tuple[Access, ...]
    advice: tuple[Access, ...]
    code: Code

    @property
    def complete(self) -> bool:
        """Whether the accesses are all that its own code needs."""
        return self.code.complete

    @property
    def whole(self) -> bool:
        """Whether nothing else can be needed, by packages neither: only then is what is not needed too much."""
        return self.complete and not self.code.packages

    @property
    def unknown(self) -> str:
        """Why not all that is needed is known, in a clause; "" where it is."""
        code = self.code
        if code.missing or not code.complete:
            count = len(code.unresolved)
            open_calls = f"{count} call{' is' if count == 1 else 's are'} not resolved"
            return code.missing or (open_calls if count else "some of its code could not be read")
        return f"packages call AWS too: {', '.join(code.packages)}" if code.packages else ""


@fact
def needed(facts: Facts, function: Function) -> Needed:
    """Put together what the code and the settings of a function need, and what CloudTrail showed of it."""
    code, merged = code_of(facts, function), asked_for(facts, function)
    if facts.trail is not None:
        from lamward.facts.needs.used import confirmed

        merged = confirmed(facts, function, merged)
    return Needed(
        tuple(each for each in merged if not each.advice), tuple(each for each in merged if each.advice), code
    )


@fact
def asked_for(facts: Facts, function: Function) -> tuple[Access, ...]:
    """List what the code and the settings of a function ask for, whether CloudTrail showed it or not."""
    code = code_of(facts, function)
    found = [*code.accesses, *platform_of(facts, function)]
    found += [extra for access in code.accesses for extra in key_accesses(facts, access)]
    return _merged(found)


def _merged(accesses: Iterable[Access]) -> tuple[Access, ...]:
    """Join the evidence of equal accesses, wherever what they name is written."""
    groups: dict[tuple[object, ...], list[Access]] = {}
    for each in accesses:
        conditions = tuple((operator, key, parts_of(value)) for operator, key, value in each.conditions)
        groups.setdefault((each.action, parts_of(each.resource), conditions), []).append(each)
    return tuple(members[0] if len(members) == 1 else _joined(members) for members in groups.values())


def _joined(members: Sequence[Access]) -> Access:
    """Make one access of equal ones; the surest says how sure, and what one needs is no advice."""
    return msgspec.structs.replace(
        min(members, key=lambda each: _SUREST.index(each.tier)),
        evidence=tuple(dict.fromkeys(one for each in members for one in each.evidence)),
        advice=all(each.advice for each in members),
    )
