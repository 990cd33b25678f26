"""Files made from something else in the repository: `python -m tools.generate [write|check]`."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from tools.check_pages import CheckPages
from tools.coverage_page import CoveragePage

ROOT: Final = Path(__file__).resolve().parent.parent


class Generator(Protocol):
    """Something that knows what some files of the repository must contain."""

    @property
    def name(self) -> str:
        """What is generated, for the maintainer to read."""

    def produce(self) -> dict[Path, str]:
        """Return the text of every file made, by its path below the repository's root."""


# Documents are made from the code alone, so they are checked in every run. The packed AWS data needs the
# packages it is taken from, and has its own commands: `python -m tools.refresh_catalogue` and its neighbours.
GENERATORS: Final[tuple[Generator, ...]] = (CheckPages(), CoveragePage())


def stale(generators: Sequence[Generator], root: Path = ROOT) -> dict[Path, str]:
    """Return the files that are absent or not what their generators make, with the text they should have."""
    made = {path: text for generator in generators for path, text in generator.produce().items()}
    return {path: text for path, text in sorted(made.items()) if not _holds(root / path, text)}


def write(generators: Sequence[Generator], root: Path = ROOT) -> int:
    """Bring every stale file up to date, naming each; return the exit code."""
    for path, text in stale(generators, root).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(_stored(path, text))
        print(f"written: {path}", file=sys.stderr)
    return 0


def check(generators: Sequence[Generator], root: Path = ROOT) -> int:
    """Name every stale file; return the exit code, 1 if there are any."""
    paths = tuple(stale(generators, root))
    for path in paths:
        print(f"stale: {path}", file=sys.stderr)
    return 1 if paths else 0


def packed(header: Mapping[str, str], **tables: Mapping[str, object]) -> str:
    """Render dated data as JSON: compact, sorted, and one line an entry, so a change reads as a change."""
    fields = [f"{_compact(key)}:{_compact(value)}" for key, value in header.items()]
    fields += [f"{_compact(name)}:{{\n{_lines(entries)}\n}}" for name, entries in tables.items()]
    return "{\n" + ",\n".join(fields) + "\n}\n"


def refresh(generators: Sequence[Generator], arguments: Sequence[str]) -> int:
    """Do what a refresh command was told: write the files, or with `--check` only name the stale ones."""
    match list(arguments):
        case []:
            return write(generators)
        case ["--check"]:
            return check(generators)
        case _:
            return _usage("[--check]")


def main(arguments: Sequence[str]) -> int:
    """Run `write` (when nothing is said) or `check` over every generator."""
    match list(arguments):
        case [] | ["write"]:
            return write(GENERATORS)
        case ["check"]:
            return check(GENERATORS)
        case _:
            return _usage("[write|check]")


def _usage(arguments: str) -> int:
    print(f"usage: python -m tools.{Path(sys.argv[0]).stem} {arguments}", file=sys.stderr)
    return 2


def content(path: Path) -> bytes:
    """Read a file that was made: what is in it, where it is compressed."""
    found = path.read_bytes()
    return gzip.decompress(found) if path.suffix == ".gz" else found


def _stored(path: Path, text: str) -> bytes:
    """Compress what goes into a `.gz`, without the time, so that the same text is the same file."""
    return gzip.compress(text.encode(), mtime=0) if path.suffix == ".gz" else text.encode()


def _holds(path: Path, text: str) -> bool:
    # Compressors differ from one zlib to another; what they compressed must not.
    return path.is_file() and content(path) == text.encode()


def _lines(entries: Mapping[str, object]) -> str:
    return ",\n".join(f"{_compact(key)}:{_compact(entries[key])}" for key in sorted(entries))


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
