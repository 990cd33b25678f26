"""Options that the questions about policies share."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from lamward.cli import options
from lamward.errors import UsageError

Command = TypeVar("Command", bound=Callable[..., Any])

CODES: Final = "2 usage or a file that cannot be read, 4 cannot be told, 70 bug."

_TEMPLATE: Final = (
    click.option("--template", metavar="FILE", help="Take a role of this SAM or CloudFormation template."),
    click.option("--role", metavar="NAME", help="The role: its logical id or its name."),
    click.option("--function", metavar="NAME", help="The function whose role it is."),
    click.option(
        "--parameter",
        "parameters",
        metavar="NAME=VALUE",
        multiple=True,
        help="The value of a template's parameter. Repeatable.",
    ),
)


def template_options(command: Command) -> Command:
    """Give a command the options that choose a role of a template."""
    for option in reversed(_TEMPLATE):
        command = option(command)
    return command


def format_options(*names: str) -> Callable[[Command], Command]:
    """Give a command `--format` with these formats, the first by default, and `--json` for short."""
    listed = f"{', '.join(names[:-1])} or {names[-1]}"

    def decorate(command: Command) -> Command:
        chosen = click.option(
            "--format",
            "format_name",
            metavar="FORMAT",
            default=names[0],
            help=f"{listed}; default {names[0]}.",
        )
        short = click.option("--json", "as_json", is_flag=True, help="The same as `--format json`.")
        return chosen(short(options.color_option(command)))

    return decorate


def chosen_format(format_name: str, names: tuple[str, ...], *, as_json: bool) -> str:
    """Settle which format is wanted."""
    return "json" if as_json else options.one_of("--format", format_name, names)


deployment_options = (
    click.option(
        "--account",
        metavar="DIGITS",
        default="",
        help="The account to think the template deployed to; an example if not given.",
    ),
    click.option("--region", metavar="NAME", default="us-east-1", help="The region; default us-east-1."),
)


def account_number(text: str, option: str = "--account") -> str:
    """Check an account's number."""
    if text and not re.fullmatch(r"\d{12}", text):
        raise UsageError(f"`{option}` is not an account: `{text}`", "an account has 12 digits")
    return text


proof_options = (
    click.option(
        "--open-world",
        is_flag=True,
        help="Do not assume that actions take only the resources and keys that AWS documents.",
    ),
    click.option(
        "--owner",
        metavar="DIGITS",
        default="",
        help="The account of the resources, where a resource policy does not tell.",
    ),
    click.option(
        "--steps",
        metavar="NUMBER",
        type=click.IntRange(min=1),
        default=2_000_000,
        show_default=True,
        help="Give up after so many steps of the search.",
    ),
)


def together(*several: Callable[[Any], Any]) -> Callable[[Command], Command]:
    """Give a command several options, in this order in its help."""

    def decorate(command: Command) -> Command:
        for option in reversed(several):
            command = option(command)
        return command

    return decorate
