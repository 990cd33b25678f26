"""Which file an import means: extensions and index files, aliases of `tsconfig.json`, packages of the workspace."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, Final

SOURCES: Final = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx")
_WRITTEN: Final = {".js": (".ts", ".tsx", ".jsx"), ".mjs": (".mts",), ".cjs": (".cts",), ".jsx": (".tsx",)}
"""What a compiled file's name may be written in."""

BUILT_IN: Final = frozenset(
    {"assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants", "crypto", "dgram"}
    | {
        "diagnostics_channel",
        "dns",
        "domain",
        "events",
        "fs",
        "http",
        "http2",
        "https",
        "inspector",
        "module",
        "net",
    }
    | {
        "os",
        "path",
        "perf_hooks",
        "process",
        "punycode",
        "querystring",
        "readline",
        "repl",
        "sea",
        "sqlite",
        "stream",
    }
    | {
        "string_decoder",
        "sys",
        "test",
        "timers",
        "tls",
        "trace_events",
        "tty",
        "url",
        "util",
        "v8",
        "vm",
        "wasi",
    }
    | {"worker_threads", "zlib"}
)
"""The modules of Node."""

_SCOPES_OF_AWS: Final = ("@aws-sdk/", "@smithy/", "@aws-lambda-powertools/", "aws-xray-sdk")
_LAYERS: Final = "/opt/nodejs/"
MAX_SETTINGS: Final = 100_000
MAX_FOLDERS: Final = 400
MAX_PARENTS: Final = 5
"""How many configurations may extend each other."""

_COMMENT: Final = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING: Final = re.compile(r",(\s*[}\]])")


class Resolution:
    """Turns specifiers into names of modules."""

    def __init__(self, roots: Sequence[Path]) -> None:
        self._roots = tuple(roots)
        self._paths: dict[str, Path] = {}
        self._needs: dict[str, bool] = {}
        self._aliases: dict[Path, list[tuple[str, list[Path]]]] = {}

    def name(self, path: Path) -> str:
        """Return the name of the module that a file is."""
        name = path.as_posix()
        self._paths[name] = path
        return name

    def path(self, name: str) -> Path | None:
        """Return the file of a module; None for a package that is not read."""
        return self._paths.get(name)

    def resolve(self, specifier: str, importer: str) -> str:
        """Return the module that a specifier means in a file; for a package that is not read the specifier."""
        found = next(self._candidates(specifier, importer), None)
        return self.name(found) if found is not None else specifier.removeprefix("node:")

    def is_installed(self, module: str) -> bool:
        """Tell whether the package of a module is among the function's files."""
        return any(_is_file(folder / "package.json") for folder in self._installed(package_of(module)))

    def needs_sdk(self, module: str) -> bool:
        """Tell whether the package of a module is installed and builds on the SDK."""
        package = package_of(module)
        if package not in self._needs:
            self._needs[package] = any(map(_needs_sdk, self._installed(package)))
        return self._needs[package]

    def _installed(self, package: str) -> Iterator[Path]:
        """List the folders in which a package would be installed."""
        for folder in (root / name / package for root in self._roots for name in ("node_modules", "")):
            if folder.name not in ("", ".", "..") and "node_modules" in folder.parts:
                yield folder

    def file(self, path: Path) -> Path | None:
        """Find the file that a path means, with the extension left out or that of its compiled form."""
        return next((each for each in _spellings(path) if _is_file(each)), None)

    def _candidates(self, specifier: str, importer: str) -> Iterator[Path]:
        if "\0" in specifier or not specifier:
            return
        folder = self._folder(importer)
        for path in self._meant(specifier, folder):
            found = self._file_or_package(path)
            if found is not None and inside(found, self._roots):
                yield found

    def _meant(self, specifier: str, folder: Path | None) -> Iterator[Path]:
        if specifier.startswith(_LAYERS):
            yield from (root / specifier.removeprefix(_LAYERS) for root in self._roots[1:])
        elif specifier.startswith("."):
            if folder is not None:
                yield _normal(folder / specifier)
        elif folder is not None:
            yield from self._by_alias(specifier, folder)
            package = package_of(specifier)
            if package in self._workspace:
                yield from _exported(self._workspace[package], specifier[len(package) + 1 :])

    def _folder(self, importer: str) -> Path | None:
        path = self._paths.get(importer)
        return path.parent if path is not None else None

    def _file_or_package(self, path: Path) -> Path | None:
        found = self.file(path)
        if found is not None:
            return found
        if (path / "package.json").is_file():
            for each in _exported(path, ""):
                if (found := self.file(each)) is not None:
                    return found
        return self.file(path / "index")

    @cached_property
    def _workspace(self) -> dict[str, Path]:
        """The packages that are kept among the function's own files, by name."""
        found: dict[str, Path] = {}
        pending = [root for root in self._roots if root.name != "node_modules"]
        for number, folder in enumerate(pending):
            if number >= MAX_FOLDERS:
                break
            name = _settings(folder / "package.json").get("name")
            if isinstance(name, str):
                found.setdefault(name, folder)
            pending += _folders(folder)
        return found

    def _by_alias(self, specifier: str, folder: Path) -> Iterator[Path]:
        for pattern, targets in self._aliases_at(folder):
            head, star, tail = pattern.partition("*")
            if star and specifier.startswith(head) and specifier.endswith(tail):
                middle = specifier[len(head) : len(specifier) - len(tail)]
                yield from (Path(str(target).replace("*", middle)) for target in targets)
            elif specifier == pattern:
                yield from targets

    def _aliases_at(self, folder: Path) -> list[tuple[str, list[Path]]]:
        """Give the aliases of the nearest configuration above a file, within the roots."""
        if folder not in self._aliases:
            self._aliases[folder] = []
            for name in ("tsconfig.json", "jsconfig.json"):
                if (folder / name).is_file():
                    self._aliases[folder] = _aliases(folder / name, MAX_PARENTS)
                    return self._aliases[folder]
            if folder not in self._roots and folder.parent != folder and inside(folder.parent, self._roots):
                self._aliases[folder] = self._aliases_at(folder.parent)
        return self._aliases[folder]


