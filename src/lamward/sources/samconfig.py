"""`samconfig.toml`: the parameter values that `sam deploy` would use.

Source: SAM Developer Guide, "AWS SAM CLI configuration file".
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lamward.model.report import Failure
from lamward.sources.file import start_of

MAX_BYTES = 1024 * 1024


def overrides(template: Path, environment: str) -> tuple[dict[str, str], Failure | None]:
    """Read the overrides that apply to a template; what cannot be read is a failure, and nothing is overridden."""
    file = template.parent / "samconfig.toml"
    if not os.path.isfile(file):  # noqa: PTH113 - unreadable is not there
        return {}, None
    if file.stat().st_size > MAX_BYTES:
        return {}, _failure("too-large", f"it has more than {MAX_BYTES >> 20} MB", file)
    import tomllib

    try:
        with file.open("rb") as stream:
            settings: dict[str, Any] = tomllib.load(stream)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError, RecursionError) as problem:
        reason = "it is nested too deeply" if isinstance(problem, RecursionError) else str(problem)
        return {}, _failure("malformed", reason, file)
    if environment not in settings and environment != "default":
        named = ", ".join(sorted(name for name, table in settings.items() if isinstance(table, dict)))
        return {}, Failure(
            "unknown-environment",
            f"samconfig.toml has no environment `{environment}`",
            start_of(file.as_posix()),
            f"it has {named}" if named else "",
        )
    return dict(_overrides(settings, template, environment)), None


def _failure(kind: str, reason: str, file: Path) -> Failure:
    message = f"samconfig.toml cannot be read: {reason}"
    return Failure(kind, message, start_of(file.as_posix()), "mend it, or use `--samconfig none`")


def _overrides(settings: dict[str, Any], template: Path, environment: str) -> Iterator[tuple[str, str]]:
    section = settings.get(environment)
    if not isinstance(section, dict):
        return
    for command in ("global", "deploy"):
        table = section.get(command)
        parameters = table.get("parameters") if isinstance(table, dict) else None
        if not isinstance(parameters, dict) or not _applies(parameters, template):
            continue
        written = parameters.get("parameter_overrides")
        if isinstance(written, dict):
            yield from ((str(name), _plain(value)) for name, value in written.items())
        elif isinstance(written, str | list):
            pieces = (
                _pieces(written) if isinstance(written, str) else [_unquoted(str(each)) for each in written]
            )
            yield from _assignments(pieces)


def _applies(parameters: dict[str, Any], template: Path) -> bool:
    named = parameters.get("template_file") or parameters.get("template")
    return not isinstance(named, str) or ".aws-sam" in named or Path(named).name == template.name


def _pieces(text: str) -> list[str]:
    import shlex

    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _unquoted(piece: str) -> str:
    """Take the quotes off the value of an assignment that stands alone, as the SAM CLI does."""
    name, equals, value = piece.partition("=")
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return f"{name}{equals}{value[1:-1]}" if quoted else piece


def _assignments(pieces: list[str]) -> Iterator[tuple[str, str]]:
    """Read `Name=Value`, and the older `ParameterKey=Name,ParameterValue=Value`."""
    for piece in pieces:
        if piece.startswith("ParameterKey="):
            key, _, value = piece.removeprefix("ParameterKey=").partition(",ParameterValue=")
            yield key, value
        elif "=" in piece:
            key, _, value = piece.partition("=")
            yield key, value


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
