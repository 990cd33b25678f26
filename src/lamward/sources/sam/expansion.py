"""The state of one expansion: the resources as declared, Globals merged, and those the transform adds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lamward.model.application import Resource
from lamward.model.location import Location
from lamward.model.report import Failure
from lamward.model.value import Fields, Guard, Value
from lamward.sources.cloudformation.template import Template

if TYPE_CHECKING:
    from lamward.sources.sam.event import Event


@dataclass(slots=True)
class Expansion:
    """Collects the resources of one template.

    `declared` are those the author wrote, Globals merged; `definition` reads the file an API's `DefinitionUri` names;
    `routes` are the API events by the API they belong to.
    """

    template: Template
    declared: Mapping[str, Resource]
    globals: Mapping[str, Value]
    definition: Callable[[Value], Value]
    resources: dict[str, Resource] = field(default_factory=dict)
    routes: dict[str, list[Event]] = field(default_factory=dict)
    prefix: str = ""

    def add(
        self,
        identifier: str,
        kind: str,
        properties: Value,
        cause: Resource,
        *,
        at: Location | None = None,
        when: Guard | None = None,
    ) -> Resource:
        """Add a resource that `cause` makes; it exists under the cause's guard."""
        resource = Resource(
            id=identifier,
            type=kind,
            properties=properties,
            location=at or cause.location,
            when=cause.when if when is None else when,
            declared_by=cause.declared_by or cause.id,
            metadata=cause.metadata,
        )
        self.resources[identifier] = resource
        return resource

    def made(self, resource: str, word: str) -> str:
        """Give the id of what the transform makes of a resource, by SAM's word for it such as `Stage`."""
        own = resource.removeprefix(self.prefix)
        return self.prefix + self.template.evaluator.generated.get((own, word), own + word)

    def fail(self, message: str, where: Location) -> None:
        """Note what the transform itself would refuse, so that no report is silent about it."""
        self.template.failures.append(Failure("refused-by-sam", message, where, "mend it at this place"))

    def change(self, identifier: str, properties: Mapping[str, Value]) -> None:
        """Set properties of a resource that the template declares, as events do to buckets and user pools."""
        resource = self.resources.get(identifier)
        if resource is None or not isinstance(resource.properties, Fields):
            return
        merged = Fields(
            {**resource.properties.fields, **properties},
            resource.properties.keys,
            resource.properties.origins,
        )
        self.resources[identifier] = Resource(
            id=resource.id,
            type=resource.type,
            properties=merged,
            location=resource.location,
            when=resource.when,
            declared_by=resource.declared_by,
            metadata=resource.metadata,
        )
