"""What a role holds, prepared once to be asked access by access: whether each is granted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from lamward.facts import Facts, fact
from lamward.facts.assumed import assume
from lamward.facts.deployment import ACCOUNT
from lamward.facts.needs.deployed import deployed, filled, single, together
from lamward.facts.power import imagined
from lamward.facts.reach import policies_of
from lamward.iam import catalogue, documents, pattern
from lamward.iam.examples import examples, fits, foreign_keys
from lamward.model.access import ContextValue, Policies, Request, Truth, Verdict
from lamward.model.application import Role
from lamward.model.evidence import Access, Platform
from lamward.model.policy import ConditionEntry, Effect, Statement
from lamward.model.value import Case, Guard, Known, Symbolic, text_of

if TYPE_CHECKING:
    from lamward.iam import prove
    from lamward.iam.evaluate import Evaluator

_REFUSED: Final = frozenset({Verdict.EXPLICITLY_DENIED, Verdict.IMPLICITLY_DENIED})
_SOMEBODY: Final = documents.caller(f"arn:aws:iam::{ACCOUNT}:role/somebody")
_EQUALS: Final = frozenset({"StringEquals", "ArnEquals"})


class Granted(StrEnum):
    """Whether an access is granted."""

    YES = "granted"
    NO = "missing"
    UNKNOWN = "unknown"


class Answer(Struct, frozen=True):
    """Whether the role grants an access that is needed."""

    access: Access
    granted: Granted
    reason: str = ""


class Held:
    """Policies as one deployment has them, and what they say of accesses."""

    def __init__(self, facts: Facts, policies: Policies) -> None:
        self.policies = deployed(facts, policies)
        self._facts = facts
        self._branches: dict[Guard, _Branch] = {}

    def answers(self, accesses: Sequence[Access]) -> tuple[Answer, ...]:
        """Tell of each access whether it is granted where what it is for exists; what is open is proved together."""
        found: dict[int, Answer] = {}
        left: dict[_Branch, list[int]] = {}
        for place, access in enumerate(accesses):
            branch = self._branch(access)
            told = self._told(branch, access)
            if told is None:
                left.setdefault(branch, []).append(place)
            else:
                found[place] = Answer(access, told)
        for branch, places in left.items():
            asked = [_as_made(accesses[place]) for place in places]
            found |= {place: Answer(accesses[place], Granted.YES) for place in places}
            for number, answer in unproved(self._facts, asked, branch.policies):
                found[places[number]] = _open(accesses[places[number]], answer)
        return tuple(found[place] for place in range(len(accesses)))

    def is_bounded(self, access: Access) -> bool:
        """Tell whether an access would be granted if there were no boundary."""
        if self.policies.boundary is None:
            return False
        (answer,) = self._unbounded.answers([access])
        return answer.granted is Granted.YES

    @cached_property
    def _unbounded(self) -> Held:
        return Held(self._facts, Policies(identity=self.policies.identity))

    def _told(self, branch: _Branch, access: Access) -> Granted | None:
        """Tell what needs no proof: that a statement plainly allows an access, or that an example of it is refused."""
        if branch.allows(access.action, imagined(self._facts).text(access.resource)):
            return Granted.YES
        asked = deployed(self._facts, single(_as_made(access)))
        return Granted.NO if branch.refuses_some(asked) else None

    def _branch(self, access: Access) -> _Branch:
        """Give the policies as they are where the resources are there that an access names."""
        resources = self._facts.application.resources
        named = access.resource.references if isinstance(access.resource, Symbolic) else ()
        guards = (resources[each.target].when for each in named if each.target in resources)
        guard = next((when for when in guards if when), ())
        if guard not in self._branches:
            self._branches[guard] = _Branch(_where(self.policies, guard))
        return self._branches[guard]


@fact
def held_by(facts: Facts, role: Role) -> Held:
    """Prepare the policies of a role to be asked for accesses."""
    return Held(facts, policies_of(facts, role))


def unproved(
    facts: Facts, accesses: Sequence[Access], held: Policies, first: int = 0
) -> Iterator[tuple[int, prove.Answer]]:
    """List the places of accesses that policies are not proved to allow: asked together, by halves where that fails."""
    # The engine takes a moment to load, and most accesses are granted, or missing, without a proof.
    from lamward.iam import prove

    answer = prove.implies(deployed(facts, together(accesses)), held) if accesses else prove.Proved()
    if isinstance(answer, prove.Proved):
        return
    if len(accesses) == 1:
        yield first, answer
        return
    half = len(accesses) // 2
    yield from unproved(facts, accesses[:half], held, first)
    yield from unproved(facts, accesses[half:], held, first + half)


def _open(access: Access, answer: prove.Answer) -> Answer:
    from lamward.iam import prove

    match answer:
        case prove.Undetermined(reason=reason):
            return Answer(access, Granted.UNKNOWN, reason)
        case _:
            return Answer(access, Granted.NO)


def _as_made(access: Access) -> Access:
    """Give an access as its requests are made: those of Lambda itself do not come from the function's code."""
    if not all(isinstance(each, Platform) for each in access.evidence):
        return access
    not_from_code = ("Null", "lambda:SourceFunctionArn", Known("true"))
    return replace(access, conditions=(*access.conditions, not_from_code))


