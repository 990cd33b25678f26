"""Measure lamward beside its peers and write `bench/RESULTS.md`.

`python -m bench [--peers DIR] [--times N] [--only SECTION]`; with `--only` the others stay as they are.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import re
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import iam, inputs, noise, parts, planted, repairs, roles, trail
from bench.measure import Cost, best, run

RESULTS = Path(__file__).parent / "RESULTS.md"
LAMWARD = str(Path(sys.executable).parent / "lamward")


@dataclass(frozen=True, slots=True)
class Row:
    """One measured command: who ran what, what it cost, and the target it is held to, if any."""

    tool: str
    cost: Cost
    target: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a measurement needs: a folder of its own, the commands of the peers, and how often to run."""

    scratch: Path
    peers: Path | None
    times: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all measurements and write the results."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--peers", type=Path, help="the folder with the commands of checkov and cfn-lint")
    parser.add_argument("--times", type=int, default=5, help="runs of each command; the cheapest counts")
    parser.add_argument("--only", choices=[*SECTIONS], help="the one section to measure anew")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        asked = Asked(Path(scratch), options.peers.absolute() if options.peers else None, options.times)
        if options.only:
            text = renewed(RESULTS.read_text(encoding="utf-8"), SECTIONS[options.only](asked))
        else:
            text = report(asked)
    RESULTS.write_text(text, encoding="utf-8")
    print(text)
    return 0


def report(asked: Asked) -> str:
    """Measure everything and say it in Markdown."""
    there = [name for name in SECTIONS if name not in _OF_THE_CORPUS or inputs.CORPUS.is_dir()]
    return "\n".join([_heading(asked.peers), *(SECTIONS[name](asked) for name in there)])


def renewed(results: str, section: str) -> str:
    """Put a section in the place of the one with its title, or at the end."""
    title = section.partition("\n")[0]
    parts = re.split(r"(?m)^(?=## )", results)
    place = next((number for number, part in enumerate(parts) if part.startswith(f"{title}\n")), len(parts))
    parts[place : place + 1] = [section]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _audit(path: Path) -> list[str]:
    return [LAMWARD, "audit", str(path), "--format", "json"]


def _heading(peers: Path | None) -> str:
    versions = [f"lamward {importlib.metadata.version('lamward')}"]
    if peers is not None:
        versions += [f"{name} {_version(peers, name)}" for name in ("checkov", "cfn-lint")]
    day = datetime.datetime.now(tz=datetime.UTC).date()
    return (
        "# Results\n\n"
        f"Measured on {day} with Python {platform.python_version()} on {os.cpu_count()} cores ({platform.machine()}): "
        f"{', '.join(versions)}.\n"
        "Each figure is the cheapest of several runs of the whole command, start-up included. CPU is user and system\n"
        "time; compare the ratios, not the seconds. Peak memory is never told as less than what the measuring process\n"
        "has itself, some 40 MB. `make bench` writes this page.\n"
    )


def _version(peers: Path, name: str) -> str:
    return best([str(peers / name), "--version"], Path.cwd(), 1).output.decode().split()[-1]


