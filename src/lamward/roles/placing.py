"""Where the statements of a role go: into the role, or into policies of their own where the role cannot hold them.

A statement that refers to what waits for the function would close a circle, and one that refers to a conditional
resource is there under its condition. Policies of their own, attached to the role, may do both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from lamward.facts import Facts
from lamward.facts.deployment import REF_IS_ARN, arn_of, name_property
from lamward.iam.minimise import Allow, Needed, minimise
from lamward.model.application import Function, Resource, Role
from lamward.model.evidence import Access
from lamward.model.value import (
    Guard,
    Known,
    Part,
    Reference,
    ReferenceKind,
    Symbolic,
    at,
    both,
    cases,
    parts_of,
    symbolic,
    text_of,
)
from lamward.roles.circles import Circles

Text = Known | Symbolic

_NAME, _ACCOUNT, _REGION = "\ue000", "\ue001", "\ue002"
_FILLED: Final = re.compile(f"([{_NAME}{_ACCOUNT}{_REGION}])")
_PSEUDO: Final = {
    _ACCOUNT: Reference(ReferenceKind.PSEUDO, "AWS::AccountId"),
    _REGION: Reference(ReferenceKind.PSEUDO, "AWS::Region"),
}
_SECRET_SUFFIX: Final = ("-AbCdEf", "-??????")
"""What Secrets Manager puts behind a secret's name: the one made up, and any."""

_NOT_BY_NAME: Final = frozenset({"AWS::ECS::TaskDefinition", "AWS::AppRunner::Service"})
"""Types whose ARN says more than their name."""


class Unwritable(Exception):
    """Carries out of the depth why nothing can be written for a function: a clause."""


class Placed(Struct, frozen=True):
    """Accesses by where their statements go: into the role, or apart from it under a condition (or none)."""

    inside: tuple[Access, ...]
    apart: tuple[tuple[Guard, tuple[Access, ...]], ...]


def statements(accesses: Sequence[Access]) -> tuple[Allow, ...]:
    """Write accesses as few statements."""
    return minimise(Needed(each.action, each.resource, each.conditions) for each in accesses)


def place(
    facts: Facts, circles: Circles, role: Role | Function, accesses: Sequence[Access], *, waits: str = ""
) -> Placed:
    """Decide for every access where it goes; raises `Unwritable`.

    `waits` is what the policies must come before, where it is not the role: the function of a role yet to be made.
    """
    inside: list[Access] = []
    apart: dict[Guard, list[Access]] = {}
    for access in accesses:
        written, guard, closing = _Placing(facts, circles, role, waits or role.id).placed(access)
        if guard or closing:
            apart.setdefault(guard or role.when, []).append(written)
        else:
            inside.append(written)
    return Placed(tuple(inside), tuple((guard, tuple(found)) for guard, found in apart.items()))


class _Placing:
    """One access while its place is decided."""

    def __init__(self, facts: Facts, circles: Circles, role: Role | Function, waits: str) -> None:
        self.facts, self.circles, self.role, self.waits = facts, circles, role, waits
        self.guard: Guard = ()
        self.closing = False

    def placed(self, access: Access) -> tuple[Access, Guard, bool]:
        resource = self._text(access.resource)
        conditions = tuple((operator, key, self._text(value)) for operator, key, value in access.conditions)
        return replace(access, resource=resource, conditions=conditions), self.guard, self.closing

    def _text(self, text: Text) -> Text:
        return symbolic(tuple(part for each in parts_of(text) for part in self._part(each)), ())

    def _part(self, part: Part) -> tuple[Part, ...]:
        if not isinstance(part, Reference) or part.kind is not ReferenceKind.RESOURCE:
            return (part,)
        resource = self.facts.application.resources.get(part.target)
        if resource is None:
            return (self._local(part),)
        if self.circles.closes(self.waits, resource.id):
            literal = self._literal(resource, part)
            if literal is not None:
                return literal
            self.closing = True
        self._hold(resource.when)
        return (self._local(part),)

    def _hold(self, when: Guard) -> None:
        if set(when) <= set(self.role.when):
            return
        joined = both(self.guard or self.role.when, when)
        if joined is None:
            raise Unwritable("it needs resources that are never there together")
        self.guard = joined

    def _local(self, reference: Reference) -> Reference:
        """Speak of a resource as its own template does."""
        stack, own = self.role.id.rpartition("/")[0], reference.target.rpartition("/")
        if own[0] != stack:
            raise Unwritable(f"`{reference.target}` is in another template than the role")
        return replace(reference, target=own[2])

    def _literal(self, resource: Resource, reference: Reference) -> tuple[Part, ...] | None:
        """Name a resource by the name that is written for it, where nothing is in doubt about that."""
        key = name_property(resource.type)
        named = list(cases(at(resource.properties, key))) if key else []
        if len(named) != 1 or named[0].when or resource.type in _NOT_BY_NAME:
            return None
        name = named[0].value
        if not isinstance(name, Known | Symbolic):
            return None
        parts = tuple(part for each in parts_of(name) for part in self._name_part(each))
        if not parts:
            return None
        wants_arn = reference.attribute == "Arn" or (not reference.attribute and resource.type in REF_IS_ARN)
        if not wants_arn:
            return parts if not reference.attribute else None
        return _arn(resource.type, parts, leading=(text_of(name) or "").startswith("/"))

    def _name_part(self, part: Part) -> tuple[Part, ...]:
        if isinstance(part, Reference) and part.kind is ReferenceKind.RESOURCE:
            return ()
        return (part,)


def _arn(resource_type: str, name: tuple[Part, ...], *, leading: bool) -> tuple[Part, ...]:
    text = arn_of(resource_type, _NAME, account=_ACCOUNT, region=_REGION).removeprefix("arn:aws")
    text = text.replace(*_SECRET_SUFFIX)
    if leading and resource_type == "AWS::SSM::Parameter":
        text = text.replace(f"/{_NAME}", _NAME)
    parts: list[Part] = ["arn:", Reference(ReferenceKind.PSEUDO, "AWS::Partition")]
    for each in _FILLED.split(text):
        if each == _NAME:
            parts += name
        else:
            parts.append(_PSEUDO.get(each, each))
    return tuple(parts)
