"""The tools that are compared: how each is run over a folder of templates, and what it says, brought to one form."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.measure import Cost, run

# The interpreter's own lamward: an installed one or a checkout's.
LAMWARD = (sys.executable, "-m", "lamward")
_EMPTY_SECTION = re.compile(r"(?m)^Parameters:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*(?=\S|\Z)")


@dataclass(frozen=True, slots=True)
class Said:
    """One finding of whatever tool: its rule, the template, and the resource it is about, if any."""

    rule: str
    file: Path
    resource: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: its name in the tables, its command for a folder, and how to read what it prints."""

    name: str
    command: Callable[[Path], list[str]]
    read: Callable[[Any], Iterator[Said]]

    def say(self, folder: Path) -> tuple[list[Said], Cost]:
        """Run once over the folder and give what was said, and what that cost."""
        cost = run(self.command(folder), folder)
        return list(self.read(json.loads(cost.output))), cost


def tools(peers: Path | None) -> list[Tool]:
    """Give lamward for both kinds of reader and, if their commands are at hand, its peers."""
    own = [
        Tool("`lamward audit`", _lamward(), _ours),
        Tool("`lamward audit --persona auditor`", _lamward("--persona", "auditor"), _ours),
    ]
    if peers is None:
        return own
    return [
        *own,
        Tool("`checkov --framework cloudformation`", lambda folder: _checkov(peers, folder), _checked),
        Tool(
            "`cfn-lint`",
            lambda folder: [str(peers / "cfn-lint"), "--format", "json", *map(str, _lintable(folder))],
            _linted,
        ),
    ]


def templates(folder: Path) -> list[Path]:
    """List the templates below a folder, in order."""
    return sorted(path for path in folder.rglob("*") if path.suffix in {".yaml", ".yml", ".json"})


def _lintable(folder: Path) -> list[Path]:
    """Leave out the templates on which cfn-lint 1.58.0 breaks off, and says nothing about the others either."""
    return [path for path in templates(folder) if not _EMPTY_SECTION.search(path.read_text(encoding="utf-8"))]


def _lamward(*more: str) -> Callable[[Path], list[str]]:
    return lambda folder: [*LAMWARD, "audit", str(folder), "--format", "json", *more]


def _checkov(peers: Path, folder: Path) -> list[str]:
    command = [str(peers / "checkov"), "-d", str(folder), "--framework", "cloudformation"]
    return [*command, "--compact", "--quiet", "-o", "json"]


def _ours(read: dict[str, Any]) -> Iterator[Said]:
    for each in read["findings"]:
        if each["status"]["kind"] == "open":
            yield Said(each["check"], Path(each["location"]["file"]), each["resource"] or "")


def _checked(read: dict[str, Any] | list[dict[str, Any]]) -> Iterator[Said]:
    for report in read if isinstance(read, list) else [read]:
        for each in report["results"]["failed_checks"]:
            yield Said(each["check_id"], Path(each["file_abs_path"]), each["resource"].rpartition(".")[2])


def _linted(read: list[dict[str, Any]]) -> Iterator[Said]:
    for each in read:
        path = [str(step) for step in each["Location"]["Path"] or ()]
        resource = path[1] if path[:1] == ["Resources"] and len(path) > 1 else "/".join(path[:2])
        yield Said(each["Rule"]["Id"], Path(each["Filename"]), resource)
