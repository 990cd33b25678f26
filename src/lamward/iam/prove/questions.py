"""The questions that can be proved, over single documents and over layered sets of policies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from lamward.iam import documents, evaluate, pattern, platform, worlds
from lamward.iam.attached import FULL_ACCESS, with_attached
from lamward.iam.conditions import written
from lamward.iam.explain import why_not
from lamward.iam.prove.answers import Answer, Budget, GaveUp, Proved, Refuted, Undetermined, Witness
from lamward.iam.prove.search import Found, Question, find
from lamward.iam.prove.sides import ACCOUNT, NOBODYS, Perspective, perspectives, with_delegation
from lamward.iam.prove.solving import solved
from lamward.iam.prove.strangers import strangers
from lamward.iam.prove.substitution import valuations, with_values
from lamward.iam.prove.subsumption import includes
from lamward.iam.prove.texts import literals, unreadable
from lamward.model.access import CallerKind, Decision, Policies, Request, Verdict
from lamward.model.policy import Policy
from lamward.model.value import Guard, Reference

STEPS: Final = 2_000_000
UNCONFIRMED: Final = 64
Subject = Policy | Policies
"""A document, taken alone, or a set of policies with all its layers."""


class Options(Struct, frozen=True):
    """How to search: `steps` bounds the work, `open_world` drops what the catalogue says of actions.

    `owner` is the account that the resources belong to, where a resource policy does not tell.
    """

    steps: int = STEPS
    open_world: bool = False
    owner: str = ""


DEFAULT: Final = Options()
_TYPED: Final = ("resources and keys are those that the catalogue knows for each action",)
_EVERYONE: Final = replace(FULL_ACCESS, name="")
_ALLOW_ALL: Final = documents.policy(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)


def implies(first: Subject, second: Subject, options: Options = DEFAULT) -> Answer:
    """Prove that every request which `first` allows is allowed by `second`: it grants nothing new."""
    if first is second:
        # The same policies decide the same, whatever in them cannot be told.
        return Proved()
    one, other = _sets(first, second)
    return _prove((one,), other, options)


def equivalent(first: Subject, second: Subject, options: Options = DEFAULT) -> Answer:
    """Prove that two policies allow the same requests."""
    there = implies(first, second, options)
    if not isinstance(there, Proved):
        return there
    return implies(second, first, options)


def disjoint(first: Subject, second: Subject, options: Options = DEFAULT) -> Answer:
    """Prove that no request is allowed by both."""
    return _prove(_sets(first, second), None, options)


def grants(
    subject: Subject, actions: Iterable[str], resources: Iterable[str] = ("*",), options: Options = DEFAULT
) -> Answer:
    """Prove that no action of a list is allowed on any resource of a list; a witness shows one that is."""
    spec = {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}
    (subject_set,) = _sets(subject)
    wanted: dict[str, Any] = {"Version": "2008-10-17", "Statement": spec}
    if subject_set.resource is None:
        asked = Policies(identity=(documents.policy(wanted),))
    else:
        spec["Principal"] = "*"
        # Everyone passes below an endpoint policy, whoever else allows; whose the resources are the subject says.
        asked = Policies(identity=(_ALLOW_ALL,), resource=_EVERYONE, endpoint=(documents.policy(wanted),))
        owner = options.owner or _separate_owner((subject_set,)) or _owner_of(subject_set.resource)
        options = replace(options, owner=owner)
    return _prove((subject_set, asked), None, options)


def always_denies(subject: Subject, options: Options = DEFAULT) -> Answer:
    """Prove that no request at all is allowed."""
    return _prove(_sets(subject), None, options)


def public(policy: Policy, options: Options = DEFAULT) -> Answer:
    """Prove that a resource policy is not public; a witness is a request by anybody at all.

    Public is what a caller of an account nobody named, or an anonymous one, may do without a trust key of a fixed
    value; an address counts as fixed when its range is narrower than /8 (IPv4) or /32 (IPv6).
    """
    owner = options.owner or _owner_of(policy) or ACCOUNT
    subject = Policies(identity=(_ALLOW_ALL,), resource=policy)
    callers = strangers(perspectives((subject,), owner))
    return _prove((subject,), None, replace(options, owner=owner), callers, anybody=True)


def _owner_of(policy: Policy) -> str:
    found = perspectives((Policies(resource=policy),))
    return found[0].owner if found else ""


def _sets(*subjects: Subject) -> tuple[Policies, ...]:
    """Take documents as sets: a resource policy is asked for callers whose own policies allow everything."""
    with_principals = any(
        each.principals is not None or each.not_principals is not None
        for subject in subjects
        if isinstance(subject, Policy)
        for each in subject.statements
    )
    return tuple(
        subject
        if isinstance(subject, Policies)
        else Policies(identity=(_ALLOW_ALL,), resource=subject)
        if with_principals
        else Policies(identity=(subject,))
        for subject in subjects
    )


def _prove(
    positive: tuple[Policies, ...],
    negative: Policies | None,
    options: Options,
    seen: tuple[Perspective, ...] = (),
    *,
    anybody: bool = False,
) -> Answer:
    """Prove in every world of the template; a refutation in one of them refutes."""
    sets = tuple(map(with_attached, (*positive, *((negative,) if negative is not None else ()))))
    found = worlds.worlds(document for policies in sets for document in worlds.every(policies))
    if found is None:
        return Undetermined("the policies depend on too many conditions of the template")
    reasons: list[str] = []
    budget = Budget(options.steps)
    for world in found:
        settled = tuple(_settle(each, world) for each in sets)
        case = _Case(
            settled[: len(positive)], settled[len(positive)] if negative is not None else None, options
        )
        answer = case.answer(seen, budget, anybody=anybody)
        match answer:
            case Refuted() if world:
                return Refuted(
                    replace(answer.witness, given={**answer.witness.given, "template": worlds.shown(world)})
                )
            case Refuted():
                return answer
            case Undetermined():
                reasons.append(answer.reason)
            case Proved():
                pass
    return Undetermined(reasons[0]) if reasons else Proved(() if options.open_world else _TYPED)


def _settle(policies: Policies, world: Guard) -> Policies:
    return worlds.rewrite(policies, partial(worlds.settle, world=world)) if world else policies


class _Case:
    """A question about policies without guards."""

    def __init__(self, positive: tuple[Policies, ...], negative: Policies | None, options: Options) -> None:
        self.positive = positive
        self.negative = negative
        self.options = options
        self.prepared: dict[tuple[int, bool], evaluate.Evaluator] = {}

    @property
    def sets(self) -> tuple[Policies, ...]:
        """All the policies in play."""
        return (*self.positive, *((self.negative,) if self.negative is not None else ()))

    def answer(self, seen: tuple[Perspective, ...], budget: Budget, *, anybody: bool) -> Answer:
        """Search with letters for what is filled in; where that shows nothing real, with values in their place."""
        if self.negative is not None and any(includes(self.negative, each) for each in self.positive):
            return Proved()
        owner = self.options.owner
        callers = seen or perspectives(self.sets, owner or _separate_owner(self.sets))
        if self.negative is None:
            callers = tuple(each for each in callers if not _needs_no_policy(each))
        holes = sorted(_holes(self.sets), key=repr)
        letters = {hole: chr(pattern.FIRST_LETTER + number) for number, hole in enumerate(holes)}
        try:
            witness, doubts = self._run(callers, letters, budget, anybody=anybody)
            if witness is not None:
                return Refuted(witness)
            if doubts and holes:
                # Once more with any text at all in their place: what is found gives them values.
                witness, doubts = self._run(callers, {}, budget, anybody=anybody)
                if witness is not None:
                    return Refuted(witness)
            if not doubts:
                return self._proved(budget)
            if not holes:
                return Undetermined(doubts[0])
            return self._instantiate(callers, holes, budget, anybody=anybody) or Undetermined(
                "it depends on what policy variables or the deployment stand for"
            )
        except GaveUp as reason:
            return Undetermined(str(reason))

    def _proved(self, budget: Budget) -> Answer:
        """Answer that nothing was found, unless something was not looked at."""
        unread = unreadable(self.sets)
        if unread or budget.passed_over:
            why = f"a policy cannot be read in full: {unread}"
            return Undetermined(why if unread else "more kinds of actions are in play than were tried")
        return Proved()

    def _run(
        self,
        callers: tuple[Perspective, ...],
        letters: Mapping[pattern.Piece, str],
        budget: Budget,
        *,
        anybody: bool,
    ) -> tuple[Witness | None, list[str]]:
        """Search, and replay what is found: a witness, or why what was found is none."""
        question = Question(
            self.positive, self.negative, callers, letters, self.options.open_world, anybody=anybody
        )
        doubts: list[str] = []
        future: Witness | None = None
        for found in find(question, budget):
            witness, doubt = self._replayed(found)
            if witness is not None and not witness.future_action:
                return witness, []
            future = future or witness
            doubts += [] if witness is not None else [doubt]
            if len(doubts) >= UNCONFIRMED:
                break
        return future, doubts

    def _replayed(self, found: Found) -> tuple[Witness | None, str]:
        """Replay a request as it was found, then with values for the variables that it was found without."""
        witness, doubt = self._replay(found, {})
        if witness is None and not found.lettered:
            for request in solved(found.request, self.positive, self.negative):
                witness, _ = self._replay(replace(found, request=request), {})
                if witness is not None:
                    break
        if witness is not None and witness.request.resource_account == NOBODYS:
            # Where the account in the ARN will do as well, the request is one that can be.
            request = replace(witness.request, resource_account="")
            owned = platform.account_of(request.resource)
            real = self._replay(replace(found, request=request), {})[0] if owned else None
            witness = real or witness
        return witness, doubt

    def _replay(self, found: Found, given: Mapping[str, str]) -> tuple[Witness | None, str]:
        """Put a request to the evaluator: only what it confirms is a witness."""
        if found.lettered:
            return None, "it depends on what policy variables or the deployment stand for"
        request = found.request
        decisions = [self._decide(each, request) for each in self.positive]
        for decision in decisions:
            if decision.verdict is not Verdict.ALLOWED:
                return None, _doubt(decision)
        other = None
        if self.negative is not None:
            other = self._decide(self.negative, request)
            if other.verdict in (Verdict.ALLOWED, Verdict.UNKNOWN):
                return None, _doubt(other)
        contradiction = _contradiction(request)
        if contradiction and not self.options.open_world:
            return None, f"only a request that cannot be was found: {contradiction}"
        allowed_by = tuple(each for decision in decisions for each in decision.determining)
        reasons = () if other is None or self.negative is None else why_not(other, self.negative, request)
        future = not found.cell.known
        return Witness(request, allowed_by, reasons, other, dict(given), future), ""

    def _decide(self, policies: Policies, request: Request) -> Decision:
        settled = with_delegation(policies, request)
        key = id(policies), settled is policies
        prepared = self.prepared.get(key)
        if prepared is None:
            prepared = self.prepared[key] = evaluate.prepare(settled)
        return prepared.decide(request)

    def _instantiate(
        self,
        callers: tuple[Perspective, ...],
        holes: list[pattern.Piece],
        budget: Budget,
        *,
        anybody: bool,
    ) -> Refuted | None:
        """Take values for what is filled in: some that nobody mentions, then such as the policies compare with."""
        for valuation in valuations(holes, literals(self.sets)):
            given = {str(hole): text for hole, text in valuation.items() if isinstance(hole, Reference)}
            bindings = {hole: text for hole, text in valuation.items() if isinstance(hole, Reference)}
            keys = {hole.key: text for hole, text in valuation.items() if isinstance(hole, pattern.Variable)}
            exact = tuple(worlds.rewrite(each, partial(worlds.bind, bindings=bindings)) for each in self.sets)
            bound = tuple(worlds.rewrite(each, partial(with_values, keys=keys)) for each in exact)
            search = _Case(
                exact[: len(self.positive)], exact[-1] if self.negative is not None else None, self.options
            )
            question = Question(
                bound[: len(self.positive)],
                bound[-1] if self.negative is not None else None,
                callers,
                {},
                self.options.open_world,
                values=keys,
                anybody=anybody,
            )
            for found in find(question, budget):
                witness, _ = search._replay(found, given)
                if witness is not None:
                    return Refuted(witness)
        return None


def _needs_no_policy(seen: Perspective) -> bool:
    """Tell whether a caller is the root user of the resources' account: what it may do says nothing of policies."""
    return seen.caller.kind is CallerKind.ROOT and seen.caller.account == seen.owner


