"""Writing attributes and items: what is stored, and the methods that storing calls."""

from __future__ import annotations

from lamward.code.calls import objects, protocols
from lamward.code.calls.frames import Arguments
from lamward.code.calls.heap import ANY
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.values import (
    Bound,
    ClassValue,
    Foreign,
    FunctionValue,
    Instance,
    Mapping,
    ModuleValue,
    Partial,
    Sequence,
    Value,
    Wrapped,
    constants_of,
    one,
)
from lamward.code.source import Extent


def attribute(interpreter: Interpreter, at: Extent, value: Value, name: str, held: Value) -> None:
    """Write `value.name`."""
    for atom in value:
        match atom:
            case Instance():
                _into_instance(interpreter, at, atom, name, held)
            case ClassValue():
                interpreter.heap.write(atom.id, name, held)
                _set_by(interpreter, at, atom, atom, (name, held), kind="static setter")
            case FunctionValue() | Partial():
                interpreter.heap.write(atom.id, name, held)
            case Mapping():
                interpreter.heap.write(atom.id, name, held)
                _set_by(interpreter, at, atom, atom, (name, held))
            case ModuleValue():
                interpreter.heap.write(interpreter.module_number(atom.name), name, held)
            case Foreign():
                interpreter.heap.write(objects.foreign_number(interpreter, atom), name, held)
            case _:
                pass


def _into_instance(interpreter: Interpreter, at: Extent, atom: Instance, name: str, held: Value) -> None:
    """Write an attribute of an instance, or call what its class has for that."""
    interpreter.language.storing(interpreter, at, atom, name, held)
    for ancestor in objects.ancestors(interpreter, atom.class_id):
        if isinstance(ancestor, ClassValue) and interpreter.heap.has(ancestor.id, name):
            _set_by(interpreter, at, ancestor, atom, (name, held))
            break
    interpreter.heap.write(atom.id, name, held)


def _by_names(interpreter: Interpreter, at: Extent, atom: Instance, key: Value, held: Value) -> None:
    """Call the setters of the names that a value may be."""
    names = constants_of(key)
    for ancestor in objects.ancestors(interpreter, atom.class_id):
        cells = interpreter.heap.items(ancestor.id) if isinstance(ancestor, ClassValue) else ()
        for name, _ in list(cells):
            if (
                isinstance(name, str)
                and isinstance(ancestor, ClassValue)
                and (name in names or len(names) < len(key))
            ):
                _set_by(interpreter, at, ancestor, atom, (name, held))


def _set_by(
    interpreter: Interpreter,
    at: Extent,
    owner: ClassValue | Mapping,
    receiver: Instance | ClassValue | Mapping,
    written: tuple[str, Value],
    *,
    kind: str = "setter",
) -> None:
    """Call the setter of this name, if the owner has one.

    It is looked for once the value is written: who writes what they have read before must look again.
    """
    from lamward.code.calls.calling import call

    name, held = written
    for setter in interpreter.heap.read(owner.id, name):
        if isinstance(setter, Wrapped) and setter.kind == kind:
            inner = setter.inner
            bound = Bound(inner, receiver) if isinstance(inner, FunctionValue) else inner
            call(interpreter, at, one(bound), Arguments((held,)))


def index(interpreter: Interpreter, at: Extent, value: Value, key: Value, held: Value) -> None:
    """Write `value[key]`."""
    for atom in value:
        if isinstance(atom, Mapping | Instance):
            if isinstance(atom, Instance):
                protocols.method(interpreter, at, atom, "__setitem__", Arguments((key, held)))
                if interpreter.language.items_are_attributes:
                    _by_names(interpreter, at, atom, key, held)
            for each in objects.keys_of(key):
                interpreter.heap.write(atom.id, each, held)
                if isinstance(each, str) and isinstance(atom, Mapping):
                    _set_by(interpreter, at, atom, atom, (each, held))
        elif isinstance(atom, Sequence) or (isinstance(atom, Foreign) and atom.id):
            interpreter.heap.write(atom.id, ANY, held)
