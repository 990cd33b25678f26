"""Dimensions of a request cut into atoms: the finitely many values that a set of conditions can tell apart.

A condition on a dimension becomes a set of atoms, which is the bits of an integer; every atom has a witness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import pairwise, zip_longest
from typing import Final, NamedTuple, Protocol

from lamward.iam import automaton, operands
from lamward.iam.automaton import Exhausted, Tokens
from lamward.iam.operands import Comparison, Quantifier
from lamward.iam.prove.answers import GaveUp
from lamward.model.access import ContextValue

STATES: Final = 20_000
SET_ATOMS: Final = 4_096
MOST_TOKENS: Final = 65_536
WIDE_STATES: Final = 16_384
"""Each state has a bit for every character of every pattern: the more there are, the fewer states are looked at."""


class Formula(NamedTuple):
    """A condition on one dimension: one of the predicates holds (or none, `negated`).

    `when_absent` is its value where the key is absent. The quantifier matters for keys with several values.
    """

    predicates: tuple[int, ...]
    negated: bool = False
    when_absent: bool = False
    quantifier: Quantifier = Quantifier.NONE

    def of(self, signature: int) -> bool:
        """Tell whether it holds for a value that satisfies the predicates of the signature."""
        return any(signature >> index & 1 for index in self.predicates) is not self.negated


PRESENT: Final = Formula((), negated=True)
ABSENT: Final = Formula((), when_absent=True)
NEVER: Final = Formula(())


class Atom(NamedTuple):
    """A cell of a dimension and a value in it; None is the absent key."""

    signature: int
    witness: ContextValue | None


class Dimension(Protocol):
    """A dimension that has been cut."""

    atoms: list[Atom]
    broad: int

    def mask(self, formula: Formula) -> int:
        """Give the atoms for which a formula holds."""


class Single:
    """A dimension with at most one value. `broad` are the atoms of which no narrow range of addresses is all."""

    def __init__(
        self, cells: Iterable[tuple[int, str]], *, optional: bool, narrow: frozenset[int] = frozenset()
    ) -> None:
        found: dict[int, str] = {}
        for signature, text in cells:
            found.setdefault(signature, text)
        self.atoms = [Atom(signature, text) for signature, text in found.items()]
        if optional:
            self.atoms.insert(0, Atom(0, None))
        self.broad = sum(1 << index for index, atom in enumerate(self.atoms) if atom.signature not in narrow)
        self._masks: dict[Formula, int] = {}

    def mask(self, formula: Formula) -> int:
        """Give the atoms for which a formula holds."""
        found = self._masks.get(formula)
        if found is None:
            found = 0
            for index, (signature, witness) in enumerate(self.atoms):
                if formula.when_absent if witness is None else formula.of(signature):
                    found |= 1 << index
            self._masks[formula] = found
        return found


class Several:
    """A dimension with a set of values; no value at all and the absent key are the same."""

    broad = -1

    def __init__(self, cells: Iterable[tuple[int, str]], formulas: Iterable[Formula]) -> None:
        found: dict[int, str] = {}
        for signature, text in cells:
            found.setdefault(signature, text)
        self.cells = list(found.items())
        self.subsets = list(dict.fromkeys(self._subset(formula)[0] for formula in formulas))
        self.atoms = [Atom((1 << len(self.subsets)) - 1, None), *self._feasible()]

    def _subset(self, formula: Formula) -> tuple[int, bool]:
        """Write a formula as `the values lie in this set of cells`, or as its negation."""
        inside = sum(1 << index for index, (signature, _) in enumerate(self.cells) if formula.of(signature))
        if formula.quantifier is Quantifier.ALL:
            return inside, True
        return ((1 << len(self.cells)) - 1) & ~inside, False

    def _feasible(self) -> list[Atom]:
        """List the combinations that some non-empty set of values has; one value for each that must stick out."""
        everything = (1 << len(self.cells)) - 1
        open_: list[tuple[int, int, tuple[int, ...]]] = [(0, everything, ())]
        for index, subset in enumerate(self.subsets):
            following = []
            for signature, inside, outside in open_:
                narrowed = inside & subset
                if narrowed and all(narrowed & each for each in outside):
                    following.append((signature | 1 << index, narrowed, outside))
                if inside & ~subset:
                    following.append((signature, inside, (*outside, everything & ~subset)))
            if len(following) > SET_ATOMS:
                raise GaveUp("a multivalued key is compared in too many ways")
            open_ = following
        return [
            Atom(signature, self._values(inside, outside))
            for signature, inside, outside in open_
            if all(inside & each for each in outside)
        ]

    def _values(self, inside: int, outside: tuple[int, ...]) -> tuple[str, ...]:
        chosen = {self._first(inside & each) for each in outside} or {self._first(inside)}
        return tuple(self.cells[index][1] for index in sorted(chosen))

    @staticmethod
    def _first(cells: int) -> int:
        return (cells & -cells).bit_length() - 1

    def mask(self, formula: Formula) -> int:
        """Give the atoms for which a formula holds."""
        if formula.quantifier is Quantifier.NONE:
            return sum(
                1 << index
                for index, atom in enumerate(self.atoms)
                if (formula.when_absent if atom.witness is None else formula.negated)
            )
        subset, wanted = self._subset(formula)
        place = self.subsets.index(subset)
        found = 0
        for index, (signature, witness) in enumerate(self.atoms):
            holds = formula.when_absent if witness is None else bool(signature >> place & 1) is wanted
            found |= 1 << index if holds else 0
        return found


class TextPredicate(NamedTuple):
    """A pattern on text; a smeared one also matches what unknown parts of the text might be."""

    tokens: Tokens
    smeared: bool = False


class Cells(NamedTuple):
    """The pieces of a dimension of text, shortest texts first, and how many steps it took to find them."""

    pieces: tuple[tuple[int, str], ...]
    steps: int


@lru_cache(maxsize=8192)
def text_cells(
    predicates: tuple[TextPredicate, ...], letters: frozenset[str], *, within: int | None
) -> Cells:
    """Cut texts into the cells that patterns can tell apart; `within` keeps to the texts of one."""
    if not predicates:
        return Cells(((0, "value"),), 0)
    found: dict[int, str] = {}
    steps = 0
    size = sum(len(predicate.tokens) for predicate in predicates)
    limit = STATES // (1 + size // WIDE_STATES)
    smeared = [index for index, predicate in enumerate(predicates) if predicate.smeared]
    machine = automaton.build(
        [predicate.tokens for predicate in predicates], letters=letters, smeared=smeared
    )
    alive = None if within is None else machine.regions[within]
    accepts = list(enumerate(machine.accepts))
    try:
        for state, text in automaton.explore(machine, alive=alive, limit=limit):
            steps += 1
            if within is None or state & machine.accepts[within]:
                found.setdefault(sum(1 << index for index, bit in accepts if state & bit), text)
    except Exhausted:
        raise GaveUp("the patterns cut texts into too many pieces") from None
    return Cells(tuple(found.items()), steps)


@lru_cache(maxsize=8192)
def cut_text(
    predicates: tuple[TextPredicate, ...], letters: frozenset[str], *, within: int | None
) -> tuple[Single, int]:
    """Cut a dimension of texts with one value at most; give the steps it took, too."""
    cells = text_cells(predicates, letters, within=within)
    return Single(cells.pieces, optional=within is None), cells.steps


@lru_cache(maxsize=4096)
def cut_measures(predicates: tuple[Measure, ...], *, strict: bool = False) -> Single:
    """Cut a dimension of numbers, dates or addresses; a strict one has nothing else."""
    addresses = predicates[0].comparison is Comparison.ADDRESS
    narrow = narrow_cells(predicates) if addresses else frozenset[int]()
    return Single(measure_cells(predicates, strict=strict), optional=True, narrow=narrow)


@lru_cache(maxsize=4096)
def _machine(predicates: tuple[TextPredicate, ...]) -> automaton.Automaton:
    return automaton.build([predicate.tokens for predicate in predicates])


@lru_cache(maxsize=8192)
def signature_of(predicates: tuple[TextPredicate, ...], text: str) -> int:
    """Give the predicates that a text without letters satisfies."""
    machine = _machine(predicates)
    state = machine.start
    for character in text:
        state = machine.step(state, character)
    return sum(1 << index for index, bit in enumerate(machine.accepts) if state & bit)


class Measure(NamedTuple):
    """A comparison with a number, a date or a range of addresses."""

    comparison: Comparison
    relation: str
    bound: str


_HOLDS: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    "==": Decimal.__eq__,
    "<": Decimal.__lt__,
    "<=": Decimal.__le__,
    ">": Decimal.__gt__,
    ">=": Decimal.__ge__,
}


def measure_cells(predicates: tuple[Measure, ...], *, strict: bool) -> Iterator[tuple[int, str]]:
    """List the cells that comparisons cut numbers, dates or addresses into, and one for what is none of these."""
    addresses = any(predicate.comparison is Comparison.ADDRESS for predicate in predicates)
    found = (address_starts if addresses else numbers)(predicates)
    for text in found if strict else (*found, "none"):
        yield sum(1 << index for index, each in enumerate(predicates) if measured(each, text)), text


def measured(predicate: Measure, text: str) -> bool:
    """Tell whether a comparison holds for a value."""
    if predicate.comparison is Comparison.ADDRESS:
        inside, around = operands.network(text), operands.network(predicate.bound)
        return (
            inside is not None
            and around is not None
            and inside.version == around.version
            and inside.network_address in around
        )
    held = operands.measure(predicate.comparison, text)
    bound = operands.measure(predicate.comparison, predicate.bound)
    return held is not None and bound is not None and _HOLDS[predicate.relation](held, bound)


def numbers(predicates: tuple[Measure, ...]) -> Iterator[str]:
    """List a number of each piece: every bound, one between any two, one below and one above."""
    found = {operands.measure(each.comparison, each.bound) for each in predicates}
    cuts = sorted(cut for cut in found if cut is not None)
    if not cuts:
        yield "0"
        return
    yield "0" if cuts[0] > 0 else str(_ROUGH.fma(cuts[0], 2, -1))
    for cut, following in zip_longest(cuts, cuts[1:]):
        yield str(cut)
        if following is not None:
            yield from _between(cut, following)
    yield "0" if cuts[-1] < 0 else str(_ROUGH.fma(cuts[-1], 2, 1))


_ROUGH: Final = Context(prec=9, Emax=MAX_EMAX, Emin=MIN_EMIN)
_EXACT: Final = Context(prec=160, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Twice the digits that a number of a policy may have, and any exponent."""