def _where(held: Policies, guard: Guard) -> Policies:
    if not guard:
        return held
    return replace(held, identity=tuple(filter(None, (assume(each, guard) for each in held.identity))))


class _Plain(Struct, frozen=True):
    """A statement that allows actions outright, on resources that are written out or patterns."""

    actions: tuple[Callable[[str], object], ...]
    exact: frozenset[str]
    wild: tuple[str, ...]

    def allows(self, action: str, resource: str) -> bool:
        """Tell whether it allows an action on all that a pattern matches."""
        return any(matches(action) for matches in self.actions) and (
            resource in self.exact or any(pattern.covers(each, resource) is Truth.YES for each in self.wild)
        )


class _Branch:
    """Policies where some conditions of the template hold."""

    def __init__(self, policies: Policies) -> None:
        self.policies = policies

    @cached_property
    def _plain(self) -> tuple[_Plain, ...]:
        """List the statements that one need not prove anything of; none where others may take away from them."""
        statements = [each for document in filled(self.policies).identity for each in document.statements]
        if self.policies.boundary is not None or any(each.effect is Effect.DENY for each in statements):
            return ()
        return tuple(
            _plainly(each) for each in statements if not (each.conditions or each.unreadable or each.when)
        )

    @cached_property
    def _evaluator(self) -> Evaluator:
        from lamward.iam import evaluate

        return evaluate.prepare(self.policies)

    def allows(self, action: str, resource: str) -> bool:
        """Tell whether one statement allows all of an access outright: most are, and need no proof."""
        return any(each.allows(action, resource) for each in self._plain)

    def refuses_some(self, asked: Policies) -> bool:
        """Tell whether an example of what a policy of one statement allows is refused; no example is no answer."""
        from lamward.iam import evaluate

        request = _example(asked.identity[0].statements[0])
        return (
            request is not None
            and self._evaluator.decide(request).verdict in _REFUSED
            and evaluate.decide(asked, request).verdict is Verdict.ALLOWED
        )


def _plainly(statement: Statement) -> _Plain:
    actions = [text for case in statement.actions or () if (text := text_of(case.value)) is not None]
    known = [
        str(case.value.value)
        for case in statement.resources or ()
        if isinstance(case.value, Known) and not case.when
    ]
    return _Plain(
        tuple(pattern.matcher(each, ignore_case=True) for each in actions),
        frozenset(known),
        tuple(each for each in known if "*" in each or "?" in each),
    )


def _example(asked: Statement) -> Request | None:
    """Make up a request of those a statement allows; None where that takes more than to fill in what is open."""
    (name,), (resource,) = map(_texts, (asked.actions, asked.resources))
    action, context = catalogue.action(name), _context(asked.conditions)
    if action is None or context is None or "${" in resource:
        return None
    if foreign_keys(action, frozenset(map(str.lower, context))):
        return None
    made = resource.replace("*", "example").replace("?", "x")
    if resource == "*":
        made = next(iter(examples(action, ACCOUNT)), "")
    elif not fits(action, made):
        return None
    return Request(_SOMEBODY, name, made, context, ACCOUNT)


def _context(conditions: tuple[ConditionEntry, ...]) -> dict[str, ContextValue] | None:
    found: dict[str, ContextValue] = {}
    for entry in conditions:
        (value,) = _texts(entry.values)
        if entry.operator in _EQUALS and value and not set("*?$") & set(value) and ":" in entry.key:
            found[entry.key] = value
        elif (entry.operator, value) != ("Null", "true"):
            return None
    return found


def _texts(cases: tuple[Case, ...] | None) -> list[str]:
    return [text_of(case.value) or "" for case in cases or ()]
