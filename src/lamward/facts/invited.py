"""Whom policies let in by name, and how far: accounts nobody knows, organisations, sources that cannot be, aliases.

Sources: Lambda Developer Guide, "Working with resource-based policies in Lambda"; Service Authorization Reference, the
ARN formats of each service.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.accounts import ACCOUNT, foreign_account, written
from lamward.facts.feeding import stands_apart
from lamward.facts.function_policies import function_policies, permissions_by_id, service_of
from lamward.facts.links import (
    functions_by_id,
    functions_named,
    resources_named,
    routes_of_functions,
    triggers_of,
)
from lamward.facts.strangers import openings
from lamward.model.application import Permission, ResourcePolicyKind, Route
from lamward.model.policy import Effect, Policy, Principal, PrincipalKind, Statement
from lamward.model.value import (
    Case,
    Guard,
    Reference,
    ReferenceKind,
    Symbolic,
    Value,
    at,
    both,
    cases,
    text_of,
)

_ACTS_FOR: Final = {
    "apigateway": frozenset({"execute-api", "apigateway"}),
    "cognito-idp": frozenset({"cognito-idp"}),
    "elasticloadbalancing": frozenset({"elasticloadbalancing"}),
    "events": frozenset({"events"}),
    "iot": frozenset({"iot"}),
    "lambda.alarms.cloudwatch": frozenset({"cloudwatch"}),
    "logs": frozenset({"logs"}),
    "s3": frozenset({"s3"}),
    "ses": frozenset({"ses"}),
    "sns": frozenset({"sns"}),
}
"""The services that act for sources, by the service part of the sources' ARNs."""

_SERVICE_OF: Final = {
    "AWS::ApiGateway::RestApi": "execute-api",
    "AWS::ApiGatewayV2::Api": "execute-api",
    "AWS::CloudWatch::Alarm": "cloudwatch",
    "AWS::Cognito::UserPool": "cognito-idp",
    "AWS::Events::Rule": "events",
    "AWS::IoT::TopicRule": "iot",
    "AWS::Logs::LogGroup": "logs",
    "AWS::S3::Bucket": "s3",
    "AWS::SNS::Topic": "sns",
    "AWS::SQS::Queue": "sqs",
    "AWS::StepFunctions::StateMachine": "states",
}
"""The service part of the ARNs of resources."""

_NOT_ASKED: Final = frozenset({ResourcePolicyKind.BUCKET, ResourcePolicyKind.FUNCTION})
"""Access logs come into buckets from accounts of AWS; functions are asked by their own statements."""

_BY_ORGANISATION: Final = frozenset({"aws:principalorgid", "aws:principalorgpaths"})
_ARN_PARTS: Final = 6


class Guest(Struct, frozen=True):
    """An account that a policy names and nobody said can be trusted; `what` is what it may use."""

    account: str
    what: str
    principal: Case
    when: Guard
    sid: str


@fact
def unknown_guests(facts: Facts) -> dict[str, tuple[Guest, ...]]:
    """Index by the resource that carries the policy the unknown accounts it lets in."""
    found = {
        one: tuple(_guests(facts, policy, "function")) for one, policy in function_policies(facts).items()
    }
    for each in facts.application.resource_policies:
        if each.kind not in _NOT_ASKED and not stands_apart(facts, each):
            found[each.id] = tuple(_guests(facts, each.policy, each.kind.value))
    return {one: guests for one, guests in found.items() if guests}


def _guests(facts: Facts, policy: Policy, what: str) -> Iterator[Guest]:
    for statement, principal, when in _allowed(policy):
        value = principal.value.value
        text = text_of(value) or ""
        account = text if ACCOUNT.fullmatch(text) else foreign_account(facts, value)
        if principal.kind is not PrincipalKind.AWS or account in {"", *facts.trusted_accounts}:
            continue
        if not any(entry.key.lower() in _BY_ORGANISATION for entry in statement.conditions):
            yield Guest(account, what, principal.value, when, statement.sid)


def _allowed(policy: Policy) -> Iterator[tuple[Statement, Principal, Guard]]:
    for statement in policy.statements:
        for principal in statement.principals or () if statement.effect is Effect.ALLOW else ():
            when = both(statement.when, principal.value.when)
            if when is not None:
                yield statement, principal, when


class Mismatch(Struct, frozen=True):
    """A service that is let in for a source it never acts for: an ARN of another service."""

    service: str
    source: Case
    other: str


