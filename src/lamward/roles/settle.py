"""The edits that give one role what its functions need: what is right stays as it is written, what is too much goes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from lamward.checks.repairs import insert, put
from lamward.facts import Facts
from lamward.facts.needs.compare import wanted_by
from lamward.facts.needs.held import Granted, Held
from lamward.facts.needs.needed import needed
from lamward.iam.packing import MANAGED_POLICIES, Packing
from lamward.model.access import Policies
from lamward.model.application import Function, Role
from lamward.model.evidence import Access, Platform
from lamward.model.finding import Edit, EditKind
from lamward.model.location import Location, Step
from lamward.model.policy import Effect, Policy
from lamward.model.value import Guard, parts_of
from lamward.roles.circles import Circles
from lamward.roles.document import document
from lamward.roles.followed import follow
from lamward.roles.holdings import BASIC, Holding, Unit, holding, is_excess, is_for_logs
from lamward.roles.placing import Placed, Unwritable, place, statements
from lamward.roles.policy_templates import choose
from lamward.roles.room import Room, room_of
from lamward.roles.texts import Texts, referred

_NAME = "Least"

LOGS: Final = {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::aws:policy/service-role/{BASIC}"}
"""What lets a function write to a log group that has no name in the template.

CloudFormation names the group after the stack and the function, and cuts names that are too long: while the stack's
name is not known, no pattern is both narrow and sure to match.
"""


class Settled(Struct, frozen=True):
    """What is done to a role, and what is to be said about what is left."""

    edits: tuple[Edit, ...] = ()
    notes: tuple[str, ...] = ()


class Ground(Struct, frozen=True):
    """An application with its text and the graph of its resources."""

    facts: Facts
    texts: Texts
    circles: Circles


def settle(
    ground: Ground, role: Role, holder: Function | Role, functions: Sequence[Function], *, narrow: bool
) -> Settled:
    """Give a role what functions need; all else goes only if `narrow`. Raises `Unwritable`.

    `holder` is where the policies stand: the role, or the function whose role SAM makes.
    """
    return _Settling(ground, role, holder).settled(functions, narrow=narrow)


class _Settling:
    """One role while its edits are made."""

    def __init__(self, ground: Ground, role: Role, holder: Function | Role) -> None:
        self.facts, self.texts, self.circles = ground.facts, ground.texts, ground.circles
        self.role, self.holder = role, holder
        self.sams = isinstance(holder, Function)
        names = ("Policies",) if self.sams else ("Policies", "ManagedPolicyArns")
        self.lists = [_below(holder.location, "Properties", name) for name in names]

    def settled(self, functions: Sequence[Function], *, narrow: bool) -> Settled:
        held = holding(self.facts, self.texts, self.role, self.lists)
        whole = [access for each in functions for access in _all_of(self.facts, each)]
        wanted = wanted_by(self.facts, *(needed(self.facts, each) for each in functions))
        unnamed = any(map(_is_unnamed_group, whole))
        dropped = [
            unit
            for unit in held.units
            if narrow
            and not (unnamed and is_for_logs(unit.policy))
            and is_excess(self.facts, unit, wanted, whole)
        ]
        lacking = self._lacking(functions, held, dropped)
        placed = place(
            self.facts, self.circles, self.role, [each for each in lacking if not _is_unnamed_group(each)]
        )
        logs = [LOGS] if not self.sams and any(map(_is_unnamed_group, lacking)) else []
        room = room_of(self.facts, self.role, _places(dropped))
        room.policies -= len(logs)
        inline, managed = self._items(placed.inside, room)
        items = [[*inline, *managed.references]] if self.sams else [inline, [*logs, *managed.references]]
        edits = [*managed.edits, *self._in_lists(held, dropped, items), *self._in_resources(held, dropped)]
        edits += _apart(self.facts, self.holder, _local(self.role.id), placed, room)
        return Settled(tuple(edits), tuple(self._notes(held, unnamed=unnamed)))

    def _lacking(self, functions: Sequence[Function], held: Holding, dropped: Sequence[Unit]) -> list[Access]:
        """List what is needed and not allowed by what stays; what is denied as well is no matter of grants."""
        left = [unit.policy for unit in held.units if unit not in dropped]
        allowing = tuple(filter(None, map(_allowing, (*left, *held.given))))
        granted = Held(self.facts, Policies(identity=allowing))
        found: list[Access] = []
        for function in functions:
            accesses = needed(self.facts, function).accesses
            answers = granted.answers(accesses)
            missing = [each.access for each in answers if each.granted is not Granted.YES]
            found += follow(self.facts, self.texts, function, missing)
        return found

    def _items(self, accesses: Sequence[Access], room: Room) -> tuple[list[dict[str, Any]], Managed]:
        """Write what is added to the list of policies, or as policies of their own where the role has no room."""
        if not accesses:
            return [], Managed()
        packing = room.take(statements(accesses))
        if packing.managed:
            return [], _managed(self.facts, self.holder, packing)
        if not self.sams:
            name = _unused(_NAME, self._names())
            return [{"PolicyName": name, "PolicyDocument": document(packing.inline)}], Managed()
        choice = choose(self.facts, accesses)
        if not choice.entries:
            return [document(packing.inline)], Managed()
        rest = [document(statements(choice.rest))] if choice.rest else []
        return [*choice.entries, *rest], Managed()

    def _names(self) -> list[str]:
        written = self.texts.at(self.lists[0])
        entries = written if isinstance(written, list) else []
        return [str(each.get("PolicyName")) for each in entries if isinstance(each, dict)]

    def _in_lists(
        self, held: Holding, dropped: Sequence[Unit], items: Sequence[list[dict[str, Any]]]
    ) -> Iterator[Edit]:
        for listed, new in zip(self.lists, items, strict=True):
            units = [unit for unit in held.units if unit.entry[: len(listed.path)] == listed.path]
            yield from self._in_list(listed, units, dropped, new)

    def _in_list(
        self, listed: Location, units: Sequence[Unit], dropped: Sequence[Unit], items: list[dict[str, Any]]
    ) -> Iterator[Edit]:
        written = self.texts.at(listed)
        going = [unit for unit in units if unit in dropped]
        gone = _gone(units, going)
        if isinstance(written, list):
            gone += _repeated(listed, written, units, gone)
        if written is None:
            yield from (Edit(EditKind.APPEND, self.holder.location, listed.path, item) for item in items)
        elif not isinstance(written, list):
            if going or items:
                yield _whole(self.holder.location, listed, [*([] if going else [written]), *items])
        elif len(gone) == len(written) and gone:
            yield _whole(self.holder.location, listed, items)
        else:
            parts = [unit.where.path for unit in going if unit.entry not in gone]
            for path in (*gone, *parts):
                yield Edit(EditKind.REMOVE, self.holder.location, path, comments=True)
            yield from (Edit(EditKind.APPEND, self.holder.location, listed.path, item) for item in items)

    def _in_resources(self, held: Holding, dropped: Sequence[Unit]) -> Iterator[Edit]:
        """Narrow policies that are resources of their own; one of which nothing is left goes."""
        units = [unit for unit in held.units if len(unit.entry) == len(("Resources", "id"))]
        going = [unit for unit in units if unit in dropped]
        gone = _gone(units, going)
        for entry in gone:
            if self._is_named(str(entry[-1])):
                raise Unwritable(f"`{entry[-1]}` allows nothing that is needed, but something names it")
        for unit in going:
            path = unit.entry if unit.entry in gone else unit.where.path
            yield Edit(EditKind.REMOVE, unit.where, path, comments=True)

    def _is_named(self, name: str) -> bool:
        whole = self.texts.at(replace(self.role.location, path=()))
        others = {key: child for key, child in (whole.get("Resources") or {}).items() if key != name}
        after = [each.get("DependsOn") or [] for each in others.values() if isinstance(each, dict)]
        waiting = any(name == each or name in each for each in after)
        return waiting or name in referred([others, whole.get("Outputs")])

    def _notes(self, held: Holding, *, unnamed: bool) -> Iterator[str]:
        if self.sams and held.given:
            names = ", ".join(dict.fromkeys(each.name.rpartition("/")[2] for each in held.given))
            yield f"SAM attaches {names} itself"
        elif unnamed:
            yield f"logs are left to `{BASIC}`: CloudFormation names the log group, and cuts long names"


def fresh(ground: Ground, role: Role, function: Function) -> tuple[Edit, ...]:
    """Give a function a role of its own, as a shared one is but for the policies; raises `Unwritable`."""
    facts, texts = ground.facts, ground.texts
    whole = needed(facts, function).accesses
    accesses = follow(facts, texts, function, [each for each in whole if not _is_unnamed_group(each)])
    placed = place(facts, ground.circles, role, accesses, waits=function.id)
    written = texts.at(role.location, "Properties")
    dropped = {"Policies", "ManagedPolicyArns", "RoleName"}
    properties = {name: child for name, child in (written or {}).items() if name not in dropped}
    logs = [LOGS] if any(map(_is_unnamed_group, whole)) else []
    room = Room(policies=MANAGED_POLICIES - len(logs))
    packing = room.take(statements(placed.inside)) if placed.inside else Packing(())
    managed = _managed(facts, function, packing)
    if logs or managed.references:
        properties["ManagedPolicyArns"] = [*logs, *managed.references]
    if packing.inline:
        properties["Policies"] = [{"PolicyName": _NAME, "PolicyDocument": document(packing.inline)}]
    made = insert(facts, function, "Role", "AWS::IAM::Role", properties, when=function.when)
    given = put(function, "Role", to=made.arn, now=function.role)
    if made.edits is None or given is None:
        raise Unwritable(f"`{function.id}` cannot be given a role of its own")
    return (*managed.edits, *made.edits, *given, *_apart(facts, function, made.id, placed, room))


class Managed(Struct, frozen=True):
    """Managed policies as resources: what inserts them, and what a role's list says of each."""

    edits: tuple[Edit, ...] = ()
    references: tuple[dict[str, str], ...] = ()


