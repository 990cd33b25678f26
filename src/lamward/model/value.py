"""What a template says a property is: known, one of a few, symbolic, unknown with a reason, or absent.

A value is never guessed. Every value keeps its `origins`: the first is where a finding points, the last
is the definition a fix may edit (several when merged, such as Globals and a function's own property).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import assert_never

from msgspec import Struct

from lamward.model.location import NOWHERE, Location, Step

Scalar = str | int | float | bool | None

MAX_CASES = 64
"""Above this many combinations of branches a value becomes `Unknown`: an answer must stay readable."""


class AssumptionKind(StrEnum):
    """What an assumption speaks of."""

    CONDITION = "condition"
    PARAMETER = "parameter"
    DEFAULT = "default"


class Assumption(Struct, frozen=True, order=True):
    """Something that must hold for a value to be the one deployed.

    `CONDITION`: the template condition `name` is `value` ("true" or "false"). `PARAMETER`: the parameter has
    the allowed value `value`. `DEFAULT`: the parameter keeps its default (`value` stays empty: it may be secret).
    """

    kind: AssumptionKind
    name: str
    value: str = ""

    def __str__(self) -> str:
        match self.kind:
            case AssumptionKind.CONDITION:
                return f"condition `{self.name}` is {self.value}"
            case AssumptionKind.PARAMETER:
                return f"parameter `{self.name}` is `{self.value}`"
            case AssumptionKind.DEFAULT:
                return f"parameter `{self.name}` keeps its default"
            case _ as never:
                assert_never(never)


Guard = tuple[Assumption, ...]
"""Assumptions that must all hold; sorted, without repetition. The empty guard always holds."""

ALWAYS: Guard = ()


class ReferenceKind(StrEnum):
    """What a symbolic part stands for."""

    RESOURCE = "resource"
    PARAMETER = "parameter"
    PSEUDO = "pseudo"
    IMPORT = "import"
    DYNAMIC = "dynamic"


class Reference(Struct, frozen=True):
    """A part of a symbolic value that only the deployment decides.

    `target` is a logical id, a parameter, a pseudo parameter such as `AWS::Region`, an export's name or the text
    of a dynamic reference; `attribute` is the attribute asked of a resource ("" for `Ref`).
    """

    kind: ReferenceKind
    target: str
    attribute: str = ""

    def __str__(self) -> str:
        if self.kind is ReferenceKind.DYNAMIC:
            return f"{{{{resolve:{self.target}}}}}"
        if self.kind is ReferenceKind.IMPORT:
            return f"${{import {self.target}}}"
        return f"${{{self.target}.{self.attribute}}}" if self.attribute else f"${{{self.target}}}"


Part = str | Reference


class Known(Struct, frozen=True):
    """A scalar the template states."""

    value: Scalar
    origins: tuple[Location, ...] = ()


class Symbolic(Struct, frozen=True):
    """Text with parts that the deployment fills in; never only text, never empty."""

    parts: tuple[Part, ...]
    origins: tuple[Location, ...] = ()

    def __str__(self) -> str:
        return "".join(str(part) for part in self.parts)

    @property
    def references(self) -> tuple[Reference, ...]:
        """The parts that are not text, in order."""
        return tuple(part for part in self.parts if isinstance(part, Reference))


class Option(Struct, frozen=True):
    """One of the values a property may have, and what must hold for it."""

    value: Value
    when: Guard


class OneOf(Struct, frozen=True):
    """A value that depends on conditions or parameters. `exhaustive` is false when others are possible too."""

    options: tuple[Option, ...]
    exhaustive: bool = True
    origins: tuple[Location, ...] = ()


class Unknown(Struct, frozen=True):
    """A value that cannot be told from the template, and why."""

    reason: str
    origins: tuple[Location, ...] = ()


class Absent(Struct, frozen=True):
    """A property nobody set; its origin is the key of what should hold it."""

    origins: tuple[Location, ...] = ()


class Items(Struct, frozen=True):
    """A list of values."""

    items: tuple[Value, ...]
    origins: tuple[Location, ...] = ()


class Fields(Struct, frozen=True):
    """A mapping of values; `keys` has the location of each key that is written in a file."""

    fields: Mapping[str, Value]
    keys: Mapping[str, Location] = {}
    origins: tuple[Location, ...] = ()


Text = Known | Symbolic | Unknown
Settled = Known | Symbolic | Unknown | Absent | Items | Fields
Value = Known | Symbolic | OneOf | Unknown | Absent | Items | Fields


class Case(Struct, frozen=True):
    """One settled possibility of a value (never a `OneOf`), and what must hold for it."""

    value: Settled
    when: Guard = ALWAYS


def both(first: Guard, second: Guard) -> Guard | None:
    """Join two guards; None when they plainly contradict each other."""
    if not second or first == second:
        return first
    if not first:
        return second
    chosen: dict[tuple[str, str], Assumption] = {}
    for assumption in (*first, *second):
        subject = (
            "condition" if assumption.kind is AssumptionKind.CONDITION else "parameter",
            assumption.name,
        )
        if chosen.setdefault(subject, assumption) != assumption:
            return None
    return tuple(sorted(chosen.values()))


def location_of(value: Value) -> Location:
    """Say where a finding about this value points."""
    return value.origins[0] if value.origins else NOWHERE


def cases(value: Value, when: Guard = ALWAYS) -> Iterator[Case]:
    """List the settled possibilities of a value; branches that contradict `when` are left out."""
    if not isinstance(value, OneOf):
        yield Case(value, when)
        return
    for option in value.options:
        joined = both(when, option.when)
        if joined is not None:
            yield from cases(option.value, joined)


def elements(value: Value, when: Guard = ALWAYS) -> Iterator[Case]:
    """List the elements of a list, or the value itself where one scalar stands for a list of one.

    Absent elements are left out; an unknown list gives one unknown element.
    """
    for case in cases(value, when):
        match case.value:
            case Items(items=items):
                for item in items:
                    yield from (
                        inner for inner in cases(item, case.when) if not isinstance(inner.value, Absent)
                    )
            case Absent():
                pass
            case _:
                yield case


def at(value: Value, *steps: Step) -> Value:
    """Follow keys and indexes into a value; what is not there is `Absent` at the nearest key that is."""
    for step in steps:
        value = _child(value, step)
    return value


def _child(value: Value, step: Step) -> Value:
    match value:
        case Fields():
            found = value.fields.get(str(step))
            return Absent(value.origins) if found is None else found
        case Items(items=items):
            if isinstance(step, int) and step < len(items):
                return items[step]
            return Absent(value.origins)
        case OneOf():
            options = tuple(Option(_child(option.value, step), option.when) for option in value.options)
            return OneOf(options, value.exhaustive, value.origins)
        case Unknown() | Absent():
            return value
        case Known() | Symbolic():
            return Absent(value.origins)
        case _ as never:
            assert_never(never)


def entries(value: Value, when: Guard = ALWAYS) -> Iterator[tuple[str, Location, Value, Guard]]:
    """List the entries of a mapping in every branch: key, the key's location, value, guard."""
    for case in cases(value, when):
        if isinstance(case.value, Fields):
            for key, child in case.value.fields.items():
                yield key, case.value.keys.get(key) or location_of(child), child, case.when


