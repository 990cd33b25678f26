"""Secrets written into the files of functions' code beside the template."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from msgspec import Struct

from lamward.code.files import MAX_BYTES, beginning
from lamward.facts import Facts, fact
from lamward.facts.needs.code import code_of
from lamward.facts.secret_lines import LONGEST_LINE, told
from lamward.facts.secrets import Secret
from lamward.model.application import Function
from lamward.model.location import Location

_NONE: Final[tuple[tuple[int, str, Secret], ...]] = ()


class InFile(Struct, frozen=True):
    """A secret in a file of code: what it is called there, where that is, and whose code it is."""

    name: str
    secret: Secret
    file: str
    place: Location
    functions: tuple[Function, ...]


@fact
def secrets_in_files(facts: Facts) -> tuple[InFile, ...]:
    """List the secrets in the files that handlers reach; a name once for each file."""
    owners: dict[str, list[Function]] = {}
    for function in facts.application.functions:
        analysis = code_of(facts, function).analysis
        for file in analysis.files if analysis is not None else ():
            owners.setdefault(file, []).append(function)
    found: dict[tuple[str, str], InFile] = {}
    for file, functions in owners.items():
        for line, name, secret in _in(Path(file)):
            place = Location(beginning(file, line))
            found.setdefault((file, name), InFile(name, secret, file, place, tuple(functions)))
    return tuple(found.values())


def _in(path: Path) -> tuple[tuple[int, str, Secret], ...]:
    """Read a file's secrets; none of a bundle, which is made of what others wrote."""
    try:
        # Inline code has a name that is no file's.
        text = path.read_text(encoding="utf-8", errors="replace") if _is_small(path) else ""
    except OSError:
        return _NONE
    bundled = any(len(line) > LONGEST_LINE for line in text.splitlines())
    return _NONE if bundled else tuple(told(text))


def _is_small(path: Path) -> bool:
    return path.is_file() and path.stat().st_size <= MAX_BYTES
