"""What JavaScript's global functions and Node's modules do, as far as values flow through them."""

from __future__ import annotations

from collections.abc import Callable

from lamward.code.analysis import Why
from lamward.code.calls import objects, outside
from lamward.code.calls.heap import ANY
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.texts import path_join
from lamward.code.calls.values import (
    NONE,
    NOTHING,
    Bound,
    Foreign,
    FunctionValue,
    Instance,
    Mapping,
    Parent,
    Partial,
    Sequence,
    Value,
    Wrapped,
    join,
    join_all,
    mystery,
    of_text,
    one,
    texts_of,
)
from lamward.code.javascript.containers import ARRAY, MAP, NUMBER, TRUTH, add_pairs, pairs, sequence_of
from lamward.code.pattern import Constant, Env, Pattern

Model = Callable[[Invocation], Value]


def first(invocation: Invocation) -> Value:
    """Give the first argument back, as decoding and copying do here."""
    return invocation.get(0)


def environment(name: Value) -> Value:
    """Give the environment variables of these names."""
    found = NOTHING
    for pattern in texts_of(name):
        constant = pattern.constant
        reason = "it is an environment variable whose name is put together at run time"
        found = join(found, mystery(reason) if constant is None else of_text(Env(constant)))
    return found


def super_(invocation: Invocation) -> Value:
    """Give `super`: what is above the class of the method that asks."""
    interpreter = invocation.interpreter
    frame = interpreter.frame
    while frame.outer is not None and (frame.value is None or frame.value.id not in interpreter.owners):
        frame = frame.outer
    owner = interpreter.owners.get(frame.value.id) if frame.value is not None else None
    if owner is None or not frame.function.parameters:
        return NOTHING
    receivers = invocation.heap.read(frame.number, frame.function.parameters[0].name)
    return frozenset(Parent(owner, receiver) for receiver in receivers)


def wrapped(kind: str) -> Model:
    """Make a model of a keyword that changes how a member of a class or an object is read."""
    return lambda invocation: frozenset(
        Wrapped(kind, atom) if isinstance(atom, FunctionValue) else atom for atom in invocation.get(0)
    )


def static(invocation: Invocation) -> Value:
    """Make a member of a class one of the class itself."""
    kinds = {"property": "static property", "setter": "static setter"}
    return frozenset(
        Wrapped(kinds[atom.kind], atom.inner) if isinstance(atom, Wrapped) and atom.kind in kinds else atom
        for atom in wrapped("classmethod")(invocation)
    )


def render(invocation: Invocation) -> Value:
    """Let code that is not read use what it is given."""
    outside.hand_over(invocation)
    return mystery("it is made by code that is not read")


def import_by_name(invocation: Invocation) -> Value:
    """Import a module whose name is a value."""
    reason = "a module is imported by a name that is not constant"
    invocation.doubt(Why.DYNAMIC_CODE, reason)
    return mystery("it is imported by a name that is put together at run time")


def dynamic_code(invocation: Invocation) -> Value:
    """Run text as code."""
    invocation.doubt(Why.DYNAMIC_CODE, "code that is put together at run time is run here")
    return mystery("it comes from code that is put together at run time")


# Promises


def then(invocation: Invocation) -> Value:
    """Go on with a value that is promised; what fails, goes on with an exception."""
    value, succeeded, failed = invocation.get(0), invocation.get(1), invocation.get(2)
    own = _own_then(invocation, value)
    if own:
        return invocation.call(own, *invocation.arguments.positional[1:]) or NONE
    given = invocation.call(succeeded, value or NONE) if _is_called(succeeded) else value
    if _is_called(failed):
        given = join(given, invocation.call(failed, mystery("it is an exception")))
    return given


def _own_then(invocation: Invocation, value: Value) -> Value:
    """Give the method `then` that objects of the program have themselves."""
    objects_ = frozenset(atom for atom in value if isinstance(atom, Mapping | Instance))
    found = objects.attribute(invocation.interpreter, invocation.at, objects_, "then")
    return frozenset(atom for atom in found if isinstance(atom, FunctionValue | Bound | Partial))


def catch(invocation: Invocation) -> Value:
    """Go on with a value, or with what the handler of exceptions makes."""
    value = invocation.get(0)
    if _is_called(invocation.get(1)):
        value = join(value, invocation.call(invocation.get(1), mystery("it is an exception")))
    return value


def finally_(invocation: Invocation) -> Value:
    """Call what is called in any case."""
    if _is_called(invocation.get(1)):
        invocation.call(invocation.get(1))
    return invocation.get(0)


def _is_called(value: Value) -> bool:
    return any(atom != Constant(None) for atom in value)


def new_promise(invocation: Invocation) -> Value:
    """Call what promises; the value is what it resolves with."""
    number = invocation.make("promise")
    invocation.call(invocation.get(0), one(Foreign("@resolve", number)), one(Foreign("@reject")))
    return invocation.heap.read(number, ANY)


def resolve(invocation: Invocation, number: int) -> Value:
    """Keep a promise."""
    invocation.heap.write(number, ANY, invocation.get(0) or NONE)
    return NONE


def with_resolvers(invocation: Invocation) -> Value:
    """Make a promise with what keeps it."""
    number = invocation.make("promise")
    made = Mapping(invocation.make("resolvers"))
    invocation.heap.write(made.id, "promise", invocation.heap.read(number, ANY))
    invocation.heap.write(made.id, "resolve", one(Foreign("@resolve", number)))
    invocation.heap.write(made.id, "reject", one(Foreign("@reject")))
    return one(made)


