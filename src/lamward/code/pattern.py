"""What a program's text can be: constant pieces and pieces that only a run decides, each saying where it is from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct

MAX_PARTS: Final = 32
MAX_TEXT: Final = 4096
"""A pattern longer than this ends in an `Unknown`."""

MAX_PATH: Final = 8
"""How far a path into an event or an answer is followed."""

TOO_LONG: Final = "it is put together from too many pieces"

EACH: Final = "*"
"""The step of a path that stands for every element, or for a key that is not known."""

COMPUTED: Final = "()"
"""The last step of a path to something that is made of what is there: a part of a text, or in another case."""

PathStep = str | int


class Env(Struct, frozen=True, cache_hash=True):
    """The value of an environment variable, or `default` where the code names a constant one."""

    name: str
    default: str | None = None


class EventField(Struct, frozen=True, cache_hash=True):
    """Something the function is invoked with: `("Records", "*", "s3", "bucket", "name")`; empty: the event itself.

    Decoding (JSON, base64, URL quoting) is left out of the path; a last step `()` says that it is made of what is
    there, such as a part of the text, and is not the field itself.
    """

    path: tuple[PathStep, ...] = ()


class Context(Struct, frozen=True, cache_hash=True):
    """Something Lambda's context object says, such as `("invoked_function_arn",)`."""

    path: tuple[PathStep, ...] = ()


class Result(Struct, frozen=True, cache_hash=True):
    """A part of what an SDK call answered; `arguments` are the texts it was asked with, as far as all agree."""

    service: str
    operation: str
    path: tuple[PathStep, ...] = ()
    arguments: tuple[tuple[str, Pattern], ...] = ()


class Param(Struct, frozen=True, cache_hash=True):
    """The parameter of a function whose callers are not known."""

    name: str


class Unknown(Struct, frozen=True, cache_hash=True):
    """Text of which nothing is known, and why, as a clause: `it comes from `requests.get``."""

    reason: str


Part = str | Env | EventField | Context | Result | Param | Unknown
Origin = EventField | Context | Result


class Pattern(Struct, frozen=True, cache_hash=True):
    """A text: pieces in order, never two constant ones in a row, none empty; no pieces are the empty text."""

    parts: tuple[Part, ...]

    def __str__(self) -> str:
        return "".join(part if isinstance(part, str) else f"${{{_described(part)}}}" for part in self.parts)

    @property
    def constant(self) -> str | None:
        """The text, when all of it is constant."""
        match self.parts:
            case ():
                return ""
            case (str() as text,):
                return text
            case _:
                return None

    @property
    def sole(self) -> Part | None:
        """The piece it consists of, when that is one piece and not constant."""
        if len(self.parts) == 1 and not isinstance(self.parts[0], str):
            return self.parts[0]
        return None


class Constant(Struct, frozen=True, cache_hash=True):
    """A value that is no text: `None`, a truth value or a number."""

    value: bool | int | float | None

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Constant) and repr(self.value) == repr(other.value)  # 1, 1.0 and True differ


class Entries(Struct, frozen=True):
    """A mapping. `optional` keys may be missing; `computed` are entries whose key is no constant text.

    `open`: it may have others of which not even the keys are known.
    """

    entries: Mapping[str, Possible]
    optional: frozenset[str] = frozenset()
    computed: tuple[tuple[Pattern, Possible], ...] = ()
    open: bool = False


class Elements(Struct, frozen=True):
    """A sequence. `open`: `items` are not the elements in order but all that some element may be."""

    items: tuple[Possible, ...]
    open: bool = False


Shape = Pattern | Constant | Entries | Elements
Possible = tuple[Shape, ...]
"""All that a value may be: at most 16 texts; an `Unknown` piece stands for what could not be told. Never empty."""


def text(*parts: Part) -> Pattern:
    """Join pieces to a text; what grows beyond the limits ends as unknown."""
    joined: list[Part] = []
    length = 0
    for part in parts:
        if len(joined) >= MAX_PARTS or length > MAX_TEXT:
            joined.append(Unknown(TOO_LONG))
            break
        if isinstance(part, str):
            length += len(part)
            if joined and isinstance(joined[-1], str):
                joined[-1] += part
                continue
        if part != "" and not (isinstance(part, Unknown) and joined and isinstance(joined[-1], Unknown)):
            joined.append(part)
    return Pattern(tuple(joined))


def unknown(reason: str) -> Pattern:
    """Give the text of which only the reason is known why it is not."""
    return Pattern((Unknown(reason),))


def deeper(origin: Origin, step: PathStep) -> Origin:
    """Follow a step into an event or an answer, as far as paths go."""
    path = (
        origin.path[:-1] if origin.path[-1:] == (COMPUTED,) else origin.path
    )  # a part of a list, then, not of text
    if len(path) >= MAX_PATH:
        return origin
    path = (*path, step)
    match origin:
        case Result():
            return Result(origin.service, origin.operation, path, origin.arguments)
        case EventField():
            return EventField(path)
        case Context():
            return Context(path)


def shown(possible: Iterable[Shape]) -> str:
    """Write what a value may be on one line, for messages and tests: `a|b`, `{Key: ${event:id}}`, `[x, y]`."""
    return "|".join(_shown(shape) for shape in possible)


def _shown(shape: Shape) -> str:
    match shape:
        case Pattern():
            return str(shape)
        case Constant(value=value):
            return str(value)
        case Entries():
            inner = [
                f"{key}{'?' if key in shape.optional else ''}: {shown(value)}"
                for key, value in sorted(shape.entries.items())
            ]
            inner += [f"{key}: {shown(value)}" for key, value in shape.computed]
            return "{" + ", ".join([*inner, *(["..."] if shape.open else [])]) + "}"
        case Elements():
            return "[" + ", ".join([*map(shown, shape.items), *(["..."] if shape.open else [])]) + "]"


def _described(part: Env | EventField | Context | Result | Param | Unknown) -> str:
    match part:
        case Env(name=name, default=default):
            return f"env:{name}" if default is None else f"env:{name}={default}"
        case EventField(path=path):
            return "event" + "".join(f".{step}" for step in path)
        case Context(path=path):
            return "context" + "".join(f".{step}" for step in path)
        case Result():
            return f"{part.service}:{part.operation}" + "".join(f".{step}" for step in part.path)
        case Param(name=name):
            return f"param:{name}"
        case Unknown():
            return "?"
