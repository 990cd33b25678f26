"""What each tool says of the corpus: how much, about how many functions, and how loud its loudest rules are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import inputs
from bench.measure import Cost, run

LOUDEST = 3


@dataclass(frozen=True, slots=True)
class Told:
    """What one tool said of the corpus, by rule, and what that cost."""

    tool: str
    cost: Cost
    rules: Counter[str]

    @property
    def share(self) -> float:
        """The share of all findings that the loudest rules have."""
        return sum(number for _, number in self.rules.most_common(LOUDEST)) / max(1, self.rules.total())


def report(lamward: str, peers: Path | None) -> str:
    """Run all tools over the corpus once and say it in Markdown."""
    folder = inputs.CORPUS / "templates"
    own = [lamward, "audit", str(folder), "--format", "json"]
    told = [
        _told("`lamward audit`", own, _ours),
        _told("`lamward audit --persona auditor`", [*own, "--persona", "auditor"], _ours),
    ]
    if peers is not None:
        files = sorted(str(path) for path in folder.rglob("*") if path.suffix in {".yaml", ".yml", ".json"})
        checkov = [str(peers / "checkov"), "-d", str(folder), "--framework", "cloudformation"]
        told += [
            _told(
                "`checkov --framework cloudformation`",
                [*checkov, "--compact", "--quiet", "-o", "json"],
                _checkov,
            ),
            _told("`cfn-lint`", [str(peers / "cfn-lint"), "--format", "json", *files], _linter),
        ]
    functions = _functions(own)
    lines = [
        "## What is said of all 554 templates\n",
        f"The corpus has {functions} functions; what a tool says of other resources counts too.\n",
        "| tool | CPU | findings | per function | rules that spoke | share of the three loudest |",
        "| --- | --- | --- | --- | --- | --- |",
        *(_row(each, functions) for each in told),
        *("\nLoudest: " + "; ".join(_loudest(each) for each in told) + ".\n",),
    ]
    return "\n".join(lines)


def _row(told: Told, functions: int) -> str:
    total = told.rules.total()
    return (
        f"| {told.tool} | {told.cost.cpu:.1f} s | {total:,} | {total / functions:.2f} | {len(told.rules)} "
        f"| {told.share:.0%} |"
    )


def _loudest(told: Told) -> str:
    named = ", ".join(
        f"`{rule}` {number / told.rules.total():.0%}" for rule, number in told.rules.most_common(LOUDEST)
    )
    return f"{told.tool}: {named}"


def _told(tool: str, command: list[str], read: Callable[[bytes], Counter[str]]) -> Told:
    cost = run(command, inputs.CORPUS)
    return Told(tool, cost, read(cost.output))


def _functions(command: list[str]) -> int:
    applications = json.loads(run(command, inputs.CORPUS).output)["applications"]
    return sum(each["coverage"]["functions"] for each in applications)


def _ours(output: bytes) -> Counter[str]:
    return Counter(each["check"] for each in json.loads(output)["findings"])


def _checkov(output: bytes) -> Counter[str]:
    read = json.loads(output)
    reports = read if isinstance(read, list) else [read]
    return Counter(each["check_id"] for one in reports for each in one["results"]["failed_checks"])


def _linter(output: bytes) -> Counter[str]:
    return Counter(each["Rule"]["Id"] for each in json.loads(output))
