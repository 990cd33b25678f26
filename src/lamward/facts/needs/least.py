"""The least policy of a function, and what is proved of it: that it is enough, and what it takes away."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from lamward.facts import Facts, fact
from lamward.facts.needs.compare import Comparison, compare
from lamward.facts.needs.deployed import deployed, together
from lamward.facts.needs.held import held_by, unproved
from lamward.facts.needs.made_names import right_up_to
from lamward.facts.needs.needed import Needed, needed
from lamward.facts.needs.used import Trail, trail_of
from lamward.facts.power import imagined
from lamward.facts.reach import account
from lamward.iam import prove
from lamward.iam.minimise import Allow, minimise, policy
from lamward.iam.minimise import Needed as Wanted
from lamward.iam.packing import Packing, pack
from lamward.iam.reach import Extent, Reaches
from lamward.model.access import Policies
from lamward.model.application import Function, Role
from lamward.model.evidence import Access


class Proof(Struct, frozen=True):
    """Something proved, refuted or not decided about a policy; `reason` says more where it is not proved."""

    claim: str
    holds: bool | None
    reason: str = ""


class Least(Struct, frozen=True):
    """The least policy of a function. `comparison` is None where its role is not in the application.

    `before` and `after` say how far the role reaches with its present policies and with these alone. `right_up_to` is
    the length of the longest name of a stack for which the name of the log group is told right; None for any.
    """

    function: Function
    needs: Needed
    statements: tuple[Allow, ...]
    packing: Packing
    proofs: tuple[Proof, ...]
    comparison: Comparison | None = None
    before: Extent | None = None
    after: Extent | None = None
    trail: Trail | None = None
    right_up_to: int | None = None


@fact
def least(facts: Facts, function: Function) -> Least:
    """Derive the least policy of a function and prove it."""
    needs = needed(facts, function)
    statements = minimise(Wanted(each.action, each.resource, each.conditions) for each in needs.accesses)
    packing = pack(statements)
    comparison = compare(facts, function)
    given = deployed(facts, _given(packing))
    proofs = [*exact(facts, needs.accesses, given)]
    before = after = None
    if comparison is not None:
        proofs.append(_no_new_access(facts, comparison.role, given))
        before, after = _extents(facts, comparison.role, given)
    return Least(
        function,
        needs,
        statements,
        packing,
        tuple(proofs),
        comparison,
        before,
        after,
        trail_of(facts, function, needs.accesses),
        right_up_to(facts, function),
    )


def _given(packing: Packing) -> Policies:
    """Give the policies as the role would have them."""
    documents = (packing.inline, *packing.managed)
    return Policies(identity=tuple(policy(each) for each in documents if each))


def exact(facts: Facts, accesses: Sequence[Access], given: Policies) -> tuple[Proof, Proof]:
    """Prove of policies, as one deployment has them, that they allow all accesses, and nothing besides."""
    return _enough(facts, accesses, given), _nothing_more(facts, accesses, given)


def _enough(facts: Facts, accesses: Sequence[Access], given: Policies) -> Proof:
    claim = "it allows every access that is needed"
    for place, answer in unproved(facts, accesses, given):
        return Proof(claim, _verdict(answer), f"`{accesses[place].action}`")
    return Proof(claim, holds=True)


def _nothing_more(facts: Facts, accesses: Sequence[Access], given: Policies) -> Proof:
    answer = prove.implies(given, deployed(facts, together(accesses)))
    return Proof("it allows nothing else", _verdict(answer), _reason(answer))


def _no_new_access(facts: Facts, role: Role, given: Policies) -> Proof:
    answer = prove.implies(given, held_by(facts, role).policies)
    return Proof("it allows nothing that the role is not allowed today", _verdict(answer), _reason(answer))


def _verdict(answer: prove.Answer) -> bool | None:
    match answer:
        case prove.Proved():
            return True
        case prove.Refuted():
            return False
        case prove.Undetermined():
            return None


def _reason(answer: prove.Answer) -> str:
    match answer:
        case prove.Proved():
            return ""
        case prove.Refuted(witness=witness):
            return f"`{witness.request.action}` on `{witness.request.resource}` is new"
        case prove.Undetermined(reason=reason):
            return reason


def _extents(facts: Facts, role: Role, given: Policies) -> tuple[Extent | None, Extent | None]:
    arn, reaches = imagined(facts).arn(role.id), _reaches(facts)
    entity = reaches.edges.entities.get(arn)
    if entity is None:
        return None, None
    changed = replace(entity, policies=replace(entity.policies, identity=given.identity))
    return reaches.extent(arn), reaches.extent_with(changed)


@fact
def _reaches(facts: Facts) -> Reaches:
    return Reaches(account(facts, imagined(facts)))
