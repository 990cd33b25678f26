"""Unit tests of policies as data: named cases of request and decision, named properties to prove."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, Literal, assert_never

from msgspec import Struct

from lamward.errors import LamwardError
from lamward.iam import documents, evaluate, prove
from lamward.model.access import Decision, Layer, Policies, Request, Verdict
from lamward.model.policy import Policy

DENIED: Final = "denied"
DENIALS: Final = frozenset({Verdict.EXPLICITLY_DENIED, Verdict.IMPLICITLY_DENIED})


class Case(Struct, frozen=True):
    """A request and what is to become of it. `blocked_by` None means that it does not matter.

    `denied` as expectation is either kind of denial.
    """

    name: str
    request: Request
    policies: Policies
    expected: Verdict | Literal["denied"]
    blocked_by: frozenset[Layer] | None = None

    def is_met(self, verdict: Verdict) -> bool:
        """Tell whether a verdict is as expected."""
        return verdict in DENIALS if self.expected == DENIED else verdict is self.expected


class Question(StrEnum):
    """The properties that can be asked."""

    IMPLIES = "implies"
    EQUIVALENT = "equivalent"
    DISJOINT = "disjoint"
    GRANTS = "grants"
    PUBLIC = "public"
    ALWAYS_DENIES = "always_denies"


class Property(Struct, frozen=True):
    """A property and whether it is to hold. `grants` and `public` hold when there is such a request."""

    name: str
    question: Question
    policies: tuple[Policies | Policy, ...]
    holds: bool
    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ("*",)


class Suite(Struct, frozen=True):
    """All cases and properties of a file, in its order."""

    cases: tuple[Case, ...]
    properties: tuple[Property, ...] = ()


class Outcome(StrEnum):
    """What became of a case or property."""

    PASSED = "passed"
    FAILED = "failed"
    UNDETERMINED = "undetermined"


class Result(Struct, frozen=True):
    """A result. `difference` has a line for each thing that is not as expected, and what explains it."""

    name: str
    outcome: Outcome
    difference: tuple[str, ...] = ()
    decision: Decision | None = None
    answer: prove.Answer | None = None


_TWO: Final = (Question.IMPLIES, Question.EQUIVALENT, Question.DISJOINT)
_HOLDS_WHEN_REFUTED: Final = (Question.GRANTS, Question.PUBLIC)
_CASE: Final = frozenset({"name", "request", "policies", "expected", "blocked_by"})
_PROPERTY: Final = frozenset(
    {"name", "prove", "first", "second", "policies", "actions", "resources", "holds"}
)


def read(data: object) -> Suite:
    """Read a suite from decoded YAML or JSON: `cases`, `properties` and named `policies` that both may use.

    Raises LamwardError, which says where, for anything that is not of this shape.
    """
    top = _mapping(data, "a file of policy tests")
    _only(top, frozenset({"policies", "cases", "properties"}), "a file of policy tests")
    named = {str(name): found for name, found in _mapping(top.get("policies", {}), "`policies`").items()}
    sets: dict[str, Policies] = {}
    cases = [
        _case(each, named, sets, place) for place, each in enumerate(_list(top.get("cases", []), "cases"))
    ]
    found = enumerate(_list(top.get("properties", []), "properties"))
    return Suite(tuple(cases), tuple(_property(each, named, sets, place) for place, each in found))


def _case(data: object, named: Mapping[str, Any], sets: dict[str, Policies], place: int) -> Case:
    where = f"case {place + 1}"
    fields = _mapping(data, where)
    _only(fields, _CASE, where)
    for needed in ("name", "request", "policies", "expected"):
        if needed not in fields:
            raise LamwardError(
                f"{where} has no `{needed}`", "every case needs name, request, policies and expected"
            )
    request, blocked = f"the request of {where}", fields.get("blocked_by")
    return Case(
        name=str(fields["name"]),
        request=documents.request(_mapping(fields["request"], request), request),
        policies=_set(fields["policies"], named, sets, where),
        expected=_expected(fields["expected"], where),
        blocked_by=None
        if blocked is None
        else frozenset(_layer(each, where) for each in _list(blocked, where)),
    )


def _property(data: object, named: Mapping[str, Any], sets: dict[str, Policies], place: int) -> Property:
    where = f"property {place + 1}"
    fields = _mapping(data, where)
    _only(fields, _PROPERTY, where)
    try:
        question = Question(str(fields.get("prove")))
    except ValueError:
        known = ", ".join(Question)
        raise LamwardError(
            f"{where} asks for `{fields.get('prove')}`", f"`prove` is one of {known}"
        ) from None
    wanted = ("first", "second") if question in _TWO else ("policies",)
    subjects = tuple(_set(fields.get(each, {}), named, sets, where) for each in wanted)
    holds = fields.get("holds", True)
    if not isinstance(holds, bool):
        raise LamwardError(f"`holds` of {where} is neither true nor false", "leave it out for true")
    return Property(
        name=str(fields.get("name", where)),
        question=question,
        policies=tuple(_alone(each) if question is Question.PUBLIC else each for each in subjects),
        holds=holds,
        actions=tuple(map(str, _list(fields.get("actions", []), where))),
        resources=tuple(map(str, _list(fields.get("resources", ["*"]), where))),
    )


def _alone(policies: Policies) -> Policies | Policy:
    return policies if policies.resource is None else policies.resource


def _set(data: object, named: Mapping[str, Any], sets: dict[str, Policies], where: str) -> Policies:
    """Read a set of policies, or take one that has a name; each name is read once."""
    if not isinstance(data, str):
        return documents.policies(_mapping(data, f"the policies of {where}"))
    if data not in named:
        known = ", ".join(f"`{name}`" for name in named) or "none"
        raise LamwardError(f"{where} names policies `{data}`, which are not there", f"there are {known}")
    if data not in sets:
        sets[data] = documents.policies(_mapping(named[data], f"the policies `{data}`"))
    return sets[data]


def _mapping(data: object, what: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise LamwardError(f"{what} is not a mapping", "see the guide on testing policies")
    return data


def _list(data: object, what: str) -> list[Any]:
    if isinstance(data, str):
        return [data]
    if not isinstance(data, list | tuple):
        raise LamwardError(f"`{what}` is not a list", "write one entry for each")
    return list(data)


def _only(fields: Mapping[str, Any], allowed: frozenset[str], what: str) -> None:
    for key in fields:
        if key not in allowed:
            raise LamwardError(
                f"`{key}` is not a part of {what}", f"it may have {', '.join(sorted(allowed))}"
            )


def _expected(written: object, where: str) -> Verdict | Literal["denied"]:
    if written == DENIED:
        return DENIED
    try:
        return Verdict(str(written))
    except ValueError:
        known = ", ".join((*Verdict, DENIED))
        raise LamwardError(f"{where} expects `{written}`", f"it may expect {known}") from None


def _layer(written: object, where: str) -> Layer:
    try:
        return Layer(str(written))
    except ValueError:
        raise LamwardError(
            f"{where} is blocked by `{written}`", f"it may be blocked by {', '.join(Layer)}"
        ) from None


def run(suite: Suite, options: prove.Options = prove.Options()) -> Iterator[Result]:  # noqa: B008 - it is frozen
    """Run a suite; policies that cases share are prepared once."""
    prepared: dict[int, evaluate.Evaluator] = {}
    for case in suite.cases:
        evaluator = prepared.get(id(case.policies))
        if evaluator is None:
            evaluator = prepared[id(case.policies)] = evaluate.prepare(case.policies)
        yield _compare(case, evaluator.decide(case.request))
    for each in suite.properties:
        yield _judge(each, _answer(each, options))


def _compare(case: Case, decision: Decision) -> Result:
    difference: list[str] = []
    if not case.is_met(decision.verdict):
        difference.append(f"expected {case.expected}, but it is {decision.verdict}")
    layers = frozenset(block.layer for block in decision.blocked_by)
    if case.blocked_by is not None and layers != case.blocked_by:
        difference.append(
            f"expected to be blocked by {_layers(case.blocked_by)}, but it is by {_layers(layers)}"
        )
    if difference:
        difference += (f"{block.layer}: {block.reason}" for block in decision.blocked_by)
        difference += (f"unknown: {reason}" for reason in decision.unknowns)
        difference += (
            f"allowed by statement {each.index + 1} of the {each.layer}{f' ({each.sid})' if each.sid else ''}"
            for each in decision.determining
            if decision.allowed
        )
    return Result(case.name, Outcome.FAILED if difference else Outcome.PASSED, tuple(difference), decision)


def _layers(layers: frozenset[Layer]) -> str:
    return ", ".join(sorted(layers)) or "nothing"


def _answer(asked: Property, options: prove.Options) -> prove.Answer:
    first = asked.policies[0]
    match asked.question:
        case Question.IMPLIES:
            return prove.implies(first, asked.policies[1], options)
        case Question.EQUIVALENT:
            return prove.equivalent(first, asked.policies[1], options)
        case Question.DISJOINT:
            return prove.disjoint(first, asked.policies[1], options)
        case Question.GRANTS:
            return prove.grants(first, asked.actions, asked.resources, options)
        case Question.PUBLIC:
            return prove.public(first, options) if isinstance(first, Policy) else prove.Proved()
        case Question.ALWAYS_DENIES:
            return prove.always_denies(first, options)


def _judge(asked: Property, answer: prove.Answer) -> Result:
    if isinstance(answer, prove.Undetermined):
        return Result(asked.name, Outcome.UNDETERMINED, (f"cannot be told: {answer.reason}",), answer=answer)
    holds = isinstance(answer, prove.Refuted) is (asked.question in _HOLDS_WHEN_REFUTED)
    if holds is asked.holds:
        return Result(asked.name, Outcome.PASSED, answer=answer)
    said = f"expected {asked.question} to {'hold' if asked.holds else 'fail'}, but it {'holds' if holds else 'fails'}"
    return Result(asked.name, Outcome.FAILED, (said, *_lines(answer)), answer=answer)


def _lines(answer: prove.Proved | prove.Refuted) -> tuple[str, ...]:
    match answer:
        case prove.Proved():
            return ("no request shows otherwise",)
        case prove.Refuted(witness):
            return f"request: {documents.request_data(witness.request)}", *witness.why_not
        case _ as never:
            assert_never(never)
