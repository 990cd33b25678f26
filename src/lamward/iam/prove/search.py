"""The search for a request that some policies allow and another does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Final

from msgspec import Struct

from lamward.iam import catalogue, pattern, platform
from lamward.iam.automaton import STAR, Tokens
from lamward.iam.conditions import written
from lamward.iam.examples import ANY_RESOURCE, examples, fits, foreign_keys, shapes
from lamward.iam.pattern import Literal, Reading
from lamward.iam.prove.answers import Budget
from lamward.iam.prove.cells import Cell, Cut
from lamward.iam.prove.cover import Box, Point, common_parts, meet, uncovered
from lamward.iam.prove.frame import Frame, Typing
from lamward.iam.prove.sides import (
    Clause,
    LayerClauses,
    Perspective,
    Side,
    side,
)
from lamward.iam.prove.space import NARROW, RESOURCE, SPINE, WIDE, Draft, Space
from lamward.iam.prove.subsumption import evident, placeless, refused_more
from lamward.iam.prove.texts import may_be_refused, meets, service_of, statements_of, variables_of
from lamward.model.access import CallerKind, ContextValue, Layer, Policies, Request, Truth
from lamward.model.value import Symbolic


class Question(Struct, frozen=True):
    """All of `positive` allow a request that `negative` does not.

    `values` pins keys, `anybody` leaves out narrow ranges of addresses.
    """

    positive: tuple[Policies, ...]
    negative: Policies | None
    seen: tuple[Perspective, ...]
    letters: Mapping[pattern.Piece, str] = {}
    open_world: bool = False
    anybody: bool = False
    values: Mapping[str, str] = {}


class Found(Struct, frozen=True):
    """A request that the search came to; with letters in it, it is not yet a real one."""

    request: Request
    cell: Cell
    lettered: bool


KINDS: Final = 2_000
"""How many kinds of resources and keys are searched with for the actions of a cell, where one will not do for all."""

READY: Final = 200
"""How many kinds are tried with what was found for actions in general."""


def find(question: Question, budget: Budget) -> Iterator[Found]:
    """List requests, at most one for each way of being allowed."""
    sets = (*question.positive, *((question.negative,) if question.negative is not None else ()))
    statements = statements_of(sets)
    # The root user needs no statement of its own account's that allows.
    rooted = any(seen.caller.kind is CallerKind.ROOT for seen in question.seen)
    leading = [statements] if rooted else [statements_of((each,)) for each in question.positive]
    layered = any(each.resource_control for each in sets)
    cut = Cut(statements, leading, layered=layered, refusable=any(map(may_be_refused, statements)))
    for seen in question.seen:
        for cell in cut:
            yield from _find_in(question, seen, cell, budget)


def _find_in(question: Question, seen: Perspective, cell: Cell, budget: Budget) -> Iterator[Found]:
    for governed in _governed(cell):
        positive = [
            _speaking(side(each, seen, cell.representative, governed=governed), cell)
            for each in question.positive
        ]
        if not all(any(all(path) for path in each.paths) for each in positive):
            continue
        negative = question.negative
        other = None if negative is None else side(negative, seen, cell.representative, governed=governed)
        other = None if other is None else _speaking(other, cell)
        denies = _once(clause for each in positive for clause in each.denies)
        for paths in product(*(each.paths for each in positive)):
            layers = tuple(layer for path in paths for layer in path)
            if all(layers):
                corner = _Corner(question, seen, cell, layers, denies, other, governed, budget)
                yield from corner.find()


def _governed(cell: Cell) -> tuple[bool, ...]:
    name = cell.representative
    possible = platform.governed_by_resource(name, "x:key/") or platform.governed_by_resource(name, "x:role/")
    return (False, True) if possible and not cell.resourceless else (False,)


def _once(clauses: Iterable[Clause]) -> LayerClauses:
    return tuple({(id(each.statement), each.surely): each for each in clauses}.values())


def _part(cell: Cell) -> str:
    """Give the part of their ARNs that resources whose own policy must allow have."""
    return "*:key/*" if cell.representative.lower().startswith("kms:") else "*:role/*"


def _reserves(clause: Clause) -> bool:
    """Tell whether a statement writes that AWS keeps some resources to itself."""
    return clause.layer is Layer.AWS and all(
        written(case) != "*" for case in clause.statement.resources or ()
    )


def _speaking(found: Side, cell: Cell) -> Side:
    """Keep the statements that speak of the actions of a cell."""

    def keep(clauses: LayerClauses) -> LayerClauses:
        return tuple(each for each in map(_aware, clauses) if each is not None)

    def _aware(clause: Clause) -> Clause | None:
        truth = cell.speaks_of(clause.statement)
        if truth is Truth.NO:
            return None
        return clause if truth is Truth.YES or not clause.surely else _unsure(clause)

    return Side(keep(found.denies), tuple(tuple(keep(layer) for layer in path) for path in found.paths))


def _unsure(clause: Clause) -> Clause:
    return Clause(
        clause.statement, clause.policy, clause.layer, clause.index, surely=False, grades=clause.grades
    )


class _Corner:
    """One caller, one cell of actions, one way of being allowed."""

    def __init__(  # noqa: PLR0917
        self,
        question: Question,
        seen: Perspective,
        cell: Cell,
        layers: tuple[LayerClauses, ...],
        denies: LayerClauses,
        other: Side | None,
        governed: bool,  # noqa: FBT001
        budget: Budget,
    ) -> None:
        self.question = question
        self.seen = seen
        self.cell = cell
        # The layer with the fewest statements leads: the others are met with each of its.
        self.layers = tuple(sorted(layers, key=len))
        self.denies = denies
        self.other = other
        self.governed = governed
        self.budget = budget
        self._service = ""
        self.refusals = () if other is None else refused_more(other, denies)
        self.frame = Frame(
            seen,
            self._keys(),
            question.values,
            bool(question.letters),
            question.open_world,
            _part(cell) if len(_governed(cell)) > 1 else "",
            governed,
            cell.resourceless,
        )

    def find(self) -> Iterator[Found]:
        """Search with every resource pattern of every statement of the leading layer."""
        for clause in self.layers[0] if self.layers else (None,):
            open_ = self._texts(clause)
            if clause is not None and self.other is not None and not self.refusals:
                plain = evident(self.other, clause)
                open_ = (text for text in open_ if not plain(placeless(text)))
            for text in open_:
                self._service = service_of(text)
                for chosen in self._readings(text, clause):
                    found = self._first(clause, chosen)
                    if found is not None:
                        yield found

    def _first(self, clause: Clause | None, chosen: Tokens) -> Found | None:
        for typing in self._typings(chosen):
            point, found = self._tried(clause, chosen, typing)
            if found is not None or (point is None and typing is None):
                return found
        return None

    def _tried(
        self, clause: Clause | None, chosen: Tokens, typing: Typing | None
    ) -> tuple[Point | None, Found | None]:
        """Search as if AWS reserved no resources for itself first: what is found is hardly ever one of them."""
        ordinary = tuple(each for each in self.denies if not _reserves(each))
        point: Point | None = None
        found: Found | None = None
        for denies in dict.fromkeys((ordinary, self.denies)):
            space = Space(chosen, self.question.letters, self.budget, typed=not self.question.open_world)
            point = self._search(space, clause, typing, denies)
            found = None if point is None else self._found(space, point, typing)
            if point is None or (
                found is not None and not found.lettered and not platform.refusal(found.request)
            ):
                break
        return point, found

    def _typings(self, chosen: Tokens) -> Iterator[Typing | None]:
        """Give no action in particular first, then each with each kind of its resources.

        Nearly always the first search shows that nothing is to be found, or finds what an action can be typed with.
        """
        yield None
        if self.question.open_world:
            return
        keys = self.frame.keys
        letters = frozenset(self.question.letters.values())
        open_ = any(letters & each.characters.members for each in chosen)
        seen: set[tuple[object, ...]] = set()
        tried = 0
        for member in self.cell.members(self._service):
            foreign = foreign_keys(member, keys)
            for shape in shapes(member) if member.supports_resources else (ANY_RESOURCE,):
                if (shape, foreign) in seen:
                    continue
                seen.add((shape, foreign))
                if open_ or meets(chosen, pattern.tokens(shape.pieces, Reading())):
                    if tried == KINDS:
                        self.budget.passed_over = True
                        return
                    tried += 1
                    yield Typing(member, shape.pieces)

    def _texts(self, clause: Clause | None) -> Iterable[str | Symbolic | None]:
        """Give each resource pattern of a statement as it is written; None stands for all that there may be."""
        cases = None if clause is None or self.cell.resourceless else clause.statement.resources
        return (None,) if cases is None else dict.fromkeys(map(written, cases))

    def _readings(self, text: str | Symbolic | None, clause: Clause | None) -> Iterator[Tokens]:
        """Give a resource pattern as tokens."""
        if text is None or clause is None:
            fixed = self.cell.resource
            yield pattern.tokens((Literal(fixed),), Reading()) if fixed else (STAR,)
            return
        pieces = pattern.parse(text, variables=clause.variables)
        variables = [each for each in pieces if isinstance(each, pattern.Variable)]
        plain = tuple(
            pattern.Variable(each.key) if isinstance(each, pattern.Variable) else each for each in pieces
        )
        yield pattern.tokens(plain, Reading(letters=self.question.letters, strict=False))
        if any(each.default is not None for each in variables):
            # Where a default is taken the text is another; rather than following each choice, anything is.
            yield (STAR,)

    def _search(
        self, space: Space, clause: Clause | None, typing: Typing | None, hard: LayerClauses
    ) -> Point | None:
        chosen = space.within
        base = self.frame.draft(space, typing)
        whole = chosen if clause is not None and chosen != (STAR,) and not self.cell.resourceless else None
        first: list[Draft] = [{}] if clause is None else space.drafts(clause, SPINE, chosen=whole)
        rest = [[draft for each in layer for draft in space.drafts(each, WIDE)] for layer in self.layers[1:]]
        denies = [draft for each in hard for draft in space.drafts(each, NARROW)]
        refusals, avoided = self._other(space)
        everything = space.cut()
        start = space.box(base)
        if start is None:
            return None
        box = meet(everything, start)
        if box is not None and self.question.anybody:
            box = meet(box, {name: each.broad for name, each in space.dimensions.items()})
        refused = _boxes(space, denies)
        for draft in first:
            narrowed = space.box(draft)
            spine = None if box is None or narrowed is None else meet(box, narrowed)
            for allowed in common_parts(spine, [_boxes(space, each) for each in rest]):
                point = self._point(
                    allowed, refused, _boxes(space, refusals), [_boxes(space, each) for each in avoided]
                )
                if point is not None:
                    return point
        return None

    def _point(
        self, allowed: dict[str, int], hard: list[Box], refusals: list[Box], avoided: list[list[Box]]
    ) -> Point | None:
        """Give a point that is allowed here and not there: there it hits a deny, or misses what must allow."""
        if self.other is None:
            return uncovered(allowed, hard, self.budget)
        for refusal in refusals:
            inside = meet(allowed, refusal)
            if inside is not None:
                found = uncovered(inside, hard, self.budget)
                if found is not None:
                    return found
        for layer in avoided:
            found = uncovered(allowed, [*hard, *layer], self.budget)
            if found is not None:
                return found
        return None

    def _other(self, space: Space) -> tuple[list[Draft], list[list[Draft]]]:
        """Draft the other side: its denies, and for each way to fail all paths at once what must be avoided."""
        if self.other is None:
            return [], []
        refusals = [draft for each in self.refusals for draft in space.drafts(each, WIDE)]
        ways = {frozenset(map(id, way)): way for way in product(*self.other.paths)}.values()
        avoided = [
            [draft for layer in way for each in layer for draft in space.drafts(each, NARROW)] for way in ways
        ]
        return refusals, avoided

    def _keys(self) -> frozenset[str]:
        clauses = [*self.denies, *(each for layer in self.layers for each in layer)]
        if self.other is not None:
            clauses += [
                *self.other.denies,
                *(each for path in self.other.paths for layer in path for each in layer),
            ]
        found = {entry.key.lower() for clause in clauses for entry in clause.statement.conditions}
        for clause in clauses:
            found.update(variable.key for variable in variables_of(clause))
        return frozenset(found)

    def _found(self, space: Space, point: Point, typing: Typing | None) -> Found | None:
        """Make a request of a point; None when no action of the cell can be typed with it."""
        keys: dict[str, ContextValue] = {}
        for name, mask in point.items():
            witness = space.dimensions[name].atoms[(mask & -mask).bit_length() - 1].witness
            if witness is not None:
                keys[name] = witness
        resource = str(keys.pop(RESOURCE, "*"))
        letters = set(self.question.letters.values())
        if any(letters & set("".join(text)) for text in (resource, *keys.values())):
            return self._asked(self.cell.representative, resource, keys, lettered=True)
        if not self.cell.known:
            return self._asked(self.cell.representative, resource, keys)
        tried: set[tuple[object, ...]] = set()
        members = self.cell.members(self._service) if typing is None else (typing.action,)
        for action in members:
            if len(tried) >= READY:
                # Those that are left are searched for one by one.
                break
            if self.question.open_world or not foreign_keys(action, frozenset(keys)):
                kinds = action.supports_resources, shapes(action), examples(action, self.seen.owner)
                if kinds in tried or not self._may_take(space, action):
                    continue
                tried.add(kinds)
                text = self._resource(space, point[RESOURCE], resource, action)
                if text is not None:
                    return self._asked(action.name, text, keys)
        return None

    def _may_take(self, space: Space, action: catalogue.Action) -> bool:
        """Tell whether any resource in play may be of a kind that an action takes."""
        if self.question.open_world or not action.supports_resources:
            return True
        return any(meets(space.within, pattern.tokens(each.pieces, Reading())) for each in shapes(action))

    def _asked(
        self, action: str, resource: str, keys: Mapping[str, ContextValue], *, lettered: bool = False
    ) -> Found:
        request = Request(self.seen.caller, action, resource, keys, self.seen.owner)
        return Found(request, self.cell, lettered)

    def _resource(self, space: Space, mask: int, text: str, action: catalogue.Action) -> str | None:
        """Give a resource of the kind that an action takes, the most readable that will do."""
        if not action.supports_resources:
            return text
        for example in (*examples(action, self.seen.owner), text + "example"):
            if (not self.question.open_world and not fits(action, example)) or text == example:
                continue
            if space.contains(example, mask):
                return example
        return text if self.question.open_world or fits(action, text) else None


def _boxes(space: Space, drafts: list[Draft]) -> list[Box]:
    return [box for box in map(space.box, drafts) if box is not None]
