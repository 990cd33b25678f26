"""What Python's built-in functions and its standard library do, as far as values flow through them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lamward.code.analysis import Guess, Why
from lamward.code.calls import entering, objects, storing
from lamward.code.calls.heap import ANY
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.texts import path_join
from lamward.code.calls.values import (
    NONE,
    NOTHING,
    SDK,
    Atom,
    ClassValue,
    Client,
    Foreign,
    FunctionValue,
    Instance,
    Mapping,
    ModuleValue,
    Parent,
    Sequence,
    Value,
    Wrapped,
    constants_of,
    is_mystery,
    join,
    join_all,
    mystery,
    of_text,
    one,
    texts_of,
)
from lamward.code.ir import SequenceKind
from lamward.code.pattern import Constant, Env, Pattern
from lamward.code.python.containers import pairs, sequence_of, update

Model = Callable[[Invocation], Value]

MAX_ORDERED: Final = 8
"""Only so few elements are mapped one by one."""

UNKNOWN_TRUTH: Final[Value] = frozenset(map(Constant, (True, False)))


def first(invocation: Invocation) -> Value:
    """Give the first argument back, as decoding and copying do here."""
    return invocation.get(0) or next(iter(invocation.arguments.keywords.values()), NOTHING)


def second(invocation: Invocation) -> Value:
    """Give the second argument back."""
    return invocation.get(1, "val")


def environment_variable(invocation: Invocation) -> Value:
    """Read an environment variable."""
    return environment(invocation.get(0, "key"), invocation.get(1, "default"))


def environment(name: Value, default: Value = NOTHING) -> Value:
    """Give the environment variables of these names."""
    found = NOTHING
    for pattern in texts_of(name):
        constant = pattern.constant
        if constant is None:
            found = join(
                found, mystery("it is an environment variable whose name is put together at run time")
            )
        else:
            found = join(found, _variable(constant, default))
    return found


def _variable(name: str, default: Value) -> Value:
    constants = constants_of(default)
    if len(default) == 1 and constants:
        return of_text(Env(name, constants[0]))
    others = frozenset(atom for atom in default if not isinstance(atom, Constant))
    return join(of_text(Env(name)), others)


# Built-in functions


def text_form(invocation: Invocation) -> Value:
    """Turn into text."""
    value = invocation.get(0)
    kept = frozenset(atom for atom in value if isinstance(atom, Sequence | Mapping | Instance))
    if kept:
        return mystery("it is an object written as text")
    return frozenset(texts_of(value))


def new_mapping(invocation: Invocation) -> Value:
    """Make a dict."""
    made = Mapping(invocation.make("dict"))
    update(invocation, made)
    if not invocation.arguments.positional:
        names = frozenset(invocation.arguments.keywords) - invocation.arguments.optional
        invocation.heap.define(made.id, names)
    return one(made)


def default_mapping(invocation: Invocation) -> Value:
    """Make a dict that fills itself."""
    made = Mapping(invocation.make("defaultdict"))
    invocation.heap.write(made.id, ANY, invocation.call(invocation.get(0)))
    return one(made)


def sequence(invocation: Invocation) -> Value:
    """Make a list, set or tuple of elements; those of a display keep their order."""
    value = invocation.get(0, "iterable")
    if len(value) == 1 and isinstance(only := next(iter(value)), Sequence):
        return one(only)
    return sequence_of(invocation, "sequence", objects.elements(invocation.interpreter, value))


def an_element(invocation: Invocation) -> Value:
    """Take an element, or the default."""
    elements = objects.elements(invocation.interpreter, invocation.get(0))
    return join(elements, invocation.get(1))


def any_argument(invocation: Invocation) -> Value:
    """Give one of the arguments, or an element of the only one."""
    positional = invocation.arguments.positional
    found = join_all(positional)
    if len(positional) == 1:
        found = objects.elements(invocation.interpreter, positional[0])
    if invocation.get(-1, "key"):
        invocation.call(invocation.get(-1, "key"), found)
    return join(found, invocation.get(-1, "default"))


def iterator(invocation: Invocation) -> Value:
    """Iterate, or call a function again and again."""
    if len(invocation.arguments.positional) > 1:
        return sequence_of(invocation, "iter", invocation.call(invocation.get(0)))
    return sequence(invocation)


def decoded(invocation: Invocation) -> Value:
    """Decode text, or what an object of the program reads; functions are called for what is found."""
    for name in ("object_hook", "object_pairs_hook", "parse_float", "parse_int", "parse_constant"):
        if invocation.get(-1, name):
            invocation.call(invocation.get(-1, name), mystery("it is decoded"))
    for atom in invocation.get(0):
        if isinstance(atom, Instance):
            reading = objects.of_instance(invocation.interpreter, invocation.at, atom, "read")
            return invocation.call(reading)
    return first(invocation)


def printed(invocation: Invocation) -> Value:
    """Print, perhaps to an object of the program."""
    for atom in invocation.get(-1, "file"):
        if isinstance(atom, Instance):
            writing = objects.of_instance(invocation.interpreter, invocation.at, atom, "write")
            invocation.call(writing, mystery("it is printed"))
    return NONE


def with_key(invocation: Invocation) -> Value:
    """Sort, perhaps by a function."""
    elements = objects.elements(invocation.interpreter, invocation.get(0))
    if invocation.get(-1, "key"):
        invocation.call(invocation.get(-1, "key"), elements)
    return sequence_of(invocation, "sorted", elements)


def enumerated(invocation: Invocation) -> Value:
    """Pair elements with numbers."""
    elements = objects.elements(invocation.interpreter, invocation.get(0, "iterable"))
    return pairs(invocation, "enumerate", mystery("it is a number"), elements)


def zipped(invocation: Invocation) -> Value:
    """Pair elements."""
    row = Sequence(invocation.make("row"), SequenceKind.TUPLE)
    for position, value in enumerate(invocation.arguments.positional):
        invocation.heap.write(row.id, position, objects.elements(invocation.interpreter, value))
    return sequence_of(invocation, "zip", one(row))


def mapped(invocation: Invocation) -> Value:
    """Call a function for each element."""
    values = invocation.arguments.positional[1:]
    ordered = _in_order(invocation, values[0]) if len(values) == 1 else None
    if ordered:
        made = Sequence(invocation.make("map"))
        for position, value in enumerate(ordered):
            invocation.heap.write(made.id, position, invocation.call(invocation.get(0), value))
        return one(made)
    elements = [objects.elements(invocation.interpreter, value) for value in values]
    return sequence_of(invocation, "map", invocation.call(invocation.get(0), *elements))


def _in_order(invocation: Invocation, value: Value) -> list[Value] | None:
    """Give the elements of one short sequence in their order; None if that is not known."""
    match tuple(value):
        case (Sequence() as only,):
            cells = dict(invocation.heap.items(only.id))
            if len(cells) <= MAX_ORDERED and all(isinstance(key, int) for key in cells):
                return [cells[key] for key in sorted(cells, key=repr)]
    return None


def filtered(invocation: Invocation) -> Value:
    """Keep some elements."""
    elements = objects.elements(invocation.interpreter, invocation.get(1))
    invocation.call(invocation.get(0), elements)
    return sequence_of(invocation, "filter", elements)


def reduced(invocation: Invocation) -> Value:
    """Fold elements."""
    elements = join(objects.elements(invocation.interpreter, invocation.get(1)), invocation.get(2))
    return join(elements, invocation.call(invocation.get(0), elements, elements))


def read_attribute(invocation: Invocation) -> Value:
    """Read an attribute whose name is a value."""
    interpreter, names = invocation.interpreter, invocation.get(1)
    found = invocation.get(2)
    for pattern in texts_of(names):
        constant = pattern.constant
        if constant is not None:
            found = join(found, objects.attribute(interpreter, invocation.at, invocation.get(0), constant))
            continue
        for atom in invocation.get(0):
            found = join(found, _any_attribute(invocation, atom, pattern))
    return found


def _any_attribute(invocation: Invocation, atom: Atom, pattern: Pattern) -> Value:
    """Give every attribute whose name may be meant; of the SDK's objects that cannot be told."""
    if isinstance(atom, SDK):
        service = atom.service if isinstance(atom, Client) else ""
        reason = f"the method of the client that is called here is not constant: `{pattern}`"
        invocation.doubt(Why.DYNAMIC_OPERATION, reason, *([Guess(service)] if service else []))
        return mystery("it is a method of a client by a name that is not constant")
    interpreter = invocation.interpreter
    owners: list[int] = []
    if isinstance(atom, Instance | ClassValue):
        class_id = atom.class_id if isinstance(atom, Instance) else atom.id
        lines = objects.ancestors(interpreter, class_id)
        owners = [atom.id, *(each.id for each in lines if isinstance(each, ClassValue))]
    elif isinstance(atom, ModuleValue):
        owners = [interpreter.module_number(atom.name)]
    names = {key for owner in owners for key, _ in interpreter.heap.items(owner) if isinstance(key, str)}
    return join_all(
        objects.attribute(interpreter, invocation.at, one(atom), name)
        for name in sorted(names)
        if may_be(pattern, name) and not name.startswith("__")
    )


