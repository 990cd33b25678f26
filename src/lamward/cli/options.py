"""Options that several commands share, and the settings they resolve to."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from lamward.cli import terminal
from lamward.errors import UsageError

if TYPE_CHECKING:
    import datetime

    from lamward.audit.settings import Resolved
    from lamward.checks.framework import Check

Command = TypeVar("Command", bound=Callable[..., Any])

SEVERITIES: Final = ("info", "low", "medium", "high", "critical")
CONFIDENCES: Final = ("low", "medium", "high")
PERSONAS: Final = ("regular", "auditor")

_SETTINGS: Final = (
    click.option(
        "--fail-on",
        metavar="SEVERITY",
        help=f"Exit with 1 for findings at least this severe: {', '.join(SEVERITIES)} or never. Default: medium.",
    ),
    click.option(
        "--persona", metavar="PERSONA", help="Whose questions to ask: regular (default) or auditor."
    ),
    click.option("--select", metavar="NAME", multiple=True, help="Ask only this check. Repeatable."),
    click.option("--disable", metavar="NAME", multiple=True, help="Do not ask this check. Repeatable."),
    click.option("--min-severity", metavar="SEVERITY", help=f"Report from here on: {', '.join(SEVERITIES)}."),
    click.option(
        "--min-confidence", metavar="CONFIDENCE", help=f"Report from here on: {', '.join(CONFIDENCES)}."
    ),
    click.option(
        "--parameter",
        "parameters",
        metavar="NAME=VALUE",
        multiple=True,
        help="The value of a template's parameter. Repeatable.",
    ),
    click.option(
        "--samconfig",
        metavar="NAME",
        help="The environment of samconfig.toml whose parameters count (default: default); none for none.",
    ),
    click.option("--exclude", metavar="GLOB", multiple=True, help="Leave these files out. Repeatable."),
    click.option("--baseline", metavar="FILE", help="Findings recorded in this file do not fail."),
    click.option(
        "--trail", metavar="LEDGER", help="Ask also what CloudTrail showed, by `lamward trail read`."
    ),
    click.option("--stack", metavar="NAME", help="With --trail: the stack the template is deployed as."),
    click.option(
        "--unused-days", metavar="N", help="With --trail: unused is what was not used for N days (90)."
    ),
    click.option(
        "--secrets",
        metavar="WAY",
        help="Where fixes put secrets of templates: parameter (default) or secrets-manager.",
    ),
    click.option("--config", metavar="FILE", help="Read this configuration file, whatever is nearer."),
    click.option("--isolated", is_flag=True, help="Read no configuration file and no LAMWARD_* variable."),
    click.option("--no-ignores", is_flag=True, help="Show what is suppressed or in the baseline as open."),
)

today_option = click.option(
    "--today", metavar="DATE", help="Audit as of this day, which ages runtimes and suppressions: 2027-03-01."
)

color_option = click.option(
    "--color",
    metavar="WHEN",
    default="auto",
    help="Colour text: auto (default), always or never. NO_COLOR and FORCE_COLOR are heeded.",
)


def settings_options(command: Command) -> Command:
    """Give a command the options that make up its settings."""
    for option in reversed(_SETTINGS):
        command = option(command)
    return command


def resolved(paths: Sequence[Path], options: dict[str, Any]) -> Resolved:
    """Resolve the settings of an audit of the paths: options over environment over configuration file."""
    from lamward.audit import configuration, settings
    from lamward.checks import CHECKS

    names = tuple(check.name for check in CHECKS)
    file, isolated, no_ignores = (options.pop(name) for name in ("config", "isolated", "no_ignores"))
    if file and isolated:
        raise UsageError("`--config` and `--isolated` exclude each other", "leave one of them out")
    layers = [configuration.command_line(_by_key(options), checks=names)]
    found = None
    if not isolated:
        layers.append(configuration.environment(os.environ, checks=names))
        found = Path(file) if file else configuration.find(paths)
    if found:
        layers.append(configuration.read(found, checks=names))
    return settings.resolve(layers, file=str(found or ""), ignores=not no_ignores)


def _by_key(options: dict[str, Any]) -> dict[str, Any]:
    """Name options as the configuration does; a list of checks may also be given as `a,b`."""
    keyed = {name.replace("_", "-"): value for name, value in options.items()}
    for name in ("select", "disable"):
        keyed[name] = tuple(
            part.strip() for given in keyed[name] for part in given.split(",") if part.strip()
        )
    return keyed


def parameter_values(written: Sequence[str]) -> Mapping[str, str]:
    """Read the values given for a template's parameters."""
    found: dict[str, str] = {}
    for each in written:
        name, equals, value = each.partition("=")
        if not equals or not name:
            raise UsageError(
                f"`--parameter` is not of the form NAME=VALUE: `{each}`", "for example `Stage=prod`"
            )
        found[name] = value
    return found


def existing(paths: Sequence[str]) -> list[Path]:
    """Take the paths of the command line, the current folder when there are none."""
    for path in paths:
        if not path:
            # An unset variable of a script: auditing the current folder instead would surprise.
            raise UsageError("a path is empty", "name a template or a folder with templates")
        if not _exists(path):
            hint = "`lamward audit -` reads standard input" if path == "-" else ""
            raise UsageError(f"`{path}` does not exist", hint or "name a template or a folder with templates")
    return [Path(path) for path in paths] or [Path()]


def standard_input() -> dict[Path, bytes]:
    """Read a file from standard input; more of it than any is read to is not taken."""
    from lamward.sources.file import MAX_BYTES, STANDARD_INPUT

    content = sys.stdin.buffer.read(MAX_BYTES + 1) if sys.stdin else b""
    return {Path(STANDARD_INPUT): content}


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, RuntimeError) as problem:
        reason = getattr(problem, "strerror", None) or "its links lead nowhere"
        raise UsageError(
            f"cannot look at `{path}`: {reason.lower()}", "check the path and its permissions"
        ) from None


def day(written: str | None) -> datetime.date:
    """Read the day to audit as of."""
    import datetime

    from lamward.audit.convert import as_date

    if written is None:
        return datetime.datetime.now(tz=datetime.UTC).date()
    read = as_date(written)
    if read is None:
        raise UsageError(f"`--today` is not a date: `{written}`", "write year, month and day: 2027-03-01")
    return read


def one_of(option: str, said: str, words: Sequence[str]) -> str:
    """Accept one of a few words."""
    if said not in words:
        from lamward.audit.convert import suggest

        raise UsageError(f"`{option}` must be one of {', '.join(words)}, not `{said}`", suggest(said, words))
    return said


def check_named(name: str, known: Mapping[str, Check]) -> Check:
    """Find a check by its name."""
    if name not in known:
        from lamward.audit.convert import suggest

        hint = suggest(name, known) or "`lamward checks` lists the checks there are"
        raise UsageError(f"there is no check `{name}`", hint)
    return known[name]


def coloured(when: str) -> bool:
    """Decide whether what goes to stdout is coloured."""
    return terminal.colours(one_of("--color", when, ("auto", "always", "never")), sys.stdout, os.environ)
