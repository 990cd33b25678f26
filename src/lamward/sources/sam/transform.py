"""The whole transform: Globals into each resource, then every serverless resource into what it makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from lamward.model.application import Resource
from lamward.model.value import Absent, Value
from lamward.sources.cloudformation.template import Template
from lamward.sources.sam import (
    apis,
    connectors,
    function,
    graphql,
    resources,
    runtimes,
    state_machine,
    websocket,
)
from lamward.sources.sam.expansion import Expansion
from lamward.sources.sam.globals import SECTIONS, merged

_EXPANDERS: dict[str, Callable[[Expansion, Resource], None]] = {
    "AWS::Serverless::CapacityProvider": runtimes.expand_capacity_provider,
    "AWS::Serverless::Function": function.expand,
    "AWS::Serverless::GraphQLApi": graphql.expand,
    "AWS::Serverless::LayerVersion": resources.expand_layer,
    "AWS::Serverless::MicrovmImage": runtimes.expand_image,
    "AWS::Serverless::NetworkConnector": runtimes.expand_network_connector,
    "AWS::Serverless::SimpleTable": resources.expand_table,
    "AWS::Serverless::StateMachine": state_machine.expand,
    "AWS::Serverless::WebFunction": runtimes.expand_web_function,
    "AWS::Serverless::WebSocketApi": websocket.expand,
}

_LATER = frozenset({"AWS::Serverless::Api", "AWS::Serverless::HttpApi", "AWS::Serverless::Connector"})


def transform(
    template: Template,
    declared: Mapping[str, Resource],
    *,
    definition: Callable[[Value], Value],
    prefix: str = "",
) -> dict[str, Resource]:
    """Give the resources of a template after the transform; those it does not know stay as they are."""
    general = {
        name: template.evaluator.value(node, ("Globals", name))
        for name, node in template.section("Globals").items()
    }
    complete = {identifier: _with_globals(resource, general) for identifier, resource in declared.items()}
    expansion = Expansion(
        template=template, declared=complete, globals=general, definition=definition, prefix=prefix
    )
    for resource in complete.values():
        if resource.type not in _EXPANDERS and resource.type not in _LATER:
            expansion.resources[resource.id] = resource
    for resource in complete.values():
        expander = _EXPANDERS.get(resource.type)
        if expander is not None:
            expander(expansion, resource)
    apis.expand(expansion)
    connectors.expand(expansion)
    # Events know their expansion, and it them: a run that collects no garbage would keep all of it to the end.
    expansion.routes.clear()
    return expansion.resources


def _with_globals(resource: Resource, general: Mapping[str, Value]) -> Resource:
    section = SECTIONS.get(resource.type)
    if section is None or section not in general:
        return resource
    return replace(resource, properties=merged(general.get(section, Absent()), resource.properties))