def _separate_owner(sets: tuple[Policies, ...]) -> str:
    """Ask about a resource policy that stands alone as if its resource were in an account of its own."""
    alone = any(each.resource is not None and each.identity == (_ALLOW_ALL,) for each in sets)
    return NOBODYS if alone else ""


def _holes(sets: tuple[Policies, ...]) -> set[pattern.Piece]:
    found: set[pattern.Piece] = set()
    for policies in sets:
        for document in worlds.every(policies):
            for statement in document.statements:
                for case in worlds.scalars(statement):
                    text = written(case)
                    if text is not None:
                        found |= _holes_in(text, variables=document.version == "2012-10-17")
    return found


def _holes_in(text: Any, *, variables: bool) -> set[pattern.Piece]:
    if isinstance(text, str) and "${" not in text:
        return set()
    pieces = pattern.parse(text, variables=variables)
    return {
        pattern.Variable(piece.key) if isinstance(piece, pattern.Variable) else piece
        for piece in pieces
        if isinstance(piece, pattern.Variable | Reference)
    }


def _doubt(decision: Decision) -> str:
    if decision.unknowns:
        return decision.unknowns[0]
    return "a request was found that the evaluator does not confirm"


def _contradiction(request: Request) -> str:
    """Say in which way two keys of a request cannot both be; empty when they can."""
    pairs = (("aws:principalarn", "aws:principalaccount"), ("aws:sourcearn", "aws:sourceaccount"))
    for arn_key, account_key in pairs:
        arn, account = request.context.get(arn_key), request.context.get(account_key)
        if isinstance(arn, str) and isinstance(account, str):
            own = arn.split(":", 5)[4] if arn.count(":") > 4 else ""
            if own and own != account:
                return f"`{arn_key}` and `{account_key}` are of two accounts"
    return ""
