"""`lamward trail merge`: make one ledger of several."""

from __future__ import annotations

from pathlib import Path

import click

from lamward.cli import terminal
from lamward.cli.codes import ExitCode
from lamward.cli.trail.read import ledger_option
from lamward.errors import UsageError


@click.command(
    "merge", epilog="Exit codes: 0 merged, 2 usage, or the ledgers have counted the same files, 70 bug."
)
@click.argument("others", metavar="LEDGER...", nargs=-1, required=True)
@ledger_option
def command(others: tuple[str, ...], ledger: str) -> int:
    """Add ledgers, made elsewhere of other files, to one.

    All must count the same accounts and days, and no file may be in two of them.
    """
    from lamward.report.summary import counted
    from lamward.trail.store import opened, shown

    if any(
        Path(ledger).exists() and Path(other).exists() and Path(ledger).samefile(other) for other in others
    ):
        raise UsageError(f"`{ledger}` cannot be added to itself")
    with shown(Path(others[0])) as first:
        scope = first.scope
    with opened(Path(ledger), scope) as store:
        merged = store.load()
        known = set(store.memory().hashes)
        files = []
        for other in others:
            with shown(Path(other)) as more:
                if more.scope != scope:
                    raise UsageError(f"`{other}` counts other accounts or days than `{others[0]}`")
                found = more.each_file()
                twice = [each.name for each in found if each.sha256 in known]
                if twice:
                    raise UsageError(
                        f"`{other}` has counted {counted(len(twice), 'file')} that another ledger has counted too",
                        f"read one of them anew without `{twice[0]}`",
                    )
                known |= {each.sha256 for each in found}
                files += found
                merged.absorb(more.load())
        store.save(merged, files)
    terminal.show(terminal.harmless(f"written: {ledger}, {counted(len(known), 'file')}"))
    return ExitCode.CLEAN
