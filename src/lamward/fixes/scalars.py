"""Writing one scalar: plain where every YAML reader agrees that it is the same text, quoted everywhere else."""

from __future__ import annotations

import json
import re
from typing import Final

_READ_OTHERWISE: Final = re.compile(
    r"""(?x)
    ~ | null | Null | NULL | = | <<
    | y | Y | n | N | yes | Yes | YES | no | No | NO | on | On | ON | off | Off | OFF
    | true | True | TRUE | false | False | FALSE
    | [-+]? (?: 0b[01_]+ | 0o?[0-7_]+ | 0x[0-9a-fA-F_]+ | [0-9][0-9_]* (?: : [0-5]?[0-9] )* )
    | [-+]? (?: [0-9][0-9_]* )? \. [0-9_]* (?: [eE][-+]?[0-9]+ )?
    | [-+]? [0-9][0-9_]* (?: : [0-5]?[0-9] )+ \. [0-9_]*
    | [-+]? [0-9_]+ [eE] [-+]? [0-9]+
    | [-+]? \. (?: inf | Inf | INF ) | \. (?: nan | NaN | NAN )
    | [0-9]{4} - [0-9]{1,2} - [0-9]{1,2} .*
    | [-+.0-9] [-+.0-9_eExXoObB:]*
    """,
    re.DOTALL,
)
"""Plain text that some version of YAML takes for a number, a date, a truth value or null."""

_INDICATORS: Final = frozenset("-?:,[]{}#&*!|>'\"%@`")
_BREAKS_OFF: Final = re.compile(r":(?:\s|$)|\s#|^\s|\s$")
_BREAKS_OFF_IN_FLOW: Final = re.compile(r"[,\[\]{}]|:(?:[^\w:/]|$)")
_UNPRINTABLE: Final = (
    "[^\\x20-\\x7e\\xa0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\U00010000-\U0010ffff]"
)
"""Characters that not every YAML reader takes as they are."""


def _is_printable(text: str) -> bool:
    # The expression takes longer to compile than most runs have texts for.
    return (text.isascii() and text.isprintable()) or re.search(_UNPRINTABLE, text) is None


def is_plain(text: str, *, flow: bool) -> bool:
    """Tell whether text may stand without quotes."""
    if not text or text[0] in _INDICATORS or text.startswith(("---", "...")):
        return False
    if not _is_printable(text) or _BREAKS_OFF.search(text) or _READ_OTHERWISE.fullmatch(text):
        return False
    return not (flow and _BREAKS_OFF_IN_FLOW.search(text))


def quoted(text: str, quote: str) -> str:
    """Quote text; characters that are not printable need double quotes whatever is preferred."""
    if not _is_printable(text) or (quote == "'" and "'" in text and '"' not in text and "\\" not in text):
        quote = '"'
    elif quote == '"' and "'" not in text and ('"' in text or "\\" in text):
        quote = "'"
    if quote == "'":
        return "'" + text.replace("'", "''") + "'"
    return json_scalar(text, ascii_only=False)


def yaml_scalar(value: object, *, flow: bool, quote: str, always: bool = False) -> str:
    """Write a scalar in YAML; `always` quotes every text, as its neighbours are."""
    if isinstance(value, str):
        return value if not always and is_plain(value, flow=flow) else quoted(value, quote)
    return json_scalar(value, ascii_only=False)


def json_scalar(value: object, *, ascii_only: bool) -> str:
    """Write a scalar in JSON."""
    written = json.dumps(value, ensure_ascii=ascii_only)
    # Some of what JSON may hold as it is, such as U+2028, ends a line for a YAML reader.
    if _is_printable(written):
        return written
    return re.sub(_UNPRINTABLE, lambda found: f"\\u{ord(found[0]):04x}", written)


def literal_lines(text: str) -> tuple[str, list[str]] | None:
    """Give the header and the lines of a literal block that says this text, None when none says it plainly."""
    body, clipped = (text[:-1], True) if text.endswith("\n") else (text, False)
    lines = body.split("\n")
    plain = all(_is_printable(line) and line == line.rstrip() for line in lines)
    if "\n" not in text or not plain or not lines[-1] or not lines[0] or lines[0][0] == " ":
        return None
    return ("|" if clipped else "|-"), lines
