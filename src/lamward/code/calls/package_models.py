"""Performing what the model of a package says."""

from __future__ import annotations

from typing import Final

from lamward.code.analysis import Guess, Why
from lamward.code.calls import objects
from lamward.code.calls.answers import perform
from lamward.code.calls.frames import Arguments
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import (
    NOTHING,
    ClassValue,
    Client,
    Foreign,
    Instance,
    Value,
    join,
    join_all,
    mystery,
    of_text,
    one,
    texts_of,
)
from lamward.code.packages import CallModel, ClassModel, Models
from lamward.code.pattern import EventField, Pattern, Result, text
from lamward.code.source import Extent

_ADDRESS: Final = "s3://"


def call(models: Models, invocation: Invocation, path: str, owner: int) -> Value | None:
    """Call something of a package as its model says; None if it has none."""
    made = models.classes.get(path)
    if made is not None:
        return _constructed(invocation, path, made)
    found = models.calls.get(path) or _rest_of(models, path)
    return None if found is None else _modelled(invocation, path, owner, found)


def method(models: Models, invocation: Invocation, name: str) -> Value | None:
    """Call a method of something that is not read, if a model knows it whatever it is a method of."""
    found = models.calls.get(f"*.{name}")
    return None if found is None else _modelled(invocation, name, 0, found)


def _rest_of(models: Models, path: str) -> tuple[str, CallModel] | None:
    """Find the model of a method of anything, or of whatever has none of its own in a package."""
    steps = path.split(".")
    found = models.calls.get(f"*.{steps[-1]}")
    for end in range(len(steps) - 1, 0, -1):
        found = found or models.calls.get(".".join(steps[:end]) + ".*")
    return found


def _modelled(invocation: Invocation, path: str, owner: int, found: tuple[str, CallModel]) -> Value | None:
    name, model = found
    if model.only_s3 and not _is_address(invocation, _argument(invocation, model, model.only_s3)):
        return one(Foreign(f"{path}()"))
    if model.unresolved:
        invocation.doubt(Why.PACKAGE, model.unresolved, *_guesses(model))
        return invocation.get(0) if invocation.decorates else mystery(f"it comes from `{path}`")
    answers = [_perform(invocation, model, each, owner, name) for each in _operations(invocation, model)]
    for argument, given_values in model.calls.items():
        invocation.call(_argument(invocation, model, argument), *map(given, given_values))
    if model.gives:
        if model.gives.startswith("event"):
            return given(model.gives)
        return _argument(invocation, model, model.gives)
    if invocation.decorates:
        return invocation.get(0)
    return join_all(answers) or one(Foreign(f"{path}()"))


def _operations(invocation: Invocation, model: CallModel) -> tuple[str, ...]:
    """Choose by the mode a file is opened in; one that is not known may be either."""
    if not model.mode:
        return model.operations
    modes = texts_of(_argument(invocation, model, model.mode)) or frozenset((text("r"),))
    chosen: tuple[str, ...] = ()
    for mode in modes:
        constant = mode.constant
        if constant is None or "+" in constant:
            return (*model.operations, *model.writes)
        chosen += model.writes if {"w", "a", "x"}.intersection(constant) else model.operations
    return tuple(dict.fromkeys(chosen))


def given(description: str) -> Value:
    """Give what a model's `gives` describes: a path into the event."""
    steps = description.split()
    if steps[:1] == ["event"]:
        return one(Pattern((EventField(tuple(steps[1:])),)))
    return mystery("it comes from a package")


def _constructed(invocation: Invocation, path: str, model: ClassModel) -> Value:
    made = Foreign(f"{path}()", invocation.make("made", path))
    for position, name in enumerate(model.arguments):
        value = invocation.get(position, name)
        if value:
            invocation.heap.write(made.id, name, value)
    for name, value in invocation.arguments.keywords.items():
        invocation.heap.write(made.id, name, value)
    return one(made)


def _guesses(model: CallModel) -> list[Guess]:
    return [Guess(*each.split(":", 1)) for each in model.operations]


def _perform(invocation: Invocation, model: CallModel, described: str, owner: int, name: str) -> Value:
    service, _, operation = described.partition(":")
    parameters: dict[str, Value] = {}
    for parameter, source in model.parameters.items():
        wanted, _, only = parameter.partition(" of ")
        if only and only != operation:
            continue
        value = _described(invocation, model, source, owner)
        if value:
            parameters[wanted] = value
    client = _client(invocation, service, owner)
    return perform(invocation, client, operation, Arguments(keywords=parameters), name)


def _client(invocation: Invocation, service: str, owner: int) -> Client:
    """Give the client that the package's object was constructed with, if it is one of this service."""
    held = invocation.heap.read(owner, "client") if owner else NOTHING
    for value in (held, invocation.get(-1, "boto3_client"), invocation.get(-1, "client")):
        for atom in sorted(value, key=repr):
            if isinstance(atom, Client) and atom.service == service:
                return atom
    return Client(service)


def _argument(invocation: Invocation, model: CallModel, name: str) -> Value:
    position = model.arguments.index(name) if name in model.arguments else -1
    return invocation.get(position, name)


def _described(invocation: Invocation, model: CallModel, source: str, owner: int) -> Value:
    if source.startswith("="):
        return of_text(source[1:])
    if source.startswith("self."):
        return invocation.heap.read(owner, source[5:]) if owner else NOTHING
    if source.startswith("class."):
        return _class_attribute(invocation, owner, source[6:].split("."))
    part, _, name = source.rpartition(" of ")
    value = _argument(invocation, model, name)
    return _part_of_address(value, part) if part else value


def _class_attribute(invocation: Invocation, owner: int, steps: list[str]) -> Value:
    interpreter = invocation.interpreter
    if owner in interpreter.classes:
        held: Value = one(ClassValue(owner))
    elif owner in interpreter.instances:
        held = one(Instance(owner, interpreter.instances[owner]))
    else:
        return NOTHING
    for step in steps:
        held = objects.attribute(interpreter, Extent(0, 0), held, step)
    return held


def _is_address(invocation: Invocation, value: Value) -> bool:
    """Tell whether a path may be an `s3://` address; one whose beginning is not known is reported."""
    for atom in value:
        if not isinstance(atom, Pattern) or not atom.parts:
            continue
        head = atom.parts[0]
        if isinstance(head, str) and head.startswith(_ADDRESS):
            return True
        if not isinstance(head, str | Result):
            reason = f"what is read or written here may be in S3: `{atom}`"
            invocation.doubt(Why.PACKAGE, reason, Guess("s3"))
    return False


def _part_of_address(value: Value, part: str) -> Value:
    """Take the bucket or the key out of `s3://bucket/key`."""
    found = NOTHING
    for pattern in texts_of(value):
        head = pattern.parts[0] if pattern.parts else ""
        if isinstance(head, str) and head.startswith(_ADDRESS):
            bucket, key = _cut(Pattern((head[len(_ADDRESS) :], *pattern.parts[1:])))
        elif isinstance(head, str) or len(pattern.parts) > 1:
            bucket, key = _cut(pattern)
        else:
            found = join(found, mystery("it is in an address that is not known"))
            continue
        found = join(found, one(bucket if part == "bucket" else key))
    return found


def _cut(pattern: Pattern) -> tuple[Pattern, Pattern]:
    """Cut a text at its first slash."""
    for position, piece in enumerate(pattern.parts):
        if isinstance(piece, str) and "/" in piece:
            before, _, after = piece.partition("/")
            rest = pattern.parts[position + 1 :]
            return text(*pattern.parts[:position], before), text(after, *rest)
    return text(*pattern.parts), text()
