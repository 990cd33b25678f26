"""What a language does with an instance by calling methods of its class: items, elements, attributes made up."""

from __future__ import annotations

from lamward.code.calls import objects
from lamward.code.calls.frames import Arguments
from lamward.code.calls.heap import Key, Special
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.values import (
    NONE,
    NOTHING,
    Atom,
    ClassValue,
    Instance,
    Value,
    join,
    join_all,
    mystery,
    of_text,
    one,
)
from lamward.code.source import Extent

_NOWHERE = Extent(0, 0)


def method(
    interpreter: Interpreter, at: Extent, atom: Instance, name: str, arguments: Arguments
) -> Value | None:
    """Call a method as the language does, on the class's own; None if the class has none that is read."""
    from lamward.code.calls.calling import call

    found = _method(interpreter, at, atom, name)
    return None if found is None else call(interpreter, at, found, arguments)


def _method(interpreter: Interpreter, at: Extent, atom: Instance, name: str) -> Value | None:
    for ancestor in objects.ancestors(interpreter, atom.class_id):
        if isinstance(ancestor, ClassValue) and interpreter.heap.has(ancestor.id, name):
            held = interpreter.heap.read(ancestor.id, name)
            return objects.through(interpreter, at, held, atom, ancestor)
    return None


def attribute(interpreter: Interpreter, at: Extent, atom: Instance, name: str) -> Value:
    """Make an attribute up that is not there."""
    asked = Arguments((of_text(name),))
    return method(interpreter, at, atom, "__getattr__", asked) or NOTHING


def attribute_of_class(interpreter: Interpreter, at: Extent, atom: ClassValue, name: str) -> Value:
    """Make an attribute of a class up, as its metaclass does."""
    made = NOTHING
    for metaclass in interpreter.heap.read(atom.id, Special.METACLASS):
        if isinstance(metaclass, ClassValue):
            as_instance = Instance(atom.id, metaclass.id)
            made = join(made, attribute(interpreter, at, as_instance, name))
    return made


def described(
    interpreter: Interpreter, at: Extent, atom: Instance, receiver: Atom | None, owner: ClassValue
) -> Value | None:
    """Read an attribute of a class that says itself what it gives; None if it does not."""
    asked = Arguments((NONE if receiver is None else one(receiver), one(owner)))
    return method(interpreter, at, atom, "__get__", asked)


def item(
    interpreter: Interpreter, atom: Instance, key: Value, keys: tuple[Key, ...], *, stored: bool
) -> Value:
    """Read `atom[key]`: what its class gives for it, or the field at a position."""
    found = method(interpreter, _NOWHERE, atom, "__getitem__", Arguments((key,)))
    if found is None and not stored:
        fields = interpreter.classes[atom.class_id].fields if atom.class_id in interpreter.classes else ()
        for each in keys:
            if isinstance(each, int) and -len(fields) <= each < len(fields):
                found = join(found or NOTHING, objects.of_instance(interpreter, _NOWHERE, atom, fields[each]))
    if found is None and not stored:
        found = method(interpreter, _NOWHERE, atom, "__missing__", Arguments((key,)))
    if found is None and not stored:
        found = _iterated(interpreter, atom)
    return (found or NOTHING) if stored or found else interpreter.missing("it is an item of an object")


def elements(interpreter: Interpreter, atom: Instance) -> Value:
    """Give what iterating an instance gives."""
    found = _iterated(interpreter, atom)
    if found is None:
        fields = interpreter.classes[atom.class_id].fields if atom.class_id in interpreter.classes else ()
        items = interpreter.heap.items(atom.id)
        found = join_all(value for key, value in items if not isinstance(key, str) or key in fields) or None
    if found is None:
        found = method(interpreter, _NOWHERE, atom, "__getitem__", Arguments((mystery("it is a number"),)))
    return found or interpreter.missing("it is an element of an object")


def _iterated(interpreter: Interpreter, atom: Instance) -> Value | None:
    given = None
    for name in ("__iter__", "__aiter__"):
        iterator = method(interpreter, _NOWHERE, atom, name, Arguments())
        if iterator is not None:
            given = join(given or NOTHING, objects.elements(interpreter, iterator - {atom}))
    for name in ("__next__", "__anext__"):
        element = method(interpreter, _NOWHERE, atom, name, Arguments())
        if element is not None:
            given = join(given or NOTHING, element)
    return given
