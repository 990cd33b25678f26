"""What a value may be while a program is interpreted: a set of atoms, each one possibility."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from lamward.code.analysis import OWN, Credentials
from lamward.code.ir import SequenceKind
from lamward.code.pattern import (
    COMPUTED,
    Constant,
    Context,
    EventField,
    Param,
    Part,
    Pattern,
    Result,
    Unknown,
    deeper,
    text,
    unknown,
)

MAX_TEXTS: Final = 16
"""With more texts than this a value is what they begin with and something unknown."""

MAX_OBJECTS: Final = 48
"""With more other atoms than this, the rest is given up; see `TOO_MANY`."""

TOO_MANY: Final = "it may be one of too many values"


class Instance(Struct, frozen=True, gc=False):
    """An object of a class of the program."""

    id: int
    class_id: int


class Mapping(Struct, frozen=True, gc=False):
    """A dict or a plain object."""

    id: int


class Sequence(Struct, frozen=True, gc=False):
    """A list, tuple, set, or whatever else is only iterated."""

    id: int
    kind: SequenceKind = SequenceKind.LIST


class FunctionValue(Struct, frozen=True, gc=False):
    """A function of the program, with the variables around it."""

    id: int


class ClassValue(Struct, frozen=True, gc=False):
    """A class of the program."""

    id: int


class Partial(Struct, frozen=True, gc=False):
    """A callable with some of its arguments given."""

    id: int


class ModuleValue(Struct, frozen=True, gc=False):
    """A module of the program."""

    name: str


class Foreign(Struct, frozen=True, cache_hash=True):
    """Something of which no source is read, by the path that leads to it: `os.environ`, `app.Chalice().route`.

    `id` is the object that holds what it was constructed with, where a model asks for that; else 0.
    """

    path: str
    id: int = 0


class Bound(Struct, frozen=True, cache_hash=True):
    """A method taken from its object: a function whose first parameter is given."""

    function: FunctionValue
    receiver: Atom


class Method(Struct, frozen=True, cache_hash=True):
    """A method of something built in (text, a mapping, a client …): what it does, the language says."""

    receiver: Atom
    name: str


class Wrapped(Struct, frozen=True, cache_hash=True):
    """An attribute that is not simply read: `kind` is `property`, `staticmethod` or `classmethod`."""

    kind: str
    inner: Atom


class Parent(Struct, frozen=True, cache_hash=True):
    """`super()`: the classes above `class_id`, on behalf of `receiver`."""

    class_id: int
    receiver: Atom


class Session(Struct, frozen=True, cache_hash=True):
    """What makes clients, with the settings they get."""

    region: Texts = frozenset()
    credentials: Credentials = OWN


class Client(Struct, frozen=True, cache_hash=True):
    """An SDK client of one service. `certain` is false if only an annotation says so."""

    service: str
    region: Texts = frozenset()
    endpoint: Texts = frozenset()
    credentials: Credentials = OWN
    certain: bool = True


class Resource(Struct, frozen=True, cache_hash=True):
    """An SDK object for something of a service, `type` empty for the service itself; with its identifiers."""

    client: Client
    type: str = ""
    identifiers: tuple[tuple[str, Texts], ...] = ()


class Collection(Struct, frozen=True, cache_hash=True):
    """All resources of a kind that belong to one. `started`: they were asked for already."""

    owner: Resource
    name: str
    started: bool = False
    listed: Texts = frozenset()
    """What asking for them answered."""


class Operation(Struct, frozen=True, cache_hash=True):
    """An operation with its client, to be performed by a method: a paginator, a waiter, a command."""

    client: Client
    operation: str
    role: str


Atom = (
    Pattern
    | Constant
    | Instance
    | Mapping
    | Sequence
    | FunctionValue
    | ClassValue
    | Partial
    | ModuleValue
    | Foreign
    | Bound
    | Method
    | Wrapped
    | Parent
    | Session
    | Client
    | Resource
    | Collection
    | Operation
)

Value = frozenset[Atom]
Texts = frozenset[Pattern]

NOTHING: Final[Value] = frozenset()
NONE: Final[Value] = frozenset({Constant(None)})
EVENT: Final[Value] = frozenset({Pattern((EventField(),))})

SDK: Final = (Client, Resource, Session, Collection, Operation)
"""The kinds of values through which AWS is called."""


def one(atom: Atom) -> Value:
    """Give the value that can only be this."""
    return frozenset((atom,))


def of_text(*parts: Part) -> Value:
    """Give the value that is this text."""
    return frozenset((text(*parts),))


def mystery(reason: str) -> Value:
    """Give the value of which nothing is known."""
    return frozenset((unknown(reason),))


def part_of(pattern: Pattern) -> Value:
    """Give the text that is made of a text: a piece of it, or the same in another case."""
    origin = pattern.sole
    if isinstance(origin, EventField | Context | Result):
        return one(Pattern((deeper(origin, COMPUTED),)))
    return one(pattern) if is_mystery(pattern) else mystery(f"it is a part of `{pattern}`")


def join(first: Value, second: Value) -> Value:
    """Give the value that may be either, within the limits."""
    if not first:
        return second
    if first is second or second <= first:
        return first
    return bounded(first | second)


def join_all(values: Iterable[Value]) -> Value:
    """Give the value that may be any of them."""
    joined = NOTHING
    for value in values:
        joined = join(joined, value)
    return joined


def bounded(value: Value) -> Value:
    """Keep a value within the limits, giving up what it says rather than any possibility.

    Joining again what was given up changes nothing, so that a loop that keeps adding comes to rest.
    """
    texts = [atom for atom in value if isinstance(atom, Pattern)]
    given_up = [pattern.parts[:-1] for pattern in texts if pattern.parts and pattern.parts[-1] == _MORE]
    if len(value) <= MAX_TEXTS and not given_up:
        return value
    for head in given_up:
        texts = [pattern for pattern in texts if not _covered(pattern, head)]
    others = [atom for atom in value if not isinstance(atom, Pattern)]
    kept: list[Atom] = list(others)
    if len(others) > MAX_OBJECTS:
        kept = [*sorted(others, key=repr)[:MAX_OBJECTS], unknown(TOO_MANY)]
    return frozenset([*kept, *([common(texts)] if len(texts) > MAX_TEXTS else texts)])


def is_mystery(atom: Atom) -> bool:
    """Tell whether nothing at all is known of an atom."""
    return isinstance(atom, Pattern) and isinstance(atom.sole, Unknown)


def is_untold(atom: Atom) -> bool:
    """Tell whether an annotation may say more than what is known of an atom."""
    return (
        is_mystery(atom)
        or isinstance(atom, Foreign)
        or (isinstance(atom, Pattern) and isinstance(atom.sole, Param))
    )


def texts_of(value: Value) -> Texts:
    """Give what a value is as text; what is none becomes unknown, `None` is left out."""
    found: set[Pattern] = set()
    for atom in value:
        if isinstance(atom, Pattern):
            found.add(atom)
        elif not isinstance(atom, Constant):
            found.add(unknown("it is put together at run time"))
        elif atom.value is not None:
            found.add(text(str(atom.value)))
    return frozenset(found)


def constants_of(value: Value) -> tuple[str, ...]:
    """Give the constant texts that a value may be, in order."""
    return tuple(
        sorted(
            constant
            for atom in value
            if isinstance(atom, Pattern) and (constant := atom.constant) is not None
        )
    )


_MORE: Final = Unknown(TOO_MANY)


def _covered(pattern: Pattern, head: tuple[Part, ...]) -> bool:
    """Tell whether `head` followed by something unknown says all of a text, which is not that itself."""
    if pattern.parts == (*head, _MORE):
        return False
    if not head or not isinstance(head[-1], str):
        return pattern.parts[: len(head)] == head
    last = pattern.parts[len(head) - 1] if len(pattern.parts) >= len(head) else None
    return pattern.parts[: len(head) - 1] == head[:-1] and isinstance(last, str) and last.startswith(head[-1])


def common(texts: list[Pattern]) -> Pattern:
    """Give what all the texts begin with, followed by something unknown."""
    shortest = min((pattern.parts for pattern in texts), key=len)
    shared: list[Part] = []
    for position, part in enumerate(shortest):
        if all(pattern.parts[position] == part for pattern in texts):
            shared.append(part)
            continue
        heads = [pattern.parts[position] for pattern in texts]
        if all(isinstance(head, str) for head in heads):
            shared.append(_prefix([str(head) for head in heads]))
        break
    while shared and isinstance(
        shared[-1], Unknown
    ):  # two unknown pieces in a row would be one, and not this
        shared.pop()
    return text(*shared, _MORE)


def _prefix(heads: list[str]) -> str:
    low, high = min(heads), max(heads)
    length = next((at for at, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), len(low))
    return low[:length]
