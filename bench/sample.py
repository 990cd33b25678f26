"""Draw findings of a report at random, each check at least once: `python -m bench.sample REPORT [SEED [N]]`."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def main(arguments: Sequence[str]) -> int:
    """Print the sample; the same report, seed and number give the same findings. Run it where the report was made."""
    report, seed, count = (*arguments, *("", "20261121", "100")[len(arguments) :])
    findings = json.loads(Path(report).read_text(encoding="utf-8"))["findings"]
    for number, finding in enumerate(drawn(findings, int(seed), int(count)), start=1):
        place = finding["location"]
        print(
            f"{number} {finding['check']} [{finding['severity']}] {place['file']}:{place['line']} "
            f"{finding['message']}"
        )
        lines = Path(place["file"]).read_text(encoding="utf-8").split("\n")
        for line in range(max(1, place["line"] - 1), min(len(lines), place["line"] + 3) + 1):
            print(f"  {line:5} {lines[line - 1][:110]}")
    return 0


def drawn(findings: Sequence[dict[str, Any]], seed: int, count: int) -> list[dict[str, Any]]:
    """Draw so many open findings: one of each check that speaks, then any."""
    mixed = [each for each in findings if each["status"]["kind"] == "open"]
    random.Random(seed).shuffle(mixed)  # noqa: S311 - a sample, no secret
    first = {each["check"]: each for each in reversed(mixed)}
    chosen = [mixed.index(each) for each in first.values()]
    others = (number for number in range(len(mixed)) if number not in set(chosen))
    chosen += list(others)[: max(0, count - len(chosen))]
    return [mixed[number] for number in sorted(chosen[:count])]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
