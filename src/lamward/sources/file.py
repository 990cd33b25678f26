"""A file as it was read: decoded text, line starts, and what is needed to write it back unchanged."""

from __future__ import annotations

import errno
import hashlib
import os
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from pathlib import Path

from lamward.model.location import Location, Span
from lamward.model.report import Failure

MAX_BYTES = 20 * 1024 * 1024
"""A template larger than this is refused: CloudFormation itself accepts 1 MB."""

STANDARD_INPUT = "<stdin>"
"""What findings call a template that is read from standard input."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")

_INSTEAD: ContextVar[Mapping[Path, bytes] | None] = ContextVar("instead", default=None)


@contextmanager
def instead(contents: Mapping[Path, bytes]) -> Iterator[None]:
    """Read these files (by their resolved paths) as if they held other bytes: a fix is tried before it is written."""
    token = _INSTEAD.set({**(_INSTEAD.get() or {}), **contents})
    try:
        yield
    finally:
        _INSTEAD.reset(token)


class SourceFile:
    """One text file. `name` is what findings call it: the path as given, relative where possible, with `/`."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self.content = content
        self.bom = content.startswith(b"\xef\xbb\xbf")
        self.text = content.decode("utf-8-sig")

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text without their ends; editors end lines at line feeds only, so we do."""
        return [line.removesuffix("\r") for line in self.text.split("\n")]

    @cached_property
    def starts(self) -> list[int]:
        """The offset at which each line starts."""
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    @cached_property
    def sha256(self) -> str:
        """The hash of the bytes as read."""
        return hashlib.sha256(self.content).hexdigest()

    def span(self, start: int, end: int) -> Span:
        """Make a span of two offsets."""
        line = bisect_right(self.starts, start)
        end_line = bisect_right(self.starts, end)
        return Span(
            file=self.name,
            start=start,
            end=end,
            line=line,
            column=start - self.starts[line - 1] + 1,
            end_line=end_line,
            end_column=end - self.starts[end_line - 1] + 1,
        )


def start_of(name: str) -> Location:
    """Give the location of a file's first character, where nothing more is known."""
    return Location(Span(file=name, start=0, end=0, line=1, column=1, end_line=1, end_column=1))


def held(path: Path) -> bytes | None:
    """Give what is to be read instead of a file, None when the file itself is."""
    others = _INSTEAD.get()
    return others.get(Path(os.path.realpath(path))) if others else None


def is_file(path: Path) -> bool:
    """Tell whether there is a file to read."""
    return held(path) is not None or path.is_file()


def contents(path: Path, most: int = MAX_BYTES) -> bytes:
    """Read a file's bytes; one that is longer, or never ends as some devices do, is an OSError."""
    with path.open("rb") as stream:
        found = stream.read(most + 1)
    if len(found) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return found


def read(path: Path, name: str) -> SourceFile | Failure:
    """Read a text file; a failure says what is wrong with it and what to do."""
    content = held(path)
    try:
        size = path.stat().st_size if content is None else len(content)
        if size > MAX_BYTES:
            return Failure(
                "too-large",
                f"the file has {size >> 20} MB; templates over {MAX_BYTES >> 20} MB are not read",
                start_of(name),
                "split the template, or leave the file out with `exclude`",
            )
        return SourceFile(name, contents(path) if content is None else content)
    except UnicodeDecodeError as problem:
        told = "it is UTF-16" if bytes(problem.object).startswith(_UTF16) else f"byte {problem.start}"
        return Failure("encoding", f"the file is not UTF-8 ({told})", start_of(name), "save it as UTF-8")
    except OSError as problem:
        reason = os.strerror(problem.errno) if problem.errno else str(problem)
        return Failure(
            "unreadable",
            f"the file cannot be read: {reason.lower()}",
            start_of(name),
            "check its permissions",
        )
