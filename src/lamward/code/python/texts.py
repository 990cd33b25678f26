"""What the methods of Python's `str` and its operators make of text."""

from __future__ import annotations

import re
from collections.abc import Callable
from string import Formatter
from typing import Final

from lamward.code.calls import objects
from lamward.code.calls.frames import Arguments
from lamward.code.calls.heap import ANY
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.texts import ORIGINS, concatenated, path_join
from lamward.code.calls.values import (
    NOTHING,
    Mapping,
    Sequence,
    Texts,
    Value,
    constants_of,
    join,
    mystery,
    of_text,
    one,
    part_of,
    texts_of,
)
from lamward.code.ir import SequenceKind
from lamward.code.pattern import Constant, Pattern, Unknown, text

_SAME: Final = frozenset(
    {"strip", "lstrip", "rstrip", "encode", "decode", "copy", "read", "readlines", "getvalue", "expandtabs"}
    | {"isoformat", "hexdigest", "as_posix", "resolve", "absolute", "expanduser", "__str__", "tobytes"}
)
"""Methods that keep where a text is from; white space at its ends is no matter."""

_CASES: Final[dict[str, Callable[[str], str]]] = {
    "lower": str.lower,
    "upper": str.upper,
    "title": str.title,
    "capitalize": str.capitalize,
    "casefold": str.casefold,
    "swapcase": str.swapcase,
}
_PLACEHOLDER: Final = re.compile(r"%(?:\((?P<name>\w+)\))?[-#0 +]*\d*(?:\.\d+)?(?P<kind>[sdifrxXeg%])")


def method(invocation: Invocation, pattern: Pattern, name: str) -> Value | None:
    """Call a method of a text, or of something an event or an answer holds; None if it is not known here."""
    if name in _SAME:
        return one(_stripped(pattern, name))
    if name in _CASES:
        return _in_case(pattern, _CASES[name])
    known = _METHODS.get(name)
    return None if known is None else known(invocation, pattern)


def _stripped(pattern: Pattern, name: str) -> Pattern:
    constant = pattern.constant
    return pattern if constant is None or "strip" not in name else text(constant.strip())


def _in_case(pattern: Pattern, change: Callable[[str], str]) -> Value:
    if isinstance(pattern.sole, ORIGINS):
        return part_of(pattern)
    parts = [
        change(part) if isinstance(part, str) else Unknown(f"`{text(part)}` is changed to another case")
        for part in pattern.parts
    ]
    return of_text(*parts)


def _format(invocation: Invocation, pattern: Pattern) -> Value:
    template = pattern.constant
    if template is None:
        return mystery("it is formatted by a text that is not constant")
    return formatted(invocation.interpreter, template, invocation.arguments)


def formatted(interpreter: Interpreter, template: str, arguments: Arguments) -> Value:
    """Fill in a template as `str.format` does."""
    pieces: list[Texts] = []
    position = 0
    try:
        fields = list(Formatter().parse(template))
    except ValueError:
        return mystery("it is formatted by a text that is no format")
    for literal, field, form, _ in fields:
        if literal:
            pieces.append(frozenset((text(literal),)))
        if field is None:
            continue
        head, *path = re.split(r"[.\[]", field)
        if not head:
            head, position = str(position), position + 1
        value = arguments.get(int(head)) if head.isdecimal() else arguments.get(-1, head)
        if path or form or not value:
            value = mystery("it is formatted") if form or not value else _followed(interpreter, value, path)
        pieces.append(texts_of(value))
    return concatenated(pieces)


def _followed(interpreter: Interpreter, value: Value, path: list[str]) -> Value:
    for step in path:
        value = objects.index(interpreter, value, of_text(step.rstrip("]")))
    return value


def percent(interpreter: Interpreter, template: str, value: Value) -> Value:
    """Fill in a template as the operator `%` does."""
    pieces: list[Texts] = []
    position = end = 0
    for found in _PLACEHOLDER.finditer(template):
        pieces.append(frozenset((text(template[end : found.start()]),)))
        end = found.end()
        if found["kind"] == "%":
            pieces.append(frozenset((text("%"),)))
            continue
        pieces.append(
            texts_of(_operand(interpreter, value, found["name"], position))
            if found["kind"] == "s"
            else _NUMBER
        )
        position += 1
    pieces.append(frozenset((text(template[end:]),)))
    return concatenated(pieces)


_NUMBER: Final[Texts] = frozenset((text(Unknown("it is a formatted number")),))


def _operand(interpreter: Interpreter, value: Value, name: str | None, position: int) -> Value:
    taken = NOTHING
    for atom in value:
        if name is not None:
            taken = join(taken, objects.index(interpreter, one(atom), of_text(name)))
        elif isinstance(atom, Sequence) and atom.kind is SequenceKind.TUPLE:
            taken = join(taken, objects.index(interpreter, one(atom), one(Constant(position))))
        else:
            taken = join(taken, one(atom))
    return taken


