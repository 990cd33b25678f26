"""The two sides of a question as clauses: for one caller, which statements deny and which must allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import chain
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from lamward.iam import catalogue, context, documents, platform, worlds
from lamward.iam.conditions import written
from lamward.iam.parse import VERSIONS
from lamward.iam.principals import BOUNDABLE, Naming, merged, naming, spared
from lamward.model.access import (
    Caller,
    CallerKind,
    ContextValue,
    Determining,
    Layer,
    Policies,
    Request,
    Truth,
)
from lamward.model.policy import Effect, Policy, PrincipalKind, Statement
from lamward.model.value import Case

ACCOUNT: Final = "111122223333"
STRANGER: Final = "999988887777"
NOBODYS: Final = "000000000000"
"""The account of a resource whose policy is asked about by itself."""

NOBODY: Final = "somebody"
"""The name of those whom no policy names."""

WITH_IDENTITY: Final = frozenset(
    {CallerKind.ROOT, CallerKind.USER, CallerKind.ROLE_SESSION, CallerKind.FEDERATED_USER}
)
BOUND: Final = WITH_IDENTITY - {CallerKind.ROOT}
"""Who has identity policies of its own."""

_WITH_PRINCIPALS: Final = frozenset({Layer.RESOURCE, Layer.RESOURCE_CONTROL, Layer.ENDPOINT})


class Perspective(Struct, frozen=True):
    """A caller to ask for. Keys of `fixed` have that value (None: are absent), those of `present` any value.

    Keys of `shaped` are absent, or match one of their patterns. `generic` callers stand for every one of their kind.
    `owner` is the account of the resources.
    """

    caller: Caller
    owner: str
    fixed: Mapping[str, ContextValue | None]
    present: frozenset[str]
    generic: bool = False
    shaped: Mapping[str, tuple[str, ...]] = {}


class Clause(Struct, frozen=True):
    """A statement as one caller meets it. `surely` is false when it may not apply, or cannot be read in full."""

    statement: Statement
    policy: Policy
    layer: Layer
    index: int
    surely: bool
    grades: frozenset[Naming] = frozenset(Naming)

    @property
    def variables(self) -> bool:
        """Whether `${…}` has a meaning in it."""
        return self.policy.version == VERSIONS[1]

    @property
    def determining(self) -> Determining:
        """The statement's place."""
        return Determining(
            self.layer, self.policy.name, self.index, self.statement.sid, self.statement.location
        )


LayerClauses = tuple[Clause, ...]


class Side(Struct, frozen=True):
    """What decides: no deny, and for one of the paths an allow in every layer of it."""

    denies: LayerClauses
    paths: tuple[tuple[LayerClauses, ...], ...]


def perspectives(sets: tuple[Policies, ...], owner: str = "") -> tuple[Perspective, ...]:
    """List the callers that policies can tell apart: generic ones, and those that principals name.

    The root user of the resources' own account is among them only where a policy names it or its account.
    """
    resources = [each.resource for each in sets if each.resource is not None]
    named: dict[Caller, None] = {}
    accounts: dict[str, None] = {}
    for document in chain(resources, *map(_with_principals, sets)):
        for statement in document.statements:
            for principal in chain(statement.principals or (), statement.not_principals or ()):
                named.update(dict.fromkeys(_callers_of(principal.kind, principal.value)))
                accounts.update(dict.fromkeys(_accounts_of(principal.kind, principal.value)))
    told = any(map(_tells_kinds, chain.from_iterable(map(worlds.every, sets))))
    if not resources:
        own = [_fixed(each, ACCOUNT) for each in named if each.account == ACCOUNT and each.kind in BOUND]
        return tuple(own + [_fixed(each, ACCOUNT, generic=True) for each in _members(ACCOUNT, told=told)])
    place = owner or _owner(resources) or ACCOUNT
    found = [_fixed(each, place) for each in named]
    for account in accounts:
        found.append(_fixed(documents.caller(f"arn:aws:iam::{account}:root"), place))
        found += [_fixed(each, place, generic=True) for each in _members(account, told=told)]
    for account in (STRANGER, place):
        found += [_fixed(each, place, generic=True) for each in _members(account, told=told)]
    found += [_fixed(documents.caller(name), place, generic=True) for name in ("*", "stranger.amazonaws.com")]
    if told:
        others = (f"arn:aws:iam::{STRANGER}:root", "stranger.example.com")
        found += [_fixed(documents.caller(name), place, generic=True) for name in others]
    return tuple({each.caller: each for each in reversed(found)}.values())[::-1]


