"""What edits did to an application: the resources that changed, and whether the edits speak of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, assert_never

from lamward.model.application import Application, Parameter, Resource
from lamward.model.finding import Edit
from lamward.model.value import Absent, Fields, Items, Known, OneOf, Symbolic, Unknown, Value

_FELT_EVERYWHERE: Final = frozenset({"Conditions", "Globals", "Mappings", "Transform"})
_FELT_WHERE_USED: Final = frozenset({"AllowedValues", "Default", "Type"})
_WRITTEN_BY_EVENTS: Final = ("AWS::ApiGateway", "AWS::Cognito::UserPool", "AWS::S3::Bucket")
"""The beginnings of the types into which SAM writes the events of a function."""


def unexpected(before: Iterable[Application], after: Iterable[Application], edits: Iterable[Edit]) -> str:
    """Name a resource that changed although no edit speaks of it, "" when there is none."""
    edits = list(edits)
    if any(_is_felt_everywhere(edit) for edit in edits):
        return ""
    named = {str(edit.path[1]) for edit in edits if len(edit.path) > 1}
    events = any(edit.path[2:4] == ("Properties", "Events") for edit in edits)
    new = {application.name: application for application in after}
    for application in before:
        again = new.get(application.name)
        if again is None:
            return application.name
        for identifier, ways in _differences(application, again):
            if ways & named or (events and _is_written_by_events(application, again, identifier)):
                continue
            return identifier
    return ""


def _is_felt_everywhere(edit: Edit) -> bool:
    section, *inner = edit.path
    return section in _FELT_EVERYWHERE or (
        section == "Parameters" and bool(_FELT_WHERE_USED & set(inner[1:2]))
    )


def _is_written_by_events(before: Application, after: Application, identifier: str) -> bool:
    resource = after.resources.get(identifier) or before.resources.get(identifier)
    return resource is not None and resource.type.startswith(_WRITTEN_BY_EVENTS)


def _differences(before: Application, after: Application) -> Iterable[tuple[str, set[str]]]:
    """Give each resource and parameter that changed with the names that may account for it."""
    for identifier in before.resources.keys() | after.resources.keys():
        one, other = before.resources.get(identifier), after.resources.get(identifier)
        if _resource(one) != _resource(other):
            yield identifier, _accountable(one) | _accountable(other)
    parameters = {each.id: each for each in before.parameters}
    for parameter in after.parameters:
        if _parameter(parameters.pop(parameter.id, None)) != _parameter(parameter):
            yield parameter.id, {parameter.id}
    yield from ((identifier, {identifier}) for identifier in parameters)


def _accountable(resource: Resource | None) -> set[str]:
    """Give the logical ids of a resource, of what declared it, and of the stacks around both."""
    if resource is None:
        return set()
    return {*resource.id.split("/"), *resource.declared_by.split("/")}


def _resource(resource: Resource | None) -> Any:
    if resource is None:
        return None
    return (resource.type, resource.when, bare(resource.properties), bare(resource.metadata))


def _parameter(parameter: Parameter | None) -> Any:
    if parameter is None:
        return None
    return [
        bare(value) for value in (parameter.type, parameter.default, parameter.no_echo, parameter.allowed)
    ]


def bare(value: Value) -> Any:
    """Give a value without the places it comes from, so that two readings of it compare."""
    match value:
        case Known():
            return (type(value.value).__name__, value.value)
        case Symbolic():
            return ("symbolic", value.parts)
        case OneOf():
            return (
                "one of",
                value.exhaustive,
                tuple((option.when, bare(option.value)) for option in value.options),
            )
        case Unknown():
            return ("unknown", value.reason)
        case Absent():
            return ("absent",)
        case Items():
            return ("items", tuple(bare(item) for item in value.items))
        case Fields():
            return ("fields", {key: bare(child) for key, child in value.fields.items()})
        case _ as never:
            assert_never(never)
