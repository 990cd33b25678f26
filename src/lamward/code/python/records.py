"""Objects of the standard library that hold what they are given: named tuples, context variables, queues, futures."""

from __future__ import annotations

import string
from collections.abc import Callable

from lamward.code import ir
from lamward.code.calls import objects, storing
from lamward.code.calls.heap import ANY, Special
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.texts import concatenated
from lamward.code.calls.values import (
    NONE,
    NOTHING,
    Bound,
    ClassValue,
    Foreign,
    FunctionValue,
    Instance,
    Mapping,
    Partial,
    Sequence,
    Texts,
    Value,
    constants_of,
    join,
    join_all,
    mystery,
    one,
    texts_of,
)
from lamward.code.pattern import Pattern, text, unknown
from lamward.code.python.containers import sequence_of, update

Model = Callable[[Invocation], Value]

NAMED_TUPLE = "typing.NamedTuple"


def named_tuple(invocation: Invocation) -> Value:
    """Make a class of tuples whose fields have names; without names that are constant, one that is not known."""
    fields = _names(invocation, invocation.get(1, "field_names"))
    if fields is None:
        return mystery("it is a tuple whose fields are named at run time")
    number = invocation.make("named tuple")
    made = ir.MakeClass(at=invocation.at, into=0, name="", bases=(), body=(), fields=fields)
    invocation.interpreter.classes[number] = made
    invocation.heap.write(number, Special.CALLEE, one(Foreign(NAMED_TUPLE)))
    return one(ClassValue(number))


def _names(invocation: Invocation, value: Value) -> tuple[str, ...] | None:
    written = constants_of(value)
    if len(written) == len(value) == 1:
        return tuple(written[0].replace(",", " ").split())
    match tuple(value):
        case (Sequence() as names,):
            cells = dict(invocation.heap.items(names.id))
            ordered = [
                constants_of(cells[key]) for key in sorted(key for key in cells if isinstance(key, int))
            ]
            if ANY not in cells and all(len(each) == 1 for each in ordered):
                return tuple(each[0] for each in ordered)
    return None


def replaced(invocation: Invocation) -> Value:
    """Copy an object with other attributes, as `dataclasses.replace` and `_replace` do."""
    interpreter, value = invocation.interpreter, invocation.get(0)
    if invocation.owner in interpreter.instances:
        value = one(Instance(invocation.owner, interpreter.instances[invocation.owner]))
    return join_all(
        one(_copied(invocation, each)) if isinstance(each, Instance) else one(each) for each in value
    )


def _copied(invocation: Invocation, original: Instance) -> Instance:
    made = Instance(invocation.make("replaced", original), original.class_id)
    invocation.interpreter.instances[made.id] = original.class_id
    given = invocation.arguments.keywords
    for name, held in invocation.heap.items(original.id):
        if name not in given:
            invocation.heap.write(made.id, name, held)
    for name, held in given.items():
        invocation.heap.write(made.id, name, held)
    return made


def method(invocation: Invocation) -> Value:
    """Make a function a method of an object."""
    functions, owners = invocation.get(0), invocation.get(1)
    return (
        frozenset(
            Bound(each, owner) for each in functions if isinstance(each, FunctionValue) for owner in owners
        )
        or functions
    )


def attributes(invocation: Invocation) -> Value:
    """Give the attributes of an object as a dict."""
    return frozenset(
        Mapping(atom.id) for atom in invocation.get(0) if isinstance(atom, Instance | ClassValue)
    ) or mystery("it holds variables")


def from_keys(invocation: Invocation) -> Value:
    """Make a dict that holds the same for every key."""
    made = Mapping(invocation.make("fromkeys"))
    keys = objects.elements(invocation.interpreter, invocation.get(0))
    storing.index(invocation.interpreter, invocation.at, one(made), keys, invocation.get(1) or NONE)
    return one(made)


def merged(invocation: Invocation) -> Value:
    """Look up in several dicts: what is found may be in any."""
    return join_all(invocation.arguments.positional) or one(Mapping(invocation.make("merged")))


def template(invocation: Invocation) -> Value:
    """Keep a text with places for others."""
    made = Foreign("string.Template()", invocation.make("template"))
    invocation.heap.write(made.id, "template", invocation.get(0, "template"))
    return one(made)


