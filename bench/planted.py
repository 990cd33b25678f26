"""Flaws planted in templates, and twins without them: who sees the flaw, and who is silent about the twin?

`bench/planted/` has one page a flaw: a template as a diff, whose removed lines are the flaw and whose added lines are
its repair. A tool **detects** a flaw if it says of the flawed template what it does not say of the twin. It raises a
**false alarm** if a rule that detected the flaw still speaks of the twin, or if it says of a resource that both have
what it did not say of the flawed one. Whatever else it says of the twin counts as other findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.tools import Said, Tool, tools

PAGES = Path(__file__).parent / "planted"
FIRST = PAGES / "first-run.txt"
BESIDE = frozenset({"W2001"})
"""That a parameter is not used is an accident of how some flaws were planted, and no word about the flaw."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One page: the row of the catalogue, what is wrong, and the template with and without it."""

    name: str
    row: str
    what: str
    flawed: str
    twin: str

    @property
    def file(self) -> str:
        """The name its templates are written under."""
        return f"{self.name}.json" if self.flawed.lstrip().startswith("{") else f"{self.name}.yaml"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one tool made of one flaw: what detected it, its false alarms, and how much else it says of the twin."""

    detected: tuple[str, ...]
    alarms: tuple[str, ...]
    others: int


def report(peers: Path | None, scratch: Path) -> str:
    """Run all tools over all pairs and say it in Markdown."""
    flaws = load()
    asked = tools(peers)
    verdicts = [judged(tool, flaws, scratch) for tool in asked]
    rows = zip(asked, verdicts, strict=True)
    return "\n".join(
        [
            f"## {len(flaws)} planted flaws and their twins\n",
            "Each flaw is of another row of a catalogue of what is checked about Lambda. `bench/planted.py` says what",
            "the columns count, [a page](../docs/understanding/precision.md#planted-flaws) how they were made.\n",
            "| tool | flaws seen | false alarms | other findings per twin |",
            "| --- | --- | --- | --- |",
            *(_summary(tool.name, found) for tool, found in rows),
            f"\n{_first(len(flaws))}\n",
            f"| row | flaw | {' | '.join(tool.name for tool in asked)} |",
            "| --- | --- |" + " --- |" * len(asked),
            *(_row(flaw, [found[flaw.name] for found in verdicts]) for flaw in flaws),
            "\nThe rules that see the flaw; ✗ for what is said of the twin and should not be.\n",
        ]
    )


def load() -> list[Flaw]:
    """Read all pages, in the order of their names."""
    return [_flaw(path) for path in sorted(PAGES.glob("*.md"))]


def judged(tool: Tool, flaws: Sequence[Flaw], scratch: Path) -> dict[str, Verdict]:
    """Run a tool over the flawed templates, then over the twins, and compare."""
    flawed = _said(tool, {flaw.file: flaw.flawed for flaw in flaws}, scratch / "flawed")
    twins = _said(tool, {flaw.file: flaw.twin for flaw in flaws}, scratch / "twins")
    return {flaw.name: verdict(flaw, flawed[flaw.file], twins[flaw.file]) for flaw in flaws}


def verdict(flaw: Flaw, flawed: Iterable[Said], twin: Iterable[Said]) -> Verdict:
    """Compare what was said of the two templates, by rule and resource: lines move, names stay."""
    before = {(said.rule, said.resource) for said in flawed if said.rule not in BESIDE}
    after = [(said.rule, said.resource) for said in twin if said.rule not in BESIDE]
    detected = {rule for rule, resource in before - set(after)}
    alarms = [
        (rule, resource)
        for rule, resource in after
        if rule in detected or ((rule, resource) not in before and resource in flaw.flawed)
    ]
    return Verdict(
        tuple(sorted(detected)), tuple(sorted({rule for rule, _ in alarms})), len(after) - len(alarms)
    )


def _flaw(path: Path) -> Flaw:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    told = dict(line.split(": ", 1) for line in head.strip().split("\n"))
    lines = body.strip().removeprefix("```diff\n").removesuffix("\n```").split("\n")
    return Flaw(path.stem, told["row"], told["what"], _side(lines, "+"), _side(lines, "-"))


def _side(lines: Sequence[str], other: str) -> str:
    return "".join(f"{line[1:]}\n" for line in lines if line[:1] != other)


def _said(tool: Tool, texts: dict[str, str], folder: Path) -> dict[str, list[Said]]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    found: dict[str, list[Said]] = {name: [] for name in texts}
    for said in tool.say(folder)[0]:
        found[said.file.name].append(said)
    return found


def _summary(name: str, found: dict[str, Verdict]) -> str:
    seen = sum(bool(each.detected) for each in found.values())
    alarms = sum(bool(each.alarms) for each in found.values())
    others = sum(each.others for each in found.values()) / len(found)
    return f"| {name} | {seen} ({seen / len(found):.0%}) | {alarms} | {others:.2f} |"


def _first(count: int) -> str:
    missed = dict(line.split(": ", 1) for line in FIRST.read_text(encoding="utf-8").strip().split("\n"))
    told = (f"{who} saw {count - len(rows.split())} (not: {rows})" for who, rows in missed.items())
    return f"When the templates were first run, before anything in lamward was mended for them, {'; '.join(told)}."


def _row(flaw: Flaw, found: Sequence[Verdict]) -> str:
    cells = (_cell(each) for each in found)
    return f"| {flaw.row} | [{flaw.what}](planted/{flaw.name}.md) | {' | '.join(cells)} |"


def _cell(found: Verdict) -> str:
    seen = ", ".join(f"`{rule}`" for rule in found.detected) or "no"
    return " ".join([seen, *(f"✗ `{rule}`" for rule in found.alarms)])
