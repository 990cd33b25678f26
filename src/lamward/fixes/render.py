"""Plain data as text in a document's own idiom: block YAML, flow YAML, or JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from lamward.fixes.idiom import Idiom
from lamward.fixes.scalars import json_scalar, literal_lines, yaml_scalar

_WIDTH: Final = 60
"""The longest argument of a short intrinsic that is written on the tag's line."""

_SHORT: Final[Mapping[str, str]] = {
    "Ref": "!Ref",
    **{
        f"Fn::{name}": f"!{name}"
        for name in (
            "And",
            "Base64",
            "Cidr",
            "Equals",
            "FindInMap",
            "GetAtt",
            "GetAZs",
            "If",
            "ImportValue",
            "Join",
            "Length",
            "Not",
            "Or",
            "Select",
            "Split",
            "Sub",
            "ToJsonString",
        )
    },
}


class Pen(Struct, frozen=True):
    """How to write at one place: the document's idiom, and the quotes the neighbours' keys and values are in."""

    idiom: Idiom
    key_quote: str = ""
    value_quote: str = ""

    def key(self, name: str, *, flow: bool) -> str:
        """Write a key."""
        if self.idiom.json:
            return json_scalar(name, ascii_only=self.idiom.ascii)
        quote = self.key_quote or self.idiom.quote
        return yaml_scalar(name, flow=flow, quote=quote, always=bool(self.key_quote))

    def scalar(self, value: object, *, flow: bool) -> str:
        """Write a scalar."""
        if self.idiom.json:
            return json_scalar(value, ascii_only=self.idiom.ascii)
        quote = self.value_quote or self.idiom.quote
        return yaml_scalar(value, flow=flow, quote=quote, always=bool(self.value_quote))


def short_form(value: object, pen: Pen) -> tuple[str, Any] | None:
    """Give the tag and the argument of an intrinsic that can be written short here."""
    if pen.idiom.json or not pen.idiom.short or not isinstance(value, dict) or len(value) != 1:
        return None
    ((name, argument),) = value.items()
    if name not in _SHORT:
        return None
    if name == "Fn::GetAtt" and isinstance(argument, list) and len(argument) == 2:
        if not all(isinstance(part, str) for part in argument) or "." in argument[0]:
            return None
        argument = ".".join(argument)
    return (_SHORT[name], argument) if isinstance(argument, str | list) and argument != [] else None


class Spread(Struct, frozen=True):
    """How a flow collection is spread: white space after commas, and for many lines where they begin."""

    gap: str = " "
    lead: str | None = None
    step: str = "  "

    def parted(self, opening: str, parts: list[str], closing: str) -> str:
        """Put parts between brackets."""
        if not parts or self.lead is None:
            return opening + f",{self.gap}".join(parts) + closing
        inner = f"\n{self.lead}{self.step}"
        return opening + inner + f",{inner}".join(parts) + f"\n{self.lead}" + closing

    @property
    def inner(self) -> Spread:
        """The same, one level deeper."""
        return self if self.lead is None else Spread(self.gap, self.lead + self.step, self.step)


def flow_text(value: object, pen: Pen, spread: Spread = Spread()) -> str:  # noqa: B008
    """Write a value in flow style."""
    short = short_form(value, pen)
    if short:
        tag, argument = short
        return f"{tag} {flow_text(argument, pen, Spread(spread.gap))}"
    if isinstance(value, dict):
        colon = ":" + (spread.gap if pen.idiom.json else " ")
        parts = [
            pen.key(key, flow=True) + colon + flow_text(child, pen, spread.inner)
            for key, child in value.items()
        ]
        return spread.parted("{", parts, "}")
    if isinstance(value, list | tuple):
        return spread.parted("[", [flow_text(item, pen, spread.inner) for item in value], "]")
    return pen.scalar(value, flow=True)


def entry_lines(key: str, value: object, pen: Pen) -> list[str]:
    """Write an entry of a block mapping as lines, `key` as it stands in the text."""
    return _headed(f"{key}:", value, pen, dash=pen.idiom.dash, step=pen.idiom.step)


def item_lines(value: object, pen: Pen, *, offset: int = 2) -> list[str]:
    """Write an item of a block list as lines; `offset` columns lead from the dash to what it holds."""
    lead = "-" + " " * (offset - 1)
    if isinstance(value, dict) and value and not short_form(value, pen):
        return _led(lead, mapping_lines(value, pen))
    if isinstance(value, list | tuple) and value:
        return _led(lead, sequence_lines(value, pen))
    return _headed("-", value, pen, dash=2, step=max(2, offset))


def mapping_lines(value: Mapping[str, object], pen: Pen) -> list[str]:
    """Write a mapping as the lines of a block."""
    return [
        line for key, child in value.items() for line in entry_lines(pen.key(key, flow=False), child, pen)
    ]


def sequence_lines(items: list[object] | tuple[object, ...], pen: Pen) -> list[str]:
    """Write a list as the lines of a block."""
    return [line for item in items for line in item_lines(item, pen)]


def _led(lead: str, lines: list[str]) -> list[str]:
    return [lead + lines[0], *indented(lines[1:], len(lead))]


def _headed(head: str, value: object, pen: Pen, *, dash: int, step: int) -> list[str]:
    """Write what follows a key's colon or a dash."""
    short = short_form(value, pen)
    if short:
        tag, argument = short
        if isinstance(argument, str) or len(flow_text(argument, pen)) <= _WIDTH:
            return _text_lines(f"{head} {tag}", argument, pen, step)
        return [f"{head} {tag}", *indented(sequence_lines(argument, pen), dash)]
    if isinstance(value, dict) and value:
        return [head, *indented(mapping_lines(value, pen), step)]
    if isinstance(value, list | tuple) and value:
        return [head, *indented(sequence_lines(value, pen), dash)]
    return _text_lines(head, value, pen, step)


def _text_lines(head: str, value: object, pen: Pen, step: int) -> list[str]:
    literal = literal_lines(value) if isinstance(value, str) and pen.idiom.blocks else None
    if literal:
        header, lines = literal
        return [f"{head} {header}", *indented(lines, step)]
    written = (
        flow_text(value, pen) if isinstance(value, dict | list | tuple) else pen.scalar(value, flow=False)
    )
    return [f"{head} {written}"]


def indented(lines: list[str], columns: int) -> list[str]:
    """Indent lines; empty ones stay empty."""
    return [" " * columns + line if line else line for line in lines]
