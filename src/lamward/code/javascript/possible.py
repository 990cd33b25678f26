"""Calls that look like an SDK's although nothing tells what they are made on: never granted, never dropped."""

from __future__ import annotations

import re
from typing import Final

from lamward.code.analysis import Guess, Why
from lamward.code.calls import outside
from lamward.code.calls.answers import entries
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import SDK, Mapping, Method, Value, mystery
from lamward.code.javascript.sdk import clients
from lamward.code.javascript.sdk.services import DOCUMENT_COMMANDS
from lamward.code.sdk import operations
from lamward.code.sdk.names import snake_case

_PASCAL_CASE: Final = re.compile(r"[A-Z][A-Za-z0-9]*")
MAX_GUESSES: Final = 8


def look_at(invocation: Invocation, name: str) -> Value | None:
    """Send a command on whatever it is sent; report a call of a method if it is unmistakably one of the SDK."""
    if name == "send" and any(map(clients.is_command, invocation.get(0))):
        return clients.send(invocation, None)
    guesses = _guesses(invocation, name)
    if guesses:
        reason = f"`{name}` is called on something whose type cannot be told"
        invocation.doubt(Why.UNTYPED_RECEIVER, reason, *guesses[:MAX_GUESSES])
        return mystery(f"it comes from `{name}` of something whose type cannot be told")
    return None


def unread_method(invocation: Invocation, name: str) -> Value:
    """Call a method of something of which nothing is known."""
    known = look_at(invocation, name)
    if known is not None:
        return known
    outside.hand_over(invocation)
    return mystery(f"it comes from a method `{name}` that is not known")


def hand_over_methods(invocation: Invocation) -> None:
    """Report methods of clients that code which is not read is given to call."""
    for value in invocation.arguments.all():
        for atom in sorted(value, key=repr):
            if isinstance(atom, Method) and isinstance(atom.receiver, SDK):
                service = getattr(atom.receiver, "service", "")
                reason = f"`{atom.name}` of a client of `{service}` is handed to code that is not read"
                invocation.doubt(Why.PACKAGE, reason, Guess(service))


def _guesses(invocation: Invocation, name: str) -> list[Guess]:
    """List what a call with one object of parameters, spelt as AWS does, may be."""
    value = invocation.get(0)
    mappings = frozenset(atom for atom in value if isinstance(atom, Mapping))
    if not mappings or len(mappings) < len(value):
        return []
    names = entries(invocation, mappings).keywords
    if not names or not all(map(_PASCAL_CASE.fullmatch, names)):
        return []
    operation = name[:1].upper() + name[1:]
    found = [Guess(*each) for each in operations.offering(snake_case(operation))]
    if "TableName" in names and operation in DOCUMENT_COMMANDS:
        found.append(Guess("dynamodb", DOCUMENT_COMMANDS[operation]))
    return list(dict.fromkeys(found))