def _with_principals(policies: Policies) -> Iterable[Policy]:
    """List the documents beside the resource's own that name principals."""
    return chain(policies.endpoint or (), *policies.resource_control)


def _members(account: str, *, told: bool) -> tuple[Caller, ...]:
    """List a caller of every kind that policies could tell apart in an account."""
    role = documents.caller(f"arn:aws:iam::{account}:role/{NOBODY}")
    if not told:
        return (role,)
    user = documents.caller(f"arn:aws:iam::{account}:user/{NOBODY}")
    return role, user, documents.caller(f"arn:aws:sts::{account}:federated-user/{NOBODY}")


def _tells_kinds(document: Policy) -> bool:
    """Tell whether a policy may treat users, roles and others in different ways."""
    for statement in document.statements:
        keys = [entry.key for entry in statement.conditions]
        texts = [str(text) for case in worlds.scalars(statement) if (text := written(case)) is not None]
        for text in map(str.lower, (*keys, *texts)):
            if "aws:username" in text or "aws:principaltype" in text:
                return True
    return False


def _owner(resources: list[Policy]) -> str:
    found = {
        platform.account_of(text)
        for document in resources
        for statement in document.statements
        for case in statement.resources or ()
        if isinstance(text := written(case), str)
    }
    found = {account for account in found if account.isdigit()}
    return found.pop() if len(found) == 1 else ""


def _callers_of(kind: PrincipalKind, value: Case) -> Iterable[Caller]:
    """List the callers that a principal names, its account aside."""
    text = written(value)
    if not isinstance(text, str) or text == "*" or kind in (PrincipalKind.ANYONE, PrincipalKind.CANONICAL):
        return
    if kind is not PrincipalKind.AWS:
        yield documents.caller(text)
        return
    account = next(iter(_accounts_of(kind, value)), "")
    if not account:
        return
    if ":role/" in text or ":user/" in text or ":assumed-role/" in text or ":federated-user/" in text:
        yield documents.caller(text)
    if ":user/" in text:
        session = f"arn:aws:sts::{account}:federated-user/{NOBODY}-of-{text.rpartition('/')[2]}"
        yield Caller(CallerKind.FEDERATED_USER, session, account, text)
    if ":assumed-role/" in text and text.count("/") > 1:
        role = text.split("/")[1]
        yield documents.caller(f"arn:aws:iam::{account}:role/{role}")


def _accounts_of(kind: PrincipalKind, value: Case) -> Iterable[str]:
    """List the account of a principal."""
    text = written(value)
    if kind is PrincipalKind.AWS and isinstance(text, str):
        account = text if text.isdigit() else platform.account_of(text)
        if account.isdigit() and len(account) == len(ACCOUNT):
            yield account


@lru_cache(maxsize=4096)
def _fixed(caller: Caller, owner: str, *, generic: bool = False) -> Perspective:
    derived = context.complete(Request(caller, "x:y", "*", resource_account=owner))
    present = {"aws:resourceaccount"}
    if generic and caller.kind in WITH_IDENTITY:
        own = {"aws:principalarn", "aws:principalaccount", "aws:username", "aws:userid"}
        present |= own & set(derived)
    fixed: dict[str, ContextValue | None] = {
        key: value or None for key, value in derived.items() if key not in present
    }
    for key in ("aws:username", "aws:principalarn", "aws:principalaccount", "aws:principalservicename"):
        if key not in derived:
            fixed[key] = None
    return Perspective(caller, owner, fixed, frozenset(present), generic)


