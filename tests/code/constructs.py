"""Constructs of a language around one SDK call, put together to programs whose call must be granted or told.

A file in `constructs/` has one construct after another, each below a line `-- KIND: TITLE`. One of kind `value` gives
what `$v` is, under the name `v$n`; one of kind `call` makes a function `w$n` that calls `$c`. `told` after the kind:
alone, it is more than is followed, and the call is told and not granted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

_HEADING = re.compile(r"(?m)^-- (value|call)(, told)?: (.*)\n")

Frame = tuple[str, str, str]
"""What a program begins with, its call on whatever `$v` is, and its handler, which calls `$c`."""


def _python(made: str, called: str) -> Frame:
    return (
        f'import boto3\nimport os\nEVENT = {{"kind": os.environ["KIND"]}}\ns3 = {made}\n',
        f"def c0():\n    return {called}\n",
        "def lambda_handler(event, context):\n    return $c()\n",
    )


def _javascript(made: str, called: str) -> Frame:
    return (
        f"import {{ S3, S3Client, GetObjectCommand }} from '@aws-sdk/client-s3';\nconst s3 = {made};\n",
        f"const c0 = () => {called};\n",
        "export const handler = async (event) => $c();\n",
    )


PYTHON: Final = _python('boto3.client("s3")', '$v.get_object(Bucket="b", Key="k")')
JAVASCRIPT: Final = _javascript(
    "new S3Client({})", "$v.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))"
)

OTHERS: Final[dict[str, tuple[str, Frame]]] = {
    "a client by its name": ("python", _python('"s3"', 'boto3.client($v).get_object(Bucket="b", Key="k")')),
    "a function that makes a client": (
        "python", _python('lambda: boto3.client("s3")', '$v().get_object(Bucket="b", Key="k")'),
    ),
    "a resource": ("python", _python('boto3.resource("s3").Object("b", "k")', "$v.get()")),
    "a session": ("python", _python("boto3.Session()", '$v.client("s3").get_object(Bucket="b", Key="k")')),
    "parameters that are not known": ("python", _python('boto3.client("s3")', "$v.get_object(**EVENT)")),
    "a method of a client": ("javascript", _javascript("new S3({})", "$v.getObject({ Bucket: 'b', Key: 'k' })")),
    "parameters": ("javascript", _javascript("{ Bucket: 'b', Key: 'k' }", "new S3({}).getObject($v)")),
    "a command": (
        "javascript",
        _javascript("new GetObjectCommand({ Bucket: 'b', Key: 'k' })", "new S3Client({}).send($v)"),
    ),
}  # fmt: skip
"""Other things that constructs may be put around."""


class Construct(Struct, frozen=True):
    """One construct; `told`: alone, it is more than is followed."""

    kind: str
    told: bool
    title: str
    text: str


def constructs(language: str) -> list[Construct]:
    """Read the constructs of a language."""
    path = Path(__file__).with_name("constructs") / f"{language}.txt"
    parts = _HEADING.split(path.read_text(encoding="utf-8"))[1:]
    return [
        Construct(kind, bool(told), title, text)
        for kind, told, title, text in zip(*(parts[at::4] for at in range(4)), strict=True)
    ]


def program(frame: Frame, chain: Sequence[Construct]) -> str:
    """Put constructs around a call, from the inside: what its client goes through, then what calls it."""
    head, call, handler = frame
    text, value, callee = head, "s3", "c0"
    ordered = sorted(enumerate(chain, start=1), key=lambda each: each[1].kind == "call")
    for number, construct in ordered:
        if construct.kind == "value":
            text += construct.text.replace("$n", str(number)).replace("$v", value)
            value = f"v{number}"
    text += call.replace("$v", value)
    for number, construct in ordered:
        if construct.kind == "call":
            text += construct.text.replace("$n", str(number)).replace("$c", callee)
            callee = f"w{number}"
    return text + handler.replace("$c", callee)


def neighbours(found: Sequence[Construct], steps: Sequence[int]) -> list[tuple[Construct, ...]]:
    """Pair each construct with others, the same in every run."""
    return [
        (each, found[(position * 7 + step) % len(found)])
        for position, each in enumerate(found)
        for step in steps
    ]