def _managed(
    facts: Facts,
    holder: Function | Role,
    packing: Packing,
    *,
    suffix: str = _NAME,
    when: Guard = (),
    more: Mapping[str, object] = {},
) -> Managed:
    """Insert managed policies, there under a condition if `when` is one; `more` are properties besides."""
    edits: list[Edit] = []
    references: list[dict[str, str]] = []
    for number, each in enumerate(packing.managed, start=1):
        properties = {"PolicyDocument": document(each), **more}
        made = insert(
            facts,
            holder,
            f"{suffix}{number}",
            "AWS::IAM::ManagedPolicy",
            properties,
            when=when or holder.when,
        )
        if made.edits is None:
            raise Unwritable("what it needs is there under several conditions at once")
        edits += made.edits
        references.append({"Ref": made.id})
    return Managed(tuple(edits), tuple(references))


def _apart(facts: Facts, holder: Function | Role, role: str, placed: Placed, room: Room) -> Iterator[Edit]:
    """Insert policies of their own, attached to a role by its id in the template."""
    for guard, accesses in placed.apart:
        packing = room.take(statements(accesses))
        suffix, attached = f"{_condition(guard)}Policy", {"Roles": [{"Ref": role}]}
        if packing.managed:
            yield from _managed(facts, holder, packing, suffix=suffix, when=guard, more=attached).edits
            continue
        properties: Mapping[str, object] = {
            "PolicyName": _title(holder, guard),
            "PolicyDocument": document(packing.inline),
            **attached,
        }
        edits = insert(facts, holder, suffix, "AWS::IAM::Policy", properties, when=guard).edits
        if edits is None:
            raise Unwritable("what it needs is there under several conditions at once")
        yield from edits


