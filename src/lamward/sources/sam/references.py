"""The ids of resources that the transform makes and templates may refer to, such as `Function.Alias` or `Api.Stage`.

Source: SAM specification, "Referencing generated CloudFormation resources".
"""

from __future__ import annotations

from collections.abc import Iterator

from lamward.model.value import Absent, at, cases, text_of
from lamward.sources.cloudformation.template import ResourceDeclaration, Template
from lamward.sources.node import Mapping, Node, Scalar
from lamward.sources.sam.globals import SECTIONS

Ids = dict[tuple[str, str], str]
"""By logical id and SAM's word for it: the logical id of what the transform makes."""

_IMPLICIT: Ids = {
    ("ServerlessRestApi", "Stage"): "ServerlessRestApiProdStage",
    ("ServerlessHttpApi", "Stage"): "ServerlessHttpApiApiGatewayDefaultStage",
}

_DEFAULT_STAGES = {
    "AWS::Serverless::Api": "Prod",
    "AWS::Serverless::HttpApi": "ApiGatewayDefault",
    "AWS::Serverless::WebSocketApi": "Default",
}


def generated(template: Template) -> Ids:
    """List what may be referred to; read from the nodes, for it must be known before anything is evaluated."""
    ids = dict(_IMPLICIT)
    for declaration in template.resources.values():
        match declaration.type:
            case "AWS::Serverless::Function":
                ids |= {(declaration.id, word): made for word, made in _of_function(template, declaration)}
            case kind if kind in _DEFAULT_STAGES:
                ids[declaration.id, "Stage"] = f"{declaration.id}{_stage(template, declaration)}Stage"
            case _:
                pass
    return ids


def _property(template: Template, declaration: ResourceDeclaration, name: str) -> Node | None:
    own = declaration.node.get("Properties")
    found = own.get(name) if isinstance(own, Mapping) else None
    if found is not None:
        return found
    general = template.section("Globals").get(SECTIONS.get(declaration.type, ""))
    return general.get(name) if isinstance(general, Mapping) else None


def _stage(template: Template, declaration: ResourceDeclaration) -> str:
    """Give the part a stage's name has in its id: nothing, when the name is computed."""
    name = _property(template, declaration, "StageName")
    if name is None:
        return _DEFAULT_STAGES[declaration.type]
    return name.text if isinstance(name, Scalar) and not name.tag.startswith("!") else ""


def _of_function(template: Template, declaration: ResourceDeclaration) -> Iterator[tuple[str, str]]:
    alias = _property(template, declaration, "AutoPublishAlias")
    if alias is not None:
        value = template.evaluator.value(alias)
        name = next((text_of(case.value) for case in cases(value) if text_of(case.value)), None)
        yield "Alias", f"{declaration.id}Alias{name or ''}"
        yield "Version", f"{declaration.id}Version"
    config = _property(template, declaration, "EventInvokeConfig")
    if config is None:
        return
    destinations = at(template.evaluator.value(config), "DestinationConfig")
    for event in ("OnSuccess", "OnFailure"):
        target = at(destinations, event)
        made = {"SQS": "Queue", "SNS": "Topic"}.get(text_of(at(target, "Type")) or "")
        if made and any(isinstance(case.value, Absent) for case in cases(at(target, "Destination"))):
            yield f"Destination{made}", f"{declaration.id}EventInvokeConfig{event}{made}"
