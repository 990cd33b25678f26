"""Secrets written into code that stands in the template: of functions, and of scripts that machines start with.

No language is parsed: what is looked for, a name and a text beside it, is written alike in all of them.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from lamward.facts import Facts, fact
from lamward.facts.secret_flows import is_literal, without_given
from lamward.facts.secrets import FILLED, Secret, by_format, by_name
from lamward.model.application import Resource
from lamward.model.location import Location
from lamward.model.value import Case, Symbolic, at, cases, location_of, text_of

_CODE: Final = {
    "AWS::AppSync::FunctionConfiguration": ("Code",),
    "AWS::AppSync::Resolver": ("Code",),
    "AWS::CloudFront::Function": ("FunctionCode",),
    "AWS::Lambda::Function": ("Code", "ZipFile"),
    "AWS::Synthetics::Canary": ("Code", "Script"),
}
_SCRIPTS: Final = {
    "AWS::AutoScaling::LaunchConfiguration": ("UserData",),
    "AWS::EC2::Instance": ("UserData",),
    "AWS::EC2::LaunchTemplate": ("LaunchTemplateData", "UserData"),
}
"""Where code stands, by type; in scripts for a shell, values need no quotes."""

_MOST: Final = 1 << 18
_LONGEST_LINE: Final = 4096
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


class InCode(Struct, frozen=True):
    """A secret in a line of code: what it is called there; `location` is where the code begins."""

    resource: Resource
    name: str
    line: int
    secret: Secret
    location: Location
    case: Case
    script: bool


@fact
def secrets_in_code(facts: Facts) -> tuple[InCode, ...]:
    """List the secrets that are written into code in the template; a name once for each place."""
    found: dict[tuple[Location, str], InCode] = {}
    for resource in facts.application.resources.values():
        for path, script in ((_CODE.get(resource.type), False), (_SCRIPTS.get(resource.type), True)):
            for case in cases(at(resource.properties, *path), resource.when) if path else ():
                code = location_of(case.value)
                for line, name, secret in _told(_text(facts, case), script=script):
                    each = InCode(resource, name, line, secret, _start(code), case, script=script)
                    found.setdefault((code, name), each)
    return tuple(found.values())


def _start(code: Location) -> Location:
    """Give the place where code begins: who shows no more than that shows no secret."""
    span = code.span
    first = replace(span, end=span.start + 1, end_line=span.line, end_column=span.column + 1)
    return replace(code, span=first)


def _text(facts: Facts, case: Case) -> str:
    """Give the code as it is written, with marks for what parameters and references bring."""
    text = (
        "".join(part if isinstance(part, str) else FILLED for part in case.value.parts)
        if isinstance(case.value, Symbolic)
        else text_of(case.value) or ""
    )[:_MOST]
    own = text if is_literal(case) else without_given(facts, case, text)
    return _decoded(own) or own


def _decoded(text: str) -> str:
    """Read a script that is written as machines get it, in base64."""
    try:
        plain = base64.b64decode(text, validate=True).decode() if text and " " not in text else ""
    except (binascii.Error, ValueError):
        return ""
    return plain if plain.startswith(("#", "Content-Type", "<")) else ""


def _told(text: str, *, script: bool) -> Iterator[tuple[int, str, Secret]]:
    for number, whole in enumerate(text.splitlines(), 1):
        line = whole[:_LONGEST_LINE]
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
