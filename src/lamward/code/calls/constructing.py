"""Making instances of classes."""

from __future__ import annotations

from lamward.code.calls import objects, outside
from lamward.code.calls.calling import call
from lamward.code.calls.frames import Arguments
from lamward.code.calls.interpreter import CALLED_FROM_OUTSIDE
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import (
    Atom,
    ClassValue,
    Foreign,
    Instance,
    Value,
    mystery,
    one,
)


def construct(invocation: Invocation, atom: ClassValue) -> Value:
    """Make an instance of a class, as it or what made it says."""
    known = invocation.interpreter.language.instantiated(invocation, atom)
    return made(invocation, atom) if known is None else known


def made(invocation: Invocation, atom: ClassValue) -> Value:
    """Make an instance of a class."""
    interpreter = invocation.interpreter
    instance = Instance(invocation.make("instance", atom.id), atom.id)
    interpreter.instances[instance.id] = atom.id
    line = list(objects.ancestors(interpreter, atom.id))
    parents = tuple(ancestor.path for ancestor in line if isinstance(ancestor, Foreign))
    if parents:
        known = interpreter.language.constructed(invocation, instance, parents)
        if known is not None:
            return known
        if not interpreter.language.leaves_alone(parents):
            outside.offer_methods(invocation, instance)
    outside.offer_methods(invocation, instance, interpreter.language.calls_itself)
    initialised(invocation, instance, line)
    return one(instance)


def initialised(invocation: Invocation, instance: Instance, line: list[Atom]) -> None:
    """Make an instance ready: its constructor does, or its fields are filled."""
    interpreter = invocation.interpreter
    constructor = interpreter.language.constructor
    if any(isinstance(each, ClassValue) and interpreter.heap.has(each.id, constructor) for each in line):
        method = objects.attribute(interpreter, invocation.at, one(instance), constructor)
        call(interpreter, invocation.at, method, invocation.arguments)
    else:
        _fill_fields(invocation, instance, line)


def _fill_fields(invocation: Invocation, instance: Instance, line: list[Atom]) -> None:
    """Construct as data classes do: arguments become attributes, by position or by name."""
    interpreter = invocation.interpreter
    fields: dict[str, None] = {}
    for ancestor in reversed(line):
        if isinstance(ancestor, ClassValue):
            fields.update(dict.fromkeys(interpreter.classes[ancestor.id].fields))
    for position, name in enumerate(fields):
        value = invocation.get(position, name)
        if value:
            interpreter.heap.write(instance.id, name, value)
    for name, value in invocation.arguments.keywords.items():
        if name not in fields:
            interpreter.heap.write(instance.id, name, value)
    for name in ("__post_init__", "model_post_init"):
        if any(isinstance(each, ClassValue) and interpreter.heap.has(each.id, name) for each in line):
            method = objects.attribute(interpreter, invocation.at, one(instance), name)
            call(interpreter, invocation.at, method, Arguments(rest=mystery(CALLED_FROM_OUTSIDE)))
