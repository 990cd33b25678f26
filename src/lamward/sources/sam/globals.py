"""Globals: what every resource of a kind gets unless it says otherwise.

Source: SAM specification, "Globals": mappings merge key by key, lists are joined, globals first; anything else is
overridden. `AWS::NoValue` overrides like any other value: so a resource refuses what all others get.
"""

from __future__ import annotations

from lamward.model.value import Absent, Fields, Items, Value

SECTIONS = {
    "AWS::Serverless::Function": "Function",
    "AWS::Serverless::Api": "Api",
    "AWS::Serverless::HttpApi": "HttpApi",
    "AWS::Serverless::SimpleTable": "SimpleTable",
    "AWS::Serverless::StateMachine": "StateMachine",
    "AWS::Serverless::LayerVersion": "LayerVersion",
    "AWS::Serverless::CapacityProvider": "CapacityProvider",
    "AWS::Serverless::MicrovmImage": "MicrovmImage",
    "AWS::Serverless::WebSocketApi": "WebSocketApi",
}


def merged(general: Value, own: Value) -> Value:
    """Merge a global value with a resource's own."""
    match general, own:
        case Absent(), _:
            return own
        case _, Absent():
            return general
        case Fields(), Fields():
            names = [*general.fields, *(name for name in own.fields if name not in general.fields)]
            fields = {name: _entry(name, general, own) for name in names}
            return Fields(fields, {**general.keys, **own.keys}, (*own.origins, *general.origins))
        case Items(), Items():
            return Items((*general.items, *own.items), (*own.origins, *general.origins))
        case _:
            return own


def _entry(name: str, general: Fields, own: Fields) -> Value:
    if name in own.fields and (name not in general.fields or isinstance(own.fields[name], Absent)):
        return own.fields[name]
    return merged(general.fields[name], own.fields.get(name, Absent()))
