"""How fast trails are read, in MB of unpacked log a CPU second: `python -m bench.trail [--peers DIR]`."""

from __future__ import annotations

import argparse
import importlib.metadata
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench import trails
from bench.measure import Cost, best

FLOORS = {
    "unpacking, nothing else": "for _ in pieces(content): pass",
    "unpacking and decoding, nothing else": "for _ in plain(pieces(content)): pass",
}
"""What reading cannot cost less than, as it is done here: what lamward costs above it, it costs to count."""

_EACH = """
import sys
from pathlib import Path
from lamward.trail.files import pieces
from lamward.trail.record import plain
for path in Path(sys.argv[1]).rglob("*.gz"):
    content = path.read_bytes()
    {}
"""

LAMWARD = str(Path(sys.executable).parent / "lamward")
FILES, RECORDS = 200, 3000
SHARE = 10
"""The peer reads every so many files only, as it would take minutes for all; so does lamward once, to compare."""


@dataclass(frozen=True, slots=True)
class Row:
    """One way of reading, how much it read, and what that cost."""

    tool: str
    size: trails.Size
    cost: Cost
    target: str = ""
    parallel: bool = False


def report(scratch: Path, peers: Path | None, times: int = 3, lamward: Sequence[str] = (LAMWARD,)) -> str:
    """Make up a trail, have everybody read it, and say in Markdown how fast they were."""
    folder, few = scratch / "trail", scratch / "few"
    # In a process of its own: what this one has held would count as the peak memory of all that it starts.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        whole = pool.submit(trails.write, folder, FILES, RECORDS).result()
        part = pool.submit(trails.write, few, FILES // SHARE, RECORDS).result()
    rows = [
        Row("`lamward trail read --jobs 1`", part, _read(lamward, few, 1, times)),
        *_of_the_peer(peers, few, part),
        Row("`lamward trail read --jobs 1`", whole, _read(lamward, folder, 1, times), "≥ 300 MB"),
        *_floors(folder, whole, times),
        Row("`lamward trail read --jobs 2`", whole, _read(lamward, folder, 2, times), parallel=True),
    ]
    return "\n".join([_heading(whole), _table(rows), _notes(rows, peers)])


def _floors(folder: Path, size: trails.Size, times: int) -> list[Row]:
    commands = {
        name: [sys.executable, "-c", _EACH.format(step), str(folder)] for name, step in FLOORS.items()
    }
    return [Row(name, size, best(command, folder, times)) for name, command in commands.items()]


def _read(lamward: Sequence[str], folder: Path, jobs: int, times: int) -> Cost:
    """Read into a new ledger each time: one that knows the files would read nothing."""
    costs = []
    for number in range(times):
        ledger = folder.parent / f"ledger-{folder.name}-{jobs}-{number}"
        command = [*lamward, "trail", "read", str(folder), "--ledger", str(ledger), "--jobs", str(jobs)]
        cost = best(command, folder, 1)
        if cost.status != 0:
            raise SystemExit(f"`{' '.join(command)}` ended with {cost.status}")
        costs.append(cost)
    return min(costs, key=lambda cost: cost.cpu)


def _of_the_peer(peers: Path | None, folder: Path, size: trails.Size) -> list[Row]:
    if peers is None or not (peers / "trailscraper").exists():
        return []
    select = f"'{peers}/trailscraper' select --log-dir '{folder}' --from 2026-01-01 --to 2027-01-01"
    cost = best(["bash", "-c", f"{select} | '{peers}/trailscraper' generate"], folder, 1)
    if not cost.output.strip():
        raise SystemExit("trailscraper gave no policy")
    return [Row("`trailscraper select`, then `generate`", size, cost)]


def _heading(size: trails.Size) -> str:
    return (
        "## CloudTrail\n\n"
        f"A made-up trail of {size.records:,} records in {FILES} files, {size.unpacked / 1e6:,.0f} MB that gzip packed "
        f"{size.unpacked / size.packed:.1f} times smaller: {size.unpacked / size.records:,.0f} bytes a\n"
        f"record, {size.events} kinds of events. Of the records 55 % are by functions, the others by services, "
        "machines, watchers, people\nand deployments; 3 % failed.\n"
    )


def _table(rows: Sequence[Row]) -> str:
    lines = [
        "| command | files | raw | CPU | wall | peak memory | MB a CPU second | records a CPU second | target |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        cost, size = row.cost, row.size
        cpu = "" if row.parallel else f"{cost.cpu:.2f} s"
        speed = (
            "|" if row.parallel else f"{size.unpacked / 1e6 / cost.cpu:,.1f} | {size.records / cost.cpu:,.0f}"
        )
        lines.append(
            f"| {row.tool} | {size.files} | {size.unpacked / 1e6:,.0f} MB | {cpu} | {cost.wall:.2f} s "
            f"| {cost.megabytes:.0f} MB | {speed} | {row.target} |"
        )
    return "\n".join([*lines, ""])


def _notes(rows: Sequence[Row], peers: Path | None) -> str:
    """Say what each does, and what with: figures of the two compare only as far as that."""
    peer = [row for row in rows if "trailscraper" in row.tool]
    told = (
        f"{_library()}; start-up included; the load of the machine was {os.getloadavg()[0]:.1f}. lamward finds out "
        "which function or role\nused which action on which resource, how often, when first and last, and what was "
        "denied, and keeps that in a ledger. With\ntwo processes only the wall clock tells, and the memory is that of "
        "the first."
    )
    notes = [told, _shares(rows)]
    if peer and peers is not None:
        told = (
            f"trailscraper ({_version(peers)}) is given all records, whoever called, and makes one policy of their "
            f"actions, with resources\nwhere a record names them, denied calls included. It takes "
            f"{peer[0].cost.cpu / rows[0].cost.cpu:,.0f} times the CPU time of lamward for the same files."
        )
        notes.append(told)
    return "\n\n".join([*notes, ""])


def _shares(rows: Sequence[Row]) -> str:
    """Say what the time went into, from the row of the whole trail and the two floors behind it."""
    unpacked, decoded = (next(row.cost.cpu for row in rows if row.tool == name) for name in FLOORS)
    whole = next(row for row in rows if row.target)
    unpacking, decoding = unpacked / whole.cost.cpu, (decoded - unpacked) / whole.cost.cpu
    each = (whole.cost.cpu - decoded) / whole.size.records * 1e6
    return (
        f"Of the CPU time for the whole trail {unpacking:.0%} is unpacking and {decoding:.0%} decoding. The rest, "
        f"{each:.1f} µs a record, is looking\nup who and what each record is, asking of each different call what it "
        "needed, and starting up."
    )


def _library() -> str:
    try:
        return f"Unpacked with isal {importlib.metadata.version('isal')}"
    except importlib.metadata.PackageNotFoundError:
        return "Unpacked with the standard library, without isal"


def _version(peers: Path) -> str:
    python = best([str(peers / "python"), "-m", "pip", "show", "trailscraper"], peers, 1).output.decode()
    return next((line for line in python.splitlines() if line.startswith("Version: ")), "").removeprefix(
        "Version: "
    )


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
