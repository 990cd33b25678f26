"""The files of a trail: which there are below a folder, and what is in one, whoever wrote it.

Nothing is followed out of a folder, nothing is read or unpacked beyond a cap, and what cannot be read is named.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import re
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Protocol

from msgspec import Struct

from lamward.trail.record import Malformed

MAX_PACKED: Final = 256 << 20
"""A larger file is not read; CloudTrail's own have a few MB."""

MAX_BYTES: Final = 256 << 20
"""What a file may unpack to."""

_STEP: Final = 64 << 10
"""So much is given to be unpacked at once."""

_PIECE: Final = 64 << 10
"""So much is unpacked at once: what the processor's cache holds."""

_SUFFIXES: Final = tuple(name + packed for name in (".json", ".jsonl", ".ndjson") for packed in ("", ".gz"))
_NO_RECORDS: Final = re.compile(r"CloudTrail-(Digest|Insight|Aggregated)", re.IGNORECASE)
_DELIVERED: Final = re.compile(r"_CloudTrail_[\w-]+?_(\d{8}T\d{4})Z_")
_GZIP: Final = b"\x1f\x8b"


class Unread(Struct, frozen=True, order=True):
    """A file, or a part of one, that could not be read, and why."""

    name: str
    reason: str


class Content(Struct, frozen=True):
    """A file as it is stored, and its hash, by which it is known again whatever its name is."""

    name: str
    packed: bytes
    sha256: bytes


class Item(Protocol):
    """Something that holds records and can be sent to another process."""

    @property
    def name(self) -> str:
        """What it is called: a path, or an address."""

    def fetch(self) -> Content | Unread:
        """Read it as it is stored."""


class FilePath(Struct, frozen=True, order=True):
    """A file on this machine."""

    name: str

    def fetch(self) -> Content | Unread:
        """Read the file."""
        try:
            return self._read()
        except OSError as problem:
            reason = os.strerror(problem.errno) if problem.errno else str(problem)
            return Unread(self.name, f"it cannot be read: {reason.lower()}")

    def _read(self) -> Content | Unread:
        # Not to block: what waits for a writer, such as a pipe, is no log file.
        handle = os.open(self.name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                return Unread(self.name, "it is no file")
            # First as much as there should be: Python makes room for all that it is asked to read.
            packed = file.read(min(status.st_size, MAX_PACKED) + 1)
            if len(packed) > status.st_size:
                packed += file.read(MAX_PACKED + 1 - len(packed))
        if len(packed) > MAX_PACKED:
            return Unread(self.name, f"it has more than {MAX_PACKED >> 20} MB")
        return Content(_sayable(self.name), packed, hashlib.sha256(packed).digest())


def _sayable(name: str) -> str:
    """Spell out the bytes of a name that are no text, which no ledger could hold."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")


def find(path: Path, since: datetime.datetime | None = None) -> tuple[list[FilePath], list[Unread]]:
    """List the log files of a folder, or the one file, in order of name; also what looks like one and is not read."""
    if not path.is_dir():
        return [FilePath(str(path))], []
    root = os.path.realpath(path)
    found: list[FilePath] = []
    unread: list[Unread] = []
    for name in _walk(path, unread):
        if not is_wanted(name, since):
            continue
        if Path(name).is_symlink() and not os.path.realpath(name).startswith(root + os.sep):
            unread.append(Unread(name, "it is a link that leads out of the folder"))
        else:
            found.append(FilePath(name))
    return sorted(found), sorted(unread)


def _walk(path: Path, unread: list[Unread]) -> Iterator[str]:
    def refused(problem: OSError) -> None:
        reason = os.strerror(problem.errno) if problem.errno else str(problem)
        unread.append(Unread(str(problem.filename), f"it cannot be read: {reason.lower()}"))

    for folder, _, names in os.walk(path, onerror=refused, followlinks=False):
        yield from (f"{folder}{os.sep}{name}" for name in names)


def is_wanted(name: str, since: datetime.datetime | None) -> bool:
    """Tell whether a name is that of a log file: no digest, and not delivered before all events that are wanted."""
    if not name.lower().endswith(_SUFFIXES) or _NO_RECORDS.search(name):
        return False
    return since is None or (delivered(name) or since) >= since


def delivered(name: str) -> datetime.datetime | None:
    """Tell from its name when CloudTrail wrote a file."""
    found = _DELIVERED.search(name)
    if found is None:
        return None
    try:
        return datetime.datetime.strptime(found[1], "%Y%m%dT%H%M").replace(tzinfo=datetime.UTC)
    except ValueError:
        return None


def unpack(packed: bytes, limit: int = MAX_BYTES) -> bytes:
    """Unpack what is packed; what is not, is given as it is.

    Raises `Malformed` where the file is damaged, cut off, or unpacks to more than the limit.
    """
    return b"".join(pieces(packed, limit)) if packed.startswith(_GZIP) else packed


def pieces(packed: bytes, limit: int = MAX_BYTES) -> Iterator[bytes]:
    """Unpack piece by piece, of sizes that the processor's cache holds; raises as `unpack` does."""
    if not packed.startswith(_GZIP):
        yield from (packed[at : at + _PIECE] for at in range(0, len(packed), _PIECE))
        return
    left = limit
    at = 0
    while packed.startswith(_GZIP, at):
        unpacker, errors = _unpacker()
        while not unpacker.eof:
            asked = unpacker.needs_input
            given = packed[at : at + _STEP] if asked else b""
            try:
                piece = unpacker.decompress(given, min(_PIECE, left + 1))
            except errors:
                raise Malformed("it is damaged: it does not unpack") from None
            left -= len(piece)
            if left < 0:
                raise Malformed(f"it unpacks to more than {MAX_BYTES >> 20} MB")
            if asked and not given and not piece:
                raise Malformed("it is cut off")
            at += len(given)
            yield piece
        at -= len(unpacker.unused_data)  # which begins the next member


def _unpacker() -> tuple[Any, Any]:
    """Take the faster library where it is installed (the extra `trail`)."""
    try:
        from isal import igzip_lib
    except ImportError:
        return _Unpacker(), zlib.error
    return igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP), igzip_lib.error


class _Unpacker:
    """Python's own library, to be asked as the faster one is."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, given: bytes, limit: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail or given, limit)
