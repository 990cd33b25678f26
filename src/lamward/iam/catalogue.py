"""The catalogue: every action of every AWS service, with the resources and condition keys each one knows.

The file is made by `tools/refresh_catalogue.py`. Services are decoded one at a time, when first asked for.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left
from collections.abc import Callable
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

FILE: Final = Path(__file__).with_name("data") / "catalogue.json"

# No action's name comes near this; comparing anything longer for closeness is wasted work.
LONGEST_SUGGESTED: Final = 128


class Level(StrEnum):
    """What an action does to what it touches. Values are those of the AWS console."""

    LIST = "List"
    READ = "Read"
    WRITE = "Write"
    PERMISSIONS = "Permissions management"
    TAGGING = "Tagging"


class ValueType(StrEnum):
    """What the values of a condition key are, which decides the condition operators that fit."""

    STRING = "String"
    ARN = "ARN"
    BOOL = "Bool"
    NUMERIC = "Numeric"
    DATE = "Date"
    IP_ADDRESS = "IPAddress"


class ConditionKey(Struct, frozen=True):
    """A condition key as a service documents it, perhaps with a placeholder: `aws:ResourceTag/${TagKey}`.

    `type` is None when AWS uses the key and does not define it. `multivalued` keys need `ForAllValues` or
    `ForAnyValue`.
    """

    name: str
    type: ValueType | None
    multivalued: bool


class ResourceType(Struct, frozen=True):
    """A kind of resource of a service, with the formats of its ARN: `arn:${Partition}:s3:::${BucketName}`."""

    name: str
    arns: tuple[str, ...]
    condition_keys: tuple[str, ...]

    @property
    def patterns(self) -> tuple[str, ...]:
        """The ARN formats with every placeholder as `*`: `arn:*:s3:::*`."""
        return tuple(_PLACEHOLDER.sub("*", arn) for arn in self.arns)


class ActionResource(Struct, frozen=True):
    """A resource type that an action takes. `condition_keys` are those that apply only together with it."""

    name: str
    required: bool
    condition_keys: tuple[str, ...]


class Action(Struct, frozen=True):
    """An action by its canonical name, `s3:GetObject`. `condition_keys` apply whatever the resource is."""

    name: str
    level: Level
    resource_types: tuple[ActionResource, ...]
    condition_keys: tuple[str, ...]

    @property
    def supports_resources(self) -> bool:
        """Whether the action can be granted on less than `*`."""
        return bool(self.resource_types)


class Service(Struct, frozen=True):
    """A service by the prefix of its actions. Everything is in order of its name, letter case aside."""

    prefix: str
    actions: tuple[Action, ...]
    resource_types: tuple[ResourceType, ...]
    condition_keys: tuple[ConditionKey, ...]


def as_of() -> datetime.date:
    """Return the day the catalogue shows AWS on."""
    return _file().as_of


@cache
def services() -> tuple[str, ...]:
    """Return the prefixes of all services, in order."""
    return tuple(sorted(_file().services))


def service(prefix: str) -> Service | None:
    """Return a service by its prefix in any letter case, or None if the catalogue has no such service."""
    prefix = prefix.lower()
    return _service(prefix) if prefix in _file().services else None


def action(name: str) -> Action | None:
    """Return an action by its full name (`s3:GetObject`) in any letter case, or None if there is none."""
    prefix, _, verb = name.lower().partition(":")
    return _by_name(prefix).get(verb) if prefix in _file().services else None


@lru_cache(maxsize=256)
def matching(pattern: str) -> tuple[Action, ...]:
    """Return every action that a pattern with `*` and `?` matches, in order; letter case does not matter.

    The pattern is held against the whole name, so `*`, `s3:Get*`, `iam:?assRole` and `*:Describe*` all work.
    """
    prefix, colon, verb = pattern.lower().partition(":")
    if not colon:
        # Without a colon of its own, a pattern names actions only if a wildcard reaches over theirs.
        fits = _glob(prefix)
        return tuple(
            each for name in services() for each in _service(name).actions if fits(each.name.lower())
        )
    return tuple(
        _by_name(name)[found]
        for name in _fitting(prefix, services())
        for found in _fitting(verb, _verbs(name))
    )


def suggest(name: str) -> tuple[str, ...]:
    """Return up to three actions that a misspelt one may have meant, the closest first."""
    prefix, _, verb = name.lower().partition(":")
    if len(name) > LONGEST_SUGGESTED:
        return ()
    prefixes = (prefix,) if prefix in _file().services else _closest(prefix, services())
    found = [_by_name(near)[each].name for near in prefixes for each in _closest(verb, _verbs(near))]
    return tuple(found[:3])


def condition_key(service: str, key: str) -> ConditionKey | None:
    """Return a condition key as one service documents it, or None if that service does not list it.

    Letter case does not matter, and a key with its placeholder filled in is found: `aws:ResourceTag/Team`.
    Global keys are known only where a service lists them, which AWS does for the three about tags alone;
    None for another `aws:` key says nothing about it.
    """
    prefix, key = service.lower(), key.lower()
    if prefix not in _file().services:
        return None
    exact, templates = _condition_keys(prefix)
    return exact.get(key) or next((known for fits, known in templates if fits.fullmatch(key)), None)


class _File(Struct, frozen=True):
    as_of: datetime.date
    services: dict[str, msgspec.Raw]


class _PackedUse(Struct, frozen=True, array_like=True):
    """A resource type that an action takes, and the list of its condition keys, each by its number."""

    resource_type: int
    required: int = 1
    condition_keys: int = 0


class _PackedAction(Struct, frozen=True, array_like=True):
    name: str
    level: str
    resource_types: tuple[_PackedUse, ...] = ()
    condition_keys: int = 0


class _PackedResource(Struct, frozen=True, array_like=True):
    name: str
    arns: tuple[str, ...]
    condition_keys: int = 0


class _PackedKey(Struct, frozen=True, array_like=True):
    name: str
    type: str = ""


class _PackedService(Struct, frozen=True, array_like=True):
    condition_keys: tuple[_PackedKey, ...]
    lists: tuple[tuple[int, ...], ...]
    resource_types: tuple[_PackedResource, ...]
    actions: tuple[_PackedAction, ...]


_PLACEHOLDER: Final = re.compile(r"\$\{[^}]*\}")
_LEVELS: Final = {level.value[0]: level for level in Level}
_VALUE_TYPES: Final = {kind.value[0]: kind for kind in ValueType}


@cache
def _file() -> _File:
    return msgspec.json.decode(FILE.read_bytes(), type=_File)


@cache
def _service(prefix: str) -> Service:
    packed = msgspec.json.decode(_file().services[prefix], type=_PackedService)
    keys = tuple(map(_unpack, packed.condition_keys))
    names = tuple(key.name for key in keys)
    lists = tuple(tuple(names[number] for number in numbers) for numbers in packed.lists)
    resources = tuple(
        ResourceType(each.name, each.arns, lists[each.condition_keys]) for each in packed.resource_types
    )
    return Service(prefix, _unpack_actions(prefix, packed, lists), resources, keys)


def _unpack(key: _PackedKey) -> ConditionKey:
    # Amazon S3 documents some placeholders as `<key>`, everybody else as `${TagKey}`.
    name = re.sub(r"<(\w+)>", r"${\1}", key.name)
    return ConditionKey(name, _VALUE_TYPES[key.type[0]] if key.type else None, key.type.endswith("*"))


def _unpack_actions(
    prefix: str, packed: _PackedService, lists: tuple[tuple[str, ...], ...]
) -> tuple[Action, ...]:
    names = tuple(each.name for each in packed.resource_types)
    # Most actions of a service take a resource the same way, so equal uses share one value.
    uses = {
        use: ActionResource(names[use.resource_type], bool(use.required), lists[use.condition_keys])
        for each in packed.actions
        for use in each.resource_types
    }
    return tuple(
        Action(
            f"{prefix}:{each.name}",
            _LEVELS[each.level],
            tuple([uses[use] for use in each.resource_types]),
            lists[each.condition_keys],
        )
        for each in packed.actions
    )


@cache
def _by_name(prefix: str) -> dict[str, Action]:
    """Return a service's actions by lower-case name without the prefix, in order."""
    return {each.name.partition(":")[2].lower(): each for each in _service(prefix).actions}


