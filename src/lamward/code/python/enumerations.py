"""Enumerations: a member is what its name is set to, and has the methods of its class."""

from __future__ import annotations

from collections.abc import Iterator

from lamward.code.calls import objects
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.values import (
    NOTHING,
    Atom,
    ClassValue,
    Foreign,
    FunctionValue,
    Instance,
    Value,
    Wrapped,
    join,
    one,
)
from lamward.code.source import Extent

_PLAIN = frozenset({"value", "_value_"})


def attribute(interpreter: Interpreter, at: Extent, atom: Atom, name: str) -> Value:
    """Read an attribute of what may be a member: its value, or what its class says."""
    found = NOTHING
    for class_ in _classes(interpreter, atom):
        if name in _PLAIN:
            found = join(found, one(atom))
        elif interpreter.heap.has(class_.id, name):
            held = interpreter.heap.read(class_.id, name)
            found = join(
                found, objects.through(interpreter, at, held, _member(interpreter, class_, atom), class_)
            )
    return found


def _member(interpreter: Interpreter, class_: ClassValue, atom: Atom) -> Instance:
    made = Instance(interpreter.heap.number("member", class_.id, atom), class_.id)
    for name in _PLAIN:
        interpreter.heap.write(made.id, name, one(atom))
    return made


def _classes(interpreter: Interpreter, atom: Atom) -> Iterator[ClassValue]:
    """List the enumerations of which something is a member."""
    for number in list(interpreter.classes):
        class_ = ClassValue(number)
        if is_enumeration(interpreter, class_) and any(
            atom in value for key, value in interpreter.heap.items(number) if isinstance(key, str)
        ):
            yield class_


def is_enumeration(interpreter: Interpreter, class_: ClassValue) -> bool:
    """Tell whether a class is an enumeration."""
    return any(
        isinstance(each, Foreign) and each.path.startswith("enum.")
        for each in objects.ancestors(interpreter, class_.id)
    )


def members(interpreter: Interpreter, class_: ClassValue) -> Value:
    """Give what the members of an enumeration are set to."""
    kept = NOTHING
    for key, value in interpreter.heap.items(class_.id):
        if isinstance(key, str):
            others = frozenset(
                each for each in value if not isinstance(each, FunctionValue | Wrapped | ClassValue)
            )
            kept = join(kept, others)
    return kept or interpreter.missing("it is a member of an enumeration")
