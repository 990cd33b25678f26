"""What a ledger says about a function: each action and resource, how often it was used and how often denied."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from lamward.trail.ledger import Attribution, Certainty, Key, Ledger, Outcome, Principal, Tally


class Usage(Struct, frozen=True, order=True):
    """One action on one resource by one principal.

    `resource` is an ARN, or the beginning of many and `*` where `generalised`. `first` and `last` are of the uses, or
    of the denials where there was no use.
    """

    action: str
    resource: str
    principal: Principal
    certainty: Certainty
    via: str
    generalised: bool
    count: int
    denied: int
    first: datetime.datetime
    last: datetime.datetime


class Coverage(Struct, frozen=True):
    """What a ledger was made of: when, where, and the services whose data events were there."""

    first: datetime.datetime
    last: datetime.datetime
    events: int
    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    data: tuple[str, ...]


def usage(ledger: Ledger, function: str, *, role: str = "") -> tuple[Usage, ...]:
    """List what a function used, by its name or ARN, in order of action and resource.

    With the ARN of its role, what that role did without its function being known is listed too: where no other
    function shares the role it was this one. A `principal` of attribution `SESSION` should have the function's role;
    another one was assumed by somebody who named the session like the function.
    """
    known = principals(ledger)
    wanted = {each for each in known if is_function(each, function)}
    if role:
        wanted |= {each for each in known if each.attribution is Attribution.ROLE and each.role == role}
    return _usages(ledger, wanted)


def usage_of(ledger: Ledger, principal: Principal) -> tuple[Usage, ...]:
    """List what exactly one principal used."""
    return _usages(ledger, {principal})


def principals(ledger: Ledger) -> tuple[Principal, ...]:
    """List all principals by the names of their functions, the surest first; those without a function at the end."""
    found = {key.principal for key in ledger.uses}
    return tuple(sorted(found, key=_place))


def _place(principal: Principal) -> tuple[bool, str, bool, Principal]:
    sure = principal.attribution is Attribution.FUNCTION
    return not principal.function, principal.function.rpartition(":")[2], not sure, principal


def coverage(ledger: Ledger) -> Coverage | None:
    """Say what a ledger was made of; None where it is empty."""
    window = ledger.window
    if window is None:
        return None
    streams = ledger.streams
    return Coverage(
        *window,
        events=sum(each.count for each in streams.values()),
        accounts=tuple(sorted({each.account for each in streams if each.account})),
        regions=tuple(sorted({each.region for each in streams if each.region})),
        data=tuple(sorted({each.source for each in streams if each.category == "Data"})),
    )


def is_function(principal: Principal, function: str) -> bool:
    """Tell whether a principal is, or may be, the function of a name or an ARN (a version or alias is no matter)."""
    if not principal.function:
        return False
    own = principal.function.split(":")
    if not function.startswith("arn:"):
        return own[6] == function
    other = function.split(":")[:7]
    return [part for at, part in enumerate(own) if at != 3] == [
        part for at, part in enumerate(other) if at != 3
    ] and own[3] in ("*", other[3])


def _usages(ledger: Ledger, wanted: set[Principal]) -> tuple[Usage, ...]:
    """Put the uses and the denials of one action on one resource side by side."""
    rows: dict[tuple[Key, str, bool], dict[Outcome, Tally]] = {}
    for key, resource, general, tally in _rows(ledger, wanted):
        used = msgspec.structs.replace(key, outcome=Outcome.USED)
        rows.setdefault((used, resource, general), {})[key.outcome] = tally
    return tuple(
        sorted(_usage(key, resource, found, general) for (key, resource, general), found in rows.items())
    )


def _rows(ledger: Ledger, wanted: set[Principal]) -> Iterator[tuple[Key, str, bool, Tally]]:
    for key, resources in ledger.uses.items():
        if key.principal in wanted:
            for resource, tally, general in resources.rows():
                yield key, resource, general, tally


def _usage(key: Key, resource: str, found: dict[Outcome, Tally], general: bool) -> Usage:  # noqa: FBT001 a fact, not a switch
    shown = found[Outcome.USED] if Outcome.USED in found else found[Outcome.DENIED]
    return Usage(
        key.action,
        resource,
        key.principal,
        key.certainty,
        key.via,
        general,
        count=found[Outcome.USED].count if Outcome.USED in found else 0,
        denied=found[Outcome.DENIED].count if Outcome.DENIED in found else 0,
        first=shown.first,
        last=shown.last,
    )