def text_of(value: Value) -> str | None:
    """Give a known scalar as AWS reads it in a text property; None for anything else."""
    if not isinstance(value, Known) or value.value is None:
        return None
    if isinstance(value.value, bool):
        return "true" if value.value else "false"
    return str(value.value)


def truth_of(value: Value) -> bool | None:
    """Give a known boolean, written as a boolean or as text; None for anything else."""
    match text_of(value):
        case "true" | "True" | "TRUE" | "yes" | "1":
            return True
        case "false" | "False" | "FALSE" | "no" | "0":
            return False
        case _:
            return None


def number_of(value: Value) -> float | None:
    """Give a known number, written as a number or as text; None for anything else."""
    text = text_of(value)
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        return None


def referent(value: Value) -> Reference | None:
    """Give the reference a symbolic value consists of, when it is that and nothing else."""
    match value:
        case Symbolic(parts=(Reference() as reference,)):
            return reference
        case _:
            return None


def symbolic(parts: tuple[Part, ...], origins: tuple[Location, ...]) -> Known | Symbolic:
    """Join neighbouring text and give `Known` text when nothing symbolic is left."""
    merged: list[Part] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    if not merged:
        return Known("", origins)
    if len(merged) == 1 and isinstance(merged[0], str):
        return Known(merged[0], origins)
    return Symbolic(tuple(merged), origins)


def parts_of(value: Known | Symbolic) -> tuple[Part, ...]:
    """Give the parts a scalar contributes to a longer text."""
    if isinstance(value, Symbolic):
        return value.parts
    return (text_of(value) or "",)


def why_unknown(value: Value) -> str:
    """Explain in a clause why a value cannot be told."""
    match value:
        case Unknown(reason=reason):
            return reason
        case Symbolic():
            return "; ".join(_why(reference) for reference in value.references[:3])
        case OneOf():
            return "it depends on conditions"
        case _:
            return "it is not a plain value"


def _why(reference: Reference) -> str:
    reasons: dict[ReferenceKind, str] = {
        ReferenceKind.RESOURCE: "`{0}` exists only once deployed",
        ReferenceKind.PARAMETER: "parameter `{0}` has no default",
        ReferenceKind.PSEUDO: "`{0}` is set by the deployment",
        ReferenceKind.IMPORT: "`{0}` is imported from another stack",
        ReferenceKind.DYNAMIC: "`{0}` is looked up at deployment",
    }
    shown = str(reference).strip("${}") if reference.kind is not ReferenceKind.IMPORT else reference.target
    return reasons[reference.kind].format(shown)
