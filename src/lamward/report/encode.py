"""JSON text that is indented, ends with a line end and is harmless when printed."""

from __future__ import annotations

import json

import msgspec

from lamward.report.escape import json_text


def encode(document: object) -> str:
    """Write plain data and structs as JSON; keys keep their order."""
    compact = json.dumps(msgspec.to_builtins(document), ensure_ascii=False, allow_nan=False)
    return msgspec.json.format(json_text(compact), indent=2) + "\n"
