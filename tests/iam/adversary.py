"""An adversary for proofs: strange policies, and every request that their own words suggest.

It knows nothing of automata and boxes. The requests are built from the texts of the policies (stars filled in, numbers
a little more and a little less, keys absent), and what the evaluator says to each is held against what was proved.
"""
# ruff: noqa: E501 - a table of texts reads best on long lines

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from random import Random
from typing import Any

from lamward.iam import catalogue, documents, evaluate, operands, prove, reference, worlds
from lamward.iam.attached import FULL_ACCESS
from lamward.iam.conditions import written
from lamward.iam.examples import fits, foreign_keys
from lamward.iam.keys import value_type
from lamward.iam.pattern import matcher
from lamward.iam.prove.sides import with_delegation
from lamward.model.access import Caller, CallerKind, ContextValue, Decision, Policies, Request, Verdict
from tests.iam.strange import (
    ACTION_PATTERNS,
    ACTIONS,
    DATES,
    KEY,
    NUMBERS,
    OBJECT,
    OTHER,
    OWN,
    RESOURCE_PATTERNS,
    ROLE,
    TEXTS,
    document,
    policies,
)

REFUSED = (Verdict.EXPLICITLY_DENIED, Verdict.IMPLICITLY_DENIED)
REQUESTS = 1_500

_OF_ANNA = Caller(
    CallerKind.FEDERATED_USER, f"arn:aws:sts::{OWN}:federated-user/max", OWN, f"arn:aws:iam::{OWN}:user/anna"
)
_CALLERS = (
    documents.caller(name)
    for name in (
        *(
            f"arn:aws:sts::{OWN}:assumed-role/r/run",
            ROLE,
            f"arn:aws:iam::{OWN}:role/q",
            f"arn:aws:iam::{OWN}:user/anna",
        ),
        *(f"arn:aws:iam::{OWN}:user/a", f"arn:aws:iam::{OWN}:user/b"),
        *(f"arn:aws:iam::{OTHER}:role/r", f"arn:aws:iam::{OTHER}:user/a", f"arn:aws:iam::{OTHER}:role/q"),
        *("arn:aws:iam::555566667777:user/a", "arn:aws:iam::555566667777:role/r"),
        *(f"arn:aws:iam::{OWN}:root", f"arn:aws:iam::{OTHER}:root", "arn:aws:iam::555566667777:root"),
        *(f"arn:aws:sts::{OWN}:federated-user/zoe", f"arn:aws:sts::{OTHER}:federated-user/zoe"),
        *("s3.amazonaws.com", "sns.amazonaws.com", "*", "accounts.google.com", "graph.facebook.com"),
    )
)
CALLERS = (*_CALLERS, _OF_ANNA)
_WITH_IDENTITY = (CallerKind.USER, CallerKind.ROLE_SESSION)


def callers(sets: Iterable[Policies]) -> tuple[Caller, ...]:
    """List who may ask: identity policies alone are those of a role or a user, never of the root user of an account."""
    if any(each.resource is not None for each in sets):
        return tuple(each for each in CALLERS if each.kind is not CallerKind.ROOT or each.account != OWN)
    return tuple(
        each
        for each in CALLERS
        if each.account == OWN and each.kind in (*_WITH_IDENTITY, CallerKind.FEDERATED_USER)
    )


def texts(value: str) -> Iterator[str]:
    """List texts that a pattern matches, and some that it nearly matches."""
    filled = value
    for key, text in (("${aws:username}", "anna"), ("${aws:PrincipalTag/p}", "a"), ("${aws:PrincipalTag/q}", "b"), ("${aws:PrincipalTag/p, 'b'}", "b"), ("${*}", "*")):  # fmt: skip
        filled = filled.replace(key, text)
    yield filled
    yield filled.replace("*", "").replace("?", "x")
    yield filled.replace("*", "ab").replace("?", "b")
    yield filled.replace("*", "x:y").replace("?", ":")
    yield filled.swapcase()
    yield filled + "x"


_MEASURED = {
    "x:numeric": (
        "0",
        "2",
        "-1e41",
        "1e41",
        "nan",
        "12",
        "1e1",
        "10000000000000000000000000000001.5",
        *NUMBERS,
        *DATES,
    ),
    "aws:multifactorauthage": ("0", "2", "11", "none", *NUMBERS),
    "aws:tokenissuetime": ("0", "2031-01-01", "never", *DATES),
    "x:date": ("0", "1893455999.5", "2031-01-01", "2030-06-01T12:00:00+01:00", *DATES),
    "aws:sourceip": (
        "10.0.0.1",
        "10.0.0.2",
        "127.255.255.255",
        "128.0.0.0",
        "11.0.0.0",
        "::1",
        "::2",
        "ffff::",
        "10.9.0.7",
    ),
}


