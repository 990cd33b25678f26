"""What each tool says of the corpus: how much, about how many functions, and how loud its loudest rules are."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bench import inputs
from bench.measure import Cost, run
from bench.tools import LAMWARD, Tool, tools

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


def report(peers: Path | None) -> str:
    """Run all tools over the corpus once and say it in Markdown."""
    folder = inputs.CORPUS / "templates"
    told = [_told(tool, folder) for tool in tools(peers)]
    functions = _functions(folder)
    lines = [
        "## What is said of all 554 templates\n",
        f"The corpus has {functions} functions; what a tool says of other resources counts too.\n",
        "| tool | CPU | findings | per function | rules that spoke | share of the three loudest |",
        "| --- | --- | --- | --- | --- | --- |",
        *(_row(each, functions) for each in told),
        "\nTargets for the default reader of lamward: no more than 3 findings per function, no rule above 15 % of all,",
        "but one of which [a sample](../docs/understanding/precision.md#the-sample) shows that it is right and wanted.",
        "cfn-lint breaks off at an empty `Parameters` section; the two templates that have one are left out for it.",
        "The loudest:\n",
        *(f"- {_loudest(each)}" for each in told),
        "",
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


def _told(tool: Tool, folder: Path) -> Told:
    said, cost = tool.say(folder)
    return Told(tool.name, cost, Counter(each.rule for each in said))


def _functions(folder: Path) -> int:
    output = run([*LAMWARD, "audit", str(folder), "--format", "json"], folder).output
    return sum(each["coverage"]["functions"] for each in json.loads(output)["applications"])
