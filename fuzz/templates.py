"""Mutate templates, audit and repair them: nothing may raise, places lie in their file, fixes are never wrong text.

`python -m fuzz.templates [--rounds N] [--seed N] [PATH]…` takes the examples (or the given files) as seeds. Each round
is determined by the seed and its number, so a failure can be repeated; `LAMWARD_TRACEBACK=1` is set to show where.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import random
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from lamward.audit.pipeline import Audited, run
from lamward.audit.settings import Settings
from lamward.checks import CHECKS
from lamward.cli.repairing import examiner
from lamward.errors import TRACEBACK, NothingToAudit
from lamward.facts import Facts
from lamward.facts.needs.compare import compare
from lamward.fixes.apply import repair
from lamward.fixes.refusal import Reason
from lamward.model.finding import Persona
from lamward.model.location import Location
from lamward.report import FORMATS, render
from lamward.sources.file import SourceFile

TODAY = datetime.date(2026, 11, 21)
SETTINGS = Settings(persona=Persona.AUDITOR, samconfig="none")

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"

HOSTILE: tuple[Any, ...] = (
    None,
    True,
    -1,
    "",
    "*",
    "\x1b[31m::error::",
    [],
    {},
    [[]],
    {"Ref": "Nowhere"},
    {"Ref": ["a"]},
    {"Fn::If": ["No", 1]},
    {"Fn::If": ["IsProd", {"Ref": "AWS::NoValue"}, "x"]},
    {"Fn::Sub": "${"},
    {"Fn::Sub": ["${a}", {"a": {"Ref": "AWS::Region"}}]},
    {"Fn::GetAtt": "x"},
    {"Fn::Join": [",", {"Ref": "AWS::NotificationARNs"}]},
    {"Fn::Select": ["x", []]},
    {"Fn::FindInMap": ["a", {"Ref": "AWS::Region"}, "b"]},
    {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "/etc/passwd"}}},
    {"Fn::ForEach::A": ["a", ["b"], {"${a}": 1}]},
    {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}},
    10**30,
    "arn:aws:iam::123456789012:role/x",
)


class _Loader(yaml.CSafeLoader):
    """Reads short intrinsic functions in their long form."""


def _intrinsic(loader: Any, suffix: str, node: Any) -> Any:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _intrinsic)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if not tag.endswith(("timestamp", "int"))]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def audit(template: Path) -> Audited:
    """Do with a template all that lamward does. Raises what a bug raises."""
    audited = _run([template])
    report = audited.report
    files = audited.loaded.files
    texts = {name: source.text for name, source in files.items()}
    for name in FORMATS:
        render(name, report, sources=texts)
    for finding in report.findings:
        _assert_inside(finding.location, files)
    for application in audited.loaded.applications:
        facts = Facts(application, today=TODAY)
        for function in application.functions:
            compare(facts, function)
    for repaired in repair(report.open, files, examiner(audited, _run)):
        for finding, refusal in repaired.refused:
            if refusal.reason in {Reason.NOT_AS_INTENDED, Reason.MALFORMED}:
                raise AssertionError(finding.check, refusal)
    return audited


def _run(paths: Sequence[Path]) -> Audited:
    return run(paths, SETTINGS, checks=CHECKS, today=TODAY)


def _assert_inside(location: Location, files: Mapping[str, SourceFile]) -> None:
    source = files.get(location.span.file)
    if source is not None and source.span(location.span.start, location.span.end) != location.span:
        raise AssertionError(location)


def _mutate_text(rng: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(lines))
        match rng.randrange(5):
            case 0:
                del lines[place]
            case 1:
                lines.insert(place, rng.choice(lines))
            case 2:
                lines[place] = " " * rng.randint(0, 8) + lines[place].lstrip()
            case 3:
                cut = rng.randrange(len(lines[place]) or 1)
                lines[place] = (
                    lines[place][:cut] + rng.choice("{}[]:#&*!|>'\"%@`,\t\x00é😀") + lines[place][cut:]
                )
            case _:
                lines[place] = lines[place].replace(":", ": !Sub", 1)
        if not lines:
            return ""
    return "".join(lines)


def _hostile(rng: random.Random) -> Any:
    return json.loads(json.dumps(rng.choice(HOSTILE)))


def _mutate_data(rng: random.Random, data: Any) -> Any:
    data = json.loads(json.dumps(data, default=str))
    for _ in range(rng.randint(1, 5)):
        node, key = data, None
        parent: Any = None
        while isinstance(node, dict | list) and node and (parent is None or rng.random() < 0.85):
            parent = node
            key = rng.choice(list(node)) if isinstance(node, dict) else rng.randrange(len(node))
            node = node[key]
        if parent is None:
            return data
        choice = rng.random()
        if choice < 0.15:
            del parent[key]
        elif choice < 0.3:
            parent[key] = [node]
        elif choice < 0.4:
            parent[key] = {"Fn::If": ["IsProd", node, _hostile(rng)]}
        else:
            parent[key] = _hostile(rng)
    return data


def _mutated(rng: random.Random, text: str) -> str:
    if rng.random() < 0.4:
        return _mutate_text(rng, text)
    return json.dumps(_mutate_data(rng, yaml.load(text, Loader=_Loader)))  # noqa: S506 - a safe loader


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the rounds; give 1 when one raised."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.templates")
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    paths = options.paths or sorted(EXAMPLES.glob("*/template.yaml"))
    texts = [path.read_text(encoding="utf-8") for path in paths]
    os.environ[TRACEBACK] = "1"
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.yaml"
        failed = sum(not _survives(template, texts, options.seed, each) for each in range(options.rounds))
    print(f"{options.rounds} rounds, {failed} failed")
    return 1 if failed else 0


def _survives(template: Path, texts: Sequence[str], seed: int, number: int) -> bool:
    rng = random.Random(f"{seed}/{number}")  # noqa: S311 - repeatable, not secret
    template.write_bytes(_mutated(rng, rng.choice(texts)).encode("utf-8", "replace"))
    try:
        audit(template)
    except NothingToAudit:
        return True
    except Exception as problem:  # noqa: BLE001 - whatever is raised is what we look for
        where = traceback.extract_tb(problem.__traceback__)[-1]
        print(
            f"round {number}: {type(problem).__name__}: {problem} ({where.filename}:{where.lineno})",
            file=sys.stderr,
        )
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
