"""Where settings come from: the configuration file nearest to what is audited, and the environment."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from lamward.audit.convert import Given, suggest
from lamward.audit.settings import KEYS, Layer
from lamward.errors import ConfigurationError
from lamward.sources.file import contents

OWN_FILE: Final = "lamward.toml"
SHARED_FILE: Final = "pyproject.toml"
MAX_BYTES: Final = 1024 * 1024
"""A file that is larger is nobody's configuration."""

_OURS: Final = "LAMWARD_"

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]\s][^\[\]]*)\]")
_ENTRY = re.compile(
    r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_STEP = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")


def find(paths: Sequence[Path]) -> Path | None:
    """Find the configuration file for an audit: the nearest one upward from what all the paths share.

    The search ends at the repository's root. Outside of a repository it ends at the current folder, so that nobody
    who may write to a folder far above decides what is audited.
    """
    start = _shared_folder(paths)
    for folder in _upward(start):
        if _is_file(folder / OWN_FILE):
            return folder / OWN_FILE
        shared = folder / SHARED_FILE
        if _is_file(shared) and _section(_parse(shared)[0], SHARED_FILE) is not None:
            return shared
    return None


def read(path: Path, *, checks: Sequence[str]) -> Layer:
    """Read a configuration file's settings."""
    document, text = _parse(path)
    section = _section(document, path.name)
    if section is None:
        raise ConfigurationError(
            f"`{_shown(path)}` has no table `[tool.lamward]`", "add it, or name another file"
        )
    prefix = ("tool", "lamward") if _is_shared(path.name) else ()
    lines = _lines(text)
    known = [key.name for key in KEYS]
    given = {}
    for name, value in section.items():
        line = lines.get((*prefix, name))
        place = f"{_shown(path)}:{line}" if line else _shown(path)
        if name not in known:
            hint = suggest(name, known) or f"known: {', '.join(known)}"
            raise ConfigurationError(f"{place}: there is no key `{name}`", hint)
        given[name] = Given(
            name, value, place, str(path.parent), tuple(checks), lines, (*prefix, name), file=_shown(path)
        )
    return Layer(given)


def environment(variables: Mapping[str, str], *, checks: Sequence[str]) -> Layer:
    """Read the settings that environment variables give; an empty variable counts as not set."""
    known = [key.variable for key in KEYS if key.environment]
    for name in sorted(variables):
        if name.startswith(_OURS) and name not in known and variables[name]:
            # Others may name theirs so, too: only what is nearly one of ours is a mistake.
            near = get_close_matches(
                name.removeprefix(_OURS), [each.removeprefix(_OURS) for each in known], 1, 0.8
            )
            if near:
                raise ConfigurationError(
                    f"there is no variable `{name}`", f"did you mean `{_OURS}{near[0]}`?"
                )
    return Layer(
        {
            key.name: Given(key.variable, variables[key.variable], key.variable, checks=tuple(checks))
            for key in KEYS
            if key.environment and variables.get(key.variable)
        }
    )


def command_line(options: Mapping[str, object], *, checks: Sequence[str]) -> Layer:
    """Read the settings that options of the command line give, by key; None and () count as not given."""
    return Layer(
        {
            name: Given(option := "--" + _OPTIONS.get(name, name), value, option, checks=tuple(checks))
            for name, value in options.items()
            if value is not None and value != ()
        }
    )


_OPTIONS: Final = {"parameters": "parameter"}


def _shared_folder(paths: Sequence[Path]) -> Path:
    absolute = [path.absolute() if path.is_dir() else path.absolute().parent for path in paths]
    return Path(os.path.commonpath(absolute)) if absolute else Path.cwd()


def _upward(start: Path) -> Iterator[Path]:
    above = (start, *start.parents)
    here = Path.cwd()
    repositories = (folder for folder in above if os.path.exists(folder / ".git"))  # noqa: PTH110
    last = next(repositories, here if here in above else start)
    return iter(above[: above.index(last) + 1])


def _is_file(path: Path) -> bool:
    # Where nobody may look there is nothing to find: the audit itself tells of the folder.
    return os.path.isfile(path)  # noqa: PTH113


def _parse(path: Path) -> tuple[dict[str, Any], str]:
    """Read a file and its text, once: it may be a pipe."""
    try:
        text = contents(path, MAX_BYTES).decode("utf-8-sig")
        return tomllib.loads(text.replace("\r\n", "\n")), text
    except tomllib.TOMLDecodeError as problem:
        said = str(problem)
        raise ConfigurationError(f"{_shown(path)}: not valid TOML: {said[:1].lower()}{said[1:]}") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"`{_shown(path)}` is not UTF-8", "save it as UTF-8") from None
    except RecursionError:
        raise ConfigurationError(f"`{_shown(path)}` is nested too deeply") from None
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise ConfigurationError(f"cannot read the configuration `{_shown(path)}`: {reason}") from None


def _section(document: dict[str, Any], name: str) -> dict[str, Any] | None:
    if not _is_shared(name):
        return document
    tool = document.get("tool")
    section = tool.get("lamward") if isinstance(tool, dict) else None
    if section is not None and not isinstance(section, dict):
        raise ConfigurationError(
            f"{name}: `tool.lamward` must be a table", "write its keys below `[tool.lamward]`"
        )
    return section


def _is_shared(name: str) -> bool:
    return name == SHARED_FILE


def _shown(path: Path) -> str:
    absolute, here = path.absolute(), Path.cwd()
    return absolute.relative_to(here).as_posix() if absolute.is_relative_to(here) else absolute.as_posix()


def _lines(text: str) -> dict[tuple[str | int, ...], int]:
    """Find the line of each key, as tomllib does not tell it; only what an error shows depends on it."""
    lines: dict[tuple[str | int, ...], int] = {}
    table: tuple[str | int, ...] = ()
    counts: dict[tuple[str | int, ...], int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _steps(header[2])
            lines.setdefault(table, number)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
                lines[table] = number
            for length in range(1, len(table)):
                lines.setdefault(table[:length], number)
        elif entry := _ENTRY.match(line):
            lines.setdefault((*table, *_steps(entry[1])), number)
    return lines


def _steps(written: str) -> tuple[str | int, ...]:
    return tuple(step.strip("\"'") for step in _STEP.findall(written))
