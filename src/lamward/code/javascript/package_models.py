"""Models of npm packages: as those of Python's packages, but what is passed by name is in an object."""

from __future__ import annotations

from lamward.code.calls import package_models
from lamward.code.calls.answers import entries
from lamward.code.calls.frames import Arguments
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import Mapping, Value
from lamward.code.packages import Models


def call(models: Models, invocation: Invocation, path: str, owner: int) -> Value | None:
    """Call something of a package as its model says; None if it has none."""
    return package_models.call(models, _with_names(invocation), path, owner)


def _with_names(invocation: Invocation) -> Invocation:
    """Take the entries of objects that are passed as if they were passed by name."""
    keywords: dict[str, Value] = {}
    for value in invocation.arguments.positional:
        mappings = frozenset(atom for atom in value if isinstance(atom, Mapping))
        if mappings:
            keywords.update(entries(invocation, mappings).keywords)
    given = invocation.arguments
    arguments = Arguments(given.positional, given.rest, keywords, given.optional, given.open)
    return Invocation(invocation.interpreter, invocation.at, arguments, decorates=invocation.decorates)


def given(description: str) -> Value:
    """Give what a model's `gives` describes: a path into the event."""
    return package_models.given(description)
