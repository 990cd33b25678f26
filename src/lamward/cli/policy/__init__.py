"""`lamward policy`: the IAM engine at the command line, one module a question."""

from __future__ import annotations

from typing import Final

import click

from lamward.cli.group import LazyGroup

MODULES: Final = {
    "evaluate": ("lamward.cli.policy.evaluate", "Decide one request, and say which statement does."),
    "prove": ("lamward.cli.policy.prove", "Prove a property of policies over all requests."),
    "diff": ("lamward.cli.policy.diff", "Say what one policy allows and another does not."),
    "reach": ("lamward.cli.policy.reach", "Say what a function or role can come to."),
    "lint": ("lamward.cli.policy.lint", "Find what is wrong in policies, or without effect."),
    "test": ("lamward.cli.policy.test", "Run unit tests of policies."),
}
"""Each question's module and summary."""


@click.command("policy", cls=LazyGroup, modules=MODULES)
def command() -> None:
    """Evaluate, prove, lint and test IAM policies, offline.

    Policies come from JSON or YAML files, from roles of a template, or are those that AWS maintains.
    """
