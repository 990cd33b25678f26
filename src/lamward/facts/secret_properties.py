"""Secrets written into the resources around functions: passwords of databases, values of parameters, headers, steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.secret_flows import is_literal, told_secret, without_given
from lamward.facts.secrets import (
    Secret,
    by_format,
    by_name,
    by_structure,
    is_name_of_secret,
    is_placeholder,
    written,
)
from lamward.model.application import Resource
from lamward.model.finding import Confidence, Severity
from lamward.model.location import Location
from lamward.model.value import Case, Fields, Guard, Items, Value, at, cases, location_of, text_of

_DEPTH: Final = 12
"""Deeper than any documented property; documents of the user's own may go on for ever."""

_ELSEWHERE: Final = {
    "AWS::Lambda::Function": "environment and code have questions of their own",
    "AWS::Lambda::Permission": "so has the token of an event source",
}
_SECRETS: Final = {
    ("AWS::SecretsManager::Secret", "SecretString"),
    ("AWS::ApiGateway::ApiKey", "Value"),
}
"""Properties that are a secret whatever they look like."""

_CODE: Final = frozenset({"Code", "FunctionCode", "Script", "UserData"})
"""Code is asked line by line."""

_FILLED_IN: Final = frozenset({"SecretStringTemplate"})
"""Documents in which Secrets Manager replaces the password: what stands there keeps its place."""

_PAIRS: Final = (("Name", "Value"), ("Key", "Value"), ("HeaderName", "HeaderValue"))
"""How lists of named values are written: variables of containers and builds, headers, tags."""

_LOOKED_UP: Final = frozenset({"PARAMETER_STORE", "SECRETS_MANAGER"})
"""Kinds of a build's variables whose value is the name of a secret."""


class Written(Struct, frozen=True):
    """A secret that a resource's property holds in plain text; `location` is its name's place, never its own."""

    resource: Resource
    name: str
    case: Case
    secret: Secret
    location: Location


class _Entry(Struct, frozen=True):
    name: str
    value: Value
    location: Location
    when: Guard


@fact
def written_secrets(facts: Facts) -> tuple[Written, ...]:
    """List the secrets that are written into resources other than functions; each place once."""
    found: dict[tuple[Location, Guard], Written] = {}
    for resource in facts.application.resources.values():
        for each in _of(facts, resource) if resource.type not in _ELSEWHERE else ():
            found.setdefault((each.location, each.case.when), each)
    return tuple(found.values())


class Kept(Struct, frozen=True):
    """A parameter of the store that is filled with a secret from elsewhere, which it keeps unencrypted."""

    resource: Resource
    what: str
    when: Guard


def kept_unencrypted(facts: Facts) -> Iterator[Kept]:
    """List the parameters of the store that keep secrets: CloudFormation makes none that are encrypted."""
    for resource in facts.application.resources.values():
        if resource.type == "AWS::SSM::Parameter":
            for case in cases(at(resource.properties, "Value"), resource.when):
                told = told_secret(facts, case)
                if told is not None:
                    yield Kept(resource, told.name, case.when)
                    break


def _of(facts: Facts, resource: Resource) -> Iterator[Written]:
    for entry in _entries(resource.properties, resource.when, _DEPTH):
        for case in cases(entry.value, entry.when):
            told = _told(facts, resource, entry, case)
            if told is not None:
                yield Written(resource, entry.name, case, told, entry.location)


def _told(facts: Facts, resource: Resource, entry: _Entry, case: Case) -> Secret | None:
    text = written(case.value)
    if not text or entry.name in _CODE:
        return None
    if not is_literal(case):
        return by_format(without_given(facts, case))
    holder = (resource.type, entry.name)
    name = _name_of(resource) if holder == ("AWS::SSM::Parameter", "Value") else entry.name
    if entry.name in _FILLED_IN:
        return by_format(text)
    found = by_format(text) or by_structure(text) or by_name(name, text)
    if found is None and holder in _SECRETS and _is_plain(text):
        return Secret("secret", Severity.HIGH, Confidence.MEDIUM)
    return found


def _is_plain(text: str) -> bool:
    """Tell whether a text may be a secret as it stands: no document, placeholder or name of one."""
    return (
        text.isprintable()
        and not text.lstrip().startswith(("{", "["))
        and not is_placeholder(text)
        and not is_name_of_secret(text)
    )


def _name_of(parameter: Resource) -> str:
    """Name a parameter by the last part of its path, or by its logical id."""
    name = text_of(at(parameter.properties, "Name")) or parameter.id
    return name.rpartition("/")[2]


def _entries(value: Value, when: Guard, depth: int) -> Iterator[_Entry]:
    """List all texts that have a name: keys of mappings, and pairs of a name and a value."""
    for case in cases(value, when) if depth else ():
        match case.value:
            case Fields(fields=fields, keys=keys):
                paired = _pair(case.value, case.when)
                if paired is not None:
                    yield paired
                for name, child in fields.items():
                    yield from _below(name, child, keys.get(name), case.when, depth)
            case Items(items=items):
                for item in items:
                    yield from _entries(item, case.when, depth - 1)
            case _:
                pass


def _below(name: str, child: Value, key: Location | None, when: Guard, depth: int) -> Iterator[_Entry]:
    yield _Entry(name, child, key or location_of(child), when)
    yield from _entries(child, when, depth - 1)


def _pair(value: Fields, when: Guard) -> _Entry | None:
    if text_of(at(value, "Type")) in _LOOKED_UP:
        return None
    for named, held in _PAIRS:
        name, child = text_of(at(value, named)), value.fields.get(held)
        if name and child is not None:
            return _Entry(name, child, value.keys.get(held) or location_of(child), when)
    return None
