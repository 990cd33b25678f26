"""Customer keys: which one a resource is under, and what using the resource needs on the key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lamward.facts import Facts
from lamward.facts.links import resources_named
from lamward.facts.needs.arns import arn_of_resource, arn_of_text
from lamward.model.application import Resource
from lamward.model.evidence import Access
from lamward.model.value import (
    Known,
    Reference,
    ReferenceKind,
    Symbolic,
    Value,
    at,
    cases,
    elements,
    symbolic,
    text_of,
)

_SIMPLE: Final = {
    "AWS::SQS::Queue": ("KmsMasterKeyId",),
    "AWS::SNS::Topic": ("KmsMasterKeyId",),
    "AWS::Kinesis::Stream": ("StreamEncryption", "KeyId"),
    "AWS::SecretsManager::Secret": ("KmsKeyId",),
    "AWS::DynamoDB::Table": ("SSESpecification", "KMSMasterKeyId"),
    "AWS::Logs::LogGroup": ("KmsKeyId",),
}
"""The property that names the key of a resource, by type."""

_READS: Final = frozenset(
    {
        "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:GetRecords", "dynamodb:Query", "dynamodb:Scan",
        "kinesis:GetRecords", "s3:GetObject", "s3:GetObjectVersion", "secretsmanager:GetSecretValue",
        "sqs:ReceiveMessage",
    }
)  # fmt: skip
_WRITES: Final = frozenset(
    {
        "dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem",
        "kinesis:PutRecord", "kinesis:PutRecords", "s3:PutObject", "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecret", "sns:Publish", "sqs:SendMessage",
    }
)  # fmt: skip
_ONLY_GENERATES: Final = frozenset({"kinesis:PutRecord", "kinesis:PutRecords"})
_AWS_OWNED: Final = "alias/aws/"


def key_of(facts: Facts, resource: Resource) -> Iterator[Known | Symbolic]:
    """Give the ARNs of the customer keys that a resource is under; a key of AWS's needs no permission."""
    for value in _keys(resource):
        for case in cases(value):
            if not isinstance(case.value, Known | Symbolic) or (text_of(case.value) or "").startswith(
                _AWS_OWNED
            ):
                continue
            named = [each for each, _ in resources_named(facts, case.value)]
            arn = arn_of_resource(named[0]) if named else arn_of_text(facts, case.value)
            shown = arn or case.value
            if isinstance(shown, Known | Symbolic) and (arn or (text_of(shown) or "").startswith("arn:")):
                yield shown


def _keys(resource: Resource) -> Iterator[Value]:
    if resource.type in _SIMPLE:
        yield at(resource.properties, *_SIMPLE[resource.type])
    if resource.type == "AWS::S3::Bucket":
        rules = at(resource.properties, "BucketEncryption", "ServerSideEncryptionConfiguration")
        for case in elements(rules):
            yield at(case.value, "ServerSideEncryptionByDefault", "KMSMasterKeyID")


def key_accesses(facts: Facts, access: Access) -> Iterator[Access]:
    """Say what an access needs besides on the customer key of its resource, through the service alone."""
    actions = _needed(access.action)
    if not actions or not isinstance(access.resource, Symbolic):
        return
    resources = facts.application.resources
    named = [resources[each.target] for each in access.resource.references if each.target in resources]
    conditions = through(access.action.partition(":")[0])
    for resource in named:
        for key in key_of(facts, resource):
            for action in actions:
                yield Access(
                    action,
                    key,
                    access.evidence,
                    conditions=conditions,
                    tier=access.tier,
                    advice=access.advice,
                )


def through(service: str) -> tuple[tuple[str, str, Known | Symbolic], ...]:
    """Demand that a key is used through a service, in the region of the deployment."""
    host = symbolic((f"{service}.", Reference(ReferenceKind.PSEUDO, "AWS::Region"), ".amazonaws.com"), ())
    return (("StringEquals", "kms:ViaService", host),)


def _needed(action: str) -> tuple[str, ...]:
    if action in _READS:
        return ("kms:Decrypt",)
    if action in _ONLY_GENERATES:
        return ("kms:GenerateDataKey",)
    return ("kms:Decrypt", "kms:GenerateDataKey") if action in _WRITES else ()
