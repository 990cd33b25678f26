"""Dimensions that are compared in several ways at once: as text and as a number, a date or an address.

A cell is what the patterns say of a value together with what the comparisons say of it. Values are looked for in every
combination; one that no value was found for is kept, last and with a value that does not fit: a request made of it is
not confirmed, and the answer is open rather than wrong.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final

from lamward.iam.automaton import Token, Tokens
from lamward.iam.operands import Comparison
from lamward.iam.prove.dimensions import (
    Cells,
    Measure,
    Single,
    TextPredicate,
    address_starts,
    measured,
    narrow_cells,
    numbers,
    signature_of,
    text_cells,
)

Numbered = tuple[tuple[TextPredicate | Measure, int], ...]
"""Predicates with the bits that they have in a signature."""

_FILLINGS: Final = (
    *("", "0", "5", "9", "00", "05", "50", "95", "99", "000", "1.5", "x"),
    *("01-01T00:00:00Z", "06-15T12:00:00Z", "12-31T23:59:59Z", "-01-01T00:00:00Z", "T00:00:00Z"),
    *("0.0.1", "1.2.3", "128.0.1", "255.255.255", "0.1", "1.1", "128.1", ":1", "::1"),
)
"""What the stars of a pattern may stand for in numbers, dates and addresses."""

_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND: Final = Decimal("0.000001")


@lru_cache(maxsize=1024)
def cut_mixed(predicates: Numbered) -> tuple[Single, int]:
    """Cut a dimension with one value at most; give the steps it took, too."""
    texts = {each: bit for each, bit in predicates if isinstance(each, TextPredicate)}
    measures = {each: bit for each, bit in predicates if isinstance(each, Measure)}
    cells = text_cells(tuple(texts), frozenset(), within=None)
    combined = _Combined(texts, measures, cells)
    return combined.single(), cells.steps + len(combined.found)


class _Combined:
    """The combinations of what patterns and comparisons say, each with a value."""

    def __init__(
        self, texts: Mapping[TextPredicate, int], measures: Mapping[Measure, int], cells: Cells
    ) -> None:
        self.texts, self.measures = texts, measures
        self.plain = tuple(texts)
        self.found: dict[int, str] = {}
        sizes = [self._sizes(text) for text in self._spelled()]
        # A size that no date was found for may yet be one of dates alone, which are no numbers.
        dates = sum(1 << bit for each, bit in measures.items() if each.comparison is Comparison.DATE)
        possible = dict.fromkeys((*sizes, *(size & dates for size in sizes)))
        for text in (*self._spelled(), *self._shown(cells)):
            self.found.setdefault(self._signature(text), text)
        self.doubtful: dict[int, str] = {}
        for signature, text in cells.pieces:
            if not self._is_one_text(signature):
                own = self._numbered(signature)
                self.doubtful.update((own | size, text) for size in possible if own | size not in self.found)

    def single(self) -> Single:
        """Make the dimension, what has a value first."""
        addresses = {
            each: bit for each, bit in self.measures.items() if each.comparison is Comparison.ADDRESS
        }
        own = sum(1 << bit for bit in addresses.values())
        narrow = {
            sum(1 << bit for place, bit in enumerate(addresses.values()) if signature >> place & 1)
            for signature in (narrow_cells(tuple(addresses)) if addresses else ())
        }
        everything = {**self.found, **self.doubtful}
        return Single(
            everything.items(),
            optional=True,
            narrow=frozenset(each for each in everything if each & own in narrow and each & own),
        )

    def _signature(self, text: str) -> int:
        return (self._numbered(signature_of(self.plain, text)) if self.plain else 0) | self._sizes(text)

    def _numbered(self, signature: int) -> int:
        return sum(1 << bit for place, bit in enumerate(self.texts.values()) if signature >> place & 1)

    def _sizes(self, text: str) -> int:
        return sum(1 << bit for each, bit in self.measures.items() if measured(each, text))

    def _is_one_text(self, signature: int) -> bool:
        """Tell whether a cell of text holds one text only: a pattern of it has nothing that varies."""
        return any(
            signature >> place & 1 and all(map(_is_fixed, each.tokens))
            for place, each in enumerate(self.plain)
        )

    def _spelled(self) -> Iterator[str]:
        """List values of every size, written in several ways, and one without any."""
        lines = tuple(each for each in self.measures if each.comparison is not Comparison.ADDRESS)
        if lines:
            found = [Decimal(text) for text in numbers(lines)]
            for value in found:
                yield from _numerals(value)
            if any(each.comparison is Comparison.DATE for each in lines):
                for value in found:
                    yield from _dates(value, found)
        addresses = tuple(each for each in self.measures if each.comparison is Comparison.ADDRESS)
        yield from address_starts(addresses) if addresses else ()
        yield "none"

    def _shown(self, cells: Cells) -> Iterator[str]:
        """List texts that the patterns match, some of which are numbers, dates or addresses."""
        for _, text in cells.pieces:
            yield from (text, text + "x", "x" + text)
        for each in self.plain:
            yield from _filled(each.tokens)


def _is_fixed(token: Token) -> bool:
    return not token.starred and not token.characters.negated and len(token.characters.members) == 1


def _numerals(value: Decimal) -> Iterator[str]:
    text = str(value)
    yield text
    if "E" not in text:
        yield from (text + (".0" if "." not in text else "0"), f"{value:f}", f"{value:+f}")


def _dates(value: Decimal, others: Iterable[Decimal]) -> Iterator[str]:
    """Write a number of seconds as a date, and what lies next to it without reaching another."""
    first = Decimal(
        (datetime.datetime.min.replace(tzinfo=datetime.UTC) - _EPOCH) // datetime.timedelta(seconds=1)
    )
    last = Decimal(
        (datetime.datetime.max.replace(tzinfo=datetime.UTC) - _EPOCH) // datetime.timedelta(seconds=1)
    )
    below = max((each for each in others if each < value), default=first - 1)
    for each in (value, min(max(value, first), last), below + _MICROSECOND, below + 1):
        if first <= each <= last:
            moment = _EPOCH + datetime.timedelta(microseconds=int(each / _MICROSECOND))
            yield moment.isoformat().replace("+00:00", "Z")


def _filled(tokens: Tokens) -> Iterator[str]:
    """Write texts of a pattern, its stars filled in."""
    for filling in _FILLINGS:
        yield "".join(
            (filling if _takes(each, filling) else "") if each.starred else _one(each) for each in tokens
        )


def _takes(token: Token, text: str) -> bool:
    members, negated = token.characters
    return all((each in members) is not negated for each in text)


def _one(token: Token) -> str:
    members, negated = token.characters
    return (
        next((each for each in "105x" if each not in members), "y") if negated else min(members, default="")
    )
