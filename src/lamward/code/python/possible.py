"""Calls that look like an SDK's although nothing tells what they are made on: never granted, never dropped."""

from __future__ import annotations

import re
from typing import Final

from lamward.code.analysis import Guess, Why
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import constants_of
from lamward.code.sdk import operations

_PASCAL_CASE: Final = re.compile(r"[A-Z][A-Za-z0-9]*")
_INDIRECT: Final = frozenset({"get_paginator", "get_waiter", "generate_presigned_url"})
_TRANSFERS: Final[dict[str, str]] = {
    "upload_file": "PutObject",
    "upload_fileobj": "PutObject",
    "download_file": "GetObject",
    "download_fileobj": "GetObject",
    "generate_presigned_post": "PutObject",
}
MAX_GUESSES: Final = 8


def look_at(invocation: Invocation, name: str) -> None:
    """Report a call of a method if it is unmistakably one of the SDK."""
    guesses = _guesses(invocation, name)
    if guesses:
        reason = f"`{name}` is called on something whose type cannot be told"
        invocation.doubt(Why.UNTYPED_RECEIVER, reason, *guesses[:MAX_GUESSES])


def _guesses(invocation: Invocation, name: str) -> list[Guess]:
    arguments = invocation.arguments
    if name in _INDIRECT:
        named = constants_of(invocation.get(0, "ClientMethod" if "url" in name else "operation_name"))
        return [Guess(*each) for method in named for each in operations.offering(method)]
    if name in _TRANSFERS and len(arguments.positional) + len(arguments.keywords) >= 2:
        return [Guess("s3", _TRANSFERS[name])]
    if arguments.positional:
        return []
    offered = operations.offering(name)
    names = arguments.keywords
    if names:
        return [Guess(*each) for each in offered] if all(map(_PASCAL_CASE.fullmatch, names)) else []
    certain = "_" in name and (arguments.open or len(offered) == 1)
    return [Guess(*each) for each in offered] if certain else []
