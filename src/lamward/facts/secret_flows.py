"""Where secrets go in a template: which parameters end in places that hold secrets, and what outputs tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.compute import environments_of_compute, unread_environments_of_compute
from lamward.facts.grants import statements
from lamward.facts.secret_names import Says, names_place, says
from lamward.facts.secrets import FILLED, Secret, by_format, by_name, by_structure, is_aws_secret_key, written
from lamward.model.application import EnvironmentVariable, Function, Parameter
from lamward.model.finding import Doubt, Severity
from lamward.model.location import Location
from lamward.model.value import (
    Absent,
    AssumptionKind,
    Case,
    Fields,
    Items,
    Known,
    Reference,
    ReferenceKind,
    Symbolic,
    Value,
    cases,
    location_of,
    referent,
    text_of,
    truth_of,
    why_unknown,
)

_DEPTH: Final = 4
"""Properties that hold secrets are not nested deeper (`MasterUserOptions.MasterUserPassword`)."""

_SECRET_ATTRIBUTES: Final = {
    # Made to be shipped to browsers, and gone after a year: worse in an output than nowhere, but no key to the house.
    ("AWS::AppSync::ApiKey", "ApiKey"): Secret("the API key", Severity.MEDIUM),
    ("AWS::Cognito::UserPoolClient", "ClientSecret"): Secret("the client secret", Severity.HIGH),
    ("AWS::IAM::AccessKey", "SecretAccessKey"): Secret("the secret access key", Severity.CRITICAL),
    ("AWS::IAM::ServiceSpecificCredential", "ServiceApiKeyValue"): Secret("the API key", Severity.HIGH),
    ("AWS::IAM::ServiceSpecificCredential", "ServiceCredentialSecret"): Secret("the secret", Severity.HIGH),
    ("AWS::IAM::ServiceSpecificCredential", "ServicePassword"): Secret("the password", Severity.HIGH),
    ("AWS::IVS::StreamKey", "Value"): Secret("the stream key", Severity.HIGH),
}
_CUSTOM: Final = ("AWS::CloudFormation::CustomResource", "Custom::")
"""Their attributes are what their authors call them."""
_TEXTS: Final = frozenset({"CommaDelimitedList", "String"})
_SECRET_LOOKUPS: Final = ("secretsmanager:", "ssm-secure:")
_FIELD: Final = re.compile(r":SecretString:([^:}]+)")
"""What of a secret that is a JSON document a dynamic reference asks for."""


_NAMED_NEXT: Final = re.compile(r'"([\w-]+)"\s*:\s*"$|(?<![\w-])([\w-]+)=$')
_USER_BEFORE: Final = re.compile(r"\b[a-zA-Z][\w+.-]*://[^\s/:@?#]*:$")


class Variable(Struct, frozen=True):
    """An environment variable as it is written, once for all the functions that get it from Globals.

    `functions` is empty for one of other compute; `beside` are all variables of the environment it is in.
    """

    variable: EnvironmentVariable
    functions: tuple[Function, ...]
    beside: tuple[EnvironmentVariable, ...] = ()

    @property
    def location(self) -> Location:
        """The place of the variable's name; never that of its value."""
        return self.variable.location


@fact
def variables(facts: Facts) -> tuple[Variable, ...]:
    """List the environment variables by the place where they are written."""
    found: dict[tuple[str, Location], tuple[EnvironmentVariable, list[Function]]] = {}
    for function in facts.application.functions:
        for variable in function.environment:
            key = (variable.name, variable.location)
            found.setdefault(key, (variable, []))[1].append(function)
    return (
        *(
            Variable(variable, tuple(functions), functions[0].environment)
            for variable, functions in found.values()
        ),
        *(
            Variable(variable, (), environment)
            for environment in environments_of_compute(facts).values()
            for variable in environment
        ),
    )


@fact
def unread_environments(facts: Facts) -> tuple[Doubt, ...]:
    """List the places where variables are, and cannot be told: those of Globals once."""
    found: dict[Location, Doubt] = {}
    for function in facts.application.functions:
        unknown = function.environment_unknown
        if unknown is not None:
            where = location_of(unknown)
            found.setdefault(where, Doubt(where, unknown.reason, when=function.when))
    for case in unread_environments_of_compute(facts):
        where = location_of(case.value)
        found.setdefault(where, Doubt(where, why_unknown(case.value), when=case.when))
    return tuple(found.values())


