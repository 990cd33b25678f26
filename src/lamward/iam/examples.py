"""The resources an action takes: the shapes of their ARNs, and an example of each."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from msgspec import Struct

from lamward.iam import catalogue, pattern, platform

_VALUES: Final = {"Partition": "aws", "Region": "us-east-1"}
_COMMON: Final = frozenset({"Partition", "Region", "Account"})
_PLACEHOLDER: Final = re.compile(r"\$\{(\w+)\}")


class Shape(Struct, frozen=True):
    """A kind of resource: its ARN format for people, with every placeholder as `*`, and what its ARNs match."""

    text: str
    pieces: pattern.Pattern


ANY_RESOURCE: Final = Shape("*", ("*",))
"""The kind of resource of an action that takes none."""


@lru_cache(maxsize=32_768)
def shapes(action: catalogue.Action) -> tuple[Shape, ...]:
    """Give the kinds of resources that an action takes, as narrow as AWS's rules for names make their ARNs."""
    return tuple(
        Shape(text, _pieces(arn))
        for each in _types(action)
        for text, arn in zip(each.patterns, each.arns, strict=True)
    )


@lru_cache(maxsize=4096)
def _pieces(arn: str) -> pattern.Pattern:
    slashless = platform.names_without_slash(arn.split(":", 3)[2])
    found: list[pattern.Piece] = []
    for number, part in enumerate(_PLACEHOLDER.split(arn)):
        if number % 2 == 0:
            found += [part] if part else []
        elif part in slashless or part in _COMMON:
            excluded = ":/" if part in _COMMON else "/"
            found.append(pattern.Without(excluded, empty=part not in slashless))
        else:
            found.append("*")
    return tuple(found)


@lru_cache(maxsize=32_768)
def examples(action: catalogue.Action, account: str) -> tuple[str, ...]:
    """Give an ARN of each kind of resource that an action takes; `*` alone for an action that takes none."""
    if not action.supports_resources:
        return ("*",)
    values = {**_VALUES, "Account": account}
    return tuple(
        _PLACEHOLDER.sub(lambda found: values.get(found[1], "example"), arn)
        for each in _types(action)
        for arn in each.arns
    )


def _types(action: catalogue.Action) -> tuple[catalogue.ResourceType, ...]:
    service = catalogue.service(action.name.partition(":")[0])
    wanted = {each.name for each in action.resource_types}
    return () if service is None else tuple(each for each in service.resource_types if each.name in wanted)


def fits(action: catalogue.Action, resource: str) -> bool:
    """Tell whether a resource is of a kind that an action takes."""
    return any(_expression(each.pieces).fullmatch(resource) for each in shapes(action))


@lru_cache(maxsize=4096)
def _expression(pieces: pattern.Pattern) -> re.Pattern[str]:
    found = ""
    for piece in pieces:
        if isinstance(piece, pattern.Without):
            found += f"[^{re.escape(piece.characters)}]{'*' if piece.empty else '+'}"
        else:
            found += re.escape(str(piece)).replace(r"\*", ".*")
    return re.compile(found, re.DOTALL)


def foreign_keys(action: catalogue.Action, keys: frozenset[str]) -> frozenset[str]:
    """Give the keys of the action's own service that AWS does not send with this action."""
    prefix = action.name.partition(":")[0] + ":"
    own = {key for key in keys if key.startswith(prefix) and key != "lambda:sourcefunctionarn"}
    if not own:
        return frozenset()
    exact, stems = _known_keys(action)
    return frozenset(key for key in own if key not in exact and not (stems and key.startswith(stems)))


@lru_cache(maxsize=4096)
def _known_keys(action: catalogue.Action) -> tuple[frozenset[str], tuple[str, ...]]:
    """Give the keys of an action and its kinds of resources, in lower case, and what those for tags begin with."""
    listed = [*action.condition_keys, *(key for each in action.resource_types for key in each.condition_keys)]
    listed += [key for each in _types(action) for key in each.condition_keys]
    exact = frozenset(key.lower() for key in listed if "$" not in key)
    return exact, tuple(key.lower().partition("${")[0] for key in listed if "$" in key)
