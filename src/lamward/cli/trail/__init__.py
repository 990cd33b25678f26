"""`lamward trail`: what functions really used, from CloudTrail, one module a verb."""

from __future__ import annotations

from typing import Final

import click

from lamward.cli.group import LazyGroup

MODULES: Final = {
    "read": ("lamward.cli.trail.read", "Add log files to a ledger of what was used."),
    "show": ("lamward.cli.trail.show", "Show what functions used, and what the trail could not show."),
    "merge": ("lamward.cli.trail.merge", "Make one ledger of several."),
}
"""Each verb's module and summary."""


@click.command("trail", cls=LazyGroup, modules=MODULES)
def command() -> None:
    """Learn from CloudTrail what functions really used.

    That is which action on which resource, how often and when, and what they were denied.
    What is read is kept in a ledger, a small file; the log files are not needed again.
    """