def _places(units: Sequence[Unit]) -> set[Location]:
    """List where the pieces stand, and the statements in them."""
    inner = {each.location for unit in units for each in unit.policy.statements if each.location.span.file}
    return inner | {unit.where for unit in units}


def _title(holder: Function | Role, guard: Guard) -> str:
    return f"{holder.location.path[-1]}{_condition(guard)}Policy"


def _condition(guard: Guard) -> str:
    return "".join(each.name for each in guard)


def _is_unnamed_group(access: Access) -> bool:
    """Tell whether an access is for the log group that CloudFormation names: with an end of its own making."""
    for_logs = any(isinstance(each, Platform) and each.feature == "logs" for each in access.evidence)
    return for_logs and "".join(map(str, parts_of(access.resource))).endswith("*:*")


def _all_of(facts: Facts, function: Function) -> tuple[Access, ...]:
    needs = needed(facts, function)
    return (*needs.accesses, *needs.advice)


def _allowing(policy: Policy) -> Policy | None:
    kept = tuple(each for each in policy.statements if each.effect is Effect.ALLOW)
    return replace(policy, statements=kept) if kept else None


def _gone(units: Sequence[Unit], going: Sequence[Unit]) -> list[tuple[Step, ...]]:
    """List the entries of which nothing is left."""
    left = {unit.entry for unit in units if unit not in going}
    return [entry for entry in dict.fromkeys(unit.entry for unit in going) if entry not in left]


def _repeated(
    listed: Location, written: list[Any], units: Sequence[Unit], gone: Sequence[tuple[Step, ...]]
) -> list[tuple[Step, ...]]:
    """List the entries that say once more what goes: the transform reads only the first of them."""
    going = [written[entry[-1]] for entry in gone if isinstance(entry[-1], int)]
    known = {unit.entry for unit in units}
    paths = (((*listed.path, index), entry) for index, entry in enumerate(written))
    return [path for path, entry in paths if path not in known and entry in going]


def _whole(where: Location, listed: Location, items: list[Any]) -> Edit:
    if items:
        return Edit(EditKind.SET, where, listed.path, items)
    return Edit(EditKind.REMOVE, where, listed.path)


def _below(where: Location, *steps: str) -> Location:
    return replace(where, path=(*where.path, *steps))


def _local(identifier: str) -> str:
    return identifier.rpartition("/")[2]


def _unused(wanted: str, taken: Collection[str]) -> str:
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted}{number}"
    return found
