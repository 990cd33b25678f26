"""Globs as one bit-parallel automaton: several patterns side by side in a single integer.

State `i` of a glob means that its first `i` tokens are matched; a step is two masks and a shift for all globs at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace


class Characters(NamedTuple):
    """A set of characters: `members`, or everything else when `negated`."""

    members: frozenset[str]
    negated: bool = False

    def __contains__(self, character: object) -> bool:
        return (character in self.members) is not self.negated

    def is_apart_from(self, other: Characters) -> bool:
        """Tell whether no character is in both sets."""
        if self.negated:
            return not other.negated and other.members <= self.members
        return self.members <= other.members if other.negated else self.members.isdisjoint(other.members)


class Token(NamedTuple):
    """One character out of a set, or any number of them when `starred`."""

    characters: Characters
    starred: bool = False


ANY: Final = Characters(frozenset(), negated=True)
STAR: Final = Token(ANY, starred=True)
Tokens = tuple[Token, ...]


class Glob(tuple[Token, ...]):  # noqa: SLOT001 - a tuple cannot have slots of its own
    """Tokens that know their hash: they are looked up over and over."""

    _hash: int

    def __hash__(self) -> int:
        """Give the hash of the tokens, worked out once."""
        try:
            return self._hash
        except AttributeError:
            self._hash = super().__hash__()
            return self._hash


FRESH: Final = "x0-/:_Qé中"
"""Characters to stand for all those no pattern mentions, the most readable first."""


class Automaton(Struct, frozen=True):
    """The globs laid out side by side; `accepts[g]` is the accepting bit of glob `g`, `regions[g]` all its bits.

    `stars` are the states before a token that may be skipped, `loops` those before a star that matches anything:
    `earlier` has for each of the latter all states before it in its glob.

    `letters` stand for texts that nobody knows; the globs of `smeared` match them by whatever those may be.
    """

    start: int
    accepts: tuple[int, ...]
    regions: tuple[int, ...]
    table: Mapping[str, tuple[int, int]]
    default: tuple[int, int]
    stars: int
    loops: int
    earlier: Mapping[int, int]
    literals: Mapping[int, frozenset[str]]
    branching: int
    other: str
    letters: frozenset[str] = frozenset()
    smeared: tuple[int, ...] = ()

    def step(self, state: int, character: str) -> int:
        """Read one character."""
        advance, loop = self.table.get(character, self.default)
        following = ((state & advance) << 1) | (state & loop)
        if character in self.letters:
            for region in self.smeared:
                live = state & region
                # A text that may be anything leads from the first live state to every later one.
                following = (following & ~region) | (region & ~((live & -live) - 1) if live else 0)
        return self.close(following)

    def close(self, state: int) -> int:
        """Skip stars, and forget states that a later star makes pointless: it matches whatever they would."""
        skipped = (state & self.stars) << 1
        while skipped & ~state:
            state |= skipped
            skipped = (state & self.stars) << 1
        hit = state & self.loops
        while hit:
            last = 1 << (hit.bit_length() - 1)
            pointless = self.earlier[last]
            state &= ~pointless
            hit &= ~(pointless | last)
        return state

    def characters(self, state: int) -> Iterator[str]:
        """List one character for each way the state can move."""
        live = state & self.branching
        found: set[str] = set()
        while live:
            low = live & -live
            found |= self.literals[low]
            live ^= low
        yield self.other
        yield from sorted(found)


def build(
    globs: Sequence[Tokens], *, letters: frozenset[str] = frozenset(), smeared: Iterable[int] = ()
) -> Automaton:
    """Lay out the globs; every one starts in its own first state. `smeared` are the indexes of smeared globs."""
    places: list[tuple[int, Token]] = []
    accepts: list[int] = []
    regions: list[int] = []
    starts = 0
    earlier: dict[int, int] = {}
    offset = 0
    for tokens in globs:
        first = offset
        starts |= 1 << first
        for token in tokens:
            places.append((offset, token))
            if token == STAR:
                earlier[1 << offset] = (1 << offset) - (1 << first)
            offset += 1
        accepts.append(1 << offset)
        offset += 1
        regions.append((1 << offset) - (1 << first))
    made = _assemble(places, starts, tuple(accepts), tuple(regions), earlier)
    if not letters:
        return made
    return replace(made, letters=letters, smeared=tuple(regions[index] for index in smeared))


def _assemble(
    places: list[tuple[int, Token]],
    starts: int,
    accepts: tuple[int, ...],
    regions: tuple[int, ...],
    earlier: dict[int, int],
) -> Automaton:
    mentioned = frozenset[str]().union(*(token.characters.members for _, token in places))
    masks = {character: [0, 0] for character in mentioned}
    default = [0, 0]
    stars = branching = 0
    literals: dict[int, frozenset[str]] = {}
    for offset, token in places:
        bit = 1 << offset
        stars |= bit if token.starred else 0
        _enter(masks, default, token, bit)
        if token.characters.members:
            branching |= bit
            literals[bit] = token.characters.members
    table = {character: (advance, loop) for character, (advance, loop) in masks.items()}
    other = next(character for character in _fresh() if character not in mentioned)
    automaton = Automaton(
        starts,
        accepts,
        regions,
        table,
        (default[0], default[1]),
        stars,
        sum(earlier),
        earlier,
        literals,
        branching,
        other,
    )
    return replace(automaton, start=automaton.close(starts))


def _enter(masks: dict[str, list[int]], default: list[int], token: Token, bit: int) -> None:
    """Enter in the table which characters move a state: on (0) or in a circle (1)."""
    kind = 1 if token.starred else 0
    members, negated = token.characters
    if negated:
        default[kind] |= bit
    for character in masks.keys() - members if negated else members:
        masks[character][kind] |= bit


def _fresh() -> Iterator[str]:
    yield from FRESH
    for code in range(0x4E00, 0x9FFF):
        yield chr(code)


def explore(automaton: Automaton, *, alive: int | None, limit: int) -> Iterator[tuple[int, str]]:
    """List reachable states with a shortest text for each: those in which a bit of `alive` is set, or all.

    Raises `Exhausted` after `limit` states.
    """
    seen = {automaton.start}
    queue: list[tuple[int, str]] = [(automaton.start, "")]
    for state, text in queue:
        if alive is not None and not state & alive:
            continue
        yield state, text
        for character in automaton.characters(state):
            following = automaton.step(state, character)
            if following not in seen:
                seen.add(following)
                if len(seen) > limit:
                    raise Exhausted
                queue.append((following, text + character))


class Exhausted(Exception):
    """The budget of states or steps is used up; whoever set it says so in the answer."""


def included(specific: Tokens, general: Tokens, *, limit: int = 20_000) -> bool:
    """Tell whether every text of one glob is a text of the other."""
    automaton = build((specific, general))
    inside, outside = automaton.accepts
    states = explore(automaton, alive=automaton.regions[0], limit=limit)
    return all(state & outside or not state & inside for state, _ in states)


READY: Final = 500
"""States that are looked at before two globs are compared place by place."""


def common(globs: Iterable[Tokens], *, limit: int = 20_000) -> str | None:
    """Give a text that all the globs match, or None; two globs never exhaust the limit."""
    globs = tuple(globs)
    if any(_begin_apart(one, globs[0]) or _begin_apart(one[::-1], globs[0][::-1]) for one in globs[1:]):
        return None
    automaton = build(globs)
    wanted = sum(automaton.accepts)
    two = len(globs) == 2
    try:
        for state, text in explore(automaton, alive=-1, limit=READY if two else limit):
            if state & wanted == wanted:
                return text
    except Exhausted:
        if two:
            return _common_of_two(*globs)
        raise
    return None


def _common_of_two(one: Tokens, other: Tokens) -> str | None:
    """Walk both globs at once, a place in each: there are no more pairs of places than one length times the other."""
    seen = {(0, 0)}
    queue = deque([(0, 0, "")])
    while queue:
        first, second, text = queue.popleft()
        if (first, second) == (len(one), len(other)):
            return text
        for place in _steps(one, other, first, second):
            if place[:2] not in seen:
                seen.add(place[:2])
                if place[2]:
                    queue.append((*place[:2], text + place[2]))
                else:
                    queue.appendleft((*place[:2], text))
    return None


def _steps(one: Tokens, other: Tokens, first: int, second: int) -> Iterator[tuple[int, int, str]]:
    """List the places that follow: past a star, or one character further in both globs."""
    left = one[first] if first < len(one) else None
    right = other[second] if second < len(other) else None
    if left is not None and left.starred:
        yield first + 1, second, ""
    if right is not None and right.starred:
        yield first, second + 1, ""
    if left is not None and right is not None:
        character = _shared(left.characters, right.characters)
        if character:
            yield first + (not left.starred), second + (not right.starred), character


def _shared(one: Characters, other: Characters) -> str:
    """Give a character that is in both sets; empty when there is none."""
    if not one.negated:
        both = one.members - other.members if other.negated else one.members & other.members
        return min(both, default="")
    if not other.negated:
        return min(other.members - one.members, default="")
    return next(each for each in _fresh() if each not in one.members and each not in other.members)


def _begin_apart(one: Tokens, other: Tokens) -> bool:
    """Tell whether what comes before the first stars differs: then no text is in both globs."""
    for first, second in zip(one, other, strict=False):
        if first.starred or second.starred:
            return False
        if first.characters.is_apart_from(second.characters):
            return True
    return False