def may_be(pattern: Pattern, name: str) -> bool:
    """Tell whether a text may turn out as this, by its constant ends."""
    if not pattern.parts:
        return not name
    head, tail = pattern.parts[0], pattern.parts[-1]
    return name.startswith(head if isinstance(head, str) else "") and name.endswith(
        tail if isinstance(tail, str) else ""
    )


def write_attribute(invocation: Invocation) -> Value:
    """Write an attribute whose name is a value."""
    names = constants_of(invocation.get(1))
    for name in names:
        storing.attribute(invocation.interpreter, invocation.at, invocation.get(0), name, invocation.get(2))
    if len(names) < len(invocation.get(1)):
        for atom in invocation.get(0):
            if isinstance(atom, Instance | ClassValue):
                invocation.heap.write(atom.id, ANY, invocation.get(2))
    return NONE


def parent(invocation: Invocation) -> Value:
    """Give `super()`: what is above the class of the method that asks."""
    frame = invocation.interpreter.frame
    while (
        frame.outer is not None
        and frame.value is not None
        and frame.value.id not in invocation.interpreter.owners
    ):
        frame = frame.outer
    if frame.value is None or not frame.function.parameters:
        return NOTHING
    owner = invocation.interpreter.owners.get(frame.value.id)
    if owner is None:
        return NOTHING
    receivers = invocation.heap.read(frame.number, frame.function.parameters[0].name)
    return frozenset(Parent(owner, receiver) for receiver in receivers)