def _between(low: Decimal, high: Decimal) -> Iterator[str]:
    """Give a short number between two others; none where it would take more digits than a number may have."""
    if low < 0 < high:
        yield "0"
        return
    middle = _EXACT.divide(_EXACT.add(low, high), Decimal(2))
    for digits in range(1, operands.LONGEST_NUMBER):
        text = str(Context(prec=digits, Emax=MAX_EMAX, Emin=MIN_EMIN).plus(middle))
        if len(text) <= operands.LONGEST_NUMBER and low < Decimal(text) < high:
            yield text
            return


def address_starts(predicates: tuple[Measure, ...]) -> Iterator[str]:
    """List the first address of each piece: ranges begin somewhere, and end before somewhere."""
    yield "0.0.0.0"  # noqa: S104 - an address to compare, not to listen on
    yield "::"
    for predicate in predicates:
        network = operands.network(predicate.bound)
        if network is not None:
            yield str(network.network_address)
            beyond = int(network.broadcast_address) + 1
            if beyond < 1 << network.max_prefixlen:
                yield str(type(network.network_address)(beyond))


BROAD: Final = {4: 1 << 24, 6: 1 << 96}
"""How many addresses make a range that names nobody: a /8 of IPv4, a /32 of IPv6."""


def narrow_cells(predicates: tuple[Measure, ...]) -> frozenset[int]:
    """Give the signatures that fewer addresses have than make a broad range."""
    sizes: dict[tuple[int, int], int] = {}
    for version, bits in ((4, 32), (6, 128)):
        starts = sorted(
            {int(ip_address(text)) for text in address_starts(predicates) if (":" in text) is (version == 6)}
        )
        for start, end in pairwise((*starts, 1 << bits)):
            address = str((IPv4Address if version == 4 else IPv6Address)(start))
            signature = sum(1 << index for index, each in enumerate(predicates) if measured(each, address))
            sizes[signature, version] = sizes.get((signature, version), 0) + end - start
    broad = {signature for (signature, version), size in sizes.items() if size >= BROAD[version]}
    return frozenset(signature for signature, _ in sizes if signature not in broad)
