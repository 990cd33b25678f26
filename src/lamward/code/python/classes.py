"""What Python's classes and their instances do by themselves: metaclasses, `__new__`, descriptors, operators."""

from __future__ import annotations

from typing import Final

from lamward.code import ir
from lamward.code.calls import constructing, objects, protocols
from lamward.code.calls.calling import call
from lamward.code.calls.frames import Arguments
from lamward.code.calls.heap import Special
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import (
    NONE,
    NOTHING,
    Atom,
    Bound,
    ClassValue,
    FunctionValue,
    Instance,
    Mapping,
    Parent,
    Sequence,
    Value,
    Wrapped,
    join,
    join_all,
    mystery,
    of_text,
    one,
)
from lamward.code.python.containers import sequence_of
from lamward.code.source import Extent

_CALLED_WHERE_WRITTEN: Final = frozenset(
    {
        "__init__",
        "__new__",
        "__post_init__",
        "__call__",
        "__getattr__",
        "__getattribute__",
        "__class_getitem__",
    }
    | {"__enter__", "__exit__", "__aenter__", "__aexit__", "__init_subclass__", "__set_name__", "__prepare__"}
)
"""Methods that are called only where something else is written, and are followed there."""

_OPERATORS: Final = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "@": "matmul", "**": "pow",
    "&": "and", "|": "or", "^": "xor", "<<": "lshift", ">>": "rshift",
}  # fmt: skip


def calls_itself(name: str) -> bool:
    """Tell whether Python calls methods of this name where no call is written, such as `__len__`."""
    return name.startswith("__") and name.endswith("__") and name not in _CALLED_WHERE_WRITTEN


# Classes


def made(interpreter: Interpreter, step: ir.MakeClass, class_: ClassValue) -> None:
    """Call what is called when a class is made: its metaclass, those above it, what is put into it."""
    frame = interpreter.frame
    keywords = {
        each.name: frame.registers[each.value] for each in step.bases if each.kind is ir.ArgumentKind.KEYWORD
    }
    metaclasses = keywords.pop("metaclass", NOTHING)
    above = [each for each in objects.ancestors(interpreter, class_.id) if each != class_]
    for each in above:
        if isinstance(each, ClassValue):
            metaclasses = join(metaclasses, interpreter.heap.read(each.id, Special.METACLASS))
    interpreter.heap.write(class_.id, Special.METACLASS, metaclasses)
    for metaclass in metaclasses:
        if isinstance(metaclass, ClassValue):
            _by_metaclass(interpreter, step, class_, metaclass, keywords)
    for each in above:
        if isinstance(each, ClassValue) and interpreter.heap.has(each.id, "__init_subclass__"):
            held = interpreter.heap.read(each.id, "__init_subclass__")
            call(interpreter, step.at, _of_class(held, class_), Arguments(keywords=keywords))
            break
    _name_members(interpreter, step.at, class_)


def _by_metaclass(
    interpreter: Interpreter,
    step: ir.MakeClass,
    class_: ClassValue,
    metaclass: ClassValue,
    keywords: dict[str, Value],
) -> None:
    interpreter.heap.write(metaclass.id, Special.MADE, one(class_))
    bases = Sequence(interpreter.frame_id(step.at, "bases"), ir.SequenceKind.TUPLE)
    given = (of_text(step.name), one(bases), one(Mapping(class_.id)))
    for name, first, arguments in (
        ("__prepare__", metaclass, given[:2]),
        ("__new__", metaclass, given),
        ("__init__", class_, given),
    ):
        for owner in objects.ancestors(interpreter, metaclass.id):
            if isinstance(owner, ClassValue) and interpreter.heap.has(owner.id, name):
                callee = _of_class(interpreter.heap.read(owner.id, name), first)
                call(interpreter, step.at, callee, Arguments(arguments, keywords=keywords))
                break


def _of_class(held: Value, class_: ClassValue) -> Value:
    """Take a function out of a class as one of the class itself, whether that is written or not."""
    taken = NOTHING
    for atom in held:
        inner = atom.inner if isinstance(atom, Wrapped) else atom
        taken = join(taken, one(Bound(inner, class_) if isinstance(inner, FunctionValue) else inner))
    return taken


def _name_members(interpreter: Interpreter, at: Extent, class_: ClassValue) -> None:
    for name, value in list(interpreter.heap.items(class_.id)):
        for atom in sorted(value, key=repr):
            if isinstance(atom, Instance) and isinstance(name, str):
                protocols.method(
                    interpreter, at, atom, "__set_name__", Arguments((one(class_), of_text(name)))
                )


def subclasses(invocation: Invocation, class_: ClassValue) -> Value:
    """Give all classes of the program below one."""
    interpreter = invocation.interpreter
    interpreter.missing("")  # others may still be made
    below = frozenset(
        ClassValue(number)
        for number in interpreter.classes
        if number != class_.id and class_ in objects.ancestors(interpreter, number)
    )
    return sequence_of(invocation, "subclasses", below)


def item(interpreter: Interpreter, class_: ClassValue, key: Value) -> Value:
    """Give what a class gives for its parameters."""
    held = interpreter.heap.read(class_.id, "__class_getitem__")
    return call(interpreter, Extent(0, 0), _of_class(held, class_), Arguments((key,)))


# Instances


