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

PYTHON: Final = (
    'import boto3\nimport os\nEVENT = {"kind": os.environ["KIND"]}\ns3 = boto3.client("s3")\n',
    "def c0():\n    return $v.get_object(Bucket='b', Key='k')\n",
    "def lambda_handler(event, context):\n    return $c()\n",
)
JAVASCRIPT: Final = (
    "import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nconst s3 = new S3Client({});\n",
    "const c0 = () => $v.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));\n",
    "export const handler = async (event) => $c();\n",
)
"""What a program begins with, its call on whatever `$v` is, and its handler, which calls `$c`."""


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


def program(frame: tuple[str, str, str], chain: Sequence[Construct]) -> str:
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
