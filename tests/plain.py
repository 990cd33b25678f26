"""Read a template as plain data, independently of lamward's own reader."""

from __future__ import annotations

from typing import Any

import yaml

_DATE = "tag:yaml.org,2002:timestamp"


class _Loader(yaml.CSafeLoader):
    """YAML in which the short tags of CloudFormation are the long forms they stand for, and dates are text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _DATE]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _long(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    match node:
        case yaml.ScalarNode():
            value: Any = loader.construct_scalar(node)
        case yaml.SequenceNode():
            value = loader.construct_sequence(node, deep=True)
        case yaml.MappingNode():
            value = loader.construct_mapping(node, deep=True)
        case _:
            raise TypeError(type(node))
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _long)


def decode(text: str | bytes) -> Any:
    """Decode YAML or JSON."""
    return yaml.load(text, _Loader)  # noqa: S506 - a safe loader with the short tags
