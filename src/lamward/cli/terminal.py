"""Manners at the terminal: results on stdout, everything else on stderr, hostile text made harmless."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TextIO

import click

from lamward.errors import UsageError

DEFAULT_WIDTH: Final = 100
"""Columns where nobody watches."""

# Control characters move the cursor and recolour, and the bidirectional ones reorder what is read.
_HOSTILE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def speak_utf8() -> None:
    """Write UTF-8 whatever the locale says; what cannot be encoded is spelt out."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def harmless(text: str) -> str:
    """Spell out the characters by which text from outside could deceive at a terminal."""
    return _HOSTILE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def complain(message: str, hint: str = "", *, lead: str = "error") -> None:
    """Say on stderr what is wrong and what to do about it, each on one line: a name in it may hold line ends."""
    from lamward.report.escape import visible

    note(f"{lead}: {visible(message)}" + (f"\nhelp: {visible(hint)}" if hint else ""))


def note(text: str) -> None:
    """Say something on stderr."""
    _write(sys.stderr, harmless(text).rstrip("\n") + "\n")


def show(text: str) -> None:
    """Write a result to stdout; a reader that has gone away, such as `head`, is no error."""
    _write(sys.stdout, text if text.endswith("\n") or not text else text + "\n")


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:  # closed by whoever started us: nobody wants to read it
        return
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        # Python flushes once more at its exit, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except OSError as problem:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        reason = (problem.strerror or str(problem)).lower()
        raise UsageError(f"cannot write the result: {reason}") from None


def save(path: Path, text: str) -> None:
    """Write a file whole or not at all, making its folder."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            # A pipe or a device cannot be replaced.
            path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
            return
        _replace(path, text)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise UsageError(f"cannot write `{path}`: {reason}") from None


def _replace(path: Path, text: str) -> None:
    import tempfile

    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.write(text)
        Path(name).chmod(mode)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)


def _umask() -> int:
    # The only way to read the mask is to set it.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def colours(choice: str, stream: TextIO | None, variables: Mapping[str, str]) -> bool:
    """Decide whether to colour: the option, then NO_COLOR, then FORCE_COLOR and its kin, then the stream."""
    if choice != "auto":
        return choice == "always"
    if variables.get("NO_COLOR"):
        return False
    if any(variables.get(name, "") not in {"", "0"} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return stream is not None and stream.isatty() and variables.get("TERM") != "dumb"


def width(stream: TextIO | None) -> int:
    """Give the columns to write for."""
    if stream is None or not stream.isatty():
        return DEFAULT_WIDTH
    return shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns


def heading(text: str, *, colour: bool) -> str:
    """Make a text stand out."""
    return click.style(text, bold=True) if colour else text
