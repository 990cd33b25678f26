"""What JavaScript does with objects and functions as such: `Object.assign`, `Reflect`, `bind`."""

from __future__ import annotations

from collections.abc import Callable

from lamward.code.calls import calling, objects, outside, storing
from lamward.code.calls.frames import Arguments
from lamward.code.calls.heap import ANY, Special
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import (
    NOTHING,
    Bound,
    ClassValue,
    Foreign,
    FunctionValue,
    Instance,
    Mapping,
    Partial,
    Sequence,
    Value,
    Wrapped,
    constants_of,
    join,
    join_all,
    mystery,
    one,
)
from lamward.code.calls.values import Method as MethodValue
from lamward.code.javascript.containers import TRUTH
from lamward.code.pattern import Constant

Model = Callable[[Invocation], Value]


def assign(invocation: Invocation) -> Value:
    """Copy the entries of objects into the first."""
    targets = invocation.get(0)
    for target in targets:
        for value in invocation.arguments.positional[1:]:
            if isinstance(target, Mapping | Instance | ClassValue | FunctionValue):
                objects.spread_into(invocation.interpreter, Mapping(target.id), value)
            for name, held in _constant_entries(invocation, value):
                storing.attribute(invocation.interpreter, invocation.at, one(target), name, held)
    return targets


def _constant_entries(invocation: Invocation, value: Value) -> list[tuple[str, Value]]:
    return [
        (key, held)
        for atom in value
        if isinstance(atom, Mapping)
        for key, held in invocation.heap.items(atom.id)
        if isinstance(key, str)
    ]


def with_prototype(invocation: Invocation) -> Value:
    """Give objects another prototype, whose entries they have."""
    for target in invocation.get(0):
        if isinstance(target, Mapping | Instance | ClassValue | FunctionValue):
            objects.spread_into(invocation.interpreter, Mapping(target.id), invocation.get(1))
    return invocation.get(0)


def proxy(invocation: Invocation) -> Value:
    """Put something in front of an object: it gives what the object gives, or whatever else."""
    outside.hand_over(invocation)
    return join(invocation.get(0), mystery("a proxy gives it"))


def define_property(invocation: Invocation) -> Value:
    """Set a property by its description."""
    for name in constants_of(invocation.get(1)):
        _define(invocation, name, invocation.get(2))
    return invocation.get(0)


def define_properties(invocation: Invocation) -> Value:
    """Set properties by their descriptions."""
    for name, description in _constant_entries(invocation, invocation.get(1)):
        _define(invocation, name, description)
    return invocation.get(0)


def _define(invocation: Invocation, name: str, description: Value) -> None:
    interpreter, described = invocation.interpreter, _plain(description)
    held = objects.attribute(interpreter, invocation.at, described, "value")
    for part, kind in (("get", "property"), ("set", "setter")):
        functions = objects.attribute(interpreter, invocation.at, described, part)
        for atom in functions:
            if isinstance(atom, FunctionValue | Bound):
                held = join(held, one(Wrapped(kind, atom.function if isinstance(atom, Bound) else atom)))
    for owner in invocation.get(0):
        if isinstance(owner, Mapping | Instance | ClassValue | FunctionValue):
            invocation.heap.write(owner.id, name, held)


def _plain(value: Value) -> Value:
    return frozenset(atom for atom in value if isinstance(atom, Mapping))


def reflected(name: str) -> Model:
    """Make a model of a function of `Reflect`: it does what the language does with the same parts."""
    return {
        "get": _reflect_get,
        "set": _reflect_set,
        "apply": _reflect_apply,
        "construct": _reflect_construct,
    }[name]


def _reflect_get(invocation: Invocation) -> Value:
    owner, names = invocation.get(0), invocation.get(1)
    found = [
        objects.attribute(invocation.interpreter, invocation.at, owner, name) for name in constants_of(names)
    ]
    return (
        join_all(found) if len(found) == len(names) else objects.index(invocation.interpreter, owner, names)
    )


def _reflect_set(invocation: Invocation) -> Value:
    owner, names = invocation.get(0), invocation.get(1)
    storing.index(invocation.interpreter, invocation.at, owner, names, invocation.get(2))
    return TRUTH


def _reflect_apply(invocation: Invocation) -> Value:
    taken = join_all(
        with_receiver(invocation, atom, invocation.get(1))
        if isinstance(atom, FunctionValue | Bound)
        else one(atom)
        for atom in invocation.get(0)
    )
    return calling.call(invocation.interpreter, invocation.at, taken, spread(invocation, invocation.get(2)))


def _reflect_construct(invocation: Invocation) -> Value:
    passed = spread(invocation, invocation.get(1))
    return calling.call(invocation.interpreter, invocation.at, invocation.get(0), passed, constructs=True)


def spread(invocation: Invocation, value: Value) -> Arguments:
    """Give the elements of an array as arguments."""
    match tuple(value):
        case (Sequence() as sequence,):
            cells = dict(invocation.heap.items(sequence.id))
            positions = sorted(key for key in cells if isinstance(key, int))
            return Arguments(tuple(cells[key] for key in positions), cells.get(ANY, NOTHING))
    return Arguments(rest=objects.elements(invocation.interpreter, value))


def bound(invocation: Invocation, function: FunctionValue | Bound | Partial | MethodValue) -> Value:
    """Give a function its `this`, and perhaps some arguments."""
    receiver, given = invocation.get(0), invocation.arguments.positional[1:]
    taken = with_receiver(invocation, function, receiver)
    if not given:
        return taken
    made = Partial(invocation.make("bind", function))
    for position, value in enumerate(given):
        invocation.heap.write(made.id, position, value)
    invocation.heap.write(made.id, Special.CALLEE, taken)
    return one(made)


def with_receiver(
    invocation: Invocation, function: FunctionValue | Bound | Partial | MethodValue | Foreign, receiver: Value
) -> Value:
    """Give what a function is when it is called on something."""
    inner = function.function if isinstance(function, Bound) else function
    if isinstance(inner, FunctionValue) and invocation.interpreter.definitions[inner.id].function.receiver:
        receivers = frozenset(Bound(inner, atom) for atom in receiver if atom != Constant(None))
        return receivers or one(function)
    return one(function)
