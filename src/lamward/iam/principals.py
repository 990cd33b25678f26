"""How a principal of a statement names a caller: itself, the role behind its session, its account, or not at all.

Sources: IAM User Guide, "AWS JSON policy elements: Principal" and "NotPrincipal".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final

from lamward.iam import context as contexts
from lamward.iam import pattern
from lamward.model.access import Caller, CallerKind, ContextValue, Request, Truth
from lamward.model.policy import Principal, PrincipalKind
from lamward.model.value import Known, Symbolic


class Naming(Enum):
    """By what a statement names a caller; it matters in the caller's own account."""

    CALLER = "the caller"
    ISSUER = "the role or user behind the session"
    ACCOUNT = "the account"


Names = dict[Naming, Truth]
_UNIQUE_ID: Final = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,}")
_IN_ACCOUNT: Final = frozenset(
    {CallerKind.ROOT, CallerKind.USER, CallerKind.ROLE_SESSION, CallerKind.FEDERATED_USER}
)
NEEDED_TO_SPARE: Final[Mapping[CallerKind, tuple[Naming, ...]]] = {
    CallerKind.ROLE_SESSION: (Naming.ACCOUNT, Naming.ISSUER, Naming.CALLER),
    CallerKind.FEDERATED_USER: (Naming.ACCOUNT, Naming.ISSUER, Naming.CALLER),
    CallerKind.USER: (Naming.ACCOUNT, Naming.CALLER),
}
"""What NotPrincipal must list for a caller to be spared; the caller alone where a kind is not here."""


def naming(principal: Principal, request: Request, context: Mapping[str, ContextValue]) -> Names:
    """Tell by what a principal names the caller, and how surely."""
    value, caller = principal.value.value, request.principal
    if not isinstance(value, Known | Symbolic):
        return dict.fromkeys(Naming, Truth.UNKNOWN)
    written = value if isinstance(value, Symbolic) else str(value.value)
    match principal.kind:
        case PrincipalKind.ANYONE:
            return {Naming.CALLER: Truth.YES}
        case PrincipalKind.AWS:
            return {Naming.CALLER: Truth.YES} if written == "*" else _aws(written, caller, context)
        case PrincipalKind.SERVICE:
            return _same(written, caller, CallerKind.SERVICE)
        case PrincipalKind.FEDERATED:
            return _same(written, caller, CallerKind.WEB_IDENTITY)
        case PrincipalKind.CANONICAL:
            # Canonical ids cannot be derived from account numbers.
            return {Naming.CALLER: Truth.UNKNOWN} if caller.kind in _IN_ACCOUNT else {}


def is_unique_id(principal: Principal) -> bool:
    """Tell whether a principal is written as AWS's unique id, which `aws:userid` is compared with."""
    value = principal.value.value
    return isinstance(value, Known) and _UNIQUE_ID.fullmatch(str(value.value)) is not None


def _same(written: str | Symbolic, caller: Caller, kind: CallerKind) -> Names:
    if caller.kind is not kind:
        return {}
    return {Naming.CALLER: _equal(written, caller.name)}


def _equal(written: str | Symbolic, text: str) -> Truth:
    if isinstance(written, str):
        return Truth.YES if written == text else Truth.NO
    literal = tuple(pattern.Literal(part) if isinstance(part, str) else part for part in written.parts)
    return pattern.match_pieces(literal, (pattern.Literal(text),))


def _aws(written: str | Symbolic, caller: Caller, context: Mapping[str, ContextValue]) -> Names:
    if caller.kind not in _IN_ACCOUNT:
        return {}
    if isinstance(written, str) and _UNIQUE_ID.fullmatch(written):
        return _by_unique_id(written, caller, context)
    found: Names = {}
    partition = caller.name.split(":", 2)[1] if caller.name.startswith("arn:") else "aws"
    by_account: Truth = _equal(written, caller.account) | _equal(
        written, f"arn:{partition}:iam::{caller.account}:root"
    )
    if by_account is not Truth.NO:
        found[Naming.CALLER if caller.kind is CallerKind.ROOT else Naming.ACCOUNT] = by_account
    itself = _equal(written, caller.name)
    if itself is not Truth.NO:
        found[Naming.CALLER] = max(itself, by_account) if caller.kind is CallerKind.ROOT else itself
    behind = _names_issuer(written, caller)
    if behind is not Truth.NO:
        found[Naming.ISSUER] = behind
    return found


def _names_issuer(written: str | Symbolic, caller: Caller) -> Truth:
    """Compare with the role or user behind a session; a role is known by its account and name, paths aside."""
    issuer = contexts.issuer(caller)
    if not issuer:
        return Truth.NO
    answer = _equal(written, issuer)
    if answer is Truth.NO and not caller.issuer and isinstance(written, str) and ":role/" in written:
        head, _, path = written.partition(":role/")
        return Truth.YES if f"{head}:role/{path.rpartition('/')[2]}" == issuer else Truth.NO
    return answer


def _by_unique_id(written: str, caller: Caller, context: Mapping[str, ContextValue]) -> Names:
    """Compare with `aws:userid`, which for a role session is `ROLE-ID:session-name`."""
    grade = Naming.CALLER if caller.kind is CallerKind.USER else Naming.ISSUER
    held = context.get("aws:userid")
    if not isinstance(held, str):
        return {grade: Truth.UNKNOWN}
    return {grade: Truth.YES} if held.partition(":")[0] == written else {}


BOUNDABLE: Final = frozenset({CallerKind.USER, CallerKind.ROLE_SESSION, CallerKind.FEDERATED_USER})
"""Who may have a permissions boundary, itself or by the role or user behind the session."""


def merged(all_names: Iterable[Names]) -> Names:
    """Join what several principals of one statement say: any of them suffices."""
    found: Names = {}
    for names in all_names:
        for grade, truth in names.items():
            found[grade] = found.get(grade, Truth.NO) | truth
    return found


def spared(others: tuple[Principal, ...], request: Request, context: Mapping[str, ContextValue]) -> Truth:
    """Tell whether NotPrincipal lists the caller, as completely as it must to take effect."""
    if any(isinstance(each.value.value, Known) and each.value.value.value == "*" for each in others):
        return Truth.YES
    found = merged(naming(each, request, context) for each in others)
    needed = NEEDED_TO_SPARE.get(request.principal.kind, (Naming.CALLER,))
    return min(found.get(grade, Truth.NO) for grade in needed)
