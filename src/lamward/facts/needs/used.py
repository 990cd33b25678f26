"""What CloudTrail showed of a function, beside what its code and its settings need.

An access that was seen is verified. What was seen and is not in the code is needed all the same: the analysis has a
gap. What is needed and was not seen is rarely used, or the trail could not have shown it. What was denied was tried,
which is no reason to allow it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from lamward.facts import Facts, fact
from lamward.facts.deployment import arn_of, has_arn, name_property
from lamward.facts.grants import execution_roles
from lamward.facts.links import functions_of_roles, roles_of
from lamward.facts.needs.arns import arn_of_resource
from lamward.facts.needs.compare import allowed
from lamward.facts.reach import policies_of
from lamward.iam import pattern
from lamward.model.access import Truth
from lamward.model.application import Function, Resource, Role
from lamward.model.evidence import Access, Event, Tier
from lamward.model.value import Known, Part, Reference, ReferenceKind, Symbolic, at, cases, parts_of
from lamward.trail.ledger import Certainty
from lamward.trail.observable import would_show
from lamward.trail.usage import Coverage, Usage, coverage, principals, usage

GAP: Final = "the trail shows it, and the analysis of the code does not: this is a gap of lamward's"
_CUT: Final = 20
"""CloudFormation cuts long logical ids in the names it makes; so many characters it leaves."""
_ANYWHERE: Final = ("", "*")


class Seen(Struct, frozen=True):
    """What the trail showed of a function: as which functions it was seen, and what it used and was denied.

    `ambiguous` names the functions of the trail that may all be this one; nothing is taken from them then.
    """

    names: tuple[str, ...] = ()
    used: tuple[Usage, ...] = ()
    denied: tuple[Usage, ...] = ()
    ambiguous: tuple[str, ...] = ()
    window: Coverage | None = None


@fact
def seen(facts: Facts, function: Function) -> Seen:
    """Find a function in the trail."""
    ledger = facts.trail
    if ledger is None:
        return Seen()
    named = sorted({each.function for each in principals(ledger) if each.function})
    wanted = name_pattern(facts, function)
    found = [each for each in named if re.fullmatch(wanted, each.split(":")[6])]
    window = coverage(ledger)
    # One function in several regions or accounts has one name; two names are two stacks, or two functions.
    if len({each.split(":")[6] for each in found}) > 1:
        return Seen(ambiguous=tuple(found), window=window)
    rows = tuple(dict.fromkeys(row for each in found for row in usage(ledger, each)))
    return Seen(
        tuple(found),
        tuple(each for each in rows if each.count),
        tuple(each for each in rows if each.denied and not each.count),
        window=window,
    )


def name_pattern(facts: Facts, function: Function) -> str:
    """Give the name of a function as an expression, whose group `stack` is the stack where the name begins with it.

    CloudFormation makes up a name for a function without one.
    """
    match [case.value for case in cases(function.name)]:
        case [Known() | Symbolic() as name]:
            return "".join(
                _spelled(part, facts.stack, first=not at) for at, part in enumerate(parts_of(name))
            )
        case _:
            return _made(facts.stack, function.id)


def _made(stack: str, function: str) -> str:
    *outer, own = function.split("/")
    shown = re.escape(stack[:_CUT]) if stack else ".+"
    # A nested stack is named after the outer one; what is short enough is never cut.
    shown += ".*" if stack and (outer or len(stack) > _CUT) else ""
    rest = ".*" if len(own) > _CUT else "-[A-Za-z0-9]+"
    return f"(?P<stack>{shown})-{re.escape(own[:_CUT])}{rest}"


def _spelled(part: Part, stack: str, *, first: bool) -> str:
    if isinstance(part, str):
        return re.escape(part)
    if part.target != "AWS::StackName":
        return ".+"
    whole = re.escape(stack) if stack else ".+"
    return f"(?P<stack>{whole})" if first else whole


def confirmed(facts: Facts, function: Function, accesses: Sequence[Access]) -> tuple[Access, ...]:
    """Add what the trail showed to what is known to be needed."""
    found = seen(facts, function)
    added: list[Access] = []
    rows: dict[int, list[Usage]] = {}
    for each in found.used:
        matching = [index for index, access in enumerate(accesses) if _is_of(facts, each, access)]
        for index in matching:
            rows.setdefault(index, []).append(each)
        if not matching and each.certainty is Certainty.EXACT and not each.via:
            added.append(_gap(facts, each))
    known = (
        replace(access, evidence=(*access.evidence, _event(rows[index])), tier=Tier.VERIFIED, advice=False)
        if index in rows
        else access
        for index, access in enumerate(accesses)
    )
    return (*known, *dict.fromkeys(added))


def unexercised(facts: Facts, accesses: Sequence[Access]) -> Iterator[tuple[Access, Truth]]:
    """List what is needed and was not seen, and whether the trail would have shown it."""
    if facts.trail is not None:
        for access in accesses:
            if not any(isinstance(each, Event) for each in access.evidence):
                yield access, would_show(facts.trail, access.action)


class Sighting(Struct, frozen=True):
    """A resource that an access was seen on, whose code does not tell which it is: no reason to allow less."""

    access: Access
    resource: str
    event: Event


class Trail(Struct, frozen=True):
    """What the trail says of a function and its grants.

    `unexercised` are accesses that are needed and were not seen, with whether the trail would have shown them.
    `unused` counts the actions that are granted and neither needed nor seen, by the same. `sightings` are what those
    who know the code may narrow a grant to.
    """

    seen: Seen
    unexercised: tuple[tuple[Access, Truth], ...]
    unused: Mapping[Truth, int]
    sightings: tuple[Sighting, ...] = ()


def trail_of(facts: Facts, function: Function, accesses: Sequence[Access]) -> Trail | None:
    """Say what the trail shows of a function; None where there is no trail."""
    if facts.trail is None:
        return None
    found = seen(facts, function)
    known = {each.action for each in accesses} | {each.action for each in found.used}
    roles = roles_of(facts, function)
    granted = allowed(policies_of(facts, roles[0][0])) if len(roles) == 1 else set()
    unused = Counter(would_show(facts.trail, action) for action in granted - known)
    sightings = tuple(_sightings(facts, found.used, accesses))
    return Trail(found, tuple(unexercised(facts, accesses)), unused, sightings)


def _sightings(facts: Facts, rows: Sequence[Usage], accesses: Sequence[Access]) -> Iterator[Sighting]:
    for access in accesses:
        if not access.unknowns or GAP in access.unknowns or "*" not in wild(facts, access.resource):
            continue
        where: dict[str, list[Usage]] = {}
        for each in rows:
            if each.resource not in _ANYWHERE and _is_of(facts, each, access):
                where.setdefault(each.resource, []).append(each)
        for resource, found in sorted(where.items()):
            yield Sighting(access, resource, _event(found))


def idle(facts: Facts) -> tuple[Role, ...]:
    """List the roles for functions that no function of the application has and that the trail did not show."""
    if facts.trail is None or coverage(facts.trail) is None:
        return ()
    seen_roles = {each.role.rpartition("/")[2] for each in principals(facts.trail)}
    used = functions_of_roles(facts)
    resources = facts.application.resources
    return tuple(
        role
        for role in execution_roles(facts)
        if role.id not in used and not any(_covers(name_of(resources[role.id]), each) for each in seen_roles)
    )


def _event(rows: Sequence[Usage]) -> Event:
    first, last = min(each.first for each in rows), max(each.last for each in rows)
    return Event(sum(each.count for each in rows), first.date().isoformat(), last.date().isoformat())


def _is_of(facts: Facts, row: Usage, access: Access) -> bool:
    if row.action.lower() != access.action.lower():
        return False
    general = wild(facts, access.resource)
    return row.resource in _ANYWHERE or general == "*" or _covers(general, row.resource)


def _covers(general: str, specific: str) -> bool:
    return pattern.covers(general, specific, ignore_case=True) is Truth.YES


def wild(facts: Facts, text: Known | Symbolic) -> str:
    """Write a text with references as a pattern of what a deployment makes of it."""
    return "".join(part if isinstance(part, str) else _reference(facts, part) for part in parts_of(text))


def _reference(facts: Facts, reference: Reference) -> str:
    resource = facts.application.resources.get(reference.target)
    if reference.kind is not ReferenceKind.RESOURCE or resource is None:
        return "aws*" if reference.target == "AWS::Partition" else "*"
    if reference.attribute == "Arn" or reference == _sole(arn_of_resource(resource)):
        return _arn(resource) or "*"
    return name_of(resource)


def _sole(value: Symbolic | None) -> Part | None:
    return value.parts[0] if value is not None else None


def _arn(resource: Resource) -> str:
    if not has_arn(resource.type):
        return ""
    made = arn_of(resource.type, name_of(resource), account="*", region="*")
    return made.replace("arn:aws:", "arn:aws*:", 1).replace("-AbCdEf", "-??????")


def name_of(resource: Resource) -> str:
    """Give the name of a resource as a pattern: as written, or as CloudFormation makes one."""
    key = name_property(resource.type)
    named = [case.value for case in cases(at(resource.properties, key))] if key else []
    if len(named) == 1 and isinstance(named[0], Known | Symbolic):
        return "".join(part if isinstance(part, str) else "*" for part in parts_of(named[0]))
    return f"*{resource.id.rpartition('/')[2][:_CUT]}*" if key else "*"


def _gap(facts: Facts, row: Usage) -> Access:
    resource = Known("*") if row.resource in _ANYWHERE else _in_template(facts, row.resource)
    evidence = _event([row])
    return Access(row.action, resource, (evidence,), unknowns=(GAP,), tier=Tier.VERIFIED)


def _in_template(facts: Facts, arn: str) -> Known | Symbolic:
    """Name a resource as the template does, where exactly one of the application may be meant."""
    own, slash, _ = arn.partition("/") if arn.startswith("arn:aws:s3:::") else (arn, "", "")
    found = [
        reference
        for resource in facts.application.resources.values()
        if (shape := _arn(resource)) and _covers(shape, own)
        if (reference := arn_of_resource(resource)) is not None
    ]
    if len(found) != 1:
        return Known(arn)
    return Symbolic((*found[0].parts, "/*")) if slash else found[0]
