"""The errors a person can act on: one base, each with a message and a remedy."""

from __future__ import annotations

import os
from typing import Final

TRACEBACK: Final = "LAMWARD_TRACEBACK"
"""The environment variable that shows the traceback of a bug."""


def is_debugging() -> bool:
    """Tell whether a bug shall end the run with a traceback, instead of leaving one thing out."""
    return bool(os.environ.get(TRACEBACK))


class LamwardError(Exception):
    """Something the user must mend before lamward can go on.

    `message` is a lower-case sentence without a full stop, user input in backticks;
    `hint` says what to do about it and may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(LamwardError):
    """The command line asks for something that does not exist or does not fit (exit code 2)."""


class ConfigurationError(LamwardError):
    """A configuration file, a suppression or a baseline is wrong (exit code 2)."""


class NothingToAudit(LamwardError):
    """No template was found where the user pointed (exit code 3)."""