def side(policies: Policies, seen: Perspective, action: str, *, governed: bool) -> Side:
    """Write what decides for one caller and action."""
    caller = seen.caller
    clauses = tuple(_clauses(policies, seen, action))
    ceilings = [_of(clauses, Layer.RESOURCE_CONTROL, level) for level in _levels(policies, seen, action)]
    if caller.kind in WITH_IDENTITY and not (policies.caller_in_management_account or caller.service_linked):
        ceilings += [
            _of(clauses, Layer.SERVICE_CONTROL, level) for level in range(len(policies.service_control))
        ]
    if policies.endpoint is not None:
        ceilings.append(_of(clauses, Layer.ENDPOINT))
    denies = tuple(clause for _, clause in clauses if clause.statement.effect is Effect.DENY)
    paths = _paths(policies, seen, clauses, governed=governed)
    return Side((*denies, *_platform_denies()), tuple((*ceilings, *path) for path in paths))


_Placed = tuple[int, Clause]


def _levels(policies: Policies, seen: Perspective, action: str) -> range:
    exempt = policies.resource_in_management_account or seen.caller.service_linked
    bound = not exempt and platform.has_resource_control(action)
    return range(len(policies.resource_control) if bound else 0)


def _of(
    clauses: tuple[_Placed, ...], layer: Layer, level: int = 0, grade: Naming | None = None
) -> LayerClauses:
    return tuple(
        clause
        for place, clause in clauses
        if clause.layer is layer
        and place == level
        and clause.statement.effect is Effect.ALLOW
        and (grade is None or grade in clause.grades)
    )


def _paths(
    policies: Policies, seen: Perspective, clauses: tuple[_Placed, ...], *, governed: bool
) -> list[list[LayerClauses]]:
    """Write every way to be allowed, ceilings aside; a governed resource without a policy delegates."""
    caller, kind = seen.caller, seen.caller.kind
    resource = _of(clauses, Layer.RESOURCE)
    if kind not in WITH_IDENTITY:
        return [[resource]]
    limits: list[LayerClauses] = []
    if kind is not CallerKind.ROOT:
        limits += [_of(clauses, Layer.BOUNDARY)] if policies.boundary is not None else []
        limits += [_of(clauses, Layer.SESSION)] if policies.session is not None else []
    identified = [*([] if kind is CallerKind.ROOT else [_of(clauses, Layer.IDENTITY)]), *limits]
    if caller.account != seen.owner:
        return [[resource, *identified]]
    direct = [_of(clauses, Layer.RESOURCE, grade=Naming.CALLER)]
    limited = [_of(clauses, Layer.RESOURCE, grade=Naming.ISSUER), *limits]
    if governed and policies.resource is not None:
        return [[_of(clauses, Layer.RESOURCE, grade=Naming.ACCOUNT), *identified], direct, limited]
    return [identified, direct, limited]


def _clauses(policies: Policies, seen: Perspective, action: str) -> Iterable[_Placed]:
    kind = seen.caller.kind
    groups: list[tuple[Layer, int, tuple[Policy, ...]]] = [
        (Layer.RESOURCE_CONTROL, level, policies.resource_control[level])
        for level in _levels(policies, seen, action)
    ]
    if kind in WITH_IDENTITY and not (policies.caller_in_management_account or seen.caller.service_linked):
        groups += [
            (Layer.SERVICE_CONTROL, level, each) for level, each in enumerate(policies.service_control)
        ]
    groups.append((Layer.ENDPOINT, 0, policies.endpoint or ()))
    groups.append((Layer.RESOURCE, 0, () if policies.resource is None else (policies.resource,)))
    if kind in WITH_IDENTITY and kind is not CallerKind.ROOT:
        groups.append((Layer.BOUNDARY, 0, policies.boundary or ()))
        groups.append((Layer.SESSION, 0, policies.session or ()))
        groups.append((Layer.IDENTITY, 0, policies.identity))
    bounded = policies.boundary is not None and kind in BOUNDABLE
    for layer, level, group in groups:
        for policy in group:
            for index, statement in enumerate(policy.statements):
                clause = _clause(policy, layer, index, statement, seen, bounded=bounded)
                if clause is not None:
                    yield level, clause
            if policy.unreadable:
                for effect in Effect:
                    unread = Statement(effect, unreadable=policy.unreadable)
                    yield level, Clause(unread, policy, layer, -1, surely=False)


