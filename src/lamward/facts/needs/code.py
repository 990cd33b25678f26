"""What the code of a function needs: each SDK call it can make, as actions on resources; and what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from lamward.code.analysis import Analysis, Call, CredentialKind, Unresolved, Why
from lamward.facts import Facts, fact
from lamward.facts.covering import covered
from lamward.facts.needs.binding import Bound
from lamward.facts.needs.units import Language, Unit, unit_of
from lamward.iam.keys import has_one_value
from lamward.iam.operations.needs import Need, needs, untold
from lamward.model import evidence
from lamward.model.access import Truth
from lamward.model.application import Function
from lamward.model.evidence import Access, Tier
from lamward.model.finding import Confidence

_FRONT_ENDS: Final = {
    Language.PYTHON: "lamward.code.python",
    Language.JAVASCRIPT: "lamward.code.javascript",
}
"""Which package analyses a language: loaded only where there is code in it."""


class Code(Struct, frozen=True):
    """What was found in a function's code.

    `remote` are accesses with the credentials of another role, which that role needs. `missing` says why nothing was
    looked at: then nothing is known, which is not the same as nothing needed.
    """

    accesses: tuple[Access, ...] = ()
    remote: tuple[Access, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    analysis: Analysis | None = None
    missing: str = ""

    @property
    def complete(self) -> bool:
        """Whether `accesses` are all that the code can need."""
        return (
            not self.missing and not self.unresolved and self.analysis is not None and self.analysis.complete
        )

    @property
    def packages(self) -> tuple[str, ...]:
        """The packages that may call AWS besides, as far as anybody knows."""
        return self.analysis.packages if self.analysis else ()


@fact
def code_of(facts: Facts, function: Function) -> Code:
    """Analyse the code of a function and say what its calls need."""
    unit = unit_of(facts, function)
    if unit.missing:
        return Code(missing=unit.missing)
    analysis = _analysed(unit, function)
    if analysis is None:
        return Code(missing=f"code in {unit.language} is not analysed")
    lost = next((each for each in analysis.unresolved if each.why is Why.HANDLER), None)
    if lost is not None:
        return Code(missing=covered(lost.reason))
    own: list[Access] = []
    remote: list[Access] = []
    unresolved = list(analysis.unresolved)
    for call in analysis.calls:
        if call.credentials.kind not in {CredentialKind.OWN, CredentialKind.ASSUMED}:
            unresolved += _of_others(call)
            continue
        found = list(_accesses(facts, function, call))
        if call.credentials.kind is CredentialKind.OWN:
            unresolved += _by_the_service(facts, function, call)
        if not found and _unknown(call):
            unresolved.append(_no_action(call))
        (own if call.credentials.kind is CredentialKind.OWN else remote).extend(found)
    # Reasons quote what is in the code, and are read by everybody.
    told = tuple(replace(each, reason=covered(each.reason)) for each in unresolved)
    return Code(tuple(own), tuple(remote), told, analysis)


def _analysed(unit: Unit, function: Function) -> Analysis | None:
    front_end = _FRONT_ENDS.get(unit.language) if unit.language is not None else None
    if front_end is None:
        return None
    language = import_module(front_end)
    analysis: Analysis
    if unit.text is not None:
        file = f"{function.location.span.file} ({function.declared_by or function.id})"
        analysis = language.analyse_text(unit.handler, unit.text, file=file)
    else:
        analysis = language.analyse(unit.handler, [_shown(root) for root in unit.roots])
    return analysis


def _shown(root: Path) -> Path:
    """Give a folder as people write it, so that places can be opened from where they are."""
    here = Path.cwd()
    return root.relative_to(here) if root.is_relative_to(here) else root


def _accesses(facts: Facts, function: Function, call: Call) -> Iterator[Access]:
    parameters = Bound(facts, function, call)
    for need in needs(call.service, call.operation, parameters, parameters.deployment()) or ():
        unknowns = (*need.unknowns, *(parameters.unknowns if "*" in str(need.resource) else ()))
        yield Access(
            action=need.action,
            resource=need.resource,
            evidence=(evidence.Call(call.location, call.service, call.operation, call.chain),),
            conditions=tuple((_operator(key), key, value) for key, value in need.conditions),
            unknowns=tuple(dict.fromkeys(map(covered, unknowns))),
            tier=_tier(call, need, unknowns),
            advice=need.advice,
        )


def _operator(key: str) -> str:
    return "StringEquals" if has_one_value(key.lower()) else "ForAnyValue:StringEquals"


def _tier(call: Call, need: Need, unknowns: tuple[str, ...]) -> Tier:
    sure = need.sure is Truth.YES and not unknowns and call.confidence is Confidence.HIGH
    return Tier.INFERRED if sure else Tier.ASSUMED


def _unknown(call: Call) -> bool:
    from lamward.iam.operations import table

    return table.entries(call.service, call.operation) is None


def _by_the_service(facts: Facts, function: Function, call: Call) -> Iterator[Unresolved]:
    for reason in untold(call.service, call.operation, Bound(facts, function, call)):
        yield Unresolved(Why.BY_THE_SERVICE, reason, call.location, chain=call.chain)


def _no_action(call: Call) -> Unresolved:
    reason = f"no action is known for `{call.service}:{call.operation}`"
    return Unresolved(Why.UNKNOWN_OPERATION, reason, call.location, chain=call.chain)


def _of_others(call: Call) -> Iterator[Unresolved]:
    """Tell of calls whose credentials are not known; those with keys of their own, or none, need nothing here."""
    if call.credentials.kind in {CredentialKind.UNKNOWN, CredentialKind.PROFILE}:
        reason = f"it is not known whose permissions `{call.service}:{call.operation}` uses"
        yield Unresolved(Why.UNTYPED_RECEIVER, reason, call.location, chain=call.chain)
