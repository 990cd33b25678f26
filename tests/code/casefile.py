"""Case files: Markdown whose programs say, on the line, which SDK calls an analysis must find there and nowhere else.

A section with fenced blocks is one case; its blocks are its files, the first is `app.py` (in a `js` or `ts` block
`index.js` or `index.ts`), others begin with `# file: PATH`. The handler is `app.lambda_handler` (`index.handler`)
unless a comment `# handler: NAME` says otherwise. Comments (JavaScript's begin with `//`) say what is expected of
their line:

    # call: s3:GetObject Bucket=${env:BUCKET}, Key=in/${event.key}      a call, with (at least) these parameters
    # call: s3:GetObject [assumed ${env:ROLE}]                          ... with these credentials
    # call: s3:GetObject [region eu-west-1]                             ... or there
    # unreached: s3:GetObject                                           a call that the handler does not reach
    # unresolved: dynamic-operation s3                                  a doubt, with (one of) its guesses
    # failure: syntax                                                   a failure, on this line

`Name?=value` is a parameter that may be missing. A line may expect several: `# call: … # call: …`. What no comment
expects must not be found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from lamward.code.analysis import OWN, Analysis, Call
from lamward.code.pattern import shown

KINDS: Final = ("call", "unreached", "unresolved", "failure")

_HEADING = re.compile(r"^#+ (.*)$")
_FENCE = re.compile(r"^```\s*(\w*)$")
_EXPECTED = re.compile(rf"(?:#|//)\s*({'|'.join(KINDS)}):\s*(.*?)\s*(?=(?:#|//)\s*(?:{'|'.join(KINDS)}):|$)")
_SETTING = re.compile(r"^(?:#|//)\s*(file|handler):\s*(\S+)\s*$")
_LANGUAGES: Final = {"js": ("index.js", "index.handler"), "ts": ("index.ts", "index.handler")}
_PYTHON: Final = ("app.py", "app.lambda_handler")
_PARAMETER = re.compile(r",\s+(?=\w+\??=)")
_BRACKET = re.compile(
    r"\s*\[(assumed|region|model|endpoint|static|profile|unknown|anonymous|open)\s*([^\]]*)\]\s*$"
)


class Expectation(Struct, frozen=True, order=True):
    """What is expected of a line."""

    file: str
    line: int
    kind: str
    what: str
    details: tuple[str, ...] = ()


class Case(Struct, frozen=True):
    """A program, its handler, and what must be found in it."""

    title: str
    handler: str
    files: dict[str, str]
    expected: tuple[Expectation, ...]


def cases(path: Path) -> Iterator[Case]:
    """Read the cases of a file."""
    title, blocks, languages = "", list[list[str]](), list[str]()
    block: list[str] | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        fence = _FENCE.match(line)
        heading = _HEADING.match(line) if block is None else None
        if fence and block is None:
            block = []
            languages.append(fence[1])
        elif fence and block is not None:
            blocks.append(block)
            block = None
        elif block is not None:
            block.append(line)
        elif heading:
            if blocks:
                yield _case(title, blocks, languages[0])
            title, blocks, languages = heading[1], [], []
    assert block is None, f"{path}: a block is not closed"
    if blocks:
        yield _case(title, blocks, languages[0])


def found(analysis: Analysis, root: Path) -> set[Expectation]:
    """Write what an analysis found as expectations with every detail."""
    found_calls = [("call", each) for each in analysis.calls] + [
        ("unreached", each) for each in analysis.unreached
    ]
    written = {
        Expectation(_file(call.location.span.file, root), call.location.span.line, kind, *_described(call))
        for kind, call in found_calls
    }
    for doubt in analysis.unresolved:
        guesses = tuple(f"{each.service}:{each.operation}".rstrip(":") for each in doubt.guesses)
        span = doubt.location.span
        written.add(Expectation(_file(span.file, root), span.line, "unresolved", doubt.why.value, guesses))
    for failure in analysis.failures:
        span = failure.location.span
        written.add(Expectation(_file(span.file, root), span.line, "failure", failure.kind))
    return written


def meets(expected: Expectation, actual: Expectation) -> bool:
    """Tell whether something found is what a comment expects: it may say less, and nothing else."""
    return (
        (expected.file, expected.line, expected.kind, expected.what)
        == (actual.file, actual.line, actual.kind, actual.what)
    ) and set(expected.details) <= set(actual.details)


def _file(file: str, root: Path) -> str:
    return Path(file).relative_to(root).as_posix() if file else ""


def _described(call: Call) -> tuple[str, tuple[str, ...]]:
    details = [
        f"{name}{'?' if name in call.optional else ''}={shown(value)}"
        for name, value in call.parameters.items()
    ]
    if call.credentials != OWN:
        details.append(f"[{call.credentials.kind.value} {shown(call.credentials.name)}]")
    if call.region:
        details.append(f"[region {shown(call.region)}]")
    if call.endpoint:
        details.append(f"[endpoint {shown(call.endpoint)}]")
    if call.model:
        details.append(f"[model {call.model}]")
    if call.open:
        details.append("[open ]")
    return f"{call.service}:{call.operation}", tuple(details)


def _case(title: str, blocks: list[list[str]], language: str) -> Case:
    files: dict[str, str] = {}
    first, handler = _LANGUAGES.get(language, _PYTHON)
    expected: list[Expectation] = []
    for block in blocks:
        name = first
        for line in block:
            setting = _SETTING.match(line)
            if setting and setting[1] == "file":
                name = setting[2]
            elif setting:
                handler = setting[2]
        lines = ["", *block[1:]] if name.endswith(".json") else block  # JSON has no comments
        files[name] = "\n".join(lines) + "\n"
        for number, line in enumerate(block, start=1):
            for match in _EXPECTED.finditer(line):
                expected += [_expectation(name, number, match[1], match[2])]
    return Case(title, handler, files, tuple(expected))


def _expectation(file: str, line: int, kind: str, rest: str) -> Expectation:
    details: list[str] = []
    while bracket := _BRACKET.search(rest):
        details.append(f"[{bracket[1]} {bracket[2]}]")
        rest = rest[: bracket.start()]
    what, _, parameters = rest.partition(" ")
    if kind == "unresolved":
        details += parameters.split()
    elif parameters.strip():
        details += _PARAMETER.split(parameters.strip())
    return Expectation(file, line, kind, what, tuple(details))


def disagreements(
    case: Case, analyse: Callable[[str, Sequence[Path]], Analysis], folder: Path
) -> tuple[list[Expectation], list[Expectation]]:
    """Write a case's files, analyse them, and say what was expected and not found, and found and not expected."""
    for name, text in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    actual = found(analyse(case.handler, [folder]), folder)
    missing = [each for each in case.expected if not any(meets(each, other) for other in actual)]
    surplus = [each for each in actual if not any(meets(other, each) for other in case.expected)]
    return missing, sorted(surplus)
