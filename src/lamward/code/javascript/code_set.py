"""The files of one function: which modules there are, and what each says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath

from lamward.code.files import Files, beginning, sentence
from lamward.code.ir import Module
from lamward.code.javascript.lowering import lower, lower_json
from lamward.code.javascript.resolution import BUILT_IN, Resolution, inside, is_of_aws, package_of
from lamward.code.source import Source


class CodeSet:
    """Modules by name, read when they are asked for: a file's path, or the name of a package that is not read.

    `roots` are the function's own folder, then those of its layers; `modelled` packages have models.
    """

    def __init__(self, roots: Sequence[Path], modelled: Iterable[str] = ()) -> None:
        self._roots = tuple(roots)
        self._modelled = frozenset(map(package_of, modelled))
        self.files = Files("javascript", self._modelled | BUILT_IN)
        self.resolution = Resolution(self._roots)
        self._modules: dict[str, Module | None] = {}

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

    def note_unread(self, module: str) -> None:
        """Remember the package of a module that is imported and not there, unless it is known what it calls."""
        if not self.resolution.is_installed(module) and not is_of_aws(module):
            self.files.note_unread(package_of(module))

    def package_calling_aws(self, module: str) -> str:
        """Return the installed package of a module, if it builds on the SDK and has no model; else nothing."""
        package = package_of(module)
        needs = self.resolution.needs_sdk(module) and not is_of_aws(module)
        return package if needs and package not in self._modelled else ""

    def add(self, name: str, source: Source) -> None:
        """Add a module that is no file."""
        self._modules[name] = self._lowered(name, source)

    def _read(self, name: str, path: Path) -> Module | None:
        source = self.files.read(path, lambda content: content.decode("utf-8"))
        return None if source is None else self._lowered(name, source)

    def _lowered(self, name: str, source: Source) -> Module | None:
        self.files.sources[name] = source
        try:
            if PurePath(source.file).suffix == ".json":
                return lower_json(source, name)
            module, errors = lower(source, name, lambda specifier: self.resolution.resolve(specifier, name))
        except RecursionError:
            self.files.fail("too-deep", "the code is nested too deeply", beginning(source.file))
            return None
        except ValueError as error:
            self.files.fail("syntax", f"this is no JSON: {sentence(error)}", beginning(source.file))
            return None
        for at, message in errors:
            self.files.fail("syntax", f"this does not read: {message}", source.span(at))
        return module
