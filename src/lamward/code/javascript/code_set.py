"""The files of one function: which modules there are, and what each says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Final

from lamward.code.ir import Module
from lamward.code.javascript.lowering import lower, lower_json
from lamward.code.javascript.resolution import SOURCES, Resolution, inside
from lamward.code.source import Extent, Source
from lamward.model.location import Location, Span
from lamward.model.report import Failure, Skipped

MAX_BYTES: Final = 2_000_000
"""A file above this is generated, or data."""

MAX_FILES: Final = 2_000


class CodeSet:
    """Modules by name, read when they are asked for: a file's path, or the name of a package that is not read.

    `roots` are the function's own folder, then those of its layers.
    """

    def __init__(self, roots: Sequence[Path]) -> None:
        self._roots = tuple(roots)
        self.resolution = Resolution(self._roots)
        self._modules: dict[str, Module | None] = {}
        self.sources: dict[str, Source] = {}
        self.failures: list[Failure] = []
        self.skipped: list[Skipped] = []

    def entry(self, module: str) -> str:
        """Return the name of the module that a handler's path means; empty if there is no such file."""
        if module in self._modules:
            return module
        for root in self._roots:
            found = self.resolution.file(root / module)
            if found is not None and inside(found, self._roots):
                return self.resolution.name(found)
        return ""

    def module(self, name: str) -> Module | None:
        """Return a module of the program; None if there is none of this name, or it cannot be read."""
        if name not in self._modules:
            path = self.resolution.path(name)
            if path is None:
                return None
            self._modules[name] = None  # what asks for it meanwhile finds nothing
            self._modules[name] = self._read(name, path)
        return self._modules[name]

    def knows(self, name: str) -> bool:
        """Tell whether a module is a file of the program, even one that cannot be read."""
        return name in self._modules or self.resolution.path(name) is not None

    def add(self, name: str, source: Source) -> None:
        """Add a module that is no file."""
        self._modules[name] = self._lowered(name, source)

    def _read(self, name: str, path: Path) -> Module | None:
        file = path.as_posix()
        if len(self.sources) >= MAX_FILES:
            self._fail("too-many-files", f"there are more than {MAX_FILES} files of code", Source(file, ""))
            return None
        try:
            if path.stat().st_size > MAX_BYTES:
                message = f"the file is larger than {MAX_BYTES // 1_000_000} MB"
                self._fail("too-large", message, Source(file, ""))
                return None
            text = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = str(error).partition("\n")[0][:200]
            self._fail("unreadable", f"the file does not read: {reason}", Source(file, ""))
            return None
        return self._lowered(name, Source(file, text.removeprefix("\ufeff")))

    def _lowered(self, name: str, source: Source) -> Module | None:
        self.sources[name] = source
        try:
            if PurePath(source.file).suffix == ".json":
                return lower_json(source, name)
            module, errors = lower(source, name, lambda specifier: self.resolution.resolve(specifier, name))
        except RecursionError:
            self._fail("too-deep", "the code is nested too deeply", source)
            return None
        except ValueError as error:
            self._fail("syntax", f"this is no JSON: {str(error)[:200]}", source)
            return None
        for at, message in errors:
            self._fail("syntax", f"this does not read: {message}", source, at)
        return module

    def _fail(self, kind: str, message: str, source: Source, at: Extent | None = None) -> None:
        where = Span(source.file, 0, 0, 1, 1, 1, 1) if at is None else source.span(at)
        self.failures.append(Failure(kind, message, Location(where)))


__all__ = ["SOURCES", "CodeSet"]