def instantiated(invocation: Invocation, atom: ClassValue) -> Value | None:
    """Make an instance by the metaclass's `__call__` or the class's `__new__`; None if it has neither."""
    interpreter = invocation.interpreter
    for metaclass in interpreter.heap.read(atom.id, Special.METACLASS):
        if isinstance(metaclass, ClassValue) and (held := _above(interpreter, metaclass, "__call__")):
            return call(interpreter, invocation.at, _of_class(held, atom), invocation.arguments)
    return _by_new(invocation, atom)


def _above(interpreter: Interpreter, class_: ClassValue, name: str) -> Value:
    for owner in objects.ancestors(interpreter, class_.id):
        if isinstance(owner, ClassValue) and interpreter.heap.has(owner.id, name):
            return interpreter.heap.read(owner.id, name)
    return NOTHING


def _by_new(invocation: Invocation, atom: ClassValue) -> Value | None:
    interpreter = invocation.interpreter
    held = _above(interpreter, atom, "__new__")
    if not held:
        return None
    given = call(interpreter, invocation.at, _of_class(held, atom), invocation.arguments)
    line = list(objects.ancestors(interpreter, atom.id))
    for instance in sorted(given, key=repr):
        if isinstance(instance, Instance) and instance.class_id == atom.id:
            constructing.initialised(invocation, instance, line)
    return given


def of_parent(invocation: Invocation, receiver: Parent, name: str) -> Value | None:
    """Call a method of `object` or `type`, which are above all classes; None if it is none of theirs."""
    interpreter, holder = invocation.interpreter, receiver.receiver
    match name:
        case "__new__":
            return _allocated(invocation, invocation.get(0) or one(holder))
        case "__call__" if isinstance(holder, ClassValue):
            known = _by_new(invocation, holder)
            return constructing.made(invocation, holder) if known is None else known
        case "__init__" | "__init_subclass__" | "__set_name__" if not isinstance(holder, Instance):
            return NONE
        case "__setattr__" if isinstance(holder, Instance):
            write_attribute(invocation, one(holder), invocation.get(0), invocation.get(1))
            return NONE
        case "__setitem__" if isinstance(holder, Instance):
            for key in objects.keys_of(invocation.get(0)):
                interpreter.heap.write(holder.id, key, invocation.get(1))
            return NONE
        case "__getitem__" | "get" if isinstance(holder, Instance):
            keys = objects.keys_of(invocation.get(0))
            held = [objects.held(interpreter, Mapping(holder.id), key) for key in keys]
            return join_all(held) or interpreter.missing("it is an item of an object")
        case _:
            return None


def _allocated(invocation: Invocation, classes: Value) -> Value:
    """Make instances without calling anything of theirs; for a metaclass, give the classes that it makes."""
    interpreter, given = invocation.interpreter, NOTHING
    for atom in classes:
        if not isinstance(atom, ClassValue):
            continue
        classes_made = interpreter.heap.read(atom.id, Special.MADE)
        if classes_made:
            given = join(given, classes_made)
            continue
        instance = Instance(interpreter.heap.number("allocated", atom.id), atom.id)
        interpreter.instances[instance.id] = atom.id
        given = join(given, one(instance))
    return given


def write_past(invocation: Invocation) -> Value:
    """Write an attribute as `object.__setattr__` does."""
    write_attribute(invocation, invocation.get(0), invocation.get(1), invocation.get(2))
    return NONE


def write_attribute(invocation: Invocation, owners: Value, names: Value, held: Value) -> None:
    """Write an attribute past all that its class says about that."""
    for owner in owners:
        if isinstance(owner, Instance | ClassValue):
            for key in objects.keys_of(names):
                invocation.heap.write(owner.id, key, held)


def storing(interpreter: Interpreter, at: Extent, owner: Instance, name: str, held: Value) -> None:
    """Call what is called when an attribute is written: `__setattr__`, and `__set__` of what describes it."""
    protocols.method(interpreter, at, owner, "__setattr__", Arguments((of_text(name), held)))
    for class_ in objects.ancestors(interpreter, owner.class_id):
        for atom in interpreter.heap.read(class_.id, name) if isinstance(class_, ClassValue) else ():
            if isinstance(atom, Instance):
                protocols.method(interpreter, at, atom, "__set__", Arguments((one(owner), held)))


def awaited(interpreter: Interpreter, at: Extent, value: Value) -> Value:
    """Wait for a value: an instance says itself what that gives."""
    found = NOTHING
    for atom in value:
        given = (
            protocols.method(interpreter, at, atom, "__await__", Arguments())
            if isinstance(atom, Instance)
            else None
        )
        own = one(atom) if given is None else join(given, mystery("an object says what waiting for it gives"))
        found = join(found, own)
    return found


def operated(interpreter: Interpreter, step: ir.Compute, operands: tuple[Value, ...]) -> Value:
    """Apply an operator to instances, whose classes say what it does."""
    name, found = _OPERATORS.get(step.operator), NOTHING
    if name is None or len(operands) != 2:
        return NOTHING
    for prefixes, owners, other in ((("", "i"), *operands), (("r",), operands[1], operands[0])):
        for atom in owners:
            for prefix in prefixes if isinstance(atom, Instance) else ():
                given = _operated(interpreter, step.at, atom, f"__{prefix}{name}__", other)
                found = join(found, given)
    return found


def _operated(interpreter: Interpreter, at: Extent, atom: Atom, name: str, other: Value) -> Value:
    given = None
    if isinstance(atom, Instance):
        given = protocols.method(interpreter, at, atom, name, Arguments((other,)))
    return given or NOTHING
