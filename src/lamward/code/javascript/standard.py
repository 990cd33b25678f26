"""What JavaScript's global functions and Node's modules do, as far as values flow through them."""

from __future__ import annotations

from collections.abc import Callable

from lamward.code.analysis import Why
from lamward.code.calls import calling, objects
from lamward.code.calls.heap import ANY, Special
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.texts import path_join
from lamward.code.calls.values import (
    NONE,
    NOTHING,
    Bound,
    ClassValue,
    Foreign,
    FunctionValue,
    Instance,
    Mapping,
    Parent,
    Partial,
    Sequence,
    Value,
    Wrapped,
    constants_of,
    join,
    join_all,
    mystery,
    of_text,
    one,
    texts_of,
)
from lamward.code.calls.values import Method as MethodValue
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


def render(invocation: Invocation) -> Value:
    """Let code that is not read use what it is given."""
    calling.hand_over(invocation)
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
    given = invocation.call(succeeded, value or NONE) if _is_called(succeeded) else value
    if _is_called(failed):
        given = join(given, invocation.call(failed, mystery("it is an exception")))
    return given


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


def assign(invocation: Invocation) -> Value:
    """Copy the entries of objects into the first."""
    targets = invocation.get(0)
    for target in targets:
        for value in invocation.arguments.positional[1:]:
            if isinstance(target, Mapping):
                objects.spread_into(invocation.interpreter, target, value)
            elif isinstance(target, Instance | ClassValue | FunctionValue):
                objects.spread_into(invocation.interpreter, Mapping(target.id), value)
    return targets


def from_entries(invocation: Invocation) -> Value:
    """Make an object or a map of pairs."""
    made = Mapping(invocation.make("entries"))
    add_pairs(invocation, made, invocation.get(0))
    return one(made)


def define_property(invocation: Invocation) -> Value:
    """Set a property by its description."""
    description = invocation.get(2)
    held = objects.attribute(invocation.interpreter, invocation.at, _plain(description), "value")
    getter = objects.attribute(invocation.interpreter, invocation.at, _plain(description), "get")
    functions = frozenset(atom for atom in getter if isinstance(atom, FunctionValue | Bound))
    if functions:
        held = join(held, invocation.call(functions))
    for name in constants_of(invocation.get(1)):
        objects.store_attribute(invocation.interpreter, invocation.get(0), name, held)
    return invocation.get(0)


def _plain(value: Value) -> Value:
    return frozenset(atom for atom in value if isinstance(atom, Mapping))


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


def json_text(invocation: Invocation) -> Value:
    """Write as JSON; what an event or an answer holds stays where it is from."""
    value = invocation.get(0)
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
