"""Connectors: the permissions that `AWS::Serverless::Connector` and `Connectors` attributes grant."""

from __future__ import annotations

from lamward.sources.sam.expansion import Expansion


def expand(expansion: Expansion) -> None:
    """Add what the connectors of a template make."""
    for resource in expansion.declared.values():
        if resource.type == "AWS::Serverless::Connector":
            expansion.resources[resource.id] = resource
