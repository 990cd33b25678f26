"""What a ledger shows no use of, where it would have shown one: permissions, functions, roles."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.breadth import allows
from lamward.facts.grants import Attachment, attachments
from lamward.facts.links import functions_of_roles, roles_of
from lamward.facts.needs.compare import spare
from lamward.facts.needs.needed import asked_for
from lamward.facts.needs.used import name_of, name_pattern, seen, wild
from lamward.facts.needs.watched import Sight, is_throughout, sight, watched, window
from lamward.facts.reach import policies_of
from lamward.iam import catalogue, documents, pattern
from lamward.iam.operations import table
from lamward.model.access import Truth
from lamward.model.application import Function, Role
from lamward.model.policy import Statement
from lamward.model.value import Case, Known, Symbolic, text_of
from lamward.trail.events import services
from lamward.trail.ledger import Certainty, Key, Principal, Tally, total
from lamward.trail.observable import is_called

_ANYTHING: Final = ("*",)
_STACK: Final = 20
"""Of a stack's name so much is surely in the names that are made of it."""

_PATTERN: Final = re.compile("[*?]")
_STREAM: Final = "logs:CreateLogStream"
"""What Lambda does with the role of a function whenever it starts another copy of it."""

_INVOKING: Final = frozenset({"lambda:InvokeAsync", "lambda:InvokeFunction", "lambda:InvokeFunctionUrl"})
_SETTING: Final = frozenset({"iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePolicy"})
"""What gives a role permissions that it did not have."""


class Unused(Struct, frozen=True):
    """An action as a statement names it that was not used; `last` is the day before the window it was used on."""

    case: Case
    action: str
    last: datetime.date | None
    sight: Sight


class Surplus(Struct, frozen=True):
    """A statement, or an attached policy of AWS, and what it allows that was not used."""

    of: Statement | Attachment
    unused: tuple[Unused, ...]

    @property
    def is_likely(self) -> bool:
        """Whether data events tell it, of which a trail may have some only."""
        return any(each.sight is Sight.LIKELY for each in self.unused)


class Silence(Struct, frozen=True):
    """What a role was not seen to use; `hidden` are the actions, and AWS's policies, whose use would not have shown.

    `changed` is the day in the window on which somebody last changed what the role may do, if one was seen; the
    ledger `begins` with a day of which there are log files.
    """

    surplus: tuple[Surplus, ...] = ()
    hidden: tuple[str, ...] = ()
    changed: datetime.date | None = None
    begins: datetime.date | None = None


