"""What the standard library does with functions it is given: later, elsewhere, with some of their arguments."""

from __future__ import annotations

from collections.abc import Callable

from lamward.code.calls import calling, objects
from lamward.code.calls.frames import Arguments
from lamward.code.calls.heap import ANY, Special
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import (
    NOTHING,
    Foreign,
    Mapping,
    Partial,
    Sequence,
    Value,
    constants_of,
    join,
    mystery,
    one,
)

Model = Callable[[Invocation], Value]


def partial(invocation: Invocation) -> Value:
    """Give a function some of its arguments."""
    made = Partial(invocation.make("partial"))
    for position, value in enumerate(invocation.arguments.positional[1:]):
        invocation.heap.write(made.id, position, value)
    for name, value in invocation.arguments.keywords.items():
        if name != "func":
            invocation.heap.write(made.id, name, value)
    invocation.heap.write(made.id, Special.CALLEE, invocation.get(0, "func"))
    return one(made)


def _rest(invocation: Invocation, skip: int) -> Arguments:
    arguments = invocation.arguments
    return Arguments(
        arguments.positional[skip:], arguments.rest, arguments.keywords, arguments.optional, arguments.open
    )


def calls_argument(position: int) -> Model:
    """Make a model of a function that calls one of its arguments with those after it."""

    def submit(invocation: Invocation) -> Value:
        rest = _rest(invocation, position + 1)
        result = calling.call(invocation.interpreter, invocation.at, invocation.get(position), rest)
        return join(result, mystery("it is a result that is waited for"))

    return submit


def getter(path: str) -> Model:
    """Make a model of what makes a function that takes something out of whatever it is given."""

    def make(invocation: Invocation) -> Value:
        made = Foreign(path, invocation.make("getter"))
        for position, value in enumerate(invocation.arguments.positional):
            invocation.heap.write(made.id, position, value)
        return one(made)

    return make


def taken(invocation: Invocation, by: Callable[[Invocation, Value, Value], Value]) -> Value:
    """Take what a getter names out of what it is given: one thing, or several in a row."""
    cells = dict(invocation.heap.items(invocation.owner))
    found = [by(invocation, invocation.get(0), cells[key]) for key in sorted(cells, key=repr)]
    if len(found) == 1:
        return found[0]
    made = Sequence(invocation.make("taken"))
    for position, value in enumerate(found):
        invocation.heap.write(made.id, position, value)
    return one(made)


def items_taken(invocation: Invocation) -> Value:
    """Take items."""
    return taken(invocation, lambda each, owner, key: objects.index(each.interpreter, owner, key))


def attributes_taken(invocation: Invocation) -> Value:
    """Take attributes, one of the other where there are dots."""

    def read(each: Invocation, owner: Value, name: Value) -> Value:
        for step in (constants_of(name) or ("?",))[0].split("."):
            owner = objects.attribute(each.interpreter, each.at, owner, step)
        return owner

    return taken(invocation, read)


def submitted(invocation: Invocation) -> Value:
    """Call a function elsewhere; what it gives can be asked for later."""
    result = calls_argument(0)(invocation)
    future = Foreign("concurrent.futures.Future()", invocation.make("future"))
    invocation.heap.write(future.id, ANY, result)
    return one(future)


def starts_thread(invocation: Invocation) -> Value:
    """Make a thread or a process, which calls its target."""
    args = invocation.get(3, "args")
    positional: tuple[Value, ...] = ()
    rest = NOTHING
    for atom in args:
        if isinstance(atom, Sequence):
            cells = dict(invocation.heap.items(atom.id))
            positional = tuple(cells[key] for key in sorted(key for key in cells if isinstance(key, int)))
            rest = cells.get(ANY, NOTHING)
    keywords = {
        key: value
        for atom in invocation.get(4, "kwargs")
        if isinstance(atom, Mapping)
        for key, value in invocation.heap.items(atom.id)
        if isinstance(key, str)
    }
    target = invocation.get(1, "target")
    calling.call(invocation.interpreter, invocation.at, target, Arguments(positional, rest, keywords))
    return one(Foreign("threading.Thread()"))
