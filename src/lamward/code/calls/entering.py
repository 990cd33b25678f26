"""Context managers: what entering one gives, and what entering and leaving it calls."""

from __future__ import annotations

from lamward.code.calls.calling import call
from lamward.code.calls.frames import Arguments
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.objects import ancestors, elements_of, of_instance
from lamward.code.calls.values import NOTHING, ClassValue, Instance, Sequence, Value, join, mystery, one
from lamward.code.source import Extent


def entered(interpreter: Interpreter, at: Extent, value: Value) -> Value:
    """Give what `with` binds: what `__enter__` returns, what a generator yields, or the manager itself."""
    given = NOTHING
    for atom in value:
        if isinstance(atom, Instance):
            for name in ("__enter__", "__aenter__"):
                if _offers(interpreter, atom, name):
                    method = of_instance(interpreter, at, atom, name)
                    given = join(given, call(interpreter, at, method, Arguments()))
            for name in ("__exit__", "__aexit__"):
                if _offers(interpreter, atom, name):
                    method = of_instance(interpreter, at, atom, name)
                    call(interpreter, at, method, Arguments(rest=mystery("it is an exception")))
        elif isinstance(atom, Sequence):
            given = join(given, elements_of(interpreter, atom))
        else:
            given = join(given, one(atom))
    return given


def _offers(interpreter: Interpreter, atom: Instance, name: str) -> bool:
    return any(
        isinstance(ancestor, ClassValue) and interpreter.heap.has(ancestor.id, name)
        for ancestor in ancestors(interpreter, atom.class_id)
    )