@fact
def mismatched_sources(facts: Facts) -> dict[str, tuple[Mismatch, ...]]:
    """Index by the resource that carries the policy the statements that can never hold."""
    found = {one: tuple(_mismatches(facts, policy)) for one, policy in function_policies(facts).items()}
    return {one: mismatches for one, mismatches in found.items() if mismatches}


def _mismatches(facts: Facts, policy: Policy) -> Iterator[Mismatch]:
    for statement, principal, when in _allowed(policy):
        service = service_of(principal.value.value)
        wanted = _ACTS_FOR.get(service.partition(".amazonaws.com")[0])
        for entry in statement.conditions if wanted else ():
            if entry.key.lower() != "aws:sourcearn" or "not" in entry.operator.lower():
                continue
            for case in entry.values:
                joined = both(when, case.when)
                other = _service_in(facts, case.value)
                if wanted and other and other not in wanted and joined is not None:
                    yield Mismatch(service, Case(case.value, joined), other)


def _service_in(facts: Facts, value: Value) -> str:
    """Give the service part of an ARN, "" where it cannot be told."""
    parts = written(value).split(":", _ARN_PARTS - 1)
    if len(parts) == _ARN_PARTS and parts[0] == "arn":
        return "" if set(parts[2]) & set("*?$") else parts[2]
    return next((_SERVICE_OF.get(each.type, "") for each, _ in resources_named(facts, value)), "")


@fact
def organisation_grants(facts: Facts) -> dict[str, tuple[tuple[Statement, Guard], ...]]:
    """Index by resource the statements about functions that let in everybody of an organisation, and nobody else."""
    return {one: tuple(_organisation_wide(facts, policy)) for one, policy in function_policies(facts).items()}


def _organisation_wide(facts: Facts, policy: Policy) -> Iterator[tuple[Statement, Guard]]:
    if openings(facts, policy):
        return
    for statement, principal, when in _allowed(policy):
        bounds = {entry.key.lower() for entry in statement.conditions if "not" not in entry.operator.lower()}
        if text_of(principal.value.value) == "*" and bounds and bounds <= _BY_ORGANISATION:
            yield statement, when


def routes_beyond(facts: Facts, permission: Permission, source: Case) -> tuple[Route, ...]:
    """List the routes to a function where its permission is for all routes of an API and it has a few only."""
    _, marker, rest = written(source.value).partition(":execute-api:")
    called = rest.split(":", 2)[-1].split("/")[1:] if marker else []
    if not called or any(part.strip("*") for part in called[1:]) or (len(called) == 1 and called != ["*"]):
        return ()
    api = next((each.id for each, _ in resources_named(facts, source.value)), "")
    return routes_to(facts, permission, api, source.when)


def routes_to(facts: Facts, permission: Permission, api: str, when: Guard = ()) -> tuple[Route, ...]:
    """List the routes of an API that lead to a permission's function; none where it serves whatever comes."""
    functions = {function.id for function, _ in functions_named(facts, permission.function, when)}
    routes = tuple(route for route in routes_of_functions(facts, functions) if route.api == api)
    takes_all = any(route.path.endswith("+}") or route.path == "$default" for route in routes)
    return () if takes_all else routes


@fact
def aliases_of(facts: Facts) -> dict[str, tuple[str, ...]]:
    """Index by function the ids of its aliases."""
    found: dict[str, list[str]] = {}
    for resource in facts.application.resources.values():
        if resource.type == "AWS::Lambda::Alias":
            for function, _ in functions_named(facts, at(resource.properties, "FunctionName"), resource.when):
                found.setdefault(function.id, []).append(resource.id)
    return {function: tuple(aliases) for function, aliases in found.items()}


def is_unqualified(facts: Facts, case: Case) -> bool:
    """Tell whether a value names a function itself, and no version or alias of it."""
    match case.value:
        case Symbolic(parts=(Reference(kind=ReferenceKind.RESOURCE, target=target),)):
            return target in functions_by_id(facts)
        case _:
            return False


def calls_by_alias(facts: Facts, function: str) -> bool:
    """Tell whether all that is known to call a function, permissions aside, does so by an alias of it."""
    aliases = set(aliases_of(facts).get(function, ()))
    permissions = permissions_by_id(facts)
    targets = [
        {reference.target for reference in case.value.references}
        if isinstance(case.value, Symbolic)
        else set()
        for trigger in triggers_of(facts, functions_by_id(facts)[function])
        if trigger.declared_by not in permissions
        for case in cases(trigger.function)
    ]
    return bool(targets) and all(names & aliases for names in targets)