def _table(title: str, rows: Sequence[Row], *, note: str = "") -> str:
    lines = [
        f"## {title}\n",
        "| command | CPU | wall | peak memory | ratio | target |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    first = rows[0].cost.cpu
    for row in rows:
        cost = row.cost
        lines.append(
            f"| {row.tool} | {cost.cpu:.2f} s | {cost.wall:.2f} s | {cost.megabytes:.0f} MB "
            f"| {cost.cpu / first:.1f} | {row.target} |"
        )
    return "\n".join([*lines, f"\n{note}\n" if note else ""])


def _start(scratch: Path, times: int) -> str:
    cost = best([LAMWARD, "--version"], scratch, times * 2)
    bare = best([sys.executable, "-c", "pass"], scratch, times * 2)
    rows = [Row("`lamward --version`", cost, "≤ 0.06 s CPU"), Row("`python -c pass`, the floor", bare)]
    return _table("Start", rows)


def _peers(peers: Path | None, folder: Path, files: Sequence[Path], times: int) -> list[Row]:
    if peers is None:
        return []
    checkov = [
        str(peers / "checkov"),
        "-d",
        str(folder),
        "--framework",
        "cloudformation",
        "--compact",
        "-o",
        "json",
    ]
    linter = [str(peers / "cfn-lint"), "--format", "json", *map(str, files)]
    few = max(1, times // 2)
    return [
        Row("`checkov --framework cloudformation`", best(checkov, folder, few)),
        Row("`cfn-lint`", best(linter, folder, few)),
    ]


def _small(scratch: Path, peers: Path | None, times: int) -> str:
    path = inputs.small(scratch / "small")
    own = Row("`lamward audit`", best(_audit(path.parent), scratch, times * 2), "≤ 0.25 s CPU, ≤ 80 MB")
    return _table("One small SAM template", [own, *_peers(peers, path.parent, [path], times)])


def _hundred(scratch: Path, peers: Path | None, times: int) -> str:
    folder = scratch / "hundred"
    files = inputs.serverless(folder, 100)
    own = Row(
        "`lamward audit`",
        best(_audit(folder), scratch, times),
        "≤ 1.0 s CPU; checkov ≥ 6 times, cfn-lint ≥ 7 times",
    )
    return _table("100 SAM templates of the corpus", [own, *_peers(peers, folder, files, times)])


def _all(times: int) -> str:
    row = Row("`lamward audit`", best(_audit(inputs.CORPUS / "templates"), inputs.CORPUS, times), "≤ 5 s")
    return _table("All 554 templates of the corpus", [row])


def _growth(scratch: Path, times: int) -> str:
    rows = []
    sizes = {10: "", 100: "", 1000: "", 5000: "", 10_000: "≤ 20 s CPU, ≤ 1 GB"}
    for count, target in sizes.items():
        path = inputs.generated(scratch / f"generated-{count}", count)
        few = times if count <= 1000 else max(1, times // 2)
        rows.append(
            Row(f"`lamward audit`, {count:,} functions", best(_audit(path.parent), scratch, few), target)
        )
    floor = rows[0].cost.cpu
    per = {
        count: (row.cost.cpu - floor) / (count - 10) * 1000
        for row, count in zip(rows, sizes, strict=True)
        if count > 10
    }
    told = ", ".join(f"{each:.2f} ms up to {count:,}" for count, each in per.items())
    linear = "the cost grows linearly" if max(per.values()) <= per[100] * 1.3 else "not linear"
    note = f"Above the cost of the first ten functions, one more costs {told}: {linear}."
    return _table("One template that grows", rows + _others(scratch), note=note)


def _others(scratch: Path) -> list[Row]:
    """Measure what else reads a template of a thousand functions, once each."""
    folder = inputs.generated(scratch / "generated", 1000).parent
    finding = json.loads(run(_audit(folder), scratch).output)["findings"][-1]["fingerprint"]
    commands = {
        "`lamward explain` of a finding among 1,000 functions": ["explain", finding, "--path", str(folder)],
        "`lamward fix --unsafe --diff` of 1,000 functions": ["fix", str(folder), "--unsafe", "--diff"],
    }
    return [Row(name, run([LAMWARD, *arguments], scratch)) for name, arguments in commands.items()]


SECTIONS: Mapping[str, Callable[[Asked], str]] = {
    "start": lambda asked: _start(asked.scratch, asked.times),
    "small": lambda asked: _small(asked.scratch, asked.peers, asked.times),
    "hundred": lambda asked: _hundred(asked.scratch, asked.peers, asked.times),
    "all": lambda asked: _all(asked.times),
    "repairs": lambda _: repairs.report(),
    "noise": lambda asked: noise.report(asked.peers),
    "planted": lambda asked: planted.report(asked.peers, asked.scratch),
    "growth": lambda asked: _growth(asked.scratch, asked.times),
    "parts": lambda asked: parts.report(asked.scratch),
    "iam": lambda _: iam.report(),
    "trail": lambda asked: trail.report(asked.scratch, asked.peers, asked.times),
    "roles": lambda asked: roles.report(asked.peers, asked.scratch, asked.times),
}
_OF_THE_CORPUS = frozenset({"hundred", "all", "repairs", "noise"})


if __name__ == "__main__":
    sys.exit(main())
