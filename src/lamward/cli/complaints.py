"""What is said on stderr when something goes wrong, and the exit code that goes with it."""

from __future__ import annotations

import re
import traceback
from difflib import get_close_matches
from pathlib import Path

import click
from click.exceptions import NoArgsIsHelpError

from lamward.cli import terminal
from lamward.cli.codes import INTERRUPTED, ExitCode
from lamward.errors import TRACEBACK, LamwardError, NothingToAudit, is_debugging

_QUOTED = re.compile(r"'([^']*)'")


def about(problem: Exception) -> int:
    """Say what went wrong and, where somebody can mend it, how; return the exit code."""
    match problem:
        case NothingToAudit():
            terminal.complain(problem.message, problem.hint)
            return ExitCode.NOTHING
        case LamwardError():
            terminal.complain(problem.message, problem.hint)
            return ExitCode.USAGE
        case click.ClickException():
            return _about_usage(problem)
        case click.Abort():
            terminal.complain("interrupted")
            return INTERRUPTED
        case _:
            return _about_bug(problem)


def _about_usage(problem: click.ClickException) -> int:
    if isinstance(problem, NoArgsIsHelpError):
        terminal.note(problem.format_message())
    else:
        terminal.complain(_message(problem), _hint(problem))
    return ExitCode.USAGE


def _about_bug(bug: Exception) -> int:
    # The exception's message may quote what is audited: only where it happened and of which kind it is are told.
    terminal.complain(
        f"lamward failed unexpectedly: {type(bug).__name__} {_place(bug)}",
        f"this is a bug: please report it with this line; `{TRACEBACK}=1` shows more, and may quote your templates",
    )
    if is_debugging():
        terminal.note("".join(traceback.format_exception(bug)))
    return ExitCode.BUG


def _place(bug: Exception) -> str:
    room = Path(__file__).parent.parent
    frames = [
        frame
        for frame in traceback.extract_tb(bug.__traceback__)
        if Path(frame.filename).is_relative_to(room)
    ]
    if not frames:
        return "outside of lamward"
    return f"in lamward/{Path(frames[-1].filename).relative_to(room).as_posix()}:{frames[-1].lineno}"


def _message(problem: click.ClickException) -> str:
    if isinstance(problem, click.NoSuchOption):
        return f"there is no option `{problem.option_name}`"
    if isinstance(problem, click.UsageError) and (name := _unknown_command(problem)):
        return f"there is no command `{name}`"
    said = _QUOTED.sub(r"`\1`", problem.format_message()).rstrip(".")
    return said[:1].lower() + said[1:]


def _hint(problem: click.ClickException) -> str:
    if isinstance(problem, click.NoSuchOption) and problem.possibilities:
        return f"did you mean `{min(problem.possibilities)}`?"
    context = problem.ctx if isinstance(problem, click.UsageError) else None
    if context is None:
        return "see the command's `--help`"
    name = _unknown_command(problem) if isinstance(problem, click.UsageError) else ""
    if name and isinstance(context.command, click.Group):
        near = get_close_matches(name, context.command.list_commands(context), n=1)
        if near:
            return f"did you mean `{near[0]}`?"
    return f"see `{context.command_path} --help`"


def _unknown_command(problem: click.UsageError) -> str:
    found = re.match(r"No such command '([^']*)'", problem.message)
    return found[1] if found else ""
