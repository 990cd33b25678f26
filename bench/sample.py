"""Draw findings of a report at random and show their lines: `python -m bench.sample REPORT [SEED [N]]`."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str]) -> int:
    """Print the sample; the same report, seed and number give the same findings. Run it where the report was made."""
    report, seed, count = (*arguments, *("", "20261121", "50")[len(arguments) :])
    findings = json.loads(Path(report).read_text(encoding="utf-8"))["findings"]
    random.seed(int(seed))
    for finding in random.sample(findings, min(int(count), len(findings))):
        place = finding["location"]
        print(
            f"{finding['check']} [{finding['severity']}] {place['file']}:{place['line']} {finding['message']}"
        )
        lines = Path(place["file"]).read_text(encoding="utf-8").split("\n")
        for number in range(max(1, place["line"] - 1), min(len(lines), place["line"] + 3) + 1):
            print(f"  {number:5} {lines[number - 1][:110]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