def all_settled(invocation: Invocation) -> Value:
    """Wait for several promises, each of which may fail."""
    outcome = Mapping(invocation.make("outcome"))
    value = objects.elements(invocation.interpreter, invocation.get(0))
    invocation.heap.write(outcome.id, "value", value)
    invocation.heap.write(outcome.id, "status", mystery("it is how a promise ended"))
    invocation.heap.write(outcome.id, "reason", mystery("it is an exception"))
    return sequence_of(invocation, "settled", one(outcome))


def an_element(invocation: Invocation) -> Value:
    """Give one of the elements."""
    return objects.elements(invocation.interpreter, invocation.get(0))


def later(invocation: Invocation) -> Value:
    """Call a function later, with what comes after the delay."""
    invocation.call(invocation.get(0), *invocation.arguments.positional[2:])
    return one(Foreign("setTimeout()"))


def soon(invocation: Invocation) -> Value:
    """Call a function soon, with what comes after it."""
    invocation.call(invocation.get(0), *invocation.arguments.positional[1:])
    return NONE


# Objects and arrays


def keys(invocation: Invocation) -> Value:
    """List keys."""
    return join_all(_by_method(invocation, "keys"))


def values(invocation: Invocation) -> Value:
    """List values."""
    return join_all(_by_method(invocation, "values"))


def entries(invocation: Invocation) -> Value:
    """List pairs of keys and values."""
    return join_all(_by_method(invocation, "entries"))


def _by_method(invocation: Invocation, name: str) -> list[Value]:
    found = []
    for atom in sorted(invocation.get(0), key=repr):
        if isinstance(atom, Mapping):
            found.append(MAP[name](invocation, atom))
        elif isinstance(atom, Sequence):
            found.append(ARRAY[name](invocation, atom))
        elif isinstance(atom, Pattern):
            key = mystery(f"it is a key of `{atom}`")
            held = objects.elements(invocation.interpreter, one(atom))
            made = {"keys": key, "values": held}.get(name)
            found.append(
                sequence_of(invocation, name, made) if made else pairs(invocation, "pairs", key, held)
            )
        elif isinstance(atom, Instance):
            held = join_all(value for _, value in invocation.heap.items(atom.id))
            key = objects.keys_held(invocation.interpreter, atom.id)
            made = {"keys": key, "values": held}.get(name)
            found.append(
                sequence_of(invocation, name, made) if made else pairs(invocation, "pairs", key, held)
            )
    return found


def from_entries(invocation: Invocation) -> Value:
    """Make an object or a map of pairs."""
    made = Mapping(invocation.make("entries"))
    add_pairs(invocation, made, invocation.get(0))
    return one(made)


def grouped(invocation: Invocation) -> Value:
    """Put elements into arrays by what a function gives for each."""
    elements = objects.elements(invocation.interpreter, invocation.get(0))
    invocation.call(invocation.get(1), elements, NUMBER)
    made = Mapping(invocation.make("groups"))
    invocation.heap.write(made.id, ANY, sequence_of(invocation, "group", elements))
    return one(made)


def array_of(invocation: Invocation) -> Value:
    """Make an array of elements, each perhaps put through a function."""
    elements = objects.elements(invocation.interpreter, invocation.get(0))
    if _is_called(invocation.get(1)):
        elements = invocation.call(invocation.get(1), elements, NUMBER)
    return sequence_of(invocation, "from", elements)


def array_display(invocation: Invocation) -> Value:
    """Make an array of the arguments."""
    return sequence_of(invocation, "of", join_all(invocation.arguments.positional))


def new_set(invocation: Invocation) -> Value:
    """Make a set, or a queue of the like."""
    elements = objects.elements(invocation.interpreter, invocation.get(0))
    return sequence_of(invocation, "set", elements)


def text_form(invocation: Invocation) -> Value:
    """Turn into text."""
    value = invocation.get(0)
    if any(isinstance(atom, Sequence | Mapping | Instance) for atom in value):
        return mystery("it is an object written as text")
    return frozenset(texts_of(value))


def json_value(invocation: Invocation) -> Value:
    """Read JSON; what is in it may be put through a function."""
    if _is_called(invocation.get(1)):
        invocation.call(invocation.get(1), mystery("it is a key"), mystery("it is read from JSON"))
    return invocation.get(0)


def json_text(invocation: Invocation) -> Value:
    """Write as JSON; what an event or an answer holds stays where it is from."""
    value = invocation.get(0)
    replacers = frozenset(
        atom for atom in invocation.get(1) if isinstance(atom, FunctionValue | Bound | Partial)
    )
    if replacers:
        invocation.call(replacers, mystery("it is a key"), value)
    kept = frozenset(atom for atom in value if isinstance(atom, Pattern) and atom.sole is not None)
    return kept if value and len(kept) == len(value) else mystery("it is written as JSON")


def truth(_: Invocation) -> Value:
    """Give a truth value."""
    return TRUTH


def number(_: Invocation) -> Value:
    """Give a number."""
    return NUMBER


def number_of(invocation: Invocation) -> Value:
    """Turn into a number."""
    return invocation.get(0) or NUMBER


def joined_path(invocation: Invocation) -> Value:
    """Join pieces of a path."""
    return path_join(invocation.arguments.positional) if invocation.arguments.positional else of_text()


# Functions