def is_literal(case: Case) -> bool:
    """Tell whether a text stands in the template where it is used, and does not come from a parameter."""
    sections = [origin.path[:1] for origin in case.value.origins]
    # A parameter may choose the row of a map; what the map says is written down all the same.
    given = any(assumption.kind is not AssumptionKind.CONDITION for assumption in case.when)
    return sections[-1:] == [("Mappings",)] or not (given or ("Parameters",) in sections)


def told_by(facts: Facts, each: Variable, case: Case) -> Secret | None:
    """Say which secret a variable's literal value is, None when it is none."""
    text = written(case.value)
    if not text:
        return None
    if not is_literal(case):
        return by_format(without_given(facts, case))
    half = _secret_half(each, text)
    return by_format(text) or half or by_structure(text) or by_name(each.variable.name, text)


def without_given(facts: Facts, case: Case, text: str = "") -> str:
    """Give what is written around the parameters in a value's text: of what they bring, only the place is kept."""
    text = text or written(case.value)
    brought = {each.value for each in case.when if each.kind is AssumptionKind.PARAMETER}
    names = {each.name for each in case.when if each.kind is AssumptionKind.DEFAULT}
    names |= {str(origin.path[1]) for origin in case.value.origins if origin.path[:1] == ("Parameters",)}
    brought |= {text_of(each.default) or "" for each in facts.application.parameters if each.id in names}
    for given in sorted(brought - {""}, key=len, reverse=True):
        text = text.replace(given, FILLED)
    return text


def _secret_half(each: Variable, text: str) -> Secret | None:
    """Recognise a secret access key by the key ID beside it."""
    if not is_aws_secret_key(text):
        return None
    beside = (by_format(written(case.value)) for other in each.beside for case in cases(other.value))
    if any(found and found.name == "AWS access key ID" for found in beside):
        return Secret("AWS secret access key", Severity.CRITICAL)
    return None


def parameter_of(case: Case) -> str:
    """Name the parameter a value consists of, "" when it is not one as it stands."""
    reference = referent(case.value)
    if reference is not None:
        return reference.target if reference.kind is ReferenceKind.PARAMETER else ""
    for origin in case.value.origins:
        if len(origin.path) > 1 and origin.path[0] == "Parameters":
            return str(origin.path[1])
    return ""


@fact
def secret_uses(facts: Facts) -> dict[str, str]:
    """Say for each parameter that ends in a place for secrets which place: the variable's or property's name."""
    found: dict[str, str] = {}
    for each in variables(facts):
        for case in cases(each.variable.value):
            for parameter in _filled_in(facts, each.variable.name, case):
                found.setdefault(parameter, f"environment variable `{each.variable.name}`")
    for resource in facts.application.resources.values():
        for name, value in _secret_properties(resource.properties, 0):
            for case in cases(value):
                for parameter in _filled_in(facts, name, case):
                    found.setdefault(parameter, f"`{name}` of `{resource.id}`")
    return found


def _filled_in(facts: Facts, name: str, case: Case) -> Iterator[str]:
    """List the parameters that stand for a secret in a value: the whole of it, or where its text has the secret."""
    before = ""
    for part in case.value.parts if isinstance(case.value, Symbolic) else ():
        if isinstance(part, str):
            before += part
        elif part.kind is ReferenceKind.PARAMETER and _asks_for_secret(before):
            yield part.target
    whole = parameter_of(case)
    if whole and says(name) is not Says.NOTHING and _is_whole(facts, whole, case):
        yield whole


def _asks_for_secret(before: str) -> bool:
    """Tell whether a text breaks off where a secret is due: in JSON after its name, in an address after the user."""
    named = _NAMED_NEXT.search(before)
    return _USER_BEFORE.search(before) is not None or bool(
        named and says(named[1] or named[2]) is not Says.NOTHING
    )


def _is_whole(facts: Facts, parameter: str, case: Case) -> bool:
    """Tell whether a value is a parameter's and nothing else: a document may hold a user's name besides."""
    if not isinstance(case.value, Known):
        return referent(case.value) is not None
    defaults = {each.id: each.default for each in facts.application.parameters}
    text, default = written(case.value), text_of(defaults.get(parameter, Absent()))
    return text == default or not text.lstrip().startswith("{")


