"""The files of one function: which modules there are, and what each says."""

from __future__ import annotations

import errno
import io
import re
import sys
import tokenize
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from lamward.code.files import Files, beginning, sentence
from lamward.code.ir import Function, Module
from lamward.code.python.lowering import lower
from lamward.code.source import Extent, Source

MAX_LISTING: Final = 10_000_000
"""No installed package has a longer record of its files."""

_SDK_PACKAGES: Final = frozenset({"boto3", "botocore", "s3transfer", "aioboto3", "aiobotocore", "mypy_boto3"})
_VENDORED: Final = frozenset(
    {"site-packages", "dist-packages", "node_modules", "vendor", "vendored", "_vendor"}
)
_INSTALLED: Final = re.compile(r".+\.(dist-info|egg-info)")
_REQUIRES_SDK: Final = re.compile(r"Requires-Dist:\s*(boto3|botocore|aioboto3|aiobotocore)\b", re.IGNORECASE)


class CodeSet:
    """Modules by name, read when they are asked for.

    `roots` are searched in order, as `sys.path` is. Packages that are installed (they have a `.dist-info`) and those
    of `foreign` are not part of the program, even where their files are there.
    """

    def __init__(self, roots: Sequence[Path], foreign: Iterable[str] = ()) -> None:
        self._roots = tuple(roots)
        installed = _installed(self._roots)
        self._foreign = _SDK_PACKAGES | frozenset(foreign) | frozenset(installed)
        self._unmodelled = {
            name: package
            for name, package in installed.items()
            if package and name not in _SDK_PACKAGES and name not in frozenset(foreign)
        }
        self._modules: dict[str, Module | None] = {}
        self.files = Files("python", self._foreign | sys.stdlib_module_names)

    def module(self, name: str) -> Module | None:
        """Return a module of the program; None if there is none of this name, or it cannot be read."""
        if name not in self._modules:
            self._modules[name] = None  # what asks for it meanwhile finds nothing
            self._modules[name] = self._find(name)
        return self._modules[name]

    def note_unread(self, module: str) -> None:
        """Remember the package of a module that is imported and not there, unless it is known what it calls."""
        package = module.partition(".")[0]
        if not package.startswith("mypy_boto3"):
            self.files.note_unread(package)

    def package_calling_aws(self, module: str) -> str:
        """Return the installed package of a module, if it builds on the SDK and has no model; else nothing."""
        return self._unmodelled.get(module.partition(".")[0], "")

    def add(self, name: str, source: Source) -> None:
        """Add a module that is no file."""
        self._modules[name] = self._lowered(name, source, package=False)

    def _find(self, name: str) -> Module | None:
        steps = name.split(".")
        if steps[0] in self._foreign or _VENDORED.intersection(steps) or not all(map(_is_plain, steps)):
            return None
        for root in self._roots:
            folder = root.joinpath(*steps)
            for path, package in (
                (folder / "__init__.py", True),
                (folder.with_name(folder.name + ".py"), False),
            ):
                if _inside(path, root) and path.is_file():
                    return self._read(name, path, package=package)
        if any(
            _inside(root.joinpath(*steps), root) and _holds_code(root.joinpath(*steps))
            for root in self._roots
        ):
            return _namespace(name)
        return None

    def _read(self, name: str, path: Path, *, package: bool) -> Module | None:
        source = self.files.read(path, _decoded)
        return None if source is None else self._lowered(name, source, package=package)

    def _lowered(self, name: str, source: Source, *, package: bool) -> Module | None:
        self.files.sources[name] = source
        unread = "this is no Python that can be read"
        try:
            return lower(source, name, package=package)
        except SyntaxError as error:
            where = beginning(source.file, error.lineno or 1, error.offset or 1)
            self.files.fail("syntax", f"{unread}: {error.msg}", where)
        except ValueError as error:
            self.files.fail("syntax", f"{unread}: {sentence(error)}", beginning(source.file))
        except (RecursionError, MemoryError):
            self.files.fail("too-deep", "the code is nested too deeply", beginning(source.file))
        return None


def _decoded(content: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    return content.decode(encoding)


def _installed(roots: Sequence[Path]) -> dict[str, str]:
    """Name the modules that were installed into the folders, by their records.

    Each with its package if that needs the SDK, else with an empty text.
    """
    names: dict[str, str] = {}
    for root in roots:
        for folder in sorted(root.iterdir()) if root.is_dir() else ():
            if _INSTALLED.fullmatch(folder.name) and folder.is_dir():
                package = folder.name.partition("-")[0] if _needs_sdk(folder) else ""
                names.update(dict.fromkeys(_recorded(folder), package))
    return names


def _needs_sdk(folder: Path) -> bool:
    try:
        metadata = _listing(folder / "METADATA")
    except OSError:
        return False
    return any(
        _REQUIRES_SDK.match(line) and "extra ==" not in line
        for line in metadata.partition("\n\n")[0].splitlines()
    )


def _recorded(folder: Path) -> set[str]:
    names: set[str] = set()
    for listing, separator in (("RECORD", ","), ("top_level.txt", "\n")):
        try:
            lines = _listing(folder / listing).splitlines()
        except OSError:
            continue
        for line in lines:
            first = line.partition(separator)[0].partition("/")[0].removesuffix(".py")
            if first.isidentifier():
                names.add(first)
    return names


def _listing(path: Path) -> str:
    """Read what an installer wrote; a pipe or device, and what goes on for ever, is none of it."""
    if not path.is_file() or path.stat().st_size > MAX_LISTING:
        raise OSError(errno.EINVAL, "no record of a package")
    return path.read_text(encoding="utf-8", errors="replace")


def _is_plain(step: str) -> bool:
    return bool(step) and step not in (".", "..") and not {"/", "\\", "\0"}.intersection(step)


def _inside(path: Path, root: Path) -> bool:
    """Tell whether there is something at a path that stays below its root once links are followed."""
    try:
        # Hardly any name that is imported is there, and to follow links takes longest.
        return path.exists() and path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):
        return False


def _holds_code(folder: Path) -> bool:
    try:
        return folder.is_dir() and any(each.suffix == ".py" or each.is_dir() for each in folder.iterdir())
    except OSError:
        return False


def _namespace(name: str) -> Module:
    """Make the module of a folder without `__init__.py`: it holds nothing but its submodules."""
    main = Function(
        name="<module>",
        qualified_name="<module>",
        module=name,
        parameters=(),
        body=(),
        registers=0,
        at=Extent(0, 0),
    )
    return Module(name, "", main)
