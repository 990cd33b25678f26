"""The official SAM translator as an oracle: templates made digestible for it, and its results as JSON text."""

from __future__ import annotations

import copy
import json
import logging
from functools import cache
from typing import Any

import boto3
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from tests import plain

REGION = "eu-west-1"

logging.getLogger("samtranslator").setLevel(logging.ERROR)  # it warns of metrics that nobody publishes

Template = dict[str, Any]

_CODE = "s3://placeholder/key"
_IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/placeholder:1"

_LOCAL = {
    "AWS::Serverless::Api": ("DefinitionUri",),
    "AWS::Serverless::Function": ("CodeUri",),
    "AWS::Serverless::GraphQLApi": ("SchemaUri",),
    "AWS::Serverless::HttpApi": ("DefinitionUri",),
    "AWS::Serverless::LayerVersion": ("ContentUri",),
    "AWS::Serverless::StateMachine": ("DefinitionUri",),
}
"""By resource type: the properties that may name a local file, which `sam package` would upload."""

_SYMBOLIC_TYPES = ("AWS::SSM::Parameter::Value", "List<", "CommaDelimitedList")
"""Parameters of these types are not text: the translator would paste their default's text all the same."""


class Refused(Exception):
    """The translator does not accept the template, and why."""


def decode(text: str) -> Template:
    """Read a template as plain data; an empty one where it is no mapping."""
    decoded = plain.decode(text)
    return decoded if isinstance(decoded, dict) else {}


def parameters(template: Template) -> dict[str, str]:
    """Give every plain parameter a value: its default, else the first it allows, else a dummy."""
    values: dict[str, str] = {}
    for name, declaration in (template.get("Parameters") or {}).items():
        kind = str(declaration.get("Type", "String"))
        if kind.startswith(_SYMBOLIC_TYPES):
            continue
        default = declaration.get("Default")
        allowed = declaration.get("AllowedValues") or ["1" if kind == "Number" else "dummy"]
        chosen = allowed[0] if default is None else default
        values[name] = str(chosen).lower() if isinstance(chosen, bool) else str(chosen)
    return values


def translate(template: Template) -> str:
    """Give the translated template as JSON text, its parameters as they were."""
    prepared = _prepared(template)
    values = parameters(template)
    translator = Translator({}, Parser(), boto_session=_session())
    try:
        translated = translator.translate(prepared, dict(values))
    except InvalidDocumentException as problem:
        raise Refused("; ".join(cause.message for cause in problem.causes)) from problem
    if "Parameters" in template:
        translated["Parameters"] = template["Parameters"]
    return json.dumps(translated, default=str)


@cache
def _session() -> boto3.Session:
    return boto3.Session(region_name=REGION)


def _prepared(template: Template) -> Template:
    prepared = copy.deepcopy(template)
    for declaration in (prepared.get("Parameters") or {}).values():
        if str(declaration.get("Type", "")).startswith(_SYMBOLIC_TYPES):
            declaration.pop("Default", None)
    general = (prepared.get("Globals") or {}).get("Function") or {}
    _upload(general, ("CodeUri",))
    for resource in prepared.get("Resources", {}).values():
        kind = resource.get("Type")
        if kind == "AWS::Serverless::Application":
            # Applications of the repository need an account; the translator nests the others just so.
            resource["Type"] = "AWS::CloudFormation::Stack"
            resource["Properties"] = {"TemplateURL": "https://placeholder"}
            continue
        properties = resource.get("Properties")
        if not isinstance(properties, dict):
            continue
        _upload(properties, _LOCAL.get(kind, ()))
        if kind == "AWS::Serverless::Function":
            _code(properties, general)
        if kind == "AWS::Serverless::GraphQLApi":
            for function in (properties.get("Functions") or {}).values():
                _upload(function, ("CodeUri",))
            for fields in (properties.get("Resolvers") or {}).values():
                for resolver in fields.values():
                    _upload(resolver or {}, ("CodeUri",))
    return prepared


def _upload(properties: Template, names: tuple[str, ...]) -> None:
    for name in names:
        if isinstance(properties.get(name), str) and not properties[name].startswith("s3://"):
            properties[name] = _CODE


def _code(properties: Template, general: Template) -> None:
    """Give a function code: `sam build` fills in what a template may leave out."""
    package = properties.get("PackageType", general.get("PackageType"))
    if package == "Image":
        properties.pop("CodeUri", None)
        properties.setdefault("ImageUri", _IMAGE)
    elif "InlineCode" not in properties and "CodeUri" not in general:
        properties.setdefault("CodeUri", _CODE)
