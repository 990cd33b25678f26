"""Values of parameters in what functions need: a policy follows the parameter, as the function's settings do.

The needs of a function are read where every parameter keeps its default. Where a setting of the function is a
parameter's default, or was handed to its stack by another, what is written for it refers to the parameter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from lamward.facts import Facts
from lamward.facts.links import triggers_of
from lamward.model.application import Function
from lamward.model.evidence import Access
from lamward.model.value import (
    AssumptionKind,
    Fields,
    Items,
    Known,
    OneOf,
    Option,
    Part,
    Reference,
    ReferenceKind,
    Symbolic,
    Value,
    cases,
    parts_of,
    symbolic,
)
from lamward.roles.placing import Unwritable
from lamward.roles.texts import Texts

_VARIABLE: Final = re.compile(r"(\$\{[^!}][^}]*\})")
_HEAD: Final = re.compile(r"arn:[^:]*(?:::[^:]*)?:[a-z0-9-]*:")
_LEAST: Final = 2
"""The fewest characters of a default that is looked for."""

Followed = Mapping[str, tuple[Part, ...] | None]
"""What to write for a text; None where what it comes from cannot be written."""


def follow(facts: Facts, texts: Texts, function: Function, accesses: Sequence[Access]) -> list[Access]:
    """Refer to parameters where the needs of a function hold their defaults; raises `Unwritable`."""
    known = dict(_defaults(facts, texts, function))
    if not known:
        return list(accesses)
    return [
        replace(
            each,
            resource=_text(each.resource, known),
            conditions=tuple(
                (operator, key, _text(value, known)) for operator, key, value in each.conditions
            ),
        )
        for each in accesses
    ]


def _defaults(
    facts: Facts, texts: Texts, function: Function
) -> Iterator[tuple[str, tuple[Part, ...] | None]]:
    """List the texts in a function's settings that are defaults, with what is written there."""
    resource = facts.application.resources.get(function.id)
    values = [resource.properties] if resource is not None else []
    values += [trigger.source for trigger in triggers_of(facts, function)]
    for option in (found for value in values for found in _options(value)):
        if any(each.kind is AssumptionKind.DEFAULT for each in option.when):
            for case in cases(option.value):
                if isinstance(case.value, Known | Symbolic) and case.value.origins:
                    written = _written(facts, texts.at(case.value.origins[0]), function)
                    yield _shown(parts_of(case.value)), written
    stack = function.id.rpartition("/")[0]
    for leaf in (found for value in values if stack for found in _leaves(value)):
        written = _written(facts, texts.at(leaf.origins[0]), function) if leaf.origins else None
        if written and any(_is_parameter(part) for part in written) and not _is_own(leaf, stack):
            yield _shown(parts_of(leaf)), written


def _is_parameter(part: Part) -> bool:
    return isinstance(part, Reference) and part.kind is ReferenceKind.PARAMETER


def _is_own(value: Known | Symbolic, stack: str) -> bool:
    """Tell whether a value speaks of resources of its own stack; what another stack hands over comes by a parameter."""
    references = value.references if isinstance(value, Symbolic) else ()
    named = [each for each in references if each.kind is ReferenceKind.RESOURCE]
    return bool(named) and all(each.target.rpartition("/")[0] == stack for each in named)


def _leaves(value: Value) -> Iterator[Known | Symbolic]:
    match value:
        case Known() | Symbolic():
            yield value
        case OneOf(options=options):
            for option in options:
                yield from _leaves(option.value)
        case Fields(fields=fields):
            for child in fields.values():
                yield from _leaves(child)
        case Items(items=items):
            for child in items:
                yield from _leaves(child)
        case _:
            pass


def _shown(parts: tuple[Part, ...]) -> str:
    return "".join(map(str, parts))


def _options(value: Value) -> Iterator[Option]:
    match value:
        case OneOf(options=options):
            for option in options:
                yield option
                yield from _options(option.value)
        case Fields(fields=fields):
            for child in fields.values():
                yield from _options(child)
        case Items(items=items):
            for child in items:
                yield from _options(child)
        case _:
            pass


def _written(facts: Facts, data: Any, function: Function) -> tuple[Part, ...] | None:
    """Read what stands in the template as parts; None for anything but a plain `Ref` or `Fn::Sub`."""
    match data:
        case {"Ref": str(name), **rest} if not rest:
            return (_reference(facts, name, function),)
        case {"Fn::Sub": str(text), **rest} if not rest and "." not in "".join(_VARIABLE.findall(text)):
            return tuple(
                _reference(facts, part[2:-1], function) if _VARIABLE.fullmatch(part) else part
                for part in _VARIABLE.split(text)
                if part
            )
        case _:
            return None


def _reference(facts: Facts, name: str, function: Function) -> Reference:
    stack = function.id.rpartition("/")[0]
    target = f"{stack}/{name}" if stack else name
    if name.startswith("AWS::"):
        return Reference(ReferenceKind.PSEUDO, name)
    if target in facts.application.resources:
        return Reference(ReferenceKind.RESOURCE, target)
    return Reference(ReferenceKind.PARAMETER, name)


def _text(text: Known | Symbolic, known: Followed) -> Known | Symbolic:
    """Replace the defaults in a text; its references are looked through as they are written."""
    references = {str(each): each for each in parts_of(text) if isinstance(each, Reference)}
    shown = _shown(parts_of(text))
    for default in sorted((each for each in known if len(each) >= _LEAST), key=len, reverse=True):
        found = re.compile(rf"(?<![\w$]){re.escape(default)}(?!\w)").search(shown, _start(shown))
        if found:
            written = known[default]
            if written is None:
                raise Unwritable("what it needs depends on a parameter in a way that is not plain")
            references |= {str(each): each for each in written if isinstance(each, Reference)}
            shown = shown[: found.start()] + _shown(written) + shown[found.end() :]
    parts = (references.get(part, part) for part in _VARIABLE.split(shown))
    return symbolic(tuple(parts), ())


def _start(shown: str) -> int:
    """Give where the resource of an ARN begins to be named; the partition and the service are no settings."""
    head = _HEAD.match(shown)
    return head.end() if head else 0
