"""Attributes, items and elements: how values hold other values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lamward.code.calls import protocols
from lamward.code.calls.frames import Arguments
from lamward.code.calls.heap import ANY, Key, Special
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.values import (
    NOTHING,
    Atom,
    Bound,
    ClassValue,
    Foreign,
    FunctionValue,
    Instance,
    Mapping,
    Method,
    ModuleValue,
    Parent,
    Partial,
    Sequence,
    Value,
    Wrapped,
    is_mystery,
    join,
    join_all,
    mystery,
    one,
    part_of,
)
from lamward.code.ir import SequenceKind
from lamward.code.pattern import EACH, Constant, Context, EventField, PathStep, Pattern, Result, deeper
from lamward.code.source import Extent

MAX_ANCESTORS: Final = 32


# Attributes


def attribute(interpreter: Interpreter, at: Extent, value: Value, name: str) -> Value:
    """Read `value.name`."""
    return join_all(_attribute(interpreter, at, atom, name) for atom in value)


def _attribute(interpreter: Interpreter, at: Extent, atom: Atom, name: str) -> Value:
    match atom:
        case Instance() | ClassValue() if name == "__dict__":
            return one(Mapping(atom.id))
        case Instance():
            return of_instance(interpreter, at, atom, name)
        case ClassValue():
            return _of_class(interpreter, at, atom, name)
        case Parent():
            return _of_parent(interpreter, at, atom, name)
        case ModuleValue():
            return _of_module(interpreter, at, atom, name)
        case Constant(value=None):
            return NOTHING
        case FunctionValue() | Partial():
            held = interpreter.heap.read(atom.id, name)
            return held or one(Method(atom, name))
        case _:
            held_outside = interpreter.language.attribute(interpreter, at, atom, name)
            return one(Method(atom, name)) if held_outside is None else held_outside


def of_instance(interpreter: Interpreter, at: Extent, atom: Instance, name: str) -> Value:
    """Read an attribute of an instance: its own, or one of the classes above it."""
    heap = interpreter.heap
    found = heap.read(atom.id, name)
    for ancestor in ancestors(interpreter, atom.class_id):
        if isinstance(ancestor, ClassValue):
            if heap.has(ancestor.id, name):
                inherited = heap.read(ancestor.id, name)
                return join(found, through(interpreter, at, inherited, atom, ancestor))
        elif not found:
            found = _of_foreign_parent(interpreter, at, atom, ancestor, name)
    if found:
        return found
    fallback = protocols.attribute(interpreter, at, atom, name)
    return fallback or heap.read(atom.id, ANY) or interpreter.missing(f"attribute `{name}` is never set")


def _of_foreign_parent(
    interpreter: Interpreter, at: Extent, atom: Instance, ancestor: Atom, name: str
) -> Value:
    """Ask a parent that is not read, as if the instance were one of its own."""
    if not isinstance(ancestor, Foreign):
        return NOTHING
    stand_in = Foreign(f"{ancestor.path}()", atom.id)
    return interpreter.language.attribute(interpreter, at, stand_in, name) or NOTHING


def through(interpreter: Interpreter, at: Extent, value: Value, receiver: Atom, owner: ClassValue) -> Value:
    """Take an attribute of a class through one of its instances: functions become methods."""
    taken = NOTHING
    for atom in value:
        match atom:
            case FunctionValue():
                taken = join(taken, one(Bound(atom, receiver)))
            case Wrapped(kind="staticmethod", inner=inner):
                taken = join(taken, one(inner))
            case Wrapped(kind="classmethod", inner=FunctionValue() as inner):
                own = ClassValue(receiver.class_id) if isinstance(receiver, Instance) else owner
                taken = join(taken, one(Bound(inner, own)))
            case Wrapped(kind="property", inner=inner):
                from lamward.code.calls.calling import call

                taken = join(taken, call(interpreter, at, one(inner), Arguments((one(receiver),))))
            case Wrapped(kind="setter" | "deleter"):
                pass
            case Instance():
                described = protocols.described(interpreter, at, atom, receiver, owner)
                taken = join(taken, one(atom) if described is None else described)
            case _:
                taken = join(taken, one(atom))
    return taken


def _of_class(interpreter: Interpreter, at: Extent, atom: ClassValue, name: str) -> Value:
    for ancestor in ancestors(interpreter, atom.id):
        if isinstance(ancestor, ClassValue) and interpreter.heap.has(ancestor.id, name):
            held = interpreter.heap.read(ancestor.id, name)
            return join_all(_of_class_itself(interpreter, each, atom) for each in held)
        if isinstance(ancestor, Foreign):
            return one(Foreign(f"{ancestor.path}.{name}", atom.id))
    if name in ("__name__", "__qualname__", "__module__", "__doc__"):
        return mystery("it is the name of a class")
    for metaclass in interpreter.heap.read(atom.id, Special.METACLASS):
        for ancestor in ancestors(interpreter, metaclass.id) if isinstance(metaclass, ClassValue) else ():
            if isinstance(ancestor, ClassValue) and interpreter.heap.has(ancestor.id, name):
                held = interpreter.heap.read(ancestor.id, name)
                return through(interpreter, at, held, atom, ancestor)
    made_up = protocols.attribute_of_class(interpreter, at, atom, name)
    made_up = made_up or interpreter.language.attribute(interpreter, at, atom, name) or NOTHING
    return made_up or interpreter.missing(f"attribute `{name}` is never set")


def _of_class_itself(interpreter: Interpreter, atom: Atom, owner: ClassValue) -> Value:
    match atom:
        case Wrapped(kind="static property", inner=FunctionValue() as inner):
            from lamward.code.calls.calling import call

            return call(interpreter, Extent(0, 0), one(Bound(inner, owner)), Arguments())
        case Wrapped(kind="static setter" | "setter" | "deleter"):
            return NOTHING
        case Instance():
            described = protocols.described(interpreter, Extent(0, 0), atom, None, owner)
            return one(atom) if described is None else described
        case Wrapped(kind="staticmethod", inner=inner):
            return one(inner)
        case Wrapped(kind="classmethod", inner=FunctionValue() as inner):
            return one(Bound(inner, owner))
        case _:
            return one(atom)


def _of_parent(interpreter: Interpreter, at: Extent, atom: Parent, name: str) -> Value:
    start = atom.receiver.class_id if isinstance(atom.receiver, Instance) else atom.class_id
    line = list(ancestors(interpreter, start))
    own = ClassValue(atom.class_id)
    above = line[line.index(own) + 1 :] if own in line else line[1:]
    for ancestor in above:
        if isinstance(ancestor, ClassValue) and interpreter.heap.has(ancestor.id, name):
            held = interpreter.heap.read(ancestor.id, name)
            return through(interpreter, at, held, atom.receiver, ancestor)
        if isinstance(ancestor, Foreign) and isinstance(atom.receiver, Instance):
            return one(Method(Foreign(f"{ancestor.path}()", atom.receiver.id), name))
    return one(Method(atom, name))


def _of_module(interpreter: Interpreter, at: Extent, atom: ModuleValue, name: str) -> Value:
    from lamward.code.calls.modules import member

    return member(interpreter, at, atom.name, name)


def ancestors(interpreter: Interpreter, class_id: int) -> Iterator[Atom]:
    """List a class and those above it, nearest first; those that are not read as what is known of them."""
    seen: set[Atom] = set()
    waiting: list[Atom] = [ClassValue(class_id)]
    while waiting and len(seen) < MAX_ANCESTORS:
        atom = waiting.pop(0)
        if atom in seen:
            continue
        seen.add(atom)
        yield atom
        if isinstance(atom, ClassValue):
            waiting += sorted(interpreter.heap.read(atom.id, Special.CALLEE), key=repr)


def foreign_number(interpreter: Interpreter, atom: Foreign) -> int:
    """Give the owner of what the program stores on something that is not read: all of one path are one."""
    return atom.id or interpreter.heap.number("foreign", atom.path)


# Items


def keys_of(value: Value) -> tuple[Key, ...]:
    """Give the keys that a value used as an index may be; `ANY` for what is not constant."""
    keys: list[Key] = []
    for atom in value:
        if isinstance(atom, Pattern) and not is_mystery(atom):
            constant = atom.constant
            keys.append(atom if constant is None else constant)
        elif isinstance(atom, Constant) and isinstance(atom.value, int):
            keys.append(int(atom.value))
        elif atom != Constant(None) or len(value) == 1:  # what may be missing is mostly asked about before
            keys.append(ANY)
    return tuple(keys)


def index(interpreter: Interpreter, value: Value, key: Value) -> Value:
    """Read `value[key]`."""
    keys = keys_of(key)
    return join_all(_item(interpreter, atom, keys, key) for atom in value)


def _item(interpreter: Interpreter, atom: Atom, keys: tuple[Key, ...], key: Value) -> Value:
    heap = interpreter.heap
    match atom:
        case Mapping():
            return join_all(held(interpreter, atom, each) for each in keys)
        case Sequence():
            return join_all(_position(interpreter, atom, each) for each in keys)
        case Pattern():
            return join_all(_field(atom, each) for each in keys)
        case Instance():
            own = join_all(heap.read(atom.id, each) for each in (*keys, ANY))
            return join(own, protocols.item(interpreter, atom, key, keys, stored=bool(own)))
        case Constant():
            return NOTHING
        case _:
            found = interpreter.language.index(interpreter, atom, key)
            return mystery("it is an item of something that is not read") if found is None else found


def held(interpreter: Interpreter, mapping: Mapping, key: Key) -> Value:
    """Give what a mapping may hold under a key; nothing if it was never put there."""
    heap, owner = interpreter.heap, mapping.id
    if isinstance(key, str | int):
        known = join(heap.read(owner, key), heap.read(owner, ANY))
        return join_all([known, *(value for other, value in heap.items(owner) if isinstance(other, Pattern))])
    return join_all(value for _, value in heap.items(owner))


def _position(interpreter: Interpreter, atom: Sequence, key: Key) -> Value:
    heap = interpreter.heap
    if isinstance(key, int) and key >= 0:
        return join(heap.read(atom.id, key), heap.read(atom.id, ANY))
    return join_all(value for _, value in heap.items(atom.id))


def _field(pattern: Pattern, key: Key) -> Value:
    origin = pattern.sole
    if isinstance(origin, EventField | Context | Result):
        step: PathStep = key if isinstance(key, str | int) else EACH
        return one(Pattern((deeper(origin, step),)))
    if is_mystery(pattern):
        return one(pattern)
    return mystery(f"it is a part of `{pattern}`")


def elements(interpreter: Interpreter, value: Value) -> Value:
    """Give what iterating gives: the elements of sequences, the keys of mappings, each of an event's records."""
    return join_all(elements_of(interpreter, atom) for atom in value)


