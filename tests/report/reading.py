"""Reads each format back into the (check, file, line) of its open findings, as a program that consumes it would."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

Seen = Counter[tuple[str, str, int]]

_COMMAND = re.compile(r"^::(?P<level>error|warning|notice) (?P<properties>[^:]*)::(?P<message>.*)$")


def concise(text: str) -> Seen:
    matches = (re.match(r"^(.*?):(\d+):\d+: (.*?) \[(\w+)\]", line) for line in text.splitlines())
    return Counter((found[3], found[1], int(found[2])) for found in matches if found and found[4] != "error")


def machine(text: str) -> Seen:
    return Counter(
        (each["check"], each["location"]["file"], each["location"]["line"])
        for each in json.loads(text)["findings"]
        if each["status"]["kind"] == "open"
    )


def sarif(text: str) -> Seen:
    return Counter(
        (each["ruleId"], sarif_file(each["locations"][0]), sarif_line(each["locations"][0]))
        for each in json.loads(text)["runs"][0]["results"]
        if "suppressions" not in each and each.get("baselineState") != "unchanged"
    )


def sarif_file(location: Any) -> str:
    return unquote(location["physicalLocation"]["artifactLocation"]["uri"])


def sarif_line(location: Any) -> int:
    return int(location["physicalLocation"]["region"]["startLine"])


def commands(text: str) -> list[dict[str, str]]:
    """Read workflow commands as the runner does: properties and message unescaped."""
    found = []
    for line in text.splitlines():
        match = _COMMAND.match(line)
        assert match, line
        pairs = (pair.split("=", 1) for pair in match["properties"].split(","))
        properties = {name: unquote(value) for name, value in pairs}
        found.append({"level": match["level"], "message": unquote(match["message"]), **properties})
    return found


def github(text: str) -> Seen:
    return Counter(
        (each["title"].rsplit(" (", 1)[0], each["file"], int(each["line"]))
        for each in commands(text)
        if not each["title"].startswith("not audited (")
    )


def gitlab(text: str) -> Seen:
    return Counter(
        (each["check_name"], each["location"]["path"], each["location"]["lines"]["begin"])
        for each in json.loads(text)
        if not each["fingerprint"].startswith("not-audited:")
    )


def junit(text: str) -> Seen:
    seen: Seen = Counter()
    for case in ET.fromstring(text.encode()).iter("testcase"):  # noqa: S314 - our own output
        failure = case.find("failure")
        for line in (failure.text or "").strip("\n ").splitlines() if failure is not None else []:
            match = re.match(r"^(.*?):(\d+):\d+: ", line)
            assert match, line
            assert failure is not None
            seen[failure.attrib["type"], match[1], int(match[2])] += 1
    return seen


def markdown(text: str) -> Seen:
    seen: Seen = Counter()
    for row in (line for line in text.splitlines() if line.startswith("| ")):
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 4, row
        if cells[0] != "severity":
            file, _, line = _code(cells[2]).rpartition(":")
            seen[_code(cells[1]), file, int(line)] += 1
    return seen


def _code(cell: str) -> str:
    return html.unescape(cell.removeprefix("<code>").removesuffix("</code>")).strip("`")


READERS: dict[str, Callable[[str], Seen]] = {
    "concise": concise,
    "json": machine,
    "sarif": sarif,
    "github": github,
    "gitlab": gitlab,
    "junit": junit,
    "markdown": markdown,
}
