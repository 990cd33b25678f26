"""The space of requests around one action: its dimensions, and statements as boxes in it.

A statement that cannot be told exactly has two boxes, a wide one and a narrow one. Letters stand for what policy
variables and the deployment fill in: a wide box takes them for anything, a narrow one only for themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from lamward.iam import operands, pattern
from lamward.iam.automaton import STAR, Tokens
from lamward.iam.catalogue import ValueType
from lamward.iam.conditions import written
from lamward.iam.keys import has_one_value, value_type
from lamward.iam.operands import Comparison, Operator, Quantifier
from lamward.iam.pattern import Literal, Pattern, Reading, Variable
from lamward.iam.prove.answers import Budget, GaveUp
from lamward.iam.prove.dimensions import (
    ABSENT,
    MOST_TOKENS,
    NEVER,
    PRESENT,
    Dimension,
    Formula,
    Measure,
    Several,
    TextPredicate,
    cut_measures,
    cut_text,
    signature_of,
    text_cells,
)
from lamward.iam.prove.mixed import cut_mixed
from lamward.iam.prove.sides import Clause
from lamward.iam.prove.texts import choices, covers, has_holes, is_arn, is_open, meets, variables_of
from lamward.model.policy import ConditionEntry, Statement
from lamward.model.value import Case, Reference, Symbolic

RESOURCE: Final = ""
"""The name of the dimension of resources; all others have the name of their key, in lower case."""

Draft = dict[str, list[Formula]]
"""A box before its dimensions are cut."""

_TEXTUAL: Final = frozenset(
    {
        Comparison.STRING,
        Comparison.STRING_IGNORE_CASE,
        Comparison.LIKE,
        Comparison.ARN,
        Comparison.BOOL,
        Comparison.BINARY,
    }
)


_MEASURED: Final[Mapping[ValueType | None, frozenset[Comparison]]] = {
    ValueType.NUMERIC: frozenset({Comparison.NUMBER, Comparison.DATE}),
    ValueType.DATE: frozenset({Comparison.DATE}),
}
"""The comparisons that can be made with every value of a type; a date may be written as no number."""


class Width(NamedTuple):
    """How to read what cannot be told: `wide` or narrow; `lettered` keeps letters in the first place of a key."""

    wide: bool
    lettered: bool = False


WIDE: Final = Width(wide=True)
NARROW: Final = Width(wide=False)
SPINE: Final = Width(wide=True, lettered=True)


class Space:
    """Collects the predicates of each dimension, then cuts it; boxes are drafted before and measured after.

    A `typed` one takes keys to have values of their type only.
    """

    def __init__(
        self, within: Tokens, letters: Mapping[pattern.Piece, str], budget: Budget, *, typed: bool
    ) -> None:
        self.budget = budget
        self.typed = typed
        self.size = 0
        self.letters = letters
        self.within = within
        self.texts: dict[str, dict[TextPredicate, int]] = {RESOURCE: {TextPredicate(within): 0}}
        self.measures: dict[str, dict[Measure, int]] = {}
        self.formulas: dict[str, list[Formula]] = {}
        self.scalars: set[str] = set()
        self.dimensions: dict[str, Dimension] = {}

    def text(self, name: str, tokens: Tokens, *, smeared: bool = False) -> tuple[int, ...]:
        """Register a pattern; () when no text of the dimension can match it."""
        if name == RESOURCE and not smeared:
            if not meets(self.within, tokens):
                return ()
            if covers(tokens, self.within):
                return (0,)
        found, predicate = self.texts.setdefault(name, {}), TextPredicate(tokens, smeared)
        place = found.get(predicate)
        if place is None:
            place = found[predicate] = len(found) + len(self.measures.get(name, ()))
            self.size += len(tokens)
            if self.size > MOST_TOKENS:
                raise GaveUp("the patterns are too many to be compared with each other")
        return (place,)

    def measure(self, name: str, measure: Measure) -> tuple[int, ...]:
        """Register a comparison."""
        found = self.measures.setdefault(name, {})
        return (found.setdefault(measure, len(found) + len(self.texts.get(name, ()))),)

    def note(self, draft: Draft, name: str, formula: Formula) -> None:
        """Add a formula to a draft."""
        draft.setdefault(name, []).append(formula)
        self.formulas.setdefault(name, []).append(formula)

    def cut(self) -> dict[str, int]:
        """Cut every dimension; give the box of everything."""
        letters = frozenset(self.letters.values())
        for name in dict.fromkeys((RESOURCE, *self.texts, *self.measures, *self.formulas)):
            self.dimensions[name] = self._cut(name, letters)
        return {name: (1 << len(found.atoms)) - 1 for name, found in self.dimensions.items()}

    def _cut(self, name: str, letters: frozenset[str]) -> Dimension:
        texts, measures = tuple(self.texts.get(name, ())), tuple(self.measures.get(name, ()))
        if name == RESOURCE:
            single, steps = cut_text(texts, letters, within=0)
            self.budget.spend(steps)
            return single
        if (texts and measures) or len({each.comparison for each in measures}) > 1:
            return self._cut_mixed(name, letters)
        if measures:
            fitting = _MEASURED.get(value_type(name), frozenset())
            return cut_measures(measures, strict=self.typed and measures[0].comparison in fitting)
        formulas = self.formulas.get(name, [])
        plain = any(each.quantifier is Quantifier.NONE and each.predicates for each in formulas)
        plain = plain or name in self.scalars or has_one_value(name)
        quantified = [each for each in formulas if each.quantifier is not Quantifier.NONE]
        if quantified and not plain:
            cells = text_cells(texts, letters, within=None)
            self.budget.spend(cells.steps)
            return Several(cells.pieces, quantified)
        single, steps = cut_text(texts, letters, within=None)
        self.budget.spend(steps)
        return single

    def _cut_mixed(self, name: str, letters: frozenset[str]) -> Dimension:
        texts = self.texts.get(name, {})
        if any(letters & token.characters.members for each in texts for token in each.tokens):
            raise GaveUp(f"`{name}` is compared with a variable and as something else than text")
        if any(each.quantifier is not Quantifier.NONE for each in self.formulas.get(name, ())):
            raise GaveUp(f"`{name}` is compared as a set and as something else than text")
        found, steps = cut_mixed((*texts.items(), *self.measures[name].items()))
        self.budget.spend(steps)
        return found

    def contains(self, resource: str, mask: int) -> bool:
        """Tell whether a resource lies in some atoms."""
        signature = signature_of(tuple(self.texts[RESOURCE]), resource)
        atoms = self.dimensions[RESOURCE].atoms
        return any(mask >> index & 1 and atom.signature == signature for index, atom in enumerate(atoms))

    def box(self, draft: Draft) -> dict[str, int] | None:
        """Measure a draft; None when nothing is in it."""
        found: dict[str, int] = {}
        for name, formulas in draft.items():
            mask = -1
            for formula in formulas:
                mask &= self.dimensions[name].mask(formula)
            found[name] = mask
            if not mask:
                return None
        return found

    def drafts(self, clause: Clause, width: Width, *, chosen: Tokens | None = None) -> list[Draft]:
        """Draft the boxes of a statement: several where a variable has a default, none where it cannot match.

        `chosen` is one of its resource patterns, to stand for all of them.
        """
        if not clause.surely and not width.wide:
            return []
        variables = variables_of(clause)
        drafts: list[Draft] = []
        for absent in choices([each for each in variables if each.default is not None]):
            draft: Draft = {}
            if self._fill(draft, clause, width, absent, chosen=chosen):
                for variable in variables:
                    self.scalars.add(variable.key)
                    self.note(draft, variable.key, ABSENT if variable in absent else PRESENT)
                drafts.append(draft)
        return drafts

    def _fill(
        self,
        draft: Draft,
        clause: Clause,
        width: Width,
        absent: frozenset[Variable],
        *,
        chosen: Tokens | None,
    ) -> bool:
        statement = clause.statement
        if chosen is not None:
            self.note(draft, RESOURCE, Formula(self.text(RESOURCE, chosen)))
        elif statement.resources is not None:
            # No pattern of it was chosen to be followed letter by letter.
            every = Width(width.wide)
            found = self._patterns(RESOURCE, statement.resources, clause, every, absent, _RESOURCE_TEST)
            if not found.predicates:
                self._note_scalars(statement)
                return False
            self.note(draft, RESOURCE, found)
        if statement.not_resources is not None:
            test = _RESOURCE_TEST._replace(negated=True)
            self.note(
                draft,
                RESOURCE,
                self._patterns(RESOURCE, statement.not_resources, clause, width, absent, test),
            )
        lettered: set[str] = set()
        for entry in statement.conditions:
            # Two patterns with letters on one key would miss what both match once the letters are filled in.
            first = width.lettered and entry.key.lower() not in lettered and has_holes(entry.values)
            lettered |= {entry.key.lower()} if first else set()
            if not self._entry(draft, entry, clause, Width(width.wide, first), absent):
                return False
        return True

    def _note_scalars(self, statement: Statement) -> None:
        """Note the keys that a statement compares as single values, though its box is empty."""
        for entry in statement.conditions:
            operator = operands.operator(entry.operator)
            if operator is not None and operator.quantifier is Quantifier.NONE:
                self.scalars |= {entry.key.lower()} if operator.comparison in _TEXTUAL else set()

    def _entry(
        self, draft: Draft, entry: ConditionEntry, clause: Clause, width: Width, absent: frozenset[Variable]
    ) -> bool:
        """Add a line of a condition block; false when it can never hold."""
        name, operator = entry.key.lower(), operands.operator(entry.operator)
        if not entry.values:
            return False
        if operator is None:
            return width.wide
        if operator.comparison is Comparison.NULL:
            return self._null(draft, name, entry, width)
        test = _test(operator)
        if operator.comparison in _TEXTUAL:
            formula = self._patterns(name, entry.values, clause, width, absent, test)
        else:
            formula = self._comparisons(name, entry.values, width, operator, test)
        self.note(draft, name, formula)
        return True

    def _null(self, draft: Draft, name: str, entry: ConditionEntry, width: Width) -> bool:
        texts = [written(case) for case in entry.values]
        wanted = {operands.truth(text) if isinstance(text, str) else None for text in texts}
        if None in wanted and (width.wide or wanted == {None}):
            return width.wide
        if wanted >= {True, False}:
            return True
        self.note(draft, name, ABSENT if True in wanted else PRESENT)
        return True

    def _patterns(  # noqa: PLR0917
        self,
        name: str,
        cases: Iterable[Case],
        clause: Clause,
        width: Width,
        absent: frozenset[Variable],
        test: Test,
    ) -> Formula:
        """Write that one of some patterns matches. Matches are over-stated in a wide box, but for a negation."""
        over = width.wide is not test.negated
        found: tuple[int, ...] = ()
        for case in cases:
            text = written(case)
            pieces = None if text is None else _pieces(text, clause, test, absent)
            if pieces is None or (test.boolean and not _is_boolean(pieces)):
                # Nobody knows what it says: at worst everything, or nothing.
                found += self.text(name, (STAR,)) if over else ()
                continue
            if not test.wild:
                pieces = tuple(Literal(piece) if isinstance(piece, str) else piece for piece in pieces)
            arn = test.arn
            if arn and is_open(pieces):
                # Where its parts end depends on a text nobody knows: compared as a whole it matches more, if anything.
                arn = not over
                if arn and not is_arn(pieces):
                    continue
            elif arn and not is_arn(pieces):
                continue
            smeared = (
                over
                and bool(self.letters)
                and not (width.lettered and not (test.negated or test.ignore_case))
            )
            reading = Reading(test.ignore_case, arn, {} if smeared else self.letters, strict=not over)
            found += self.text(name, pattern.tokens(pieces, reading), smeared=smeared)
        return Formula(found, test.negated, test.when_absent, test.quantifier)

    def _comparisons(
        self, name: str, cases: Iterable[Case], width: Width, operator: Operator, test: Test
    ) -> Formula:
        over = width.wide is not test.negated
        found: tuple[int, ...] = ()
        for case in cases:
            text = written(case)
            if isinstance(text, str) and _readable(operator, text):
                found += self.measure(name, Measure(operator.comparison, operator.relation, text))
            elif over:
                raise GaveUp(f"a value of `{name}` cannot be told")
        if test.quantifier is not Quantifier.NONE:
            # A set of numbers or addresses: no key that AWS documents has one, so at most one value is taken.
            missing = test.quantifier is Quantifier.ALL or test.when_absent
            return Formula(found, test.negated, missing)
        return Formula(found, test.negated, test.when_absent)


class Test(NamedTuple):
    """How an element compares text."""

    negated: bool = False
    when_absent: bool = False
    quantifier: Quantifier = Quantifier.NONE
    ignore_case: bool = False
    arn: bool = False
    wild: bool = False
    variables: bool = True
    boolean: bool = False


_RESOURCE_TEST: Final = Test(wild=True)


def _test(operator: Operator) -> Test:
    kind = operator.comparison
    plain = operator.quantifier is Quantifier.NONE and operator.negated
    missing = operator.quantifier is Quantifier.ALL or operator.if_exists or plain
    return Test(
        negated=operator.negated,
        when_absent=missing,
        quantifier=operator.quantifier,
        ignore_case=kind in (Comparison.STRING_IGNORE_CASE, Comparison.BOOL),
        arn=kind is Comparison.ARN,
        wild=kind in (Comparison.LIKE, Comparison.ARN),
        variables=operator.takes_variables,
        boolean=kind is Comparison.BOOL,
    )


def _is_boolean(pieces: Pattern) -> bool:
    """Tell whether a text is known to be a boolean."""
    holes = any(isinstance(piece, Variable | Reference) for piece in pieces)
    return not holes and operands.truth("".join(str(_text(piece)) for piece in pieces)) is not None


def _text(piece: pattern.Piece) -> pattern.Piece:
    return piece.text if isinstance(piece, Literal) else piece


def _pieces(text: str | Symbolic, clause: Clause, test: Test, absent: frozenset[Variable]) -> Pattern | None:
    pieces = pattern.parse(text, variables=clause.variables and test.variables)
    return tuple(
        Literal(piece.default)
        if isinstance(piece, Variable) and piece.default is not None and piece in absent
        else hole(piece)
        for piece in pieces
    )


def hole(piece: pattern.Piece) -> pattern.Piece:
    """Give the hole that a variable is, whatever its default; other pieces stay."""
    return Variable(piece.key) if isinstance(piece, Variable) else piece


def _readable(operator: Operator, text: str) -> bool:
    if operator.comparison is Comparison.ADDRESS:
        return operands.network(text) is not None
    return operands.measure(operator.comparison, text) is not None


__all__ = ["NARROW", "NEVER", "RESOURCE", "SPINE", "WIDE", "Draft", "Space", "Width"]
