"""The little of HCL that is written here: texts, names, lists and comments, whoever chose what stands in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import zip_longest
from typing import Final

from msgspec import Struct

from lamward.report.escape import HIDDEN, LOG_COMMAND, visible

_SIGILS: Final = re.compile(r"([$%]+)(\{(?:(?=[\w:*?/.-]+\})|(?P<open>))|\Z)")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_FOREIGN: Final = re.compile(r"[^a-z0-9]+")

_RESERVED: Final = frozenset(
    {"count", "depends_on", "for_each", "lifecycle", "locals", "providers", "source", "version"}
)
"""What no variable may be called."""


class Expression(Struct, frozen=True):
    """A piece of HCL that gives a text, such as `var.table_arn`."""

    code: str


def text(parts: Sequence[str | Expression]) -> str:
    """Write a text; one that is only an expression is written as that."""
    parts = _joined(parts)
    if len(parts) == 1 and isinstance(parts[0], Expression):
        return parts[0].code
    pieces = (
        f"${{{part.code}}}"
        if isinstance(part, Expression)
        else _literal(part, before_expression=isinstance(after, Expression))
        for part, after in zip_longest(parts, parts[1:])
    )
    return f'"{"".join(pieces)}"'


def _joined(parts: Sequence[str | Expression]) -> list[str | Expression]:
    """Put texts together that follow each other: what begins something may be in two of them."""
    found: list[str | Expression] = []
    for part in parts:
        if found and isinstance(part, str) and isinstance(found[-1], str):
            found[-1] += part
        elif part:
            found.append(part)
    return found


def _literal(part: str, *, before_expression: bool) -> str:
    escaped = part.replace("\\", "\\\\").replace('"', '\\"')
    escaped = HIDDEN.sub(_escape, escaped)
    escaped = _SIGILS.sub(lambda found: _sigils(found, before_expression=before_expression), escaped)
    return LOG_COMMAND.sub(r"\\u0023", escaped)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(found[0])
    # Half of a surrogate pair is no character: it is shown, as in other formats.
    lead = "\\\\" if 0xD800 <= code <= 0xDFFF else "\\"
    return short or (f"{lead}u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")


def _sigils(found: re.Match[str], *, before_expression: bool) -> str:
    """Keep `${` and `%{` from beginning anything: doubled as IAM's variables mostly are, else as texts of their own."""
    run, after = found[1], found[2]
    if after and len(run) == 1 and found["open"] is None:
        return run + run + after
    if after or before_expression:
        return "".join(f'${{"{each}"}}' for each in run) + after
    return run


def listed(items: Sequence[str], indent: str) -> str:
    """Write a list of expressions: one in its line, several below each other."""
    if len(items) == 1:
        return f"[{items[0]}]"
    return "\n".join(["[", *(f"{indent}  {each}," for each in items), f"{indent}]"])


def comment(words: str, indent: str = "") -> str:
    """Write a comment; whatever is in it, it stays on its line."""
    return f"{indent}# {visible(words)}"


def name(words: str, taken: Collection[str]) -> str:
    """Make an identifier of words that is not taken yet: lower case, with underscores."""
    made = _FOREIGN.sub("_", _HUMP.sub("_", words).lower()).strip("_") or "unnamed"
    if made[0].isdigit() or made in _RESERVED:
        made = f"the_{made}"
    number, found = 1, made
    while found in taken:
        number += 1
        found = f"{made}_{number}"
    return found
