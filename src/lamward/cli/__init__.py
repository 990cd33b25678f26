"""The command: one module for each of its verbs, loaded when it is used."""

from __future__ import annotations

import gc
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; what goes wrong is one line on stderr, never a traceback."""
    if arguments is None:
        # What a run builds lives until it ends: collecting would walk it all, again and again.
        gc.disable()
    try:
        # All that takes long to load is loaded here, where an interrupt is expected.
        from lamward.cli import terminal
        from lamward.cli.group import lamward

        terminal.speak_utf8()
        code = lamward.main(arguments, prog_name="lamward", standalone_mode=False)
    except KeyboardInterrupt:
        import click

        return _complain(click.Abort())
    except Exception as problem:  # noqa: BLE001
        # A traceback would quote what is audited into a log, and its exit code would read as "findings".
        return _complain(problem)
    return code if isinstance(code, int) else 0


def _complain(problem: Exception) -> int:
    from lamward.cli import complaints

    return complaints.about(problem)
