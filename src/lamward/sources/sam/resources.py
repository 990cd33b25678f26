"""The smaller serverless resources: tables and layers.

Source: SAM specification, "AWS::Serverless::SimpleTable", "AWS::Serverless::LayerVersion".
"""

from __future__ import annotations

from lamward.model.application import Resource
from lamward.model.value import at
from lamward.sources.sam.compose import fields, items, known, present
from lamward.sources.sam.expansion import Expansion


def expand_table(expansion: Expansion, resource: Resource) -> None:
    """Add the DynamoDB table of a simple table."""
    where = resource.location
    key = at(resource.properties, "PrimaryKey", "Name")
    hashed = {"AttributeName": key if present(key) else known("id", where), "KeyType": known("HASH", where)}
    kept = {
        name: at(resource.properties, name)
        for name in (
            "TableName",
            "SSESpecification",
            "PointInTimeRecoverySpecification",
            "ProvisionedThroughput",
        )
    }
    made = kept | {"KeySchema": items([fields(hashed, where)], where)}
    expansion.add(resource.id, "AWS::DynamoDB::Table", fields(made, where), resource)


def expand_layer(expansion: Expansion, resource: Resource) -> None:
    """Add the layer version."""
    kept = {
        name: at(resource.properties, name) for name in ("LayerName", "CompatibleRuntimes", "LicenseInfo")
    }
    made = kept | {"Content": at(resource.properties, "ContentUri")}
    expansion.add(resource.id, "AWS::Lambda::LayerVersion", fields(made, resource.location), resource)
