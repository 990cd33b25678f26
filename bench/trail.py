"""How fast trails are read, in MB of unpacked log a CPU second: `python -m bench.trail [--peers DIR]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import trails
from bench.measure import Cost, best

LAMWARD = str(Path(sys.executable).parent / "lamward")
FILES, RECORDS = 200, 3000
PEER_SHARE = 20
"""The peer reads every so many files only: it would take minutes for all."""


@dataclass(frozen=True, slots=True)
class Row:
    """One way of reading, how much it read, and what that cost."""

    tool: str
    megabytes: float
    records: int
    cost: Cost
    target: str = ""
    parallel: bool = False


def report(scratch: Path, peers: Path | None, times: int = 3, lamward: Sequence[str] = (LAMWARD,)) -> str:
    """Make up a trail, have everybody read it, and say in Markdown how fast they were."""
    folder, few = scratch / "trail", scratch / "few"
    total = trails.write(folder, FILES, RECORDS) / 1e6
    records = FILES * RECORDS
    part = trails.write(few, FILES // PEER_SHARE, RECORDS) / 1e6
    name = "`lamward trail read --jobs"
    rows = [
        Row(f"{name} 1`", total, records, _read(lamward, folder, 1, times), "≥ 300 MB"),
        Row(f"{name} 2`", total, records, _read(lamward, folder, 2, times), parallel=True),
    ]
    if peers is not None and (peers / "trailscraper").exists():
        cost = _piped(peers / "trailscraper", few)
        rows.append(Row("`trailscraper select`, then `generate`", part, records // PEER_SHARE, cost))
    return _table(rows)


def _read(lamward: Sequence[str], folder: Path, jobs: int, times: int) -> Cost:
    """Read into a new ledger each time: one that knows the files would read nothing."""
    costs = []
    for number in range(times):
        ledger = folder.parent / f"ledger-{jobs}-{number}"
        command = [*lamward, "trail", "read", str(folder), "--ledger", str(ledger), "--jobs", str(jobs)]
        cost = best(command, folder, 1)
        if cost.status != 0:
            raise SystemExit(f"`{' '.join(command)}` ended with {cost.status}")
        costs.append(cost)
    return min(costs, key=lambda cost: cost.cpu)


def _piped(trailscraper: Path, folder: Path) -> Cost:
    select = f"'{trailscraper}' select --log-dir '{folder}' --from 2026-01-01 --to 2027-01-01"
    return best(["bash", "-c", f"{select} | '{trailscraper}' generate"], folder, 1)


def _table(rows: Sequence[Row]) -> str:
    lines = [
        "## CloudTrail\n",
        f"{rows[0].records:,} made-up records in {FILES} files, more than half of them by functions.\n",
        "| command | raw | CPU | wall | peak memory | MB a CPU second | records a CPU second | target |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        cost = row.cost
        cpu = "" if row.parallel else f"{cost.cpu:.2f} s"
        speed = "|" if row.parallel else f"{row.megabytes / cost.cpu:,.1f} | {row.records / cost.cpu:,.0f}"
        lines.append(
            f"| {row.tool} | {row.megabytes:,.0f} MB | {cpu} | {cost.wall:.2f} s | {cost.megabytes:.0f} MB "
            f"| {speed} | {row.target} |"
        )
    lines.append("\nWith several processes only the wall clock tells, and the memory is that of the first.")
    return "\n".join([*lines, ""])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure reading alone."""
    parser = argparse.ArgumentParser(prog="python -m bench.trail")
    parser.add_argument("--peers", type=Path, help="the folder with the command of trailscraper")
    parser.add_argument("--times", type=int, default=3, help="runs of each; the cheapest counts")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        peers = options.peers.absolute() if options.peers else None
        lamward = (LAMWARD,) if Path(LAMWARD).exists() else (sys.executable, "-m", "lamward")
        print(report(Path(scratch), peers, options.times, lamward))
    return 0


if __name__ == "__main__":
    sys.exit(main())
