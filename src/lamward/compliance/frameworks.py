"""The frameworks: their requirements, and the practices and checks that serve them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

_DATA: Final = files(__package__) / "data"


class Practice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is done well or badly, and the checks that say so.

    One without checks cannot be told from templates: `needs` says what would show it. `beyond` says what stays open
    although no check finds anything.
    """

    title: str
    checks: tuple[str, ...]
    needs: str = ""
    beyond: str = ""


class Requirement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A requirement by the framework's own id: a title in our words and the practices that serve it.

    One without practices is for people to look at.
    """

    title: str
    practices: tuple[str, ...]


class Framework(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A standard, its version and where it is published."""

    title: str
    version: str
    source: str
    requirements: Mapping[str, Requirement]


@cache
def names() -> tuple[str, ...]:
    """List the frameworks' names, in alphabetical order."""
    found = (entry.name for entry in (_DATA / "frameworks").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


@cache
def framework(name: str) -> Framework:
    """Read the framework of a name."""
    text = (_DATA / "frameworks" / f"{name}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Framework)


@cache
def practices() -> Mapping[str, Practice]:
    """Read all practices by name."""
    text = (_DATA / "practices.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Practice])
