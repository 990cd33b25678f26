"""Writing a repaired file: whole or not at all, and only over the text it was made from."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from lamward.fixes.refusal import Reason, Refusal
from lamward.model.location import Location
from lamward.sources.file import SourceFile


def write(before: SourceFile, after: SourceFile) -> Refusal | None:
    """Replace a file's content; a refusal when it is not as it was read, or cannot be written."""
    target = Path(before.name).resolve()
    start = Location(before.span(0, 0))
    try:
        if not os.access(target, os.W_OK):
            return Refusal(Reason.UNWRITABLE, "the file is not writable", start)
        return _replace(target, before, after)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        return Refusal(Reason.UNWRITABLE, f"the file cannot be written: {reason}", start)


def _replace(target: Path, before: SourceFile, after: SourceFile) -> Refusal | None:
    """Write beside the target, then take its place in one step: whoever reads sees the old file or the new one."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".lamward")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(after.content)
            _keep_rights(stream.fileno(), target.stat())
            stream.flush()
            os.fsync(stream.fileno())
        # Compared at the last moment: an editor may have saved the file while the fix was proved.
        if hashlib.sha256(target.read_bytes()).hexdigest() != before.sha256:
            message = "the file has changed since it was read"
            return Refusal(Reason.CHANGED_ON_DISK, message, Location(before.span(0, 0)))
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
    _settle(target.parent)
    return None


def _keep_rights(handle: int, old: os.stat_result) -> None:
    """Give the new file the owner and the permission bits of the old one."""
    new = os.fstat(handle)
    if hasattr(os, "fchown") and (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        os.fchown(handle, old.st_uid, old.st_gid)
    os.fchmod(handle, stat.S_IMODE(old.st_mode))


def _settle(folder: Path) -> None:
    """Make the renaming itself survive a power cut, where folders can be synchronised."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