class Life(Struct, frozen=True):
    """What a ledger shows of a function or a role: its last use, and the first day it is known to be there.

    `first` is that of the window; `ambiguous` is whether it may be any of several in the ledger.
    """

    last: datetime.date | None
    there: datetime.date | None
    first: datetime.date
    ambiguous: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether it was used in the window."""
        return self.last is not None and self.last >= self.first

    @property
    def is_young(self) -> bool:
        """Whether it is not known to have been there when the window began."""
        return self.there is None or self.there >= self.first


@fact
def _uses(facts: Facts) -> dict[Principal, list[tuple[Key, Tally]]]:
    found: dict[Principal, list[tuple[Key, Tally]]] = defaultdict(list)
    for key, resources in facts.trail.uses.items() if facts.trail else ():
        found[key.principal].append((key, resources.total))
    return found


@fact
def _named(facts: Facts) -> dict[str, dict[str, Tally]]:
    """Index the functions and roles that were the resource of a call, by name, with the actions."""
    found: dict[str, dict[str, Tally]] = defaultdict(dict)
    for key, resources in facts.trail.uses.items() if facts.trail else ():
        if key.action.startswith(("lambda:", "iam:")):
            for arn, tally, _ in resources.rows():
                name = _own_name(arn)
                known = found[name].get(key.action)
                found[name][key.action] = tally if known is None else known + tally
    return found


def _own_name(arn: str) -> str:
    """Give the kind and the name in the ARN of a function or a role, whatever its version or path."""
    kind, _, name = ":".join(arn.split(":")[5:]).replace("/", ":", 1).partition(":")
    return f"{kind}:{name.partition(':')[0].rpartition('/')[2]}"


def silence(facts: Facts, role: Role) -> Silence:
    """List what a role may do and was not seen to do, while it did something; what is known to be needed is not told.

    What was tried and denied counts as used: somebody wants it.
    """
    used = _used_by(facts, role)
    first, _ = window(facts)
    if not any(day >= first for day in used.values()):
        return Silence()
    known = frozenset(_needed(facts, role)) | {action for action, day in used.items() if day >= first}
    told = {
        (each.statement.location, action)
        for each in spare(facts, role) or ()
        for action in each.actions
        if not _PATTERN.search(action)
    }
    surplus: list[Surplus] = []
    hidden: list[str] = []
    for where, cases in _allowed(facts, role):
        own = [
            each
            for case in cases
            if (each := _unused(facts, where, case, known, used)) is not None
            if (where.location, each.action) not in told
        ]
        unseen = [each.action for each in own if each.sight is Sight.NO]
        if isinstance(where, Attachment):
            # Of AWS's policies only all or nothing can be taken away.
            whole = len(own) == len(cases)
            unseen = [where.name] if whole and unseen else []
            own = own if whole and not unseen else []
        hidden += unseen
        shown = tuple(each for each in own if each.sight is not Sight.NO)
        surplus += [Surplus(where, shown)] if shown else []
    return Silence(tuple(surplus), tuple(dict.fromkeys(hidden)), _changed(facts, role), watched(facts).begins)


def _allowed(facts: Facts, role: Role) -> Iterator[tuple[Statement | Attachment, tuple[Case, ...]]]:
    for document in policies_of(facts, role).identity:
        for statement in document.statements:
            if allows(statement) and statement.location.span.file:
                yield statement, statement.actions or ()
    for attached in attachments(facts, role):
        policy = documents.managed_policy(attached.name) if attached.name else None
        statements = [each for each in policy.statements if allows(each)] if policy else []
        if statements and attached.location.span.file:
            yield attached, tuple(case for each in statements for case in each.actions or ())


def _unused(
    facts: Facts,
    where: Statement | Attachment,
    case: Case,
    known: frozenset[str],
    used: Mapping[str, datetime.date],
) -> Unused | None:
    """Judge an action as it is written; None where it is used or needed, or is that of another question."""
    text = text_of(case.value) or ""
    # Whole services are the matter of `service-wide-action`.
    whole = text.endswith(":*") or ":" not in text
    names = [] if whole else [each.name.lower() for each in catalogue.matching(text)]
    if not names or not known.isdisjoint(names):
        return None
    on = _ANYTHING if isinstance(where, Attachment) else tuple(_resources(facts, where))
    last = max((used[name] for name in names if name in used), default=None)
    # Of a wildcard, what has no call of its own comes with what has.
    shown = [sight(facts, name, on) for name in names if is_called(name)]
    return Unused(case, text, last, min(shown, default=Sight.NO))


def _resources(facts: Facts, statement: Statement) -> Iterator[str]:
    if statement.not_resources is not None:
        yield from _ANYTHING
    for case in statement.resources or ():
        if isinstance(case.value, Known | Symbolic):
            yield wild(facts, case.value)


def _needed(facts: Facts, role: Role) -> Iterator[str]:
    """List what code and settings of a role's functions are known to need, seen or not."""
    for function in functions_of_roles(facts).get(role.id, ()):
        yield from (access.action.lower() for access in asked_for(facts, function))


def _used_by(facts: Facts, role: Role) -> dict[str, datetime.date]:
    """Tell on which day a role, or a function of its, last did or tried what, in small letters."""
    names = {name for each in functions_of_roles(facts).get(role.id, ()) for name in seen(facts, each).names}
    found: dict[str, datetime.date] = {}
    for principal, rows in _uses(facts).items():
        if principal.function in names or _is_role(facts, role, principal.role):
            for key, tally in rows:
                for action in _meant(key):
                    found[action] = max(found.get(action, tally.last.date()), tally.last.date())
    return found


