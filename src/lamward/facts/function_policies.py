"""The resource policies of functions, whether written as single permissions or as documents.

Source: Lambda API reference, "AddPermission": how each parameter becomes a condition of the statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.accounts import account_part
from lamward.facts.links import functions_named
from lamward.facts.strangers import openings, served
from lamward.iam import catalogue
from lamward.iam.catalogue import Action, Level
from lamward.model.application import Function, FunctionUrl, Permission, Resource, ResourcePolicyKind
from lamward.model.location import Location
from lamward.model.policy import ConditionEntry, Effect, Policy, Principal, PrincipalKind, Statement
from lamward.model.value import (
    Absent,
    AssumptionKind,
    Case,
    Guard,
    Known,
    Reference,
    Symbolic,
    Unknown,
    Value,
    both,
    cases,
    location_of,
    text_of,
)

_EVERYTHING: Final = (Case(Known("*")),)

_SERVICE_DOMAINS: Final = (".amazonaws.com", ".amazonaws.com.cn", ".amazon.com")


class ServiceGrant(Struct, frozen=True):
    """A statement that lets an AWS service in without saying for whom, or not for sure.

    `source` is what it does say: nothing (None), an ARN that fits any account, or the name of a bucket. `statement` is
    that of a document.
    """

    service: str
    principal: Case
    when: Guard
    source: Case | None = None
    statement: Statement | None = None


@fact
def function_policies(facts: Facts) -> dict[str, Policy]:
    """Index the statements about functions by the id of the resource that makes them."""
    found = {each.id: _policy(each) for each in facts.application.permissions}
    for written in facts.application.resource_policies:
        if written.kind is ResourcePolicyKind.FUNCTION:
            found[written.id] = written.policy
    return found


@fact
def permissions_by_id(facts: Facts) -> dict[str, Permission]:
    """Index the permissions."""
    return {permission.id: permission for permission in facts.application.permissions}


def _policy(permission: Permission) -> Policy:
    where = location_of(permission.principal)
    statement = Statement(
        effect=Effect.ALLOW,
        actions=_scalars(permission.action, permission.when),
        principals=tuple(
            Principal(_principal_kind(case.value), case)
            for case in _scalars(permission.principal, permission.when)
        ),
        conditions=tuple(_conditions(permission)),
        location=where,
        when=permission.when,
    )
    return Policy((statement,), permission.id, "2012-10-17", where, permission.when)


def _scalars(value: Value, when: Guard) -> tuple[Case, ...]:
    return tuple(case for case in cases(value, when) if isinstance(case.value, Known | Symbolic | Unknown))


def _principal_kind(value: Value) -> PrincipalKind:
    if text_of(value) == "*" or isinstance(value, Unknown):
        return PrincipalKind.ANYONE
    return PrincipalKind.SERVICE if service_of(value) else PrincipalKind.AWS


def service_of(value: Value) -> str:
    """Give the service principal a value names, "" for another kind of principal."""
    shown = str(value) if isinstance(value, Symbolic) else text_of(value) or ""
    return shown if shown.endswith((*_SERVICE_DOMAINS, "${AWS::URLSuffix}")) else ""


def _conditions(permission: Permission) -> Iterator[ConditionEntry]:
    for operator, key, value in (
        ("ArnLike", "aws:SourceArn", permission.source_arn),
        ("StringEquals", "aws:SourceAccount", permission.source_account),
        ("StringEquals", "aws:PrincipalOrgID", permission.organization),
        ("StringEquals", "lambda:FunctionUrlAuthType", permission.url_auth),
        ("Bool", "lambda:InvokedViaFunctionUrl", permission.via_url),
        ("StringEquals", "lambda:EventSourceToken", permission.event_source_token),
    ):
        found: dict[Guard, list[Case]] = defaultdict(list)
        for case in _scalars(value, permission.when):
            found[_conditions_of(case.when)].append(case)
        for when, values in found.items():
            yield ConditionEntry(operator, key, tuple(values), location_of(values[0].value), when)


def _conditions_of(when: Guard) -> Guard:
    """Leave out what a guard says of parameters: whatever value one has, the bound it is the value of is there."""
    return tuple(each for each in when if each.kind is AssumptionKind.CONDITION)


@fact
def unbounded_service_grants(facts: Facts) -> dict[str, tuple[ServiceGrant, ...]]:
    """Index by resource the statements that let a service in on behalf of accounts they do not name."""
    permissions = permissions_by_id(facts)
    found: dict[str, tuple[ServiceGrant, ...]] = {}
    for identifier, policy in function_policies(facts).items():
        permission = permissions.get(identifier)
        grants = _of_permission(permission) if permission else services_for_anyone(policy)
        if made := tuple(grants):
            found[identifier] = made
    return found


def _of_permission(permission: Permission) -> Iterator[ServiceGrant]:
    for principal in cases(permission.principal, permission.when):
        service = service_of(principal.value)
        if not service:
            continue
        for other in _without_other_bounds(permission, principal.when):
            for source in cases(permission.source_arn, other):
                if isinstance(source.value, Absent):
                    yield ServiceGrant(service, principal, source.when)
                elif not _names_an_account(source.value):
                    yield ServiceGrant(service, principal, source.when, source)


def _without_other_bounds(permission: Permission, when: Guard) -> Iterator[Guard]:
    """List the branches in which neither an account nor an organisation nor a token bounds a permission."""
    for account in cases(permission.source_account, when):
        for organization in cases(permission.organization, account.when):
            for token in cases(permission.event_source_token, organization.when):
                if all(isinstance(each.value, Absent) for each in (account, organization, token)):
                    yield token.when


def services_for_anyone(policy: Policy) -> Iterator[ServiceGrant]:
    """List the services that a document lets in on behalf of accounts it does not name."""
    for statement in policy.statements:
        for principal in statement.principals or () if statement.effect is Effect.ALLOW else ():
            service = service_of(principal.value.value)
            when = both(statement.when, principal.value.when)
            if principal.kind is not PrincipalKind.SERVICE or not service or when is None:
                continue
            for opening in served(policy, statement, when):
                if not opening.doubt:
                    yield ServiceGrant(service, principal.value, opening.when, statement=statement)


def _names_an_account(value: Value) -> bool:
    """Tell whether an ARN is of certain accounts; one that cannot be read is taken to be."""
    part = account_part(value)
    if part is None:
        return (text_of(value) or "") not in {"*", "arn:*"}
    return any(
        isinstance(piece, Reference) or (isinstance(piece, str) and piece.strip("*?")) for piece in part
    )


class AdministrativeGrant(Struct, frozen=True):
    """An action of a statement about a function that is not invoking; an empty `pattern` cannot be told."""

    action: Case
    pattern: str
    changes: bool


@fact
def administrative_grants(facts: Facts) -> dict[str, tuple[AdministrativeGrant, ...]]:
    """Index by resource the actions that statements about functions allow besides invoking."""
    found = {
        identifier: tuple(_administrative(policy)) for identifier, policy in function_policies(facts).items()
    }
    return {identifier: grants for identifier, grants in found.items() if grants}


def _administrative(policy: Policy) -> Iterator[AdministrativeGrant]:
    for statement in policy.statements:
        if statement.effect is not Effect.ALLOW:
            continue
        for case in statement.actions or ():
            pattern = text_of(case.value)
            if pattern is None:
                yield AdministrativeGrant(case, "", changes=False)
            elif more := _besides_invoking(pattern):
                yield AdministrativeGrant(case, pattern, changes=_changes(more))
        yield from _administrative_by_exception(statement)


def _administrative_by_exception(statement: Statement) -> Iterator[AdministrativeGrant]:
    """Give what a statement allows by `NotAction`: all but what it lists."""
    listed = statement.not_actions or ()
    left_out = {each.name for case in listed for each in catalogue.matching(text_of(case.value) or "")}
    more = [each for each in _besides_invoking("lambda:*") if each.name not in left_out]
    if listed and more:
        yield AdministrativeGrant(
            listed[0], f"everything but {text_of(listed[0].value) or 'that'}", changes=_changes(more)
        )


def _besides_invoking(pattern: str) -> list[Action]:
    return [each for each in catalogue.matching(pattern) if not each.name.startswith("lambda:Invoke")]


def _changes(actions: Iterable[Action]) -> bool:
    return any(each.level in {Level.WRITE, Level.PERMISSIONS} for each in actions)


def only_opens_public_urls(facts: Facts, resource: Resource, statement: Statement) -> bool:
    """Tell whether a statement opens nothing but function URLs that ask nobody anyway, and are judged themselves."""
    actions = {(text_of(case.value) or "").lower() for case in statement.actions or ()}
    return actions == {"lambda:invokefunctionurl"} and has_open_urls_only(facts, resource)


def has_open_urls_only(facts: Facts, resource: Resource) -> bool:
    """Tell whether the function that a permission or document is about has URLs, and all of them ask nobody."""
    urls = urls_of_policies(facts).get(resource.id, ())
    return bool(urls) and all(text_of(case.value) == "NONE" for url in urls for case in cases(url.auth))


@fact
def urls_of_policies(facts: Facts) -> dict[str, tuple[FunctionUrl, ...]]:
    """Index the URLs of the function that a permission or document is about, by the resource that makes it."""
    by_function: dict[str, list[FunctionUrl]] = defaultdict(list)
    for url in facts.application.urls:
        for function, _ in functions_named(facts, url.function, url.when):
            by_function[function.id].append(url)
    return {
        identifier: tuple(url for function in functions for url in by_function[function.id])
        for identifier, functions in _functions_of_policies(facts).items()
    }


@fact
def _functions_of_policies(facts: Facts) -> dict[str, tuple[Function, ...]]:
    targets = [(each.id, each.function, each.when) for each in facts.application.permissions] + [
        (each.id, each.targets, each.when)
        for each in facts.application.resource_policies
        if each.kind is ResourcePolicyKind.FUNCTION
    ]
    return {
        identifier: tuple(function for function, _ in functions_named(facts, target, when))
        for identifier, target, when in targets
    }


@fact
def shut_urls(facts: Facts) -> frozenset[str]:
    """Collect the URLs of functions here that ask nobody, and that no statement lets anybody call: all get a 403.

    SAM writes the statements itself; a template without it has to.
    """
    targets = _functions_of_policies(facts)
    opening = [one for one, policy in function_policies(facts).items() if _may_open_urls(policy)]
    if any(not targets.get(one) for one in opening):
        # A statement about a function that cannot be told may be the one.
        return frozenset()
    called = {function.id for one in opening for function in targets[one]}
    return frozenset(
        url.id
        for url in facts.application.urls
        if (named := [function.id for function, _ in functions_named(facts, url.function, url.when)])
        and called.isdisjoint(named)
    )


def _may_open_urls(policy: Policy) -> bool:
    return bool(policy.unreadable) or any(
        text_of(case.value) is None
        or any(
            each.name == "lambda:InvokeFunctionUrl" for each in catalogue.matching(text_of(case.value) or "")
        )
        for statement in policy.statements
        if statement.effect is Effect.ALLOW
        for case in statement.actions or _EVERYTHING
    )


class PublicEntry(Struct, frozen=True):
    """A way for everybody to call a function: where it is written and what it is."""

    location: Location
    note: str
    when: Guard


@fact
def public_entries(facts: Facts) -> dict[str, tuple[PublicEntry, ...]]:
    """Index by function the ways for everybody to call it: URLs without authorisation, open resource policies."""
    found: dict[str, list[PublicEntry]] = defaultdict(list)
    for url in facts.application.urls:
        for function, when in functions_named(facts, url.function, url.when):
            for case in cases(url.auth, when) if url.id not in shut_urls(facts) else ():
                if text_of(case.value) == "NONE":
                    entry = PublicEntry(
                        location_of(case.value), "the URL asks nobody who they are", case.when
                    )
                    found[function.id].append(entry)
    for identifier, policy in function_policies(facts).items():
        resource = facts.application.resources[identifier]
        for opening in openings(facts, policy):
            if opening.doubt or only_opens_public_urls(facts, resource, opening.statement):
                continue
            for function in _functions_of_policies(facts).get(identifier, ()):
                note = "any AWS account may invoke it"
                found[function.id].append(PublicEntry(opening.statement.location, note, opening.when))
    return {function: tuple(entries) for function, entries in found.items()}
