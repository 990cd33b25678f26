"""What depends on what in an application, to tell which grants would close a circle of resources.

A role's policy may not refer to what waits for its function: a bucket that sends it events, an API in front of it, the
function itself. CloudFormation refuses such a template.
"""

from __future__ import annotations

from collections.abc import Iterator

from lamward.facts import Facts
from lamward.facts.network import references_in
from lamward.model.application import Resource
from lamward.model.value import Fields, ReferenceKind, Value
from lamward.roles.texts import Texts, referred

_ROLE = "AWS::IAM::Role"


class Circles:
    """The graph of an application's resources, without what the policies of roles refer to."""

    def __init__(self, facts: Facts, texts: Texts) -> None:
        self._edges = {
            resource.id: frozenset(_needed_by(resource, texts))
            for resource in facts.application.resources.values()
        }

    def closes(self, role: str, target: str) -> bool:
        """Tell whether a policy of a role that refers to a resource would close a circle."""
        waiting, seen = [target], set[str]()
        while waiting:
            current = waiting.pop()
            if current == role:
                return True
            if current not in seen:
                seen.add(current)
                waiting += self._edges.get(current, ())
        return False


def _needed_by(resource: Resource, texts: Texts) -> Iterator[str]:
    """List what must be there before a resource: in the model, and as it is written (`DependsOn`, unread values)."""
    # All checks come along with it, and few who ask for roles ask for templates.
    from lamward.checks.repairs import is_resource

    properties = _without_policies(resource.properties) if resource.type == _ROLE else resource.properties
    for reference in references_in(properties):
        if reference.kind is ReferenceKind.RESOURCE:
            yield reference.target
    stack, _, own = resource.id.rpartition("/")
    written = texts.at(resource.location) if is_resource(resource) else None
    if not isinstance(written, dict) or resource.location.path[-1] != own:
        return
    after = written.get("DependsOn") or []
    names = [after] if isinstance(after, str) else after if isinstance(after, list) else []
    if not str(written.get("Type", "")).startswith("AWS::Serverless::"):
        # What SAM makes of a resource may depend the other way round: a bucket on the function it sends events to.
        names = [*names, *referred(_written_properties(resource, written))]
    yield from (f"{stack}/{name}" if stack else str(name) for name in names)


def _without_policies(properties: Value) -> Value:
    if not isinstance(properties, Fields):
        return properties
    return Fields({name: child for name, child in properties.fields.items() if name != "Policies"})


def _written_properties(resource: Resource, written: dict[str, object]) -> object:
    properties = written.get("Properties")
    if resource.type != _ROLE or not isinstance(properties, dict):
        return properties
    return {name: child for name, child in properties.items() if name != "Policies"}