def _join(invocation: Invocation, pattern: Pattern) -> Value:
    joined = NOTHING
    for atom in invocation.get(0):
        cells = dict(invocation.heap.items(atom.id)) if isinstance(atom, Sequence) else {}
        if not cells or ANY in cells:
            joined = join(joined, mystery("it is joined from a list that is put together at run time"))
            continue
        pieces: list[Texts] = []
        for key in sorted(key for key in cells if isinstance(key, int)):
            pieces += [frozenset((pattern,)), texts_of(cells[key])]
        joined = join(joined, concatenated(pieces[1:]))
    return joined


def _replace(invocation: Invocation, pattern: Pattern) -> Value:
    old, new = constants_of(invocation.get(0, "old")), texts_of(invocation.get(1, "new"))
    constant = pattern.constant
    if len(old) == 1 and constant is not None and old[0]:
        return _replaced(constant, old[0], new)
    return part_of(pattern)


def _replaced(constant: str, old: str, new: Texts) -> Value:
    first, *others = constant.split(old)
    pieces: list[Texts] = [frozenset((text(first),))]
    for other in others:
        pieces += [new, frozenset((text(other),))]
    return concatenated(pieces)


def _split(invocation: Invocation, pattern: Pattern) -> Value:
    made = Sequence(invocation.make("split"))
    separator = constants_of(invocation.get(0, "sep"))
    constant = pattern.constant
    if constant is not None and len(separator) == 1 and separator[0]:
        for position, piece in enumerate(constant.split(separator[0])):
            invocation.heap.write(made.id, position, of_text(piece))
    else:
        invocation.heap.write(made.id, ANY, part_of(pattern))
    return one(made)


def _get(invocation: Invocation, pattern: Pattern) -> Value:
    held = objects.index(invocation.interpreter, one(pattern), invocation.get(0, "key"))
    default = invocation.get(1, "default")
    return join(held, frozenset(atom for atom in default if isinstance(atom, Pattern) and atom.parts))


def _held(invocation: Invocation, pattern: Pattern) -> Value:
    made = Sequence(invocation.make("held", pattern))
    invocation.heap.write(made.id, ANY, objects.elements(invocation.interpreter, one(pattern)))
    return one(made)


def _keys(invocation: Invocation, pattern: Pattern) -> Value:
    made = Sequence(invocation.make("keys", pattern))
    invocation.heap.write(made.id, ANY, mystery(f"it is a key of `{pattern}`"))
    return one(made)


def _items(invocation: Invocation, pattern: Pattern) -> Value:
    pair = Sequence(invocation.make("pair", pattern), SequenceKind.TUPLE)
    invocation.heap.write(pair.id, 0, mystery(f"it is a key of `{pattern}`"))
    invocation.heap.write(pair.id, 1, objects.elements(invocation.interpreter, one(pattern)))
    made = Sequence(invocation.make("items", pattern))
    invocation.heap.write(made.id, ANY, one(pair))
    return one(made)


def _without(side: str) -> Callable[[Invocation, Pattern], Value]:
    def remove(invocation: Invocation, pattern: Pattern) -> Value:
        affixes, constant = constants_of(invocation.get(0)), pattern.constant
        if constant is None or len(affixes) != 1:
            return part_of(pattern)
        cut = constant.removeprefix if side == "prefix" else constant.removesuffix
        return of_text(cut(affixes[0]))

    return remove


def _joined_path(invocation: Invocation, pattern: Pattern) -> Value:
    return path_join((one(pattern), *invocation.arguments.positional))


def _truth(_: Invocation, __: Pattern) -> Value:
    return frozenset(map(Constant, (True, False)))


def _number(_: Invocation, __: Pattern) -> Value:
    return mystery("it is a number")


def _pair_mapping(invocation: Invocation, pattern: Pattern) -> Value:
    made = Mapping(invocation.make("mapping"))
    invocation.heap.write(made.id, ANY, one(pattern))
    return one(made)


_METHODS: Final[dict[str, Callable[[Invocation, Pattern], Value]]] = {
    "format": _format,
    "join": _join,
    "replace": _replace,
    "split": _split,
    "rsplit": _split,
    "splitlines": _split,
    "partition": _split,
    "rpartition": _split,
    "get": _get,
    "pop": _get,
    "setdefault": _get,
    "values": _held,
    "keys": _keys,
    "items": _items,
    "groupdict": _pair_mapping,
    "removeprefix": _without("prefix"),
    "removesuffix": _without("suffix"),
    "joinpath": _joined_path,
    "startswith": _truth,
    "endswith": _truth,
    "isdigit": _truth,
    "exists": _truth,
    "find": _number,
    "index": _number,
    "count": _number,
}


def is_method(name: str) -> bool:
    """Tell whether texts, or what events hold, have a method of this name."""
    return name in _METHODS or name in _CASES or name in _SAME