def elements_of(interpreter: Interpreter, atom: Atom) -> Value:
    """Give what iterating one thing gives."""
    heap = interpreter.heap
    match atom:
        case Sequence():
            return join_all(value for _, value in heap.items(atom.id))
        case Mapping():
            return keys_held(interpreter, atom.id)
        case Pattern():
            return _field(atom, ANY)
        case Instance():
            return protocols.elements(interpreter, atom)
        case Constant():
            return NOTHING
        case _:
            found = interpreter.language.index(interpreter, atom, NOTHING)
            return mystery("it is an element of something that is not read") if found is None else found


def keys_held(interpreter: Interpreter, owner: int) -> Value:
    """Give the keys of a mapping, as values."""
    keys = NOTHING
    for key, _ in interpreter.heap.items(owner):
        if isinstance(key, str):
            keys = join(keys, one(Pattern((key,) if key else ())))
        elif isinstance(key, int):
            keys = join(keys, one(Constant(key)))
        elif isinstance(key, Pattern):
            keys = join(keys, one(key))
        elif key is ANY:
            keys = join(keys, mystery("it is a key that is put together at run time"))
    return keys


def spread_into(interpreter: Interpreter, target: Mapping, value: Value) -> frozenset[str]:
    """Add the entries of mappings to one; return the keys it surely has of them."""
    sure: list[frozenset[str]] = []
    for atom in value:
        if isinstance(atom, Mapping):
            for key, held in interpreter.heap.items(atom.id):
                interpreter.heap.write(target.id, key, held)
            sure.append(interpreter.heap.definite(atom.id))
        else:
            if not isinstance(atom, Constant):  # a constant is nothing to spread: `...(condition && {…})`
                interpreter.heap.write(target.id, ANY, _elements_of_spread(atom))
            sure.append(frozenset())
    return frozenset.intersection(*sure) if sure else frozenset()


def _elements_of_spread(atom: Atom) -> Value:
    return _field(atom, ANY) if isinstance(atom, Pattern) else mystery("it is spread from an object")


def sliced(interpreter: Interpreter, at: Extent, value: Value) -> Value:
    """Give a part of a sequence or of text."""
    parts = NOTHING
    for atom in value:
        if isinstance(atom, Sequence):
            made = Sequence(interpreter.frame_id(at, "slice"), SequenceKind.LIST)
            interpreter.heap.write(made.id, ANY, elements_of(interpreter, atom))
            parts = join(parts, one(made))
        elif isinstance(atom, Pattern):
            parts = join(parts, part_of(atom))
        else:
            parts = join(parts, one(atom))
    return parts
