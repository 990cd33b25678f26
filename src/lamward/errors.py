"""The errors a person can act on: one base, each with a message and a remedy."""

from __future__ import annotations


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
