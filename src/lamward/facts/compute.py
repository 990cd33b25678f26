"""Compute besides functions: web functions, MicroVM images, capacity providers, and what they are given.

Source: CloudFormation Template Reference, "AWS::Lambda::WebFunctionRevision", "AWS::Lambda::MicrovmImage" and
"AWS::Lambda::CapacityProvider".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from lamward.facts import Facts, fact
from lamward.facts.links import of_type, resources_named, roles_by_id
from lamward.facts.network import mentioning
from lamward.model.application import EnvironmentVariable, Function, Resource, Role
from lamward.model.value import (
    Case,
    Guard,
    Symbolic,
    Unknown,
    at,
    cases,
    elements,
    entries,
    location_of,
    text_of,
)

IMAGE: Final = "AWS::Lambda::MicrovmImage"
PROVIDER: Final = "AWS::Lambda::CapacityProvider"
REVISION: Final = "AWS::Lambda::WebFunctionRevision"
ENDPOINT: Final = "AWS::Lambda::WebFunctionEndpoint"

_ENVIRONMENTS: Final = {
    IMAGE: ("EnvironmentVariables",),
    REVISION: ("ServiceConfig", "EnvironmentVariables"),
}
"""Where the variables are."""

_PROVIDER_OF_FUNCTION: Final = (
    "CapacityProviderConfig",
    "LambdaManagedInstancesCapacityProviderConfig",
    "CapacityProviderArn",
)


@fact
def environments_of_compute(facts: Facts) -> dict[str, tuple[EnvironmentVariable, ...]]:
    """List the environment variables of web function revisions and MicroVM images, by resource."""
    found = {each.id: tuple(_environment(each)) for each in facts.application.resources.values()}
    return {resource: variables for resource, variables in found.items() if variables}


def unread_environments_of_compute(facts: Facts) -> Iterator[Case]:
    """List what stands in the place of such variables and cannot be told."""
    for resource in facts.application.resources.values():
        if resource.type in _ENVIRONMENTS:
            for case in cases(at(resource.properties, *_ENVIRONMENTS[resource.type]), resource.when):
                if isinstance(case.value, Symbolic | Unknown):
                    yield case


def _environment(resource: Resource) -> Iterator[EnvironmentVariable]:
    if resource.type not in _ENVIRONMENTS:
        return
    written = at(resource.properties, *_ENVIRONMENTS[resource.type])
    if resource.type == REVISION:
        for name, where, value, when in entries(written, resource.when):
            yield EnvironmentVariable(name, value, where, when)
    else:
        for case in elements(written, resource.when):
            key = at(case.value, "Key")
            yield EnvironmentVariable(
                text_of(key) or "", at(case.value, "Value"), location_of(key), case.when
            )


@fact
def functions_of_providers(facts: Facts) -> dict[str, tuple[tuple[Function, Guard], ...]]:
    """List for each capacity provider the functions that run on its machines."""
    index: dict[str, list[tuple[Function, Guard]]] = defaultdict(list)
    for function in facts.application.functions:
        for resource, when in resources_named(
            facts, at(function.properties, *_PROVIDER_OF_FUNCTION), function.when
        ):
            if resource.type == PROVIDER:
                index[resource.id].append((function, when))
    return {provider: tuple(functions) for provider, functions in index.items()}


def distributions_before(facts: Facts, endpoint: Resource) -> tuple[Resource, ...]:
    """List the CloudFront distributions that have an endpoint behind them."""
    return tuple(
        resource
        for resource in mentioning(facts).get(endpoint.id, ())
        if resource.type == "AWS::CloudFront::Distribution"
    )


@fact
def roles_of_images(facts: Facts) -> frozenset[str]:
    """List the roles with which MicroVM images are built."""
    return frozenset(
        role.id
        for image in facts.application.resources.values()
        if image.type == IMAGE
        for role, _ in resources_named(facts, at(image.properties, "BuildRoleArn"), image.when)
    )


def roles_of_endpoint(facts: Facts, endpoint: Resource) -> Iterator[tuple[Role, Guard]]:
    """Find the roles with which the revisions behind an endpoint run."""
    roles = roles_by_id(facts)
    for revision in of_type(facts, REVISION):
        if not _is_behind(facts, endpoint, revision):
            continue
        named = at(revision.properties, "ServiceConfig", "ExecutionRoleArn")
        for resource, when in resources_named(facts, named, revision.when):
            if resource.id in roles:
                yield roles[resource.id], when


def _is_behind(facts: Facts, endpoint: Resource, revision: Resource) -> bool:
    """Tell whether an endpoint may lead to a revision: SAM makes both of one, or both name the same web function."""
    if endpoint.declared_by not in {"", endpoint.id}:
        return endpoint.declared_by == revision.declared_by
    if any(each is endpoint for each in mentioning(facts).get(revision.id, ())):
        return True
    return bool(_shown(endpoint)) and _shown(endpoint) == _shown(revision)


def _shown(resource: Resource) -> str:
    """Write the name of the web function that an endpoint or a revision belongs to."""
    name = at(resource.properties, "FunctionName")
    return str(name) if isinstance(name, Symbolic) else text_of(name) or ""
