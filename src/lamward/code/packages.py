"""Models of packages whose source is not read: which AWS calls they make for whoever calls them.

A model is a TOML file. Every `[[call]]` names `paths` (the dotted path to a function; `()` stands for calling what
comes before it, `package.*` for whatever has no model of its own, `*.name` for a method of anything that is not read),
the names of its `arguments` by position, and the `operations` it makes as `service:Operation`. With `mode`, the
argument that says how a file is opened, `operations` are for reading and `writes` for writing.
`parameters` says what an operation's parameter is:

    "name"             the argument of this name
    "self.name"        the argument of this name that the object was constructed with
    "class.Meta.name"  an attribute of the program's class that inherits from the package's
    "bucket of name"   the bucket in an argument like `s3://bucket/key`; `key of name` likewise
    "=text"            constant text

`gives` is what a call returns: an argument's name, `event` with a path (`event Records *`), or empty if unknown.
`calls` names arguments that are called, each with what they are called with, written as `gives`. `unresolved` is the
reason why a call's AWS calls cannot be told. `[[class]]` names `paths` of classes and their constructor's `arguments`.
`[[value]]` names `paths` of attributes and what they `give`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from lamward.errors import ConfigurationError

FOLDER: Final = Path(__file__).with_name("data") / "packages"
HARMLESS: Final = FOLDER.with_name("harmless.toml")


@cache
def harmless(language: str) -> frozenset[str]:
    """Name the packages of a language that call no AWS service by themselves, as they are imported."""
    listed: list[str] = tomllib.loads(HARMLESS.read_text(encoding="utf-8"))[language]
    return frozenset(listed)


class CallModel(Struct, frozen=True, forbid_unknown_fields=True):
    """What a function of a package does. `model` is filled in: the file's name."""

    paths: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    parameters: Mapping[str, str] = {}
    gives: str = ""
    calls: Mapping[str, tuple[str, ...]] = {}
    unresolved: str = ""
    only_s3: str = ""
    """The argument that must be an `s3://` address for the call to reach AWS at all."""
    mode: str = ""
    """The argument that opens for reading (`operations`) or for writing (`writes`)."""
    writes: tuple[str, ...] = ()


class ClassModel(Struct, frozen=True, forbid_unknown_fields=True):
    """What the constructor of a package's class is given."""

    paths: tuple[str, ...]
    arguments: tuple[str, ...] = ()


class ValueModel(Struct, frozen=True, forbid_unknown_fields=True):
    """What an attribute of a package's object holds."""

    paths: tuple[str, ...]
    gives: str


class PackageModel(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of models."""

    call: tuple[CallModel, ...] = ()
    class_: tuple[ClassModel, ...] = msgspec.field(default=(), name="class")
    value: tuple[ValueModel, ...] = ()


class Models(Struct, frozen=True):
    """All models by path; a call's with the name of its package."""

    calls: Mapping[str, tuple[str, CallModel]]
    classes: Mapping[str, ClassModel]
    values: Mapping[str, ValueModel]
    packages: frozenset[str]
    """The top-level names of packages that have models: their source is never read."""


@cache
def bundled(language: str) -> Models:
    """Return the models of a language's packages that come with lamward."""
    return read(_bundled(language))


def with_own(language: str, files: Iterable[Path]) -> Models:
    """Return the bundled models and those of a project, which take precedence."""
    own = tuple(files)
    return read([*_bundled(language), *own]) if own else bundled(language)


def _bundled(language: str) -> list[Path]:
    return sorted((FOLDER / language).glob("*.toml"))


def read(files: Iterable[Path]) -> Models:
    """Read files of models.

    Raises:
        ConfigurationError: a file does not read, or says something models cannot say.
    """
    calls: dict[str, tuple[str, CallModel]] = {}
    classes: dict[str, ClassModel] = {}
    values: dict[str, ValueModel] = {}
    for file in files:
        model = _decoded(file)
        calls.update((path, (file.stem, each)) for each in model.call for path in each.paths)
        classes.update((path, each) for each in model.class_ for path in each.paths)
        values.update((path, each) for each in model.value for path in each.paths)
    packages = frozenset(path.partition(".")[0] for path in (*calls, *classes, *values))
    return Models(calls, classes, values, packages)


def _decoded(file: Path) -> PackageModel:
    try:
        return msgspec.toml.decode(file.read_bytes(), type=PackageModel)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        hint = "see the models that come with lamward for what a model may say"
        raise ConfigurationError(f"the package model `{file}` does not read: {error}", hint) from error