def _aliases(file: Path, parents: int) -> list[tuple[str, list[Path]]]:
    settings = _settings(file)
    options = settings.get("compilerOptions")
    options = options if isinstance(options, dict) else {}
    written = options.get("baseUrl")
    base = file.parent / written if isinstance(written, str) else file.parent
    paths = options.get("paths")
    found = [
        (pattern, [_normal(base / target) for target in targets if isinstance(target, str)])
        for pattern, targets in (paths.items() if isinstance(paths, dict) else ())
        if isinstance(targets, list)
    ]
    if isinstance(written, str):
        found.append(("*", [_normal(base) / "*"]))
    extended = settings.get("extends")
    if isinstance(extended, str) and extended.startswith(".") and parents and not found:
        above = _normal(file.parent / extended)
        found = _aliases(
            above if above.suffix == ".json" else above.with_name(above.name + ".json"), parents - 1
        )
    return found


def _exported(folder: Path, rest: str) -> Iterator[Path]:
    """List what a package of the workspace may offer under a subpath, as its `package.json` says."""
    settings = _settings(folder / "package.json")
    exports = settings.get("exports")
    if isinstance(exports, dict) and any(key.startswith(".") for key in exports):
        exports = exports.get(f"./{rest}" if rest else ".")
    elif rest:
        exports = None
    for target in _targets(exports):
        yield _normal(folder / target)
    if rest:
        yield _normal(folder / rest)
        yield _normal(folder / "src" / rest)
        return
    for key in ("source", "main", "module"):
        if isinstance(named := settings.get(key), str):
            yield _normal(folder / named)
    yield from (folder / "index", folder / "src" / "index")


def _targets(exports: Any, depth: int = 4) -> Iterator[str]:
    """List the files that an entry of `exports` names, whatever the condition."""
    if isinstance(exports, str):
        yield exports
    elif isinstance(exports, dict) and depth:
        for condition, value in exports.items():
            if condition != "types":
                yield from _targets(value, depth - 1)


def _spellings(path: Path) -> Iterator[Path]:
    name = path.name
    if path.suffix in SOURCES or path.suffix == ".json":
        yield path
    for written in _WRITTEN.get(path.suffix, ()):
        yield path.with_suffix(written)
    if name and name not in (".", ".."):
        for extension in (*SOURCES, ".json"):
            yield path.with_name(name + extension)


def _needs_sdk(folder: Path) -> bool:
    """Tell whether an installed package needs the SDK, as its `package.json` says."""
    settings = _settings(folder / "package.json")
    needed = [settings.get(kind) for kind in ("dependencies", "peerDependencies")]
    return any(
        name == "aws-sdk" or name.startswith("@aws-sdk/client-")
        for each in needed
        if isinstance(each, dict)
        for name in each
    )


def package_of(module: str) -> str:
    """Return the package that a module is of: `@scope/name` of `@scope/name/part`."""
    return "/".join(module.split("/")[: 2 if module.startswith("@") else 1])


def is_of_aws(module: str) -> bool:
    """Tell whether a module is of the SDK, or of the packages around it that are known."""
    return module.startswith(_SCOPES_OF_AWS) or package_of(module) == "aws-sdk"


def _settings(file: Path) -> dict[str, Any]:
    """Read a file of JSON, perhaps with comments; what does not read says nothing."""
    try:
        if not file.is_file() or file.stat().st_size > MAX_SETTINGS:
            return {}
        text = file.read_text(encoding="utf-8-sig")
        read = json.loads(_TRAILING.sub(r"\1", _COMMENT.sub(lambda found: found[1] or "", text)))
    except (OSError, ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(
            each
            for each in folder.iterdir()
            if each.is_dir() and not each.is_symlink() and each.name != "node_modules" and each.name[0] != "."
        )
    except OSError:
        return []


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _normal(path: Path) -> Path:
    """Take `.` and `..` out of a path without following links."""
    steps: list[str] = []
    for step in PurePosixPath(path.as_posix()).parts:
        if step == ".." and steps and steps[-1] not in ("..", "/"):
            steps.pop()
        else:
            steps.append(step)
    return Path(*steps) if steps else Path()


def inside(path: Path, roots: Sequence[Path]) -> bool:
    """Tell whether a path stays in one of the folders once links are followed, and in no installed package."""
    try:
        real = path.resolve()
        found = next((root.resolve() for root in roots if real.is_relative_to(root.resolve())), None)
    except (OSError, RuntimeError, ValueError):
        return False
    return found is not None and "node_modules" not in real.relative_to(found).parts
