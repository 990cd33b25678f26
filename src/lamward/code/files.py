"""The files of one function's code: what was read, what could not be, and which packages are not there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from lamward.code.packages import harmless
from lamward.code.source import Extent, Source
from lamward.model.location import NOWHERE, Location, Span
from lamward.model.report import Failure

MAX_BYTES: Final = 2_000_000
"""A file above this is generated, or data."""

MAX_FILES: Final = 2_000


class Files:
    """What was read, by the module it is.

    `unread` names packages that are imported, that are nowhere, and of which nobody says what they call: they are
    none of the `known` ones, nor of those that call nothing.
    """

    def __init__(self, language: str, known: Iterable[str] = ()) -> None:
        self._known = harmless(language) | frozenset(known)
        self.sources: dict[str, Source] = {}
        self.failures: list[Failure] = []
        self.unread: set[str] = set()

    def read(self, path: Path, decode: Callable[[bytes], str]) -> Source | None:
        """Read a file; None, and a failure, if it does not read."""
        file = path.as_posix()
        if len(self.sources) >= MAX_FILES:
            self.fail("too-many-files", f"there are more than {MAX_FILES} files of code", beginning(file))
            return None
        try:
            if path.stat().st_size > MAX_BYTES:
                message = f"the file is larger than {MAX_BYTES // 1_000_000} MB"
                self.fail("too-large", message, beginning(file))
                return None
            text = decode(path.read_bytes())
        except (OSError, SyntaxError, LookupError, UnicodeDecodeError) as error:
            self.fail("unreadable", f"the file does not read: {sentence(error)}", beginning(file))
            return None
        return Source(file, text.removeprefix("\ufeff"))

    def fail(self, kind: str, message: str, where: Span) -> None:
        """Note that something could not be read."""
        self.failures.append(Failure(kind, message, Location(where)))

    def note_unread(self, package: str) -> None:
        """Remember a package that is imported and not there, unless it is known what it calls."""
        if package not in self._known:
            self.unread.add(package)

    def location(self, module: str, at: Extent) -> Location:
        """Say where a piece of a module is."""
        source = self.sources.get(module)
        return NOWHERE if source is None else source.location(at)

    def names(self) -> tuple[str, ...]:
        """Name the files that were read."""
        return tuple(sorted(source.file for source in self.sources.values()))


def beginning(file: str, line: int = 1, column: int = 1) -> Span:
    """Give the beginning of a file, or a place in it of which only the line is known."""
    return Span(file, 0, 0, line, max(1, column), line, max(1, column))


def sentence(error: Exception) -> str:
    """Give what an error says, in short."""
    return str(error).partition("\n")[0][:200]
