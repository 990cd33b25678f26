"""Calling an operation: what it is asked with, and what it answers."""

from __future__ import annotations

from typing import Final

from msgspec import structs

from lamward.code.calls.frames import Arguments
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import NONE, NOTHING, Client, Mapping, Value, common, join, one
from lamward.code.pattern import Constant, Pattern, Result

FEW_PARTS: Final = 2
"""Only what an answer was asked with that is put together from so few pieces keeps what those were asked with."""


def perform(
    invocation: Invocation, client: Client, operation: str, arguments: Arguments, model: str = ""
) -> Value:
    """Call an operation, as the named package model says if there is one, and give what it answers."""
    invocation.sdk_call(client, operation, arguments, model)
    texts = []
    for name, value in sorted(arguments.keywords.items()):
        patterns = [atom for atom in value if isinstance(atom, Pattern)]
        if patterns and len(patterns) == len(value - NONE):
            texts.append((name, _shallow(patterns[0] if len(patterns) == 1 else common(patterns))))
    return one(Pattern((Result(client.service, operation, (), tuple(texts)),)))


def _shallow(pattern: Pattern, levels: int = 1) -> Pattern:
    """Cut off what answers were asked with that were asked with answers, and so on, which would grow without end."""
    kept = levels if len(pattern.parts) <= FEW_PARTS else 0
    return Pattern(tuple(_cut(part, kept) if isinstance(part, Result) else part for part in pattern.parts))


def _cut(answer: Result, levels: int) -> Result:
    if not answer.arguments:
        return answer
    arguments = (
        tuple((name, _shallow(value, levels - 1)) for name, value in answer.arguments) if levels else ()
    )
    return structs.replace(answer, arguments=arguments)


def entries(invocation: Invocation, value: Value) -> Arguments:
    """Give the entries of a mapping as if they were passed by name."""
    keywords: dict[str, Value] = {}
    optional: set[str] = set()
    unclear = not value and bool(invocation.interpreter.missing("nothing that was read is passed"))
    for atom in value:
        if not isinstance(atom, Mapping):
            unclear = unclear or not isinstance(atom, Constant)
            continue
        definite = invocation.heap.definite(atom.id)
        for key, held in invocation.heap.items(atom.id):
            if isinstance(key, str):
                keywords[key] = join(keywords.get(key, NOTHING), held)
                optional |= {key} - definite
            else:
                unclear = True
    return Arguments(keywords=keywords, optional=frozenset(optional), open=unclear)