def values(name: str, written_values: set[str]) -> list[Any]:
    """List the values of a key to try."""
    if name in _MEASURED:
        return [None, *_MEASURED[name], *(text for value in sorted(written_values) for text in texts(value))]
    if name in ("x:bool", "aws:securetransport", "aws:principalisawsservice"):
        return [None, "true", "false", "TRUE", "other"]
    found = [None, "x", *dict.fromkeys(text for value in sorted(written_values) for text in texts(value))]
    if name == "aws:tagkeys":
        plain = [each for each in found if each is not None]
        return [
            None,
            (),
            *((each,) for each in plain),
            *((one, other) for one in plain for other in ("a", "x", "ab") if one != other),
        ]
    return found


_DERIVED = ("aws:username", "aws:principaltype", "aws:principalisawsservice", "aws:principalarn")


def requests(random: Random, sets: tuple[Policies, ...], owner: str) -> Iterator[Request]:
    """List requests that the words of policies suggest: all of them where they are few, or a sample."""
    statements = [each for one in sets for document in worlds.every(one) for each in document.statements]
    keys: dict[str, set[str]] = {}
    names, resources = set(ACTIONS), {"*", "x", OBJECT, KEY, ROLE}
    for each in statements:
        for case in (*(each.actions or ()), *(each.not_actions or ())):
            names.update(
                text
                for text in texts(str(written(case)))
                if ":" in text[1:-1] and "*" not in text and "?" not in text
            )
        for case in (*(each.resources or ()), *(each.not_resources or ())):
            resources.update(texts(str(written(case))))
        for entry in each.conditions:
            keys.setdefault(entry.key.lower(), set()).update(str(written(case)) for case in entry.values)
        everything = [
            *(each.resources or ()),
            *(each.not_resources or ()),
            *(case for entry in each.conditions for case in entry.values),
        ]
        for name in ("aws:PrincipalTag/p", "aws:PrincipalTag/q"):
            if any(name in str(written(case)) for case in everything):
                keys.setdefault(name.lower(), set()).update(TEXTS)
    dimensions = {
        name: values(name, found | ({"b", "arn:aws:s3:::b", "a"} if "tag/" in name else set()))
        for name, found in keys.items()
        if name not in _DERIVED
    }
    everyone = callers(sets)
    pools: list[list[Any]] = [list(everyone), sorted(names), sorted(resources), *dimensions.values()]
    size = 1
    for pool in pools:
        size *= len(pool)
    chosen = (
        product(*pools)
        if size <= REQUESTS
        else (tuple(random.choice(pool) for pool in pools) for _ in range(REQUESTS))
    )
    for caller, action, resource, *held in chosen:
        context = {name: value for name, value in zip(dimensions, held, strict=True) if value is not None}
        yield Request(caller, action, resource, context, owner)


def typed(request: Request) -> bool:
    """Tell whether the catalogue knows a request of this kind, so that proofs of the closed world speak of it."""
    known = catalogue.action(request.action)
    if known is None or (known.supports_resources and not fits(known, request.resource)):
        return False
    if foreign_keys(known, frozenset(request.context)):
        return False
    if not all(_is_of_type(name, held) for name, held in request.context.items()):
        return False
    arn = request.context.get("aws:sourcearn")
    return arn is None or (isinstance(arn, str) and bool(matcher("arn:*:*:*:*:*")(arn)))


def _is_of_type(name: str, held: ContextValue) -> bool:
    match value_type(name):
        case catalogue.ValueType.BOOL:
            return isinstance(held, str) and operands.truth(held) is not None
        case catalogue.ValueType.NUMERIC:
            return isinstance(held, str) and operands.number(held) is not None
        case catalogue.ValueType.DATE:
            return isinstance(held, str) and operands.moment(held) is not None
        case _:
            return True


def decide(subject: Policies, request: Request) -> Decision:
    """Decide with the reference, a key or trust policy nobody showed delegating to the account as proofs take it."""
    return reference.decide(with_delegation(subject, request), request)


