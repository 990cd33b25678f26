"""Code that is not read: what it may do with what it is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lamward.code.analysis import Guess, Why
from lamward.code.calls import objects
from lamward.code.calls.calling import call
from lamward.code.calls.frames import Arguments
from lamward.code.calls.heap import ANY
from lamward.code.calls.interpreter import CALLED_FROM_OUTSIDE, Interpreter
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import (
    SDK,
    Atom,
    Bound,
    ClassValue,
    Client,
    Collection,
    FunctionValue,
    Instance,
    Mapping,
    Partial,
    Sequence,
    Value,
    Wrapped,
    mystery,
    one,
)
from lamward.code.ir import ParameterKind
from lamward.code.source import Extent


def hand_over(invocation: Invocation) -> None:
    """Let code that is not read use what it is given.

    It calls functions: a decorator's later, if nobody else does. It makes instances of classes and calls their
    methods, likewise if nobody else does. What it does with clients cannot be told.
    """
    interpreter = invocation.interpreter
    for value in invocation.arguments.all():
        for atom in _handed(interpreter, value):
            if isinstance(atom, SDK):
                _hand_over_client(invocation, atom)
            elif isinstance(atom, ClassValue):
                if interpreter.defer(atom):
                    from lamward.code.calls.constructing import construct

                    unclear = Arguments(rest=mystery(CALLED_FROM_OUTSIDE), open=True)
                    for made in construct(Invocation(interpreter, invocation.at, unclear), atom):
                        if isinstance(made, Instance):
                            offer_methods(invocation, made)
            elif isinstance(atom, Instance):
                offer_methods(invocation, atom)
            elif not invocation.decorates:
                outside = Arguments(rest=mystery(CALLED_FROM_OUTSIDE), open=True)
                call(interpreter, invocation.at, one(atom), outside)
            elif isinstance(atom, FunctionValue | Bound) and interpreter.defer(atom):
                call_from_outside(interpreter, invocation.at, atom)


def _hand_over_client(invocation: Invocation, atom: Atom) -> None:
    client = atom.owner.client if isinstance(atom, Collection) else getattr(atom, "client", atom)
    guesses = [Guess(client.service)] if isinstance(client, Client) else []
    what = f"a client of `{client.service}`" if isinstance(client, Client) else "a session"
    invocation.doubt(Why.PACKAGE, f"{what} is handed to code that is not read", *guesses)


def offer_methods(
    invocation: Invocation, instance: Instance, wanted: Callable[[str], bool] = lambda _: True
) -> None:
    """Let code that is not read call the methods of an instance that nobody else calls."""
    interpreter = invocation.interpreter
    for ancestor in objects.ancestors(interpreter, instance.class_id):
        cells = invocation.heap.items(ancestor.id) if isinstance(ancestor, ClassValue) else ()
        for name, value in list(cells):
            offered = isinstance(name, str) and _is_offered(interpreter, name) and wanted(name)
            for atom in sorted(value, key=repr):
                if offered or (isinstance(atom, Wrapped) and atom.kind == "deleter"):
                    _offer(invocation, instance, atom)


def _is_offered(interpreter: Interpreter, name: str) -> bool:
    return not name.startswith("_") or name == "__call__" or interpreter.language.calls_itself(name)


def _offer(invocation: Invocation, instance: Instance, atom: Atom) -> None:
    interpreter = invocation.interpreter
    inner = atom.inner if isinstance(atom, Wrapped) else atom
    if isinstance(inner, FunctionValue):
        static = isinstance(atom, Wrapped) and atom.kind == "staticmethod"
        bound = inner if static else Bound(inner, instance)
        lend(interpreter, invocation.at, bound)


def lend(interpreter: Interpreter, at: Extent, atom: FunctionValue | Bound) -> None:
    """Let code that is not read call a function that nobody else calls."""
    if interpreter.defer(atom):
        call_from_outside(interpreter, at, atom)


def call_from_outside(interpreter: Interpreter, at: Extent, atom: FunctionValue | Bound) -> None:
    """Call a function as unread code does: what has a default keeps it."""
    function = atom.function if isinstance(atom, Bound) else atom
    definition = interpreter.definitions[function.id]
    parameters = definition.function.parameters[1 if isinstance(atom, Bound) else 0 :]
    unknown = mystery(CALLED_FROM_OUTSIDE)
    keywords = {
        parameter.name: unknown
        for parameter in parameters
        if parameter.kind is not ParameterKind.POSITIONAL_ONLY and parameter.name not in definition.defaults
    }
    positional = tuple(unknown for parameter in parameters if parameter.kind is ParameterKind.POSITIONAL_ONLY)
    call(interpreter, at, one(atom), Arguments(positional, keywords=keywords))


def _handed(interpreter: Interpreter, value: Value) -> list[Atom]:
    """List what an argument is or holds that code can do something with."""
    found: list[Atom] = []
    for atom in sorted(value, key=repr):
        if isinstance(atom, Sequence | Mapping):
            cells = list(interpreter.heap.items(atom.id))
            if not cells:  # to be filled there, perhaps
                interpreter.heap.write(atom.id, ANY, mystery("it is put there by code that is not read"))
            for _, held in cells:
                found += [each for each in sorted(held, key=repr) if isinstance(each, _USABLE)]
        elif isinstance(atom, _USABLE):
            found.append(atom)
    return found


_USABLE: Final = (FunctionValue, Bound, Partial, Instance, ClassValue, *SDK)
