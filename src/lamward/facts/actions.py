"""What kind of thing an action does, beyond what the IAM catalogue tells, from a dated table kept by hand."""

from __future__ import annotations

import datetime
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from lamward.iam import catalogue, documents
from lamward.iam.catalogue import Action, Level
from lamward.iam.pattern import matcher
from lamward.model.value import text_of

FILE: Final = Path(__file__).with_name("data") / "actions.toml"

_LOOKING: Final = ("describe", "list", "search")
_READING: Final = ("batchget", "describe", "get", "list", "search", "view")


class Singled(Struct, frozen=True):
    """Actions with a question of their own, and those that may stand beside them without another."""

    actions: tuple[str, ...]
    beside: tuple[str, ...]


class _File(Struct, frozen=True):
    as_of: datetime.date
    elevating: tuple[str, ...]
    content: tuple[str, ...]
    telemetry: frozenset[str]
    stateless: frozenset[str]
    metered: tuple[str, ...]
    ordinary: tuple[str, ...]
    sovereign: frozenset[str]
    platform: tuple[str, ...]
    stepping: tuple[str, ...]
    singled: dict[str, Singled]


@cache
def _file() -> _File:
    return msgspec.convert(tomllib.loads(FILE.read_text(encoding="utf-8")), _File)


def as_of() -> datetime.date:
    """Return the day the table was last held against what AWS says."""
    return _file().as_of


def carries_telemetry(service: str) -> bool:
    """Tell whether a service holds measurements and logs only."""
    return service.lower() in _file().telemetry


def keeps_little(service: str) -> bool:
    """Tell whether a service works on what it is sent."""
    return service.lower() in _file().stateless


@lru_cache(maxsize=4096)
def is_metered(action: str) -> bool:
    """Tell whether an action at worst costs money."""
    return _listed(action, _file().metered)


def rules_the_account(service: str) -> bool:
    """Tell whether every action of a service together make an administrator."""
    return service.lower() in _file().sovereign


@lru_cache(maxsize=4096)
def elevates(action: str) -> bool:
    """Tell whether an action gives its holder more rights, another identity, or somebody else's code to run."""
    if _listed(action, _file().elevating):
        return True
    known = catalogue.action(action)
    return known is not None and known.level is Level.PERMISSIONS and not reads(known)


@lru_cache(maxsize=4096)
def handles_content(action: str) -> bool:
    """Tell whether an action reads, changes or destroys what an account keeps."""
    return _listed(action, _file().content)


@lru_cache(maxsize=4096)
def concerns(action: str, topic: str) -> bool:
    """Tell whether an action has a question of its own, that of a topic."""
    return _listed(action, _file().singled[topic].actions)


@lru_cache(maxsize=4096)
def named(pattern: str, topic: str) -> tuple[str, ...]:
    """List the actions of a topic that a pattern names; none where it names a whole service."""
    if not pattern.partition(":")[2].strip("*"):
        return ()
    fits = matcher(pattern, ignore_case=True)
    return tuple(action for action in _file().singled[topic].actions if fits(action))


@lru_cache(maxsize=4096)
def step_services(pattern: str) -> frozenset[str]:
    """List the services of the actions a pattern names of which every known way to become somebody else takes one."""
    fits = matcher(pattern, ignore_case=True)
    return frozenset(action.partition(":")[0] for action in _file().stepping if fits(action))


@lru_cache(maxsize=4096)
def may_stand_beside(action: str, topic: str) -> bool:
    """Tell whether an action needs no question besides that of a topic, where that one is asked."""
    return concerns(action, topic) or _listed(action, _file().singled[topic].beside)


def _listed(action: str, patterns: tuple[str, ...]) -> bool:
    return any(matcher(pattern, ignore_case=True)(action) for pattern in patterns)


@cache
def platform_actions() -> frozenset[str]:
    """Return the actions, in lower case, that Lambda needs of an execution role on whatever resource."""
    found: set[str] = set()
    for name in _file().platform:
        policy = documents.managed_policy(name)
        for statement in policy.statements if policy else ():
            found.update((text_of(case.value) or "").lower() for case in statement.actions or ())
    return frozenset(found) | {action.lower() for action in _file().ordinary}


def reads(action: Action) -> bool:
    """Tell whether an action changes nothing; a few readings of policies are filed under what they read."""
    return action.level in (Level.LIST, Level.READ) or action.name.partition(":")[2].lower().startswith(
        _READING
    )


def only_looks(action: Action) -> bool:
    """Tell whether an action shows at most what there is, not what is in it."""
    verb = action.name.partition(":")[2].lower()
    return action.level is Level.LIST or (action.level is Level.READ and verb.startswith(_LOOKING))


@lru_cache(maxsize=1024)
def restrictable(pattern: str) -> tuple[Action, ...]:
    """List the actions a pattern names that could be granted on less than `*`, and whose doing so would matter.

    Left out: what only looks at names and settings, what the platform itself needs, and services that keep little.
    """
    free = platform_actions()
    return tuple(
        action
        for action in catalogue.matching(pattern)
        if action.supports_resources
        and action.name.lower() not in free
        and not only_looks(action)
        and not keeps_little(action.name.partition(":")[0])
    )
