"""JSON text that is indented, ends with a line end and is harmless when printed."""

from __future__ import annotations

import json

import msgspec

from lamward.report.escape import json_text


def encode(document: object) -> str:
    """Write plain data and structs as JSON; keys keep their order."""
    return msgspec.json.format(json_text(_compact(document)), indent=2) + "\n"


def _compact(document: object) -> str:
    try:
        return msgspec.json.encode(document).decode()
    except UnicodeEncodeError:
        # Half a surrogate pair cannot be written as bytes, only as text.
        return json.dumps(msgspec.to_builtins(document), ensure_ascii=False, allow_nan=False)
