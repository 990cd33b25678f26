"""What the methods of text do, and of what an event or an answer holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lamward.code.calls.heap import ANY
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.texts import ORIGINS, concatenated
from lamward.code.calls.values import (
    Bound,
    FunctionValue,
    Partial,
    Sequence,
    Texts,
    Value,
    constants_of,
    mystery,
    of_text,
    one,
    texts_of,
)
from lamward.code.javascript.containers import ARRAY, NUMBER, TRUTH
from lamward.code.pattern import Pattern, Unknown, text

_SAME: Final = frozenset(
    {"trim", "trimStart", "trimEnd", "toString", "valueOf", "normalize", "promise", "toISOString"}
    | {"transformToString", "transformToByteArray", "transformToWebStream", "createReadStream", "unwrap"}
    | {"json", "text", "buffer", "arrayBuffer", "toJSON", "localeCompare"}
)
"""Methods that keep where something is from."""

_CASES: Final[dict[str, Callable[[str], str]]] = {
    "toLowerCase": str.lower,
    "toUpperCase": str.upper,
    "toLocaleLowerCase": str.lower,
    "toLocaleUpperCase": str.upper,
}


def method(invocation: Invocation, pattern: Pattern, name: str) -> Value | None:
    """Call a method of a text, or of something an event or an answer holds; None if it is not known here."""
    if name in _SAME:
        constant = pattern.constant
        return one(pattern) if constant is None or "trim" not in name else of_text(constant.strip())
    if name in _CASES:
        return one(_in_case(pattern, _CASES[name]))
    known = _METHODS.get(name)
    if known is not None:
        return known(invocation, pattern)
    if name in ARRAY and pattern.constant is None:
        return ARRAY[name](invocation, pattern)
    return None


def _in_case(pattern: Pattern, change: Callable[[str], str]) -> Pattern:
    if isinstance(pattern.sole, ORIGINS):
        return pattern
    parts = [
        change(part) if isinstance(part, str) else Unknown(f"`{text(part)}` is changed to another case")
        for part in pattern.parts
    ]
    return text(*parts)


def _part(_: Invocation, pattern: Pattern) -> Value:
    return one(pattern) if isinstance(pattern.sole, ORIGINS) else mystery(f"it is a part of `{pattern}`")


def _concat(invocation: Invocation, pattern: Pattern) -> Value:
    if isinstance(pattern.sole, ORIGINS) and any(
        isinstance(atom, Sequence) for value in invocation.arguments.positional for atom in value
    ):
        return ARRAY["concat"](invocation, pattern)
    return concatenated(
        [frozenset((pattern,)), *(texts_of(each) for each in invocation.arguments.positional)]
    )


def _replace(invocation: Invocation, pattern: Pattern) -> Value:
    functions = frozenset(
        atom for atom in invocation.get(1) if isinstance(atom, FunctionValue | Bound | Partial)
    )
    if functions:
        invocation.call(functions, one(pattern), mystery("it is a part of a text"))
    old, new = constants_of(invocation.get(0)), texts_of(invocation.get(1))
    constant = pattern.constant
    if len(old) == 1 and constant is not None and old[0]:
        first, *others = constant.split(old[0])
        pieces: list[Texts] = [frozenset((text(first),))]
        for other in others:
            pieces += [new, frozenset((text(other),))]
        return concatenated(pieces)
    if isinstance(pattern.sole, ORIGINS):
        return one(pattern)
    return mystery(f"it is `{pattern}` with something replaced")


def _split(invocation: Invocation, pattern: Pattern) -> Value:
    made = Sequence(invocation.make("split", pattern))
    separator = constants_of(invocation.get(0))
    constant = pattern.constant
    if constant is not None and len(separator) == 1 and separator[0]:
        for position, piece in enumerate(constant.split(separator[0])):
            invocation.heap.write(made.id, position, of_text(piece))
    elif isinstance(pattern.sole, ORIGINS):
        invocation.heap.write(made.id, ANY, one(pattern))
    else:
        invocation.heap.write(made.id, ANY, mystery(f"it is a part of `{pattern}`"))
    return one(made)


def _truth(_: Invocation, __: Pattern) -> Value:
    return TRUTH


def _number(_: Invocation, __: Pattern) -> Value:
    return NUMBER


_METHODS: Final[dict[str, Callable[[Invocation, Pattern], Value]]] = {
    "concat": _concat,
    "replace": _replace,
    "replaceAll": _replace,
    "split": _split,
    "match": _split,
    "matchAll": _split,
    **dict.fromkeys(("substring", "substr", "slice", "charAt", "padStart", "padEnd", "repeat"), _part),
    **dict.fromkeys(("startsWith", "endsWith", "includes", "test", "hasOwnProperty"), _truth),
    **dict.fromkeys(("indexOf", "lastIndexOf", "charCodeAt", "search", "getTime", "toFixed"), _number),
}


def is_method(name: str) -> bool:
    """Tell whether texts, or what events hold, have a method of this name."""
    return name in _METHODS or name in _CASES or name in _SAME or name in ARRAY
