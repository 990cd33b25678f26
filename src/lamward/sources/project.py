"""A project on disk: which of its files are templates, and the applications they make."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from glob import escape
from pathlib import Path

from msgspec import Struct

from lamward.errors import UsageError, is_debugging
from lamward.model.application import Application
from lamward.model.report import Failure, Skipped
from lamward.sources import samconfig
from lamward.sources.cloudformation.template import is_template
from lamward.sources.file import SourceFile, held, read, start_of
from lamward.sources.node import Document, parse
from lamward.sources.stack import load as load_stack

SYNTHESISED = frozenset({"cdk.out", ".serverless"})
"""Folders of templates made from sources that are not read: they are audited when they are named."""

BUILT = SYNTHESISED | {".aws-sam"}
"""Folders whose files a build writes again."""

IGNORED = BUILT | {
    ".git",
    ".hg",
    ".mypy_cache",
    ".nox",
    ".pytest_cache",
    ".ruff_cache",
    ".svn",
    ".terraform",
    ".tox",
    ".venv",
    "__pycache__",
    "node_modules",
    "site-packages",
    "venv",
}
"""Folders that hold built output or other people's code."""

SUFFIXES = frozenset(
    {"", ".cfn", ".cform", ".json", ".sam", ".template", ".tmpl", ".tpl", ".txt", ".yaml", ".yml"}
)
"""File name endings that may hold a template; which do is told by their content."""

TEMPLATE_SUFFIXES = frozenset({".cfn", ".cform", ".json", ".sam", ".template", ".yaml", ".yml"})
"""Those of them that mostly hold something of the kind: a file of this name that cannot be read is told."""

_LOOKS_LIKE_A_TEMPLATE = re.compile(
    rb"""(?:^|[{,]|\xef\xbb\xbf)\s*["']?Resources["']?\s*:|AWSTemplateFormatVersion|AWS::Serverless-2016-10-31""",
    re.MULTILINE,
)
_LATER_TEMPLATE = re.compile(
    rb"""^---[ \t]*\r?$(?s:.*)^["']?(Resources|AWSTemplateFormatVersion)["']?[ \t]*:""", re.MULTILINE
)
"""A template that is not the first document of its file, of which only that is read."""

_MENTIONS_AWS = re.compile(
    rb"AWS::[A-Za-z0-9]+::|AWSTemplateFormatVersion|AWS::Serverless-2016-10-31|Custom::"
)


class LoadOptions(Struct, frozen=True):
    """How to load: parameter values, globs to leave out, and whether (and which environment of) samconfig counts."""

    parameters: Mapping[str, str] = {}
    exclude: tuple[str, ...] = ()
    samconfig: bool = True
    environment: str = "default"


class Loaded(Struct, frozen=True):
    """What was found: applications, the files read (by the name findings use), what failed and what was left out.

    `synthesised` are folders that were left out, and hold templates made from sources that are not read.
    """

    applications: tuple[Application, ...]
    files: Mapping[str, SourceFile]
    failures: tuple[Failure, ...]
    skipped: tuple[Skipped, ...]
    synthesised: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[Failure, ...]:
        """All that could not be read, of the project and of each application, once."""
        own = (failure for application in self.applications for failure in application.failures)
        return tuple(dict.fromkeys((*self.failures, *own)))

    @property
    def remedy(self) -> str:
        """What to do where nothing was found."""
        if self.synthesised:
            return f"`{self.synthesised[0]}` holds what is made from your sources: name that folder"
        return "name a SAM or CloudFormation template, or its folder"


def load(paths: Sequence[Path], options: LoadOptions) -> Loaded:
    """Load every application below the paths. A path that does not exist is a `UsageError`."""
    project = _Project(options)
    for path in paths:
        project.visit(path)
    return project.loaded()


