"""How to write least policies into templates: one role for each function, as edits of what the author wrote."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct

from lamward.checks.repairs import has_own_role, is_resource
from lamward.facts import Facts
from lamward.facts.grants import attached_to
from lamward.facts.links import functions_of_roles, roles_of
from lamward.facts.needs.needed import needed
from lamward.facts.network import mentions
from lamward.facts.trust import services_of
from lamward.model.application import Function, Role
from lamward.model.finding import Fix
from lamward.model.location import Location
from lamward.model.value import Absent, cases
from lamward.roles.circles import Circles
from lamward.roles.placing import Unwritable
from lamward.roles.settle import Ground, Settled, fresh, settle
from lamward.roles.texts import Texts

_OWN_SERVICES = frozenset({"lambda", "edgelambda"})
_STACKS = frozenset({"AWS::CloudFormation::Stack", "AWS::Serverless::Application"})


class Plan(Struct, frozen=True):
    """What becomes of a role and its functions: a fix, nothing to do, or why nothing is written.

    `name` and `location` are those of the role, or of the function whose role SAM makes. `notes` are sentences about
    what is left as it is.
    """

    name: str
    location: Location
    functions: tuple[Function, ...]
    fix: Fix | None = None
    refused: str = ""
    notes: tuple[str, ...] = ()


def plans(facts: Facts, texts: Texts, chosen: Collection[str], *, unsafe: bool = False) -> list[Plan]:
    """Plan for all functions whose ids are chosen; `unsafe` takes what is known for all that is needed."""
    return list(_Planner(facts, texts, chosen, unsafe=unsafe).plans())


class _Planner:
    """One application while its roles are planned."""

    def __init__(self, facts: Facts, texts: Texts, chosen: Collection[str], *, unsafe: bool) -> None:
        self.facts, self.texts, self.chosen, self.unsafe = facts, texts, chosen, unsafe
        self.ground = Ground(facts, texts, Circles(facts, texts))

    def plans(self) -> Iterator[Plan]:
        roles: dict[str, Role] = {}
        for function in self.facts.application.functions:
            if function.id in self.chosen:
                try:
                    role = self._role(function)
                except Unwritable as problem:
                    yield Plan(_name(function), function.location, (function,), refused=str(problem))
                else:
                    roles[role.id] = role
        yield from map(self._plan, roles.values())

    def _role(self, function: Function) -> Role:
        found = roles_of(self.facts, function)
        if len(list(cases(function.role))) != 1 or len(found) > 1:
            raise Unwritable("a condition chooses its role")
        if not found:
            raise Unwritable("its role is not in the template")
        role = found[0][0]
        holder = function if has_own_role(self.facts, function) else role
        if not is_resource(holder):
            raise Unwritable("its role is not written as one plain resource")
        return role

    def _plan(self, role: Role) -> Plan:
        functions = functions_of_roles(self.facts)[role.id]
        holder = functions[0] if has_own_role(self.facts, functions[0]) else role
        name = _name(holder) if isinstance(holder, Function) else role.id
        try:
            settled = self._settled(role, holder, functions)
        except Unwritable as problem:
            return Plan(name, holder.location, functions, refused=str(problem))
        fix = Fix("grant what is needed and nothing else", settled.edits) if settled.edits else None
        return Plan(name, holder.location, functions, fix, notes=settled.notes)

    def _settled(self, role: Role, holder: Function | Role, functions: tuple[Function, ...]) -> Settled:
        elsewhere = "" if holder is not role else self._used_elsewhere(role)
        narrowed = [] if elsewhere else [each for each in functions if self._is_known(each)]
        staying, leaving = _parted(functions, narrowed)
        if leaving:
            self._refuse_split(role, functions)
        chosen = [each for each in staying if each.id in self.chosen]
        settled = settle(self.ground, role, holder, chosen, narrow=set(_ids(staying)) <= set(_ids(narrowed)))
        edits = [*settled.edits]
        for function in leaving:
            edits += [edit for edit in fresh(self.ground, role, function) if edit not in edits]
        notes = [elsewhere] if elsewhere else [note for each in chosen for note in self._open(each)]
        return Settled(tuple(edits), (*notes, *settled.notes))

    def _is_known(self, function: Function) -> bool:
        return function.id in self.chosen and (self.unsafe or needed(self.facts, function).whole)

    def _open(self, function: Function) -> Iterator[str]:
        reason = needed(self.facts, function).unknown
        if reason and not self.unsafe:
            name = _name(function)
            yield f"nothing is taken away: not all that `{name}` needs is known ({reason}); see `--unsafe`"

    def _used_elsewhere(self, role: Role) -> str:
        """Say why a role may be there for more than the functions of this template, "" if it is not."""
        if services_of(self.facts, role) - _OWN_SERVICES:
            return f"nothing is taken away: others than functions may take `{role.id}`"
        resources = self.facts.application.resources.values()
        if any(each.type in _STACKS and mentions(each.properties, role.id) for each in resources):
            return f"nothing is taken away: `{role.id}` is handed to another stack"
        for output in self.facts.application.outputs:
            written = self.texts.at(output.location)
            if isinstance(written, dict) and "Export" in written and mentions(output.value, role.id):
                return f"nothing is taken away: `{role.id}` is exported to other stacks"
        return ""

    def _refuse_split(self, role: Role, functions: tuple[Function, ...]) -> None:
        """Refuse to split a role that something knows which would not know the new ones."""
        if not isinstance(role.name, Absent):
            raise Unwritable(f"`{role.id}` is shared and has a name of its own, by which others may know it")
        known = {*_ids(functions), *(each.id for each in attached_to(self.facts, role))}
        for resource in self.facts.application.resources.values():
            if resource.id not in known and mentions(resource.properties, role.id):
                raise Unwritable(f"`{role.id}` is shared, and `{resource.id}` names it")


def _name(function: Function) -> str:
    return function.declared_by or function.id


def _ids(functions: tuple[Function, ...] | list[Function]) -> list[str]:
    return [each.id for each in functions]


def _parted(
    functions: tuple[Function, ...], narrowed: list[Function]
) -> tuple[list[Function], list[Function]]:
    """Tell which functions keep the role and which get one of their own.

    Those of which not all is known keep it together; where all is known, the first does.
    """
    others = [each for each in functions if each not in narrowed]
    if others:
        return others, narrowed
    first, *rest = sorted(functions, key=lambda function: function.id)
    return [first], rest