def _secret_properties(value: Value, depth: int) -> Iterator[tuple[str, Value]]:
    if isinstance(value, Fields):
        for name, child in value.fields.items():
            if isinstance(child, Fields | Items):
                if depth < _DEPTH and name != "Variables":
                    yield from _secret_properties(child, depth + 1)
            elif says(name) is not Says.NOTHING:
                yield name, child
    elif isinstance(value, Items):
        for item in value.items:
            if isinstance(item, Fields):
                yield from _secret_properties(item, depth + 1)


def holds_secret(facts: Facts, parameter: Parameter) -> bool:
    """Tell whether a parameter's value is a secret: by its name, by `NoEcho`, or by where it goes."""
    kind = text_of(parameter.type) or "String"
    if kind not in _TEXTS or not isinstance(parameter.allowed, Absent):
        return False
    if truth_of(parameter.no_echo) is True:
        return True
    if parameter.id in _arns(facts):
        return False
    if says(parameter.id) is not Says.NOTHING:
        return True
    if by_format(text_of(parameter.default) or ""):
        return True
    # `BasicAuth` may be the secret itself or its ARN: then the parameter's own name decides.
    return parameter.id in secret_uses(facts) and not names_place(parameter.id)


@fact
def _arns(facts: Facts) -> frozenset[str]:
    """List the parameters that statements name as their resources: `DatabaseSecret` is then an ARN, and no secret."""
    return frozenset(
        parameter_of(case)
        for _, statement in statements(facts)
        for case in statement.resources or ()
        if parameter_of(case)
    )


@fact
def secret_parameters(facts: Facts) -> frozenset[str]:
    """List the parameters whose value is a secret."""
    return frozenset(each.id for each in facts.application.parameters if holds_secret(facts, each))


def told_secret(facts: Facts, case: Case) -> Secret | None:
    """Say which secret a value would tell whoever reads it, None when none is known."""
    references = case.value.references if isinstance(case.value, Symbolic) else ()
    for reference in references:
        told = _told(facts, reference)
        if told:
            return told
    if isinstance(case.value, Known):
        kept = {each.name for each in case.when if each.kind is not AssumptionKind.CONDITION}
        for name in sorted((kept | {parameter_of(case)}) & secret_parameters(facts)):
            return Secret(f"the secret parameter `{name}`", Severity.HIGH)
    return None


def looks_up_secret(value: Value) -> bool:
    """Tell whether the deployment looks up a secret and puts it into a value."""
    return isinstance(value, Symbolic) and any(map(_is_lookup_of_secret, value.references))


def _is_lookup_of_secret(reference: Reference) -> bool:
    """Tell whether a reference looks up a secret: all of it, or a field that is one, not the user's name beside it."""
    if reference.kind is not ReferenceKind.DYNAMIC or not reference.target.startswith(_SECRET_LOOKUPS):
        return False
    field = _FIELD.search(reference.target)
    return field is None or (says(field[1]) is not Says.NOTHING and not names_place(field[1]))


def _told(facts: Facts, reference: Reference) -> Secret | None:
    if reference.kind is ReferenceKind.PARAMETER and reference.target in secret_parameters(facts):
        return Secret(f"the secret parameter `{reference.target}`", Severity.HIGH)
    if _is_lookup_of_secret(reference):
        return Secret("a secret that is looked up at deployment", Severity.HIGH)
    if reference.kind is ReferenceKind.RESOURCE:
        resource = facts.application.resources.get(reference.target)
        if resource is None:
            return None
        what = _SECRET_ATTRIBUTES.get((resource.type, reference.attribute))
        if resource.type.startswith(_CUSTOM) and says(reference.attribute) is Says.PASSWORD:
            what = Secret(f"`{reference.attribute}`", Severity.HIGH)
        return Secret(f"{what.name} of `{reference.target}`", what.severity) if what else None
    return None


def sensitive_variables(facts: Facts, function: Function) -> list[str]:
    """Name the variables of a function that carry secrets, written down or filled in at deployment."""
    return [
        variable.name
        for variable in function.environment
        if any(_is_sensitive(facts, variable.name, case) for case in cases(variable.value, variable.when))
    ]


def _is_sensitive(facts: Facts, name: str, case: Case) -> bool:
    text = written(case.value)
    return bool(told_secret(facts, case) or by_format(text) or by_structure(text) or by_name(name, text))
