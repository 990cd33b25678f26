"""One event of a function: what it is, whom it invokes, and where it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lamward.model.application import Resource
from lamward.model.location import Location
from lamward.model.value import Guard, Value, at
from lamward.sources.sam.compose import fields
from lamward.sources.sam.expansion import Expansion


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of `Events`. `target` names the function or its published alias, `target_arn` is its ARN."""

    expansion: Expansion
    cause: Resource
    name: str
    kind: str
    properties: Value
    target: Value
    target_arn: Value
    location: Location
    when: Guard

    @property
    def id(self) -> str:
        """The logical id the transform gives to what the event makes."""
        return self.cause.id + self.name

    def property(self, name: str) -> Value:
        """Give a property of the event."""
        return at(self.properties, name)

    def add(self, suffix: str, kind: str, properties: Mapping[str, Value]) -> Resource:
        """Add a resource that this event makes."""
        return self.expansion.add(
            self.id + suffix,
            kind,
            fields(properties, self.location),
            self.cause,
            at=self.location,
            when=self.when,
        )
