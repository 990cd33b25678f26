"""Which resource of the application a service acts for when it invokes a function."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lamward.facts import Facts
from lamward.facts.links import functions_named, resources_named, routes_of_functions, triggers_of
from lamward.model.application import Permission, Resource

_CALLERS: Final = {
    "apigateway": frozenset({"AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"}),
    "events": frozenset({"AWS::Events::Rule"}),
    "sns": frozenset({"AWS::SNS::Topic"}),
}
"""The types of resources by the service that acts for them."""


def only_caller(facts: Facts, permission: Permission, service: str) -> Resource | None:
    """Give the resource a permission is for, None when the template has none or several beside the permission."""
    wanted = _CALLERS.get(service.partition(".")[0], frozenset())
    found = {each.id: each for each in _callers(facts, permission) if each.type in wanted}
    beside = permission.location.span.file
    if len(found) != 1:
        return None
    (caller,) = found.values()
    return caller if caller.location.span.file == beside and "/" not in caller.id else None


def _callers(facts: Facts, permission: Permission) -> Iterator[Resource]:
    resources = facts.application.resources
    functions = {each.id: each for each, _ in functions_named(facts, permission.function, permission.when)}
    yield from (
        resources[route.api] for route in routes_of_functions(facts, functions) if route.api in resources
    )
    for function in functions.values():
        for trigger in triggers_of(facts, function):
            if trigger.declared_by in resources:
                yield resources[trigger.declared_by]
            yield from (resource for resource, _ in resources_named(facts, trigger.source, trigger.when))
