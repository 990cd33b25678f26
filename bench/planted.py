"""Flaws planted in templates, and twins without them: who sees the flaw, and who is silent about the twin?

`bench/planted/` and `bench/planted2/` have one page a flaw: a template as a diff, whose removed lines are the flaw and
whose added lines are its repair, and the files it needs beside it, if any. A tool **detects** a flaw if it says of the
flawed template what it does not say of the twin. It raises a **false alarm** if a rule that detected the flaw still
speaks of the twin, or if it says of a resource that both have what it did not say of the flawed one. Whatever else it
says of the twin counts as other findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.tools import Said, Tool, tools

SETS = {
    "The first sixty": Path(__file__).parent / "planted",
    "Sixty more": Path(__file__).parent / "planted2",
}
"""The sets by their headings; the second was written when much had been mended for the first."""
BESIDE = frozenset({"W2001"})
"""That a parameter is not used is an accident of how some flaws were planted, and no word about the flaw."""
_FILE = re.compile(r"(?ms)^```diff(?: (?P<name>\S+))?\n(?P<lines>.*?)\n```$")


@dataclass(frozen=True, slots=True)
class Flaw:
    """One page: the row of the catalogue, what is wrong, and the files with and without it, by their names."""

    name: str
    row: str
    what: str
    flawed: Mapping[str, str]
    twin: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one tool made of one flaw: what detected it, its false alarms, and how much else it says of the twin."""

    detected: tuple[str, ...]
    alarms: tuple[str, ...]
    others: int


def report(peers: Path | None, scratch: Path) -> str:
    """Run all tools over all pairs and say it in Markdown."""
    asked = tools(peers)
    parts = [_part(title, folder, asked, scratch / folder.name) for title, folder in SETS.items()]
    return "\n".join(
        [
            "## Planted flaws and their twins\n",
            "Each flaw is of a row of a catalogue of what is checked about Lambda. `bench/planted.py` says what",
            "the columns count, [a page](../docs/understanding/precision.md#planted-flaws) how they were made. In the",
            "lists are the rules that see the flaw; ✗ for what is said of the twin and should not be.\n",
            *parts,
        ]
    )


def load(folder: Path) -> list[Flaw]:
    """Read all pages of a set, in the order of their names."""
    return [_flaw(path) for path in sorted(folder.glob("*.md"))]


def judged(tool: Tool, flaws: Sequence[Flaw], scratch: Path) -> dict[str, Verdict]:
    """Run a tool over the flawed templates, then over the twins, and compare."""
    flawed = _said(tool, {flaw.name: flaw.flawed for flaw in flaws}, scratch / "flawed")
    twins = _said(tool, {flaw.name: flaw.twin for flaw in flaws}, scratch / "twins")
    return {flaw.name: verdict(flaw, flawed[flaw.name], twins[flaw.name]) for flaw in flaws}


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Put the files of one side of a flaw into a folder of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def verdict(flaw: Flaw, flawed: Iterable[Said], twin: Iterable[Said]) -> Verdict:
    """Compare what was said of the two templates, by rule and resource: lines move, names stay."""
    before = {(said.rule, said.resource) for said in flawed if said.rule not in BESIDE}
    after = [(said.rule, said.resource) for said in twin if said.rule not in BESIDE]
    detected = {rule for rule, _ in before - set(after)}
    texts = "\n".join(flaw.flawed.values())
    alarms = [
        (rule, resource)
        for rule, resource in after
        if rule in detected or ((rule, resource) not in before and resource.rpartition("/")[2] in texts)
    ]
    return Verdict(
        tuple(sorted(detected)), tuple(sorted({rule for rule, _ in alarms})), len(after) - len(alarms)
    )


def _part(title: str, folder: Path, asked: Sequence[Tool], scratch: Path) -> str:
    flaws = load(folder)
    verdicts = [judged(tool, flaws, scratch) for tool in asked]
    rows = zip(asked, verdicts, strict=True)
    return "\n".join(
        [
            f"### {title}\n",
            "| tool | flaws seen | false alarms | other findings per twin |",
            "| --- | --- | --- | --- |",
            *(_summary(tool.name, found) for tool, found in rows),
            f"\n{_first(folder, len(flaws))}\n",
            f"| row | flaw | {' | '.join(tool.name for tool in asked)} |",
            "| --- | --- |" + " --- |" * len(asked),
            *(_row(folder, flaw, [found[flaw.name] for found in verdicts]) for flaw in flaws),
            "",
        ]
    )


def _flaw(path: Path) -> Flaw:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    told = dict(line.split(": ", 1) for line in head.strip().split("\n"))
    files = [(each["name"], each["lines"].split("\n")) for each in _FILE.finditer(body)]
    return Flaw(path.stem, told["row"], told["what"], _side(files, "+"), _side(files, "-"))


def _side(files: Sequence[tuple[str | None, Sequence[str]]], other: str) -> dict[str, str]:
    texts = [(name, "".join(f"{line[1:]}\n" for line in lines if line[:1] != other)) for name, lines in files]
    return {name or _main(text): text for name, text in texts}


def _main(text: str) -> str:
    return "template.json" if text.lstrip().startswith("{") else "template.yaml"


def _said(tool: Tool, sides: Mapping[str, Mapping[str, str]], folder: Path) -> dict[str, list[Said]]:
    for name, files in sides.items():
        write(folder / name, files)
    found: dict[str, list[Said]] = {name: [] for name in sides}
    for said in tool.say(folder)[0]:
        found[said.file.parent.name].append(said)
    return found


def _summary(name: str, found: dict[str, Verdict]) -> str:
    seen = sum(bool(each.detected) for each in found.values())
    alarms = sum(bool(each.alarms) for each in found.values())
    others = sum(each.others for each in found.values()) / len(found)
    return f"| {name} | {seen} ({seen / len(found):.0%}) | {alarms} | {others:.2f} |"


def _first(folder: Path, count: int) -> str:
    missed = dict(
        line.split(": ", 1)
        for line in (folder / "first-run.txt").read_text(encoding="utf-8").strip().split("\n")
    )
    told = (f"{who} saw {count - len(rows.split())} (not: {rows})" for who, rows in missed.items())
    return f"When the templates were first run, before anything in lamward was mended for them, {'; '.join(told)}."


def _row(folder: Path, flaw: Flaw, found: Sequence[Verdict]) -> str:
    cells = (_cell(each) for each in found)
    return f"| {flaw.row} | [{flaw.what}]({folder.name}/{flaw.name}.md) | {' | '.join(cells)} |"


def _cell(found: Verdict) -> str:
    seen = ", ".join(f"`{rule}`" for rule in found.detected) or "no"
    return " ".join([seen, *(f"✗ `{rule}`" for rule in found.alarms)])
