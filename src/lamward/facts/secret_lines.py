"""Secrets in lines of code: a text beside a name that says it is one, or of a form that gives it away.

No language is parsed: what is looked for, a name and a text beside it, is written alike in all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lamward.facts.secrets import Secret, by_format, by_name

LONGEST_LINE: Final = 4096
"""Nobody writes longer ones; what follows is not looked at."""

_VALUE: Final = r"""(?P<quote>["'])(?P<value>(?:(?!(?P=quote))[^\\]|\\.){1,512})(?P=quote)"""
_ASSIGNED: Final = re.compile(
    r"""(?<![\w.$-])(?P<name>[A-Za-z_][\w.-]*)["']?\]?\s{0,8}"""
    rf"""(?:={{1,3}}|!={{1,2}}|=>|:=|:|\|\||\?\?|,)\s{{0,8}}[bru]?{_VALUE}"""
)
"""A name and the text it is given, compared with, or is in the place of where there is none."""

_QUOTED: Final = re.compile(_VALUE)
_KEY: Final = "-----BEGIN"
_SAID: Final = re.compile(
    r"[A-Za-z]+(?:[._ -]+[A-Za-z]+)*[.:!?]?|[A-Za-z_][\w.]*\(.*|\^.*|.*(?:[{}%\\]|\(\?).*", re.DOTALL
)
"""What code says beside such names and is no secret: words for people, other names, calls, patterns, formats."""

_SHELL: Final = re.compile(
    r"""^\s*(?:export\s+)?(?P<name>[A-Za-z_]\w*)=(?P<value>[^\s"'$`;|&()<>]+)"""
    r"""|(?<!\S)--(?P<flag>[a-z][a-z-]*)[ =]["']?(?P<given>[^\s"'$`;|&()<>]+)"""
)
_NEAR: Final = 40
_IN_A_CALL: Final = re.compile(r"(?i)(?:environ|env|get|getenv)\W*\w*$")


def told(text: str, *, script: bool = False) -> Iterator[tuple[int, str, Secret]]:
    """List the secrets of code, one a line: the line's number, the name, what it is; shells need no quotes."""
    for number, whole in enumerate(text.splitlines(), 1):
        line = whole[:LONGEST_LINE]
        named = [*_named(line), *(_in_shell(line) if script else ())]
        texts = [
            *((name, value) for name, value in named),
            *(("", value) for value in _texts(line, script=script)),
        ]
        formed = ((name, found) for name, value in texts if (found := by_format(value)))
        called = (
            (name, found)
            for name, value in named
            if not _SAID.fullmatch(value) and (found := by_name(name, value))
        )
        told = next(formed, None) or next(called, None)
        if told is not None:
            yield number, *told


def _texts(line: str, *, script: bool) -> Iterator[str]:
    """List what may be a secret by its form: texts in quotes, words of a shell, the first line of a key."""
    if _KEY in line:
        yield line
    yield from (found["value"] for found in _QUOTED.finditer(line))
    yield from line.split() if script else ()


def _named(line: str) -> Iterator[tuple[str, str]]:
    for found in _ASSIGNED.finditer(line):
        # A comma parts a name from its text only where an environment is read.
        parted = line[found.end("name") : found.start("quote")].strip("\"'] \t") == ","
        before = line[max(0, found.start("name") - _NEAR) : found.start("name")]
        if not parted or _IN_A_CALL.search(before.rstrip("\"'([ \t")):
            yield found["name"].rpartition(".")[2], found["value"]


def _in_shell(line: str) -> Iterator[tuple[str, str]]:
    for found in _SHELL.finditer(line):
        yield found["name"] or found["flag"], found["value"] or found["given"]