def _meant(key: Key) -> Iterable[str]:
    """Name the actions that a use may stand for: all of its service, where no action is known for the event."""
    if key.certainty is not Certainty.UNMAPPED:
        return (key.action.lower(),)
    # Such an event is called after its host, which is not always that of one service alone.
    host = key.action.partition(":")[0]
    prefixes = {host, *(table.prefix(service) for service in services(host))}
    return [each.name.lower() for prefix in prefixes for each in catalogue.matching(f"{prefix}:*")]


def _is_role(facts: Facts, role: Role, arn: str) -> bool:
    accounts = {place.account for place in watched(facts).places}
    return arn.split(":")[4] in accounts and _has_name(facts, role, arn.rpartition("/")[2])


def _changed(facts: Facts, role: Role) -> datetime.date | None:
    days = [
        tally.last.date()
        for name, actions in _named(facts).items()
        if name.startswith("role:") and _has_name(facts, role, name[5:])
        for action, tally in actions.items()
        if action in _SETTING
    ]
    return max((day for day in days if day >= window(facts)[0]), default=None)


def _has_name(facts: Facts, role: Role, name: str) -> bool:
    own = name_of(facts.application.resources[role.id])
    if own.startswith("*") and "/" not in role.id:
        # Made by CloudFormation, it begins with the stack's, of which long ones are cut.
        own = f"{watched(facts).stack[:_STACK]}{own}"
    return own != "*" and pattern.covers(own, name, ignore_case=True) is Truth.YES


def life_of(facts: Facts, function: Function) -> Life:
    """Tell when a function last did anything, or was invoked by another, and since when it is known to be there.

    Where only the role is known that did something, it may have been any function of the role.
    """
    own, roles = set(seen(facts, function).names), [role for role, _ in roles_of(facts, function)]
    tallies = [
        tally
        for who, rows in _uses(facts).items()
        if who.function in own
        or (not who.function and any(_is_role(facts, each, who.role) for each in roles))
        for _, tally in rows
    ]
    calls = [
        (action, tally)
        for name, actions in _named(facts).items()
        if name.startswith("function:") and re.fullmatch(name_pattern(facts, function), name[9:])
        for action, tally in actions.items()
    ]
    tallies += [tally for action, tally in calls if action in _INVOKING]
    return _life(
        facts, tallies, [tally for _, tally in calls], ambiguous=bool(seen(facts, function).ambiguous)
    )


def life_of_role(facts: Facts, role: Role) -> Life:
    """Tell when somebody with a role last did anything, and since when the role is known to be there."""
    tallies = [
        tally for who, rows in _uses(facts).items() if _is_role(facts, role, who.role) for _, tally in rows
    ]
    calls = [
        tally
        for name, actions in _named(facts).items()
        if name.startswith("role:") and _has_name(facts, role, name[5:])
        for tally in actions.values()
    ]
    return _life(facts, tallies, calls)


def _life(facts: Facts, uses: list[Tally], calls: list[Tally], *, ambiguous: bool = False) -> Life:
    both = [*uses, *calls]
    return Life(
        total(uses).last.date() if uses else None,
        total(both).first.date() if both else None,
        window(facts)[0],
        ambiguous,
    )


@fact
def why_untold(facts: Facts) -> str:
    """Say why a function that was not seen to start may have started all the same; "" where it has not."""
    doubt = watched(facts).doubt
    if not doubt and not _starts_show(facts):
        doubt = "the ledger does not show all along that functions start: a trail may leave that out"
    return doubt


def _starts_show(facts: Facts) -> bool:
    places = watched(facts).places
    for place in places:
        tallies = [
            tally
            for who, rows in _uses(facts).items()
            if who.function and _is_in(who, place.account, place.region)
            for key, tally in rows
            if key.action == _STREAM
        ]
        if not is_throughout(facts, tallies):
            return False
    return bool(places)


def _is_in(who: Principal, account: str, region: str) -> bool:
    return who.account == account and who.function.split(":")[3] in (region, "*")