def _clause(
    policy: Policy, layer: Layer, index: int, statement: Statement, seen: Perspective, *, bounded: bool
) -> Clause | None:
    surely = not statement.unreadable
    if layer not in _WITH_PRINCIPALS:
        surely = surely and statement.principals is None and statement.not_principals is None
        surely = surely and (statement.resources is not None or statement.not_resources is not None)
        return Clause(statement, policy, layer, index, surely)
    if statement.resources is None and statement.not_resources is None and layer is not Layer.RESOURCE:
        surely = False
    names = _names(statement, seen, bounded=bounded)
    possible = {grade: truth for grade, truth in names.items() if truth is not Truth.NO}
    if not possible:
        return None
    surely = surely and all(truth is Truth.YES for truth in possible.values())
    return Clause(statement, policy, layer, index, surely, frozenset(possible))


def _names(statement: Statement, seen: Perspective, *, bounded: bool) -> Mapping[Naming, Truth]:
    request = Request(seen.caller, "x:y", "*", resource_account=seen.owner)
    keys = context.complete(request)
    if statement.principals is not None:
        return merged(naming(each, request, keys) for each in statement.principals)
    if statement.not_principals is None:
        return {}
    if statement.effect is Effect.ALLOW:
        return {Naming.CALLER: Truth.UNKNOWN}
    if bounded:
        return {Naming.CALLER: Truth.YES}
    return {Naming.CALLER: ~spared(statement.not_principals, request, keys)}


_platform: list[LayerClauses] = []


def _platform_denies() -> LayerClauses:
    """Write as statements what AWS refuses whatever the policies say."""
    if not _platform:
        _platform.append(_make_platform_denies())
    return _platform[0]


def platform_statements() -> tuple[Statement, ...]:
    """Give the statements that write what AWS refuses."""
    return tuple(clause.statement for clause in _platform_denies())


@cache
def platform_actions() -> tuple[tuple[int, frozenset[str]], ...]:
    """Give the actions that AWS refuses, in lower case, by the statements that speak of them, as bits."""
    found: dict[str, int] = {}
    for index, statement in enumerate(platform_statements()):
        for case in statement.actions or ():
            name = str(written(case)).lower()
            found[name] = found.get(name, 0) | 1 << index
    groups: dict[int, set[str]] = {}
    for name, bits in found.items():
        groups.setdefault(bits, set()).add(name)
    return tuple((bits, frozenset(names)) for bits, names in groups.items())


def _make_platform_denies() -> LayerClauses:
    reading = (catalogue.Level.LIST, catalogue.Level.READ)
    changing = [each.name for each in catalogue.matching("iam:*") if each.level not in reading]
    linked = [name for name in changing if name.lower() not in platform.SERVICE_LINKED]
    reserved = [name for name in changing if name != "iam:PassRole"]
    refused = documents.policy(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Deny", "Action": changing, "Resource": "*:iam::aws:policy/*"},
                {"Effect": "Deny", "Action": reserved, "Resource": "*:role/aws-reserved/*"},
                {"Effect": "Deny", "Action": linked, "Resource": "*:role/aws-service-role/*"},
                {"Effect": "Deny", "Action": sorted(platform.ALIAS_ACTIONS), "Resource": "*:alias/aws/*"},
                {"Effect": "Deny", "Action": sorted(platform.FREE_ACTIONS), "Resource": "*"},
            ],
        }
    )
    return tuple(
        Clause(statement, refused, Layer.AWS, index, surely=True)
        for index, statement in enumerate(refused.statements)
    )


def with_delegation(policies: Policies, request: Request) -> Policies:
    """Give a governed resource whose policy nobody showed one that delegates to the account."""
    if policies.resource is not None or not platform.governed_by_resource(request.action, request.resource):
        return policies
    return replace(policies, resource=_DELEGATING)


_DELEGATING: Final = documents.policy(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "*", "Resource": "*"},
    },
    name="a policy that delegates to the account",
)