class Attack:
    """What was proved about some policies, held against requests."""

    def __init__(self, positive: tuple[Policies, ...], negative: Policies | None, owner: str) -> None:
        self.positive, self.negative, self.owner = positive, negative, owner
        self._prepared = {id(each): evaluate.prepare(each) for each in self.sets}

    @property
    def sets(self) -> tuple[Policies, ...]:
        return (*self.positive, *(() if self.negative is None else (self.negative,)))

    def refuting(self, random: Random, *, open_world: bool) -> Request | None:
        """Find a request that all of `positive` allow and `negative` refuses."""
        for request in requests(random, self.sets, self.owner):
            if (open_world or typed(request)) and self._quickly(request) and self.shows(request):
                return request
        return None

    def _quickly(self, request: Request) -> bool:
        if any(not self._compiled(each, request).allowed for each in self.positive):
            return False
        return self.negative is None or self._compiled(self.negative, request).verdict in REFUSED

    def _compiled(self, subject: Policies, request: Request) -> Decision:
        delegated = with_delegation(subject, request)
        prepared = self._prepared[id(subject)] if delegated is subject else evaluate.prepare(delegated)
        return prepared.decide(request)

    def shows(self, request: Request) -> bool:
        """Tell whether a request shows what it is a witness for."""
        if any(decide(each, request).verdict is not Verdict.ALLOWED for each in self.positive):
            return False
        return self.negative is None or decide(self.negative, request).verdict in REFUSED


def fault(random: Random, attack: Attack, answer: prove.Answer, *, open_world: bool) -> str:
    """Say what is wrong with an answer; empty when nothing was found."""
    if isinstance(answer, prove.Refuted) and not attack.shows(answer.witness.request):
        return f"refuted by what does not show it: {answer.witness.request}"
    if isinstance(answer, prove.Proved):
        found = attack.refuting(random, open_world=open_world)
        if found is not None:
            return f"proved, but for {found}"
    return ""


def question(random: Random, kind: str, *, open_world: bool) -> tuple[Attack, prove.Answer]:
    """Ask something about strange policies."""
    options = prove.Options(open_world=open_world, owner=OWN)
    match kind:
        case "identity":
            first, second = document(random), document(random)
            attack = Attack((Policies(identity=(first,)),), Policies(identity=(second,)), OWN)
            return attack, prove.implies(first, second, options)
        case "resource":
            first, second = document(random, principal=True), document(random, principal=True)
            one, other = (Policies(identity=(EVERYTHING,), resource=each) for each in (first, second))
            answer = prove.implies(first, second, prove.Options(open_world=open_world))
            return Attack((one,), other, NOBODYS), answer
        case "layers":
            one, other = policies(random), policies(random)
            return Attack((one,), other, OWN), prove.implies(one, other, options)
        case "denies":
            one = policies(random)
            return Attack((one,), None, OWN), prove.always_denies(one, options)
        case "grants":
            one, action, resource = (
                policies(random),
                random.choice(ACTION_PATTERNS),
                random.choice(RESOURCE_PATTERNS),
            )
            asked: dict[str, Any] = {"Effect": "Allow", "Action": action, "Resource": resource}
            wanted = Policies(identity=(documents.policy({"Version": "2008-10-17", "Statement": asked}),))
            if one.resource is not None:
                asked = {**asked, "Principal": "*"}
                # Everyone passes below an endpoint policy.
                passing = documents.policy({"Version": "2008-10-17", "Statement": asked})
                wanted = Policies(identity=(EVERYTHING,), resource=FULL_ACCESS, endpoint=(passing,))
            return Attack((one, wanted), None, OWN), prove.grants(one, [action], [resource], options)
        case _:
            one, other = policies(random), policies(random)
            return Attack((one, other), None, OWN), prove.disjoint(one, other, options)


EVERYTHING = documents.policy(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)
NOBODYS = "000000000000"
"""The account of a resource whose policy is asked about alone."""

QUESTIONS = ("identity", "resource", "layers", "denies", "grants", "disjoint")


def faults(seed: int) -> str:
    """Ask one question of every kind and attack the answers; give the first fault, empty when there is none."""
    for kind in QUESTIONS:
        random = Random(f"{kind} {seed}")  # noqa: S311 - a reproducible stream of cases
        open_world = random.random() < 0.6
        attack, answer = question(random, kind, open_world=open_world)
        found = fault(random, attack, answer, open_world=open_world)
        if found:
            shown = [[documents.to_data(document) for document in worlds.every(each)] for each in attack.sets]
            return f"{kind} {seed}: {shown}: {found}"
    return ""
