"""IAM's `*` and `?`: matching, covering and meeting, also where a part of the text is settled by the deployment.

`*` crosses every separator (IAM User Guide, "IAM JSON policy elements: Resource"); the Arn condition operators alone
compare part by part ("Amazon Resource Name (ARN) condition operators").
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from msgspec import Struct

from lamward.iam.automaton import STAR, Characters, Exhausted, Glob, Token, Tokens, common, included
from lamward.iam.matching import arn_matcher, matcher, pieces_matcher
from lamward.iam.pieces import ARN_PARTS, Literal, Pattern, Piece, Variable, Without, fold, parse, split_arn
from lamward.model.access import Truth
from lamward.model.value import Reference, ReferenceKind, Symbolic

__all__ = [
    "ARN_PARTS",
    "FIRST_LETTER",
    "NOTHING",
    "Literal",
    "Pattern",
    "Piece",
    "Reading",
    "Variable",
    "Without",
    "arn_matcher",
    "covers",
    "fold",
    "is_slug",
    "language",
    "match",
    "match_arn",
    "match_pieces",
    "matcher",
    "meet_pieces",
    "meets",
    "parse",
    "pieces_matcher",
    "split_arn",
    "tokens",
]

NOTHING: Final = (Token(Characters(frozenset())),)
"""The tokens of a pattern that matches nothing."""

_DIGIT: Final = Token(Characters(frozenset("0123456789")))
_SLUG: Final = Characters(frozenset("abcdefghijklmnopqrstuvwxyz0123456789-"))


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
    try:
        if not may_meet(one, other, ignore_case):
            return Truth.NO
    except Exhausted:
        return Truth.UNKNOWN
    if not _holes(one) and not _holes(other):
        return Truth.YES
    shared = dict.fromkeys(_holes(one) & _holes(other))
    letters = {hole: chr(FIRST_LETTER + number) for number, hole in enumerate(shared)}
    certain = Reading(ignore_case, letters=letters, strict=True)
    return Truth.YES if common((tokens(one, certain), tokens(other, certain))) is not None else Truth.UNKNOWN


@lru_cache(maxsize=65_536)
def may_meet(one: Pattern, other: Pattern, ignore_case: bool = False) -> bool:  # noqa: FBT001, FBT002 - for the cache
    """Tell whether some text may be matched by both patterns, whatever the deployment fills in; may be `Exhausted`."""
    reading = Reading(ignore_case)
    return common((tokens(one, reading), tokens(other, reading))) is not None


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
    return _token_of(character)


def _token_of(character: str) -> Token:
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
                return (*map(_token_of, "aws"), Token(_SLUG, starred=True))
            case _:
                return (STAR,)
    if (
        isinstance(piece, Reference)
        and piece.kind is ReferenceKind.RESOURCE
        and piece.attribute.endswith("Arn")
    ):
        return (*map(_token_of, "arn:aws"), STAR)
    return (STAR,)


def _merge_stars(found: list[Token]) -> Tokens:
    merged: list[Token] = []
    for token in found:
        if not (merged and token.starred and merged[-1] == token):
            merged.append(token)
    return tuple(merged)