@cache
def _verbs(prefix: str) -> tuple[str, ...]:
    return tuple(_by_name(prefix))


@cache
def _condition_keys(
    prefix: str,
) -> tuple[dict[str, ConditionKey], tuple[tuple[re.Pattern[str], ConditionKey], ...]]:
    """Return a service's condition keys by lower-case name, and those with a placeholder by expression."""
    keys = {key.name.lower(): key for key in _service(prefix).condition_keys}
    templates = (
        (".+".join(map(re.escape, _PLACEHOLDER.split(name))), key)
        for name, key in keys.items()
        if "$" in name
    )
    return keys, tuple((re.compile(expression, re.DOTALL), key) for expression, key in templates)


def _fitting(pattern: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names, given in order, that a pattern matches; only those beginning as it does are tried."""
    literal = re.split(r"[*?]", pattern, maxsplit=1)[0]
    first = bisect_left(names, literal)
    if literal == pattern:
        return names[first : first + 1] if names[first : first + 1] == (pattern,) else ()
    # No name holds the last character of Unicode, so this is the end of those that begin with the literal.
    begun = names[first : bisect_left(names, literal + "\U0010ffff")]
    return begun if pattern == literal + "*" else tuple(filter(_glob(pattern), begun))


def _glob(pattern: str) -> Callable[[str], object]:
    """Return what tells whether a whole text matches a pattern of `*` (any characters) and `?` (any one).

    Each part between two stars is taken at the first place it fits and never reconsidered (an atomic group),
    which loses no match and keeps a hostile pattern of many stars from running for ever.
    """
    parts = [re.escape(part).replace(r"\?", ".") for part in pattern.split("*")]
    if len(parts) == 1:
        return re.compile(parts[0], re.DOTALL).fullmatch
    middle = "".join(f"(?>.*?{part})" for part in parts[1:-1])
    return re.compile(f"{parts[0]}{middle}.*{parts[-1]}", re.DOTALL).fullmatch


def _closest(word: str, words: tuple[str, ...]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(word, words)
