"""What annotations say: the client or resource that a type of the stub packages stands for."""

from __future__ import annotations

import re
from typing import Final

from lamward.code.calls import objects
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.values import (
    NOTHING,
    Atom,
    ClassValue,
    Client,
    Foreign,
    Instance,
    Resource,
    Sequence,
    Value,
    join_all,
    one,
)
from lamward.code.pattern import unknown
from lamward.code.sdk import operations
from lamward.code.sdk.resources import resource_type

_STUB: Final = re.compile(
    r"(?:types_(?:aio)?boto3_|mypy_boto3_|types_aiobotocore_)(?P<service>\w+?)(?:\..*)?\.(?P<type>\w+)"
)
TRANSPARENT: Final = frozenset(
    f"{module}.{name}"
    for module in ("typing", "typing_extensions")
    for name in ("Optional", "Union", "Annotated", "Final", "ClassVar")
)
"""Types that say the same as what is in their brackets."""


def instance_of(interpreter: Interpreter, annotation: Value) -> Value:
    """Give what an annotation says of a value; nothing if it is no type of the SDK."""
    return join_all(_instance(interpreter, atom) for atom in annotation)


def _instance(interpreter: Interpreter, atom: Atom) -> Value:
    if isinstance(atom, Sequence):
        return instance_of(interpreter, objects.elements(interpreter, one(atom)))
    if isinstance(atom, ClassValue):
        return _of_class(interpreter, atom)
    if not isinstance(atom, Foreign):
        return NOTHING
    found = _STUB.fullmatch(atom.path)
    if found is None:
        return NOTHING
    service = found["service"].rstrip("_").replace("_", "-")
    if operations.service(service) is None:
        return NOTHING
    client = Client(service, certain=False)
    name = found["type"]
    if name.endswith("Client"):
        return one(client)
    if name.endswith("ServiceResource") and resource_type(service, ""):
        return one(Resource(client))
    known = resource_type(service, name)
    if known is None:
        return NOTHING
    texts = frozenset((unknown(f"it identifies a `{name}` that is passed in"),))
    return one(Resource(client, name, tuple((each.name, texts) for each in known.identifiers)))


def _of_class(interpreter: Interpreter, atom: ClassValue) -> Value:
    """Give the instances of a class of the program; if none is made, one of which nothing is known."""
    later = interpreter.missing("")  # instances may still be made
    found = frozenset(
        Instance(number, class_id)
        for number, class_id in sorted(interpreter.instances.items())
        if atom in objects.ancestors(interpreter, class_id)
    )
    return found or (
        one(Instance(interpreter.heap.number("passed in", atom.id), atom.id)) if later else NOTHING
    )
