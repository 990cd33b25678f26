"""What checks may be asked about: the kinds of noun, and where an application keeps each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from lamward.checks.framework import Check
from lamward.model import application as nouns
from lamward.model.application import Application
from lamward.model.location import Location, Step
from lamward.model.value import ALWAYS, Guard

KEPT_IN: Final[Mapping[type, str]] = {
    nouns.Function: "functions",
    nouns.Role: "roles",
    nouns.IdentityPolicy: "identity_policies",
    nouns.ResourcePolicy: "resource_policies",
    nouns.Permission: "permissions",
    nouns.FunctionUrl: "urls",
    nouns.EventSourceMapping: "event_source_mappings",
    nouns.EventInvokeConfig: "event_invoke_configs",
    nouns.Trigger: "triggers",
    nouns.Api: "apis",
    nouns.Route: "routes",
    nouns.Stage: "stages",
    nouns.LayerVersion: "layers",
    nouns.Queue: "queues",
    nouns.Bucket: "buckets",
    nouns.LogGroup: "log_groups",
    nouns.SecurityGroup: "security_groups",
    nouns.Subnet: "subnets",
    nouns.CodeSigning: "code_signing",
    nouns.Parameter: "parameters",
    nouns.Output: "outputs",
}


class Subject(Struct, frozen=True):
    """One thing a check is asked about; `resource` is the id its author knows it by, `id` its own."""

    noun: Any
    id: str
    resource: str
    kind: str
    location: Location
    when: Guard = ALWAYS


class Subjects:
    """Finds the subjects of checks in one application, in the template's order."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._by_type: dict[str, list[Subject]] = {}
        self._by_noun: dict[type, list[Subject]] = {}
        for resource in application.resources.values():
            self._by_type.setdefault(resource.type, []).append(_subject(resource, application))

    def of(self, check: Check) -> Sequence[Subject]:
        """List what a check is asked about; the application itself is one subject."""
        application = self._application
        if check.subject is Application:
            return (Subject(application, "", "", "application", application.location),)
        if check.subject is nouns.Resource:
            kinds = check.types or tuple(self._by_type)
            return [subject for kind in kinds for subject in self._by_type.get(kind, ())]
        if check.subject not in self._by_noun:
            kept = getattr(application, KEPT_IN[check.subject])
            self._by_noun[check.subject] = [_subject(item, application) for item in kept]
        return self._by_noun[check.subject]


def _subject(noun: Any, application: Application) -> Subject:
    # A trigger has no id of its own, and only what the SAM transform may add says what declared it.
    own = getattr(noun, "id", "")
    resource = getattr(noun, "declared_by", "") or own
    kind = type_of(application, resource) or type_of(application, own) or type(noun).__name__.lower()
    return Subject(noun, own, resource, kind, noun.location, getattr(noun, "when", ALWAYS))


def type_of(application: Application, resource: str) -> str:
    """Give the type of a resource as its author wrote it, or as the transform made it; "" for none."""
    made = application.resources.get(resource)
    return application.declared.get(resource) or (made.type if made else "")


class ResourceIndex:
    """Finds the resources of an application by their place in a file."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._by_path: dict[tuple[str, Step], str] = {}
        self._by_line: dict[tuple[str, int], set[str]] = {}
        for resource in application.resources.values():
            span, path = resource.location.span, resource.location.path
            if path[:1] == ("Resources",) and len(path) > 1 and resource.declared_by in {"", resource.id}:
                self._by_path.setdefault((span.file, path[1]), resource.id)
            self._by_line.setdefault((span.file, span.line), set()).add(resource.id)

    def at(self, location: Location) -> str:
        """Give the id of the resource inside which a place lies, "" outside of all."""
        path = location.path
        if path[:1] != ("Resources",) or len(path) < 2:
            return ""
        return self._by_path.get((location.span.file, path[1]), "")

    def type_of(self, resource: str) -> str:
        """Give the type of a resource, "" where there is none of that id."""
        return type_of(self._application, resource)

    def named_on(self, file: str, line: int) -> frozenset[str]:
        """Give the resources whose logical id is written on a line."""
        return frozenset(self._by_line.get((file, line), ()))
