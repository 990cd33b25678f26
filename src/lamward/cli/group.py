"""The command's verbs by name, each loaded only when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import click

from lamward import __version__

COMMANDS: Final = {
    "audit": ("lamward.cli.audit", "Find problems in SAM and CloudFormation templates."),
    "fix": ("lamward.cli.fix", "Repair findings in templates, in place."),
    "roles": ("lamward.cli.roles", "Derive and prove the least policy of every function."),
    "explain": ("lamward.cli.explain", "Explain a check or a finding."),
    "checks": ("lamward.cli.checks", "List the checks."),
    "config": ("lamward.cli.config", "Show the settings in force and where each comes from."),
    "baseline": ("lamward.cli.baseline", "Record the findings of today, so that only new ones fail."),
    "policy": ("lamward.cli.policy", "Evaluate, prove, lint and test IAM policies, offline."),
    "trail": ("lamward.cli.trail", "Learn from CloudTrail what functions really used."),
}
"""Each verb's module and summary; the summary is here so that `lamward --help` loads no module."""


class LazyGroup(click.Group):
    """A group whose commands are modules, each with a `command`."""

    def __init__(
        self, *arguments: Any, modules: Mapping[str, tuple[str, str]] = COMMANDS, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """List the commands in the order of the help."""
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load a command."""
        if cmd_name not in self.modules:
            return None
        command: click.Command = import_module(self.modules[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in self.modules.items()])


@click.command(
    "lamward",
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`lamward COMMAND --help` tells more of a command.",
)
@click.version_option(__version__, "-V", "--version", message="lamward %(version)s")
def lamward() -> None:
    """Secure AWS Lambda functions from the template to the running account."""
