"""Time and memory of deriving least policies: of one function that has grown, of many, and of one that calls often."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench import handlers
from bench.measure import Cost, best

_LAMWARD: Final = (sys.executable, "-m", "lamward")
_ANALYSE: Final = (
    "import sys; from pathlib import Path; from lamward.code.python import analyse; "
    "assert len(analyse('app.handler', [Path(sys.argv[1])]).calls) > int(sys.argv[2])"
)
_MODULES: Final = 23
_COUNTS: Final = {100: "≤ 10 s", 500: "", 1000: "≤ 8 s"}
_CALLS: Final = 8000
_GROWN: Final = "≤ 0.5 s CPU, ≤ 100 MB"


def report(scratch: Path, times: int) -> str:
    """Measure all of it and say it in Markdown."""
    file = handlers.one_file(scratch / "file", 2000)
    modules = handlers.modules(scratch / "modules", _MODULES)
    alone = (sys.executable, "-c", _ANALYSE)
    rows = [
        _row("code of the file, alone", _done((*alone, str(file / "f0"), "200"), scratch, times), _GROWN),
        _row(
            "code of the modules, alone", _done((*alone, str(modules / "f0"), "50"), scratch, times), _GROWN
        ),
        _row("`lamward roles`, the file", _done(_roles(file), scratch, times), _GROWN),
        _row("`lamward roles`, the modules", _done(_roles(modules), scratch, times), _GROWN),
    ]
    few, costs = max(1, times // 2), {}
    for count, target in _COUNTS.items():
        application = handlers.small_functions(scratch / f"small-{count}", count)
        costs[count] = _done(_roles(application), scratch, few)
        rows.append(_row(f"`lamward roles`, {count:,} functions of 60 lines", costs[count], target))
    calls = _done(_roles(handlers.many_calls(scratch / "calls", _CALLS)), scratch, few)
    rows.append(_row(f"`lamward roles`, {_CALLS:,} calls in one function", calls, "≤ 5 s"))
    return "\n".join([_ABOUT, *rows, "", _growth(costs), ""])


_ABOUT: Final = f"""\
### Time of deriving them

One function of 2,000 lines, twice: as one file that writes 111 kinds of keys, and as {_MODULES} modules with classes,
rules of the business and 69 calls of 12 operations. No two functions of an application have the same code.

| what | CPU | wall | peak memory | target |
| --- | --- | --- | --- | --- |"""


def _roles(folder: Path) -> tuple[str, ...]:
    return (*_LAMWARD, "roles", str(folder), "--format", "json")


def _growth(costs: dict[int, Cost]) -> str:
    (few, first), *rest = sorted((count, cost.cpu) for count, cost in costs.items())
    per = [(cpu - first) / (count - few) * 1000 for count, cpu in rest]
    said = " and ".join(f"{each:.1f} ms up to {count:,}" for each, (count, _) in zip(per, rest, strict=True))
    grows = "the cost grows linearly" if max(per) <= min(per) * 1.3 else "not linear"
    return f"Above the first {few}, one more function costs {said}: {grows}."


def _done(command: Sequence[str], scratch: Path, times: int) -> Cost:
    cost = best(command, scratch, times)
    if cost.status != 0:
        raise RuntimeError(f"{command} ended with {cost.status}")
    return cost


def _row(what: str, cost: Cost, target: str) -> str:
    return f"| {what} | {cost.cpu:.2f} s | {cost.wall:.2f} s | {cost.megabytes:.0f} MB | {target} |"