class _Project:
    """Collects documents first, so that a template nested in another is not audited twice."""

    def __init__(self, options: LoadOptions) -> None:
        self.options = options
        here = escape(str(Path.cwd()))
        globs = [glob.removeprefix("./").rstrip("/") for glob in options.exclude]
        self.globs = [(glob, os.path.normpath(os.path.join(here, glob))) for glob in globs]  # noqa: PTH118
        self.documents: dict[Path, tuple[Document, Path]] = {}
        self.failures: list[Failure] = []
        self.skipped: list[Skipped] = []
        self.synthesised: list[str] = []
        self.seen: set[Path] = set()

    def visit(self, path: Path) -> None:
        if held(path) is not None:
            self._consider(path, _project_root(path), named=True)
        elif path.is_dir():
            root = Path(os.path.realpath(path))
            for found in self._files(path, root):
                self._consider(found, root, named=False)
        elif path.is_file():
            self._consider(path, _project_root(path), named=True)
        elif path.exists():
            # Waiting for what a pipe or a device may say could take for ever.
            message, hint = "this is not a regular file", "`lamward audit -` reads standard input"
            self.failures.append(Failure("unreadable", message, start_of(_shown(path)), hint))
        else:
            raise UsageError(f"there is no `{path}`", "name a template or a folder that holds some")

    def _files(self, folder: Path, root: Path) -> Iterator[Path]:
        for current, folders, files in os.walk(folder, onerror=self._unreadable_folder):
            self.synthesised += [_shown(Path(current, name)) for name in sorted(SYNTHESISED & set(folders))]
            folders[:] = sorted(
                name for name in folders if name not in IGNORED and not self._excluded(current, name)
            )
            if "pyvenv.cfg" in files:
                folders.clear()
                continue
            for name in folders:
                self._leaves(Path(current, name), root)
            for name in sorted(files):
                path = Path(current, name)
                if path.suffix.lower() not in SUFFIXES or self._excluded(current, name):
                    continue
                if not self._leaves(path, root) and self._is_file(path):
                    yield path

    def _leaves(self, path: Path, root: Path) -> bool:
        """Tell whether a path is a link to somewhere else, which is not followed."""
        if not path.is_symlink() or Path(os.path.realpath(path)).is_relative_to(root):
            return False
        self.skipped.append(Skipped(_shown(path), "a link that leaves the audited folder"))
        return True

    def _is_file(self, path: Path) -> bool:
        """Tell whether there is anything to read; a pipe or a device might keep us waiting for ever."""
        try:
            kind = path.stat().st_mode
        except (OSError, RuntimeError) as problem:
            if path.is_symlink():
                self.skipped.append(Skipped(_shown(path), "a link that leads nowhere"))
            elif isinstance(problem, PermissionError):
                self._unreadable(path, "file")
            return False
        if not stat.S_ISREG(kind) and path.suffix.lower() in TEMPLATE_SUFFIXES:
            self.skipped.append(Skipped(_shown(path), "not a regular file"))
        return stat.S_ISREG(kind)

    def _unreadable_folder(self, problem: OSError) -> None:
        self._unreadable(Path(os.fsdecode(problem.filename)), "folder")

    def _unreadable(self, path: Path, kind: str) -> None:
        message = f"the {kind} cannot be read"
        self.failures.append(Failure("unreadable", message, start_of(_shown(path)), "check its permissions"))

    def _excluded(self, folder: str, name: str) -> bool:
        path = os.path.join(folder, name)  # noqa: PTH118
        shown = _shown(Path(path))
        return any(
            fnmatch(shown, glob) or fnmatch(name, glob) or fnmatch(_absolute(path), whole)
            for glob, whole in self.globs
        )

    def _consider(self, path: Path, root: Path, *, named: bool) -> None:
        real = Path(os.path.realpath(path))
        if real in self.seen:
            return
        self.seen.add(real)
        name = _shown(path)
        source = read(path, name)
        if isinstance(source, Failure):
            unreadable = source.kind == "unreadable" and path.suffix.lower() in TEMPLATE_SUFFIXES
            if named or unreadable or _promising(path):
                self.failures.append(source)
            return
        if not named and not (
            _LOOKS_LIKE_A_TEMPLATE.search(source.content) and _MENTIONS_AWS.search(source.content)
        ):
            return
        document = parse(source)
        if is_template(document.root):
            self.documents[real] = (document, root)
        elif document.failures and (document.root is None or _LATER_TEMPLATE.search(source.content)):
            self.failures.extend(document.failures)
        else:
            self.skipped.append(Skipped(name, "not a CloudFormation or SAM template"))

    def loaded(self) -> Loaded:
        applications: dict[Path, Application] = {}
        children: dict[Path, set[Path]] = {}
        files: dict[str, SourceFile] = {}
        for real, (document, root) in self.documents.items():
            given = dict(self.options.parameters)
            if self.options.samconfig:
                overrides, failure = samconfig.overrides(Path(document.source.name), self.options.environment)
                given = overrides | given
                if failure is not None:
                    self.failures.append(failure)
            try:
                application, loading = load_stack(document, root=root, given=given)
            except Exception as crash:  # noqa: BLE001
                # One template must not keep the others from being audited, whatever it holds.
                self.failures.append(_crashed(document, crash))
                continue
            applications[real] = application
            children[real] = loading.children - {real}
            files |= loading.files
        return Loaded(
            applications=tuple(applications[real] for real in _roots(children)),
            files=files,
            failures=tuple(dict.fromkeys(self.failures)),
            skipped=tuple(self.skipped),
            synthesised=tuple(self.synthesised),
        )


def _roots(children: Mapping[Path, set[Path]]) -> list[Path]:
    """Choose the templates to audit by themselves: those no other nests, and one of each that nest each other."""
    nested = set().union(*children.values()) if children else set()
    kept = {real for real in children if real not in nested}
    covered = set().union(*(children[real] for real in kept)) if kept else set()
    for real in children:
        if real not in kept and real not in covered:
            kept.add(real)
            covered |= children[real]
    return [real for real in children if real in kept]


def _absolute(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - links are not followed, `..` is


def _crashed(document: Document, crash: Exception) -> Failure:
    """Say that a template could not be taken apart; the exception's message might quote it."""
    if is_debugging():
        raise crash
    place = start_of(document.source.name)
    if isinstance(crash, RecursionError):
        message = "what the template refers to is nested too deep to follow"
        return Failure("too-deep", message, place, "refer to it in fewer steps")
    message = f"lamward failed to read the template ({type(crash).__name__})"
    return Failure("crashed-template", message, place, "this is a bug in lamward: please report it")


def _promising(path: Path) -> bool:
    """Tell by a file's beginning whether it would be a template, where it cannot be read whole."""
    try:
        with path.open("rb") as stream:
            start = stream.read(1 << 20)
    except OSError:
        return False
    # UTF-16, as some shells write it, is the same text with zeros in between.
    start = start.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\0", b"")
    return bool(_LOOKS_LIKE_A_TEMPLATE.search(start) and _MENTIONS_AWS.search(start))


def _project_root(path: Path) -> Path:
    """Give the folder that includes of a single named template may read from: its repository, or its own folder."""
    folder = Path(os.path.realpath(path)).parent
    above = (folder, *folder.parents)
    return next((parent for parent in above if os.path.exists(parent / ".git")), folder)  # noqa: PTH110


def _shown(path: Path) -> str:
    """Name a file as findings do: relative to the current folder where it is below it, with `/`."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