def substituted(invocation: Invocation) -> Value:
    """Fill the places of a text."""
    given = Mapping(invocation.make("substituted"))
    update(invocation, given)
    written = invocation.heap.read(invocation.owner, "template")
    return join_all(
        mystery("it is formatted by a text that is not constant")
        if not isinstance(each, Pattern) or each.constant is None
        else _filled(invocation, each.constant, given)
        for each in written
    )


def _filled(invocation: Invocation, written: str, given: Mapping) -> Value:
    pieces: list[Texts] = []
    end = 0
    for place in string.Template.pattern.finditer(written):
        pieces.append(frozenset((text(written[end : place.start()]),)))
        name, end = place["named"] or place["braced"], place.end()
        held = objects.held(invocation.interpreter, given, name) if name else NOTHING
        plain = unknown(f"nothing is passed for `{name}`") if name else text("$")
        pieces.append(texts_of(held) or frozenset((plain,)))
    return concatenated([*pieces, frozenset((text(written[end:]),))])


def dispatched(invocation: Invocation) -> Value:
    """Make a function of which others are chosen by the type of what it is given."""
    made = Partial(invocation.make("singledispatch"))
    invocation.heap.write(made.id, Special.CALLEE, invocation.get(0))
    return one(made)


def register(invocation: Invocation, receiver: Partial) -> Value:
    """Add a function that may be chosen: it is given, or what is returned is applied to it."""
    given = join_all(invocation.arguments.positional)
    functions = frozenset(each for each in given if isinstance(each, FunctionValue | Bound | Partial))
    invocation.heap.write(receiver.id, Special.CALLEE, functions)
    return functions or one(Foreign(f"{REGISTERS}()", receiver.id))


REGISTERS = "functools.singledispatch().register"


def registered(invocation: Invocation) -> Value:
    """Add the function that a decorator with a type is applied to."""
    return register(invocation, Partial(invocation.owner))


# Holders: what is put into them comes out of them


def holder(path: str, *given: str) -> Model:
    """Make a model of a constructor of something that holds what it is given, first in these arguments."""

    def make(invocation: Invocation) -> Value:
        made = Foreign(path, invocation.make("holder"))
        for name in given:
            _put(made.id, invocation, invocation.get(-1, name))
        return one(made)

    return make


def puts(invocation: Invocation) -> Value:
    """Put something into a holder."""
    _put(invocation.owner, invocation, invocation.get(0))
    return one(Foreign("contextvars.Token"))


def gets(invocation: Invocation) -> Value:
    """Take something out of a holder."""
    held = invocation.heap.read(invocation.owner, ANY) if invocation.owner else NOTHING
    return join(held, invocation.get(-1, "default")) or invocation.interpreter.missing("nothing is put there")


def _put(owner: int, invocation: Invocation, value: Value) -> None:
    if owner and value:
        invocation.heap.write(owner, ANY, value)


def calls_back(invocation: Invocation) -> Value:
    """Call a function once something is there."""
    invocation.call(invocation.get(0), one(Foreign("concurrent.futures.Future()", invocation.owner)))
    return NONE


def waited(invocation: Invocation) -> Value:
    """Wait for several futures: some are done, others may not be."""
    elements = objects.elements(invocation.interpreter, invocation.get(0))
    return sequence_of(invocation, "waited", sequence_of(invocation, "futures", elements))


# Classes of the program that inherit from containers


_MAPPINGS = ("builtins.dict", "collections.UserDict", "collections.OrderedDict", "collections.defaultdict")
_SEQUENCES = ("builtins.list", "builtins.set", "builtins.tuple", "collections.deque", "collections.UserList")


def fill(invocation: Invocation, instance: Instance, parents: tuple[str, ...]) -> None:
    """Fill an instance of a class that inherits from a container."""
    if any(path in _MAPPINGS for path in parents):
        update(invocation, Mapping(instance.id))
    elif any(path in _SEQUENCES for path in parents):
        elements = objects.elements(invocation.interpreter, invocation.get(0))
        invocation.heap.write(instance.id, ANY, elements)


def container(path: str, owner: int) -> tuple[Mapping | Sequence, str] | None:
    """Tell which container a method of an instance's parent is called on, and which method."""
    parent, _, name = path.rpartition("().")
    if owner and parent in _MAPPINGS:
        return Mapping(owner), name
    return (Sequence(owner), name) if owner and parent in _SEQUENCES else None