def wrapped(kind: str) -> Model:
    """Make a model of a decorator that changes how an attribute is read."""

    def wrap(invocation: Invocation) -> Value:
        return _as(kind, invocation.get(0))

    return wrap


def property_of(invocation: Invocation) -> Value:
    """Make a property of functions that read it, write it and delete it."""
    reading, writing = invocation.get(0, "fget"), invocation.get(1, "fset")
    made = join(_as("property", reading), _as("setter", writing))
    return join(made, _as("deleter", invocation.get(2, "fdel")))


def _as(kind: str, value: Value) -> Value:
    return frozenset(Wrapped(kind, atom) if isinstance(atom, FunctionValue) else atom for atom in value)


def class_of(invocation: Invocation) -> Value:
    """Give the class of an instance."""
    return frozenset(
        ClassValue(atom.class_id) for atom in invocation.get(0) if isinstance(atom, Instance)
    ) or mystery("it is a class")


def gathered(invocation: Invocation) -> Value:
    """Wait for several results."""
    made = Sequence(invocation.make("gather"))
    for position, value in enumerate(invocation.arguments.positional):
        invocation.heap.write(made.id, position, value)
    if invocation.arguments.rest:
        invocation.heap.write(made.id, ANY, invocation.arguments.rest)
    return one(made)


def entered(invocation: Invocation) -> Value:
    """Enter a context manager."""
    return entering.entered(invocation.interpreter, invocation.at, first(invocation))


def field(invocation: Invocation) -> Value:
    """Give the default of a field of a data class."""
    factory = invocation.get(-1, "default_factory")
    return join(invocation.get(-1, "default"), invocation.call(factory) if factory else NOTHING)


def joined_path(invocation: Invocation) -> Value:
    """Join pieces of a path."""
    return path_join(invocation.arguments.positional) if invocation.arguments.positional else of_text()


def chained(invocation: Invocation) -> Value:
    """Put sequences one after another."""
    values = invocation.arguments.positional
    return sequence_of(
        invocation, "chain", join_all(objects.elements(invocation.interpreter, each) for each in values)
    )


def same_unless_unknown(invocation: Invocation) -> Value:
    """Convert to a number: constants stay."""
    value = invocation.get(0)
    if any(isinstance(atom, Pattern) and not is_mystery(atom) and atom.constant is None for atom in value):
        return value
    return value or one(Constant(0))


def truth(_: Invocation) -> Value:
    """Tell something that is not followed."""
    return UNKNOWN_TRUTH


def caching(invocation: Invocation) -> Value:
    """Make a function keep its results, or give what does so."""
    functions = frozenset(atom for atom in invocation.get(0) if isinstance(atom, FunctionValue))
    return functions or one(Foreign("functools.lru_cache()"))
