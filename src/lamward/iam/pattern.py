"""IAM's `*` and `?`: matching, covering and meeting, also where a part of the text is settled by the deployment.

`*` crosses every separator (IAM User Guide, "IAM JSON policy elements: Resource"); the Arn condition operators alone
compare part by part ("Amazon Resource Name (ARN) condition operators").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from msgspec import Struct

from lamward.iam.automaton import STAR, Characters, Exhausted, Glob, Token, Tokens, common, included
from lamward.model.access import Truth
from lamward.model.value import Reference, ReferenceKind, Symbolic

NOTHING: Final = (Token(Characters(frozenset())),)
"""The tokens of a pattern that matches nothing."""

_DIGIT: Final = Token(Characters(frozenset("0123456789")))
_SLUG: Final = Characters(frozenset("abcdefghijklmnopqrstuvwxyz0123456789-"))
ARN_PARTS: Final = 6


class Literal(Struct, frozen=True):
    """Text whose `*` and `?` mean themselves: `${*}`, or what a variable stands for."""

    text: str


class Variable(Struct, frozen=True):
    """A policy variable: the context key it stands for, and the text to take when the key is absent."""

    key: str
    default: str | None = None


class Without(Struct, frozen=True):
    """Any text that has none of some characters, as names of many kinds do not; perhaps no text at all."""

    characters: str
    empty: bool = True


Piece = str | Literal | Variable | Reference | Without
"""A piece of a pattern: text with wildcards, text without, or something that stands for a text."""

Pattern = tuple[Piece, ...]
_VARIABLE: Final = re.compile(r"\$\{([^{}]*)\}")
_LOWER: Final = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_DEFAULT: Final = re.compile(r"\s*([^,]*?)\s*,\s*'([^']*)'\s*")


def parse(value: str | Symbolic, *, variables: bool = False) -> Pattern:
    """Split a value into pieces; `variables` is whether `${…}` has a meaning (version 2012-10-17)."""
    if variables and isinstance(value, Symbolic) and any(_unclosed(part) for part in value.parts):
        # A variable whose very name is filled in by the deployment may stand for anything.
        return (Reference(ReferenceKind.DYNAMIC, str(value)),)
    pieces: list[Piece] = []
    for part in (value,) if isinstance(value, str) else value.parts:
        if isinstance(part, Reference) or not variables:
            pieces.append(part)
        else:
            pieces += _split(part)
    return tuple(pieces)


def _unclosed(part: str | Reference) -> bool:
    return isinstance(part, str) and part.rfind("${") > part.rfind("}")


def fold(text: str) -> str:
    """Make letter case irrelevant as IAM does: ASCII letters only [assumed; AWS does not say]."""
    return text.lower() if text.isascii() else text.translate(_LOWER)


def _split(text: str) -> Pattern:
    pieces: list[Piece] = []
    end = 0
    for found in _VARIABLE.finditer(text):
        if found.start() > end:
            pieces.append(text[end : found.start()])
        pieces.append(_variable(found[1]))
        end = found.end()
    if end < len(text):
        pieces.append(text[end:])
    return tuple(pieces)


def _variable(inside: str) -> Piece:
    if inside in ("*", "?", "$"):
        return Literal(inside)
    with_default = _DEFAULT.fullmatch(inside)
    if with_default:
        return Variable(with_default[1].lower(), with_default[2])
    return Variable(inside.strip().lower())


def match(pattern: str | Symbolic, text: str | Symbolic, *, ignore_case: bool = False) -> Truth:
    """Tell whether a pattern matches a text, `UNKNOWN` where the deployment decides."""
    if isinstance(pattern, str) and isinstance(text, str):
        return Truth.YES if matcher(pattern, ignore_case=ignore_case)(text) else Truth.NO
    return match_pieces(parse(pattern), _as_text(text), ignore_case=ignore_case)


def match_arn(pattern: str | Symbolic, text: str | Symbolic) -> Truth:
    """Tell whether an ARN matches as the Arn operators compare: each of the first five parts on its own."""
    return match_pieces(parse(pattern), _as_text(text), arn=True)


def covers(general: str | Symbolic, specific: str | Symbolic, *, ignore_case: bool = False) -> Truth:
    """Tell whether everything that `specific` matches is matched by `general`."""
    return _contained(parse(general), parse(specific), Reading(ignore_case))


def meets(first: str | Symbolic, second: str | Symbolic, *, ignore_case: bool = False) -> Truth:
    """Tell whether some text is matched by both patterns."""
    return meet_pieces(parse(first), parse(second), ignore_case=ignore_case)


def meet_pieces(one: Pattern, other: Pattern, *, ignore_case: bool = False) -> Truth:
    """Tell whether some text is matched by both patterns, given in pieces."""
    reading = Reading(ignore_case)
    try:
        if common((tokens(one, reading), tokens(other, reading))) is None:
            return Truth.NO
    except Exhausted:
        return Truth.UNKNOWN
    if not _holes(one) and not _holes(other):
        return Truth.YES
    shared = dict.fromkeys(_holes(one) & _holes(other))
    letters = {hole: chr(FIRST_LETTER + number) for number, hole in enumerate(shared)}
    certain = Reading(ignore_case, letters=letters, strict=True)
    return Truth.YES if common((tokens(one, certain), tokens(other, certain))) is not None else Truth.UNKNOWN


def _as_text(text: str | Symbolic) -> Pattern:
    if isinstance(text, str):
        return (Literal(text),)
    return tuple(Literal(part) if isinstance(part, str) else part for part in text.parts)


FIRST_LETTER: Final = 0xF0000
"""Holes are read as letters of a private-use plane that no policy uses."""

_FRESH_LETTERS: Final = {ord("*"): chr(FIRST_LETTER), ord("?"): chr(FIRST_LETTER + 1)}
"""What the wildcards of a pattern become in the hardest text that it matches."""


class Reading(Struct, frozen=True):
    """How to turn pieces into tokens.

    `letters` gives a hole a letter of its own, matched by itself and by `*`; a hole without one matches all that it
    may stand for, or nothing at all when `strict`. `arn` compares the first five parts on their own.
    """

    ignore_case: bool = False
    arn: bool = False
    letters: Mapping[Piece, str] = {}
    strict: bool = False


@lru_cache(maxsize=65_536)
def match_pieces(pattern: Pattern, text: Pattern, *, ignore_case: bool = False, arn: bool = False) -> Truth:
    """Tell whether a pattern matches a text, both in pieces."""
    reading = Reading(ignore_case, arn)
    shape = tokens((":".join("*" * ARN_PARTS),), Reading(arn=True))
    written = tokens(text, Reading(ignore_case))
    try:
        if common((tokens(pattern, reading), written, *((shape,) if arn else ()))) is None:
            return Truth.NO
        if arn and not included(written, shape):
            return Truth.UNKNOWN
    except Exhausted:
        return Truth.UNKNOWN
    return _contained(pattern, text, reading) or Truth.UNKNOWN


def _contained(general: Pattern, specific: Pattern, reading: Reading) -> Truth:
    """Tell whether one pattern covers another; holes that both have are the same text in both."""
    plainly = None if reading.arn else _plainly_contained(general, specific, reading.ignore_case)
    if plainly is not None:
        return Truth.YES if plainly else Truth.NO
    exact = not _holes(general) and not _holes(specific)
    try:
        for letters in _letterings(_holes(general), _holes(specific)):
            upper = Reading(reading.ignore_case, letters=letters)
            lower = Reading(reading.ignore_case, reading.arn, letters, strict=True)
            if included(tokens(specific, upper), tokens(general, lower)):
                return Truth.YES
    except Exhausted:
        return Truth.UNKNOWN
    return Truth.NO if exact else Truth.UNKNOWN


@lru_cache(maxsize=65_536)
def _plainly_contained(general: Pattern, specific: Pattern, ignore_case: bool) -> bool | None:  # noqa: FBT001
    """Tell by one match whether a pattern covers another; None where that takes an automaton."""
    # Of all that `specific` matches, fresh letters for its wildcards are the hardest: only stars take them. A `?` takes
    # one as well, though, and so speaks for no star.
    if not all(isinstance(piece, str | Literal) for piece in (*general, *specific)):
        return None
    starred = any("*" in piece for piece in specific if isinstance(piece, str))
    if starred and any("?" in piece for piece in general if isinstance(piece, str)):
        return None
    hardest = "".join(
        piece.text if isinstance(piece, Literal) else piece.translate(_FRESH_LETTERS)
        for piece in specific
        if isinstance(piece, str | Literal)
    )
    return bool(pieces_matcher(general, ignore_case=ignore_case)(hardest))


def _letterings(general: set[Piece], specific: set[Piece]) -> list[dict[Piece, str]]:
    shared = sorted(general & specific, key=str)
    named = {hole: chr(FIRST_LETTER + number) for number, hole in enumerate(shared)}
    return [named, {}] if named else [{}]


def _holes(pattern: Pattern) -> set[Piece]:
    return {piece for piece in pattern if isinstance(piece, Variable | Reference)}


def tokens(pattern: Pattern, reading: Reading) -> Tokens:
    """Turn pieces into the tokens of an automaton."""
    if not reading.letters:
        return _plain_tokens(pattern, reading.ignore_case, reading.arn, reading.strict)
    return _tokens(pattern, reading)


@lru_cache(maxsize=65_536)
def _plain_tokens(pattern: Pattern, ignore_case: bool, arn: bool, strict: bool) -> Tokens:  # noqa: FBT001
    return Glob(_tokens(pattern, Reading(ignore_case, arn, {}, strict)))


def _tokens(pattern: Pattern, reading: Reading) -> Tokens:
    found: list[Token] = []
    colons = 0
    one = Token(Characters(frozenset(reading.letters.values()), negated=True))
    # What may hold a colon itself is not matched by the star of one part.
    spanning = frozenset(letter for hole, letter in reading.letters.items() if not is_slug(hole))
    part = Token(Characters(frozenset(":") | spanning, negated=True), starred=True)
    for piece in pattern:
        if isinstance(piece, Variable | Reference):
            found += _hole(piece, reading)
            if not (reading.strict or is_slug(piece) or piece in reading.letters):
                # It may bring colons along: nobody knows in which part what follows stands.
                colons = ARN_PARTS
            continue
        if isinstance(piece, Without):
            excluded = frozenset(piece.characters) | frozenset(reading.letters.values())
            found += [] if piece.empty else [Token(Characters(excluded, negated=True))]
            found.append(Token(Characters(excluded, negated=True), starred=True))
            continue
        literal = isinstance(piece, Literal)
        for character in piece.text if isinstance(piece, Literal) else piece:
            parted = reading.arn and colons < ARN_PARTS - 1
            if character == ":":
                colons += 1
            found.append(_token(character, part if parted else STAR, one, reading, literal=literal))
    return _merge_stars(found)


def is_slug(hole: Piece) -> bool:
    """Tell whether what a hole stands for never holds a colon."""
    return isinstance(hole, Reference) and hole.target in ("AWS::AccountId", "AWS::Region", "AWS::Partition")


def _token(character: str, star: Token, one: Token, reading: Reading, *, literal: bool) -> Token:
    if character == "*" and not literal:
        return star
    if character == "?" and not literal:
        return one if star == STAR else Token(Characters(one.characters.members | {":"}, negated=True))
    if reading.ignore_case and character.isascii():
        return Token(Characters(frozenset((character.lower(), character.upper(), character))))
    return Token(Characters(frozenset(character)))


def _hole(piece: Variable | Reference, reading: Reading) -> Tokens:
    letter = reading.letters.get(piece)
    if letter is not None:
        return (Token(Characters(frozenset(letter))),)
    return NOTHING if reading.strict else language(piece)


def language(piece: Variable | Reference) -> Tokens:
    """Give all that a hole may stand for, or somewhat more."""
    if isinstance(piece, Reference) and piece.kind is ReferenceKind.PSEUDO:
        match piece.target:
            case "AWS::AccountId":
                return (_DIGIT,) * 12
            case "AWS::Region":
                return (Token(_SLUG), Token(_SLUG, starred=True))
            case "AWS::Partition":
                return (*(_plain(letter) for letter in "aws"), Token(_SLUG, starred=True))
            case _:
                return (STAR,)
    if (
        isinstance(piece, Reference)
        and piece.kind is ReferenceKind.RESOURCE
        and piece.attribute.endswith("Arn")
    ):
        return (*(_plain(letter) for letter in "arn:aws"), STAR)
    return (STAR,)


def _plain(character: str) -> Token:
    return Token(Characters(frozenset(character)))


def _merge_stars(found: list[Token]) -> Tokens:
    merged: list[Token] = []
    for token in found:
        if not (merged and token.starred and merged[-1] == token):
            merged.append(token)
    return tuple(merged)


@lru_cache(maxsize=65_536)
def matcher(pattern: str, *, ignore_case: bool = False) -> Callable[[str], object]:
    """Compile a plain pattern into what tells whether it matches a whole text."""
    if "*" not in pattern and "?" not in pattern:
        return _equals(pattern, ignore_case=ignore_case)
    if pattern == "*":
        return _always
    return _expression((pattern,), ignore_case=ignore_case)


def _equals(pattern: str, *, ignore_case: bool) -> Callable[[str], object]:
    if not ignore_case:
        return pattern.__eq__
    folded = fold(pattern)
    return lambda text: fold(text) == folded


def _always(_text: str) -> bool:
    return True


def pieces_matcher(pattern: Pattern, *, ignore_case: bool = False) -> Callable[[str], object]:
    """Compile a pattern of settled pieces (no variables, no references)."""
    if len(pattern) == 1 and isinstance(pattern[0], str):
        return matcher(pattern[0], ignore_case=ignore_case)
    return _expression(pattern, ignore_case=ignore_case)


@lru_cache(maxsize=65_536)
def _expression(pattern: Pattern, *, ignore_case: bool) -> Callable[[str], object]:
    """Write the regular expression of a glob.

    Each part between two stars is taken at the first place it fits and never reconsidered (an atomic group): no match
    is lost, and a hostile pattern of many stars cannot run for ever.
    """
    parts = [""]
    for piece in pattern:
        if isinstance(piece, Literal):
            parts[-1] += re.escape(piece.text)
            continue
        for number, text in enumerate(str(piece).split("*")):
            escaped = re.escape(text).replace(r"\?", ".")
            parts[len(parts) :] = [escaped] if number else []
            parts[-1] += "" if number else escaped
    flags = re.DOTALL | (re.IGNORECASE | re.ASCII if ignore_case else 0)
    if len(parts) == 1:
        return re.compile(parts[0], flags).fullmatch
    middle = "".join(f"(?>.*?{part})" for part in parts[1:-1])
    return re.compile(f"{parts[0]}{middle}.*{parts[-1]}", flags).fullmatch


def arn_matcher(pattern: Pattern) -> Callable[[str], bool]:
    """Compile a pattern of settled pieces for the Arn operators."""
    parts = split_arn(pattern)
    if parts is None:
        return lambda _text: False
    compiled = [pieces_matcher(part) for part in parts]

    def matches(text: str) -> bool:
        found = text.split(":", ARN_PARTS - 1)
        return len(found) == ARN_PARTS and all(fits(part) for fits, part in zip(compiled, found, strict=True))

    return matches


def split_arn(pattern: Pattern) -> tuple[Pattern, ...] | None:
    """Split a pattern at its first five colons; None when it has fewer, and so is no ARN."""
    parts: list[list[Piece]] = [[]]
    for piece in pattern:
        if not isinstance(piece, str | Literal):
            parts[-1].append(piece)
            continue
        literal = isinstance(piece, Literal)
        text = piece.text if isinstance(piece, Literal) else piece
        for number, part in enumerate(text.split(":", ARN_PARTS - len(parts))):
            if number:
                parts.append([])
            if part:
                parts[-1].append(Literal(part) if literal else part)
    return tuple(tuple(part) or ("",) for part in parts) if len(parts) == ARN_PARTS else None
