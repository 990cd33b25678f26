"""Customer keys: which one a resource is under, and what using the resource needs on the key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts
from lamward.facts.links import resources_named
from lamward.facts.needs.arns import ALIAS_ARN, arn_of_resource, arn_of_text
from lamward.model.application import Resource
from lamward.model.evidence import Access, Call, Condition, Tier
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
_IN_ONE_PIECE: Final = frozenset({"PutObject", "CopyObject"})
"""Operations of S3 that write an object at once: only what is uploaded by parts is decrypted to be put together."""

_AWS_OWNED: Final = "alias/aws/"
_KEY_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}")


class Key(Struct, frozen=True):
    """A customer key as policies name it: by its ARN, or as any key (`unknowns` say why) of which more is demanded."""

    arn: Known | Symbolic
    conditions: tuple[Condition, ...] = ()
    unknowns: tuple[str, ...] = ()


def keys_of(facts: Facts, resource: Resource) -> Iterator[Key]:
    """Give the customer keys that a resource is under; a key of AWS's needs no permission."""
    for value in _keys(resource):
        for case in cases(value):
            if isinstance(case.value, Known | Symbolic) and text_of(case.value) != "":
                key = named_key(facts, resource.id, case.value)
                if key is not None:
                    yield key


def named_key(facts: Facts, owner: str, value: Known | Symbolic) -> Key | None:
    """Give the customer key that a setting of a resource names, however it names it; None for a key of AWS's."""
    named = [each for each, _ in resources_named(facts, value)]
    arn = arn_of_text(facts, value) or (arn_of_resource(named[0]) if named else None)
    if isinstance(arn, Known | Symbolic):
        return Key(arn)
    text = text_of(value) or ""
    alias = ALIAS_ARN.sub("", text)
    if alias.startswith(_AWS_OWNED):
        return None
    if alias.startswith("alias/"):
        demanded = ("ForAnyValue:StringEquals", "kms:ResourceAliases", Known(alias))
        return Key(_here("*"), (demanded,), (f"an alias does not say which key `{owner}` is under",))
    if text.startswith("arn:"):
        return Key(value)
    if _KEY_ID.fullmatch(text):
        return Key(_here(text))
    return Key(_here("*"), unknowns=(f"the template does not say which key `{owner}` is under",))


def _here(name: str) -> Symbolic:
    partition, region, account = (
        Reference(ReferenceKind.PSEUDO, f"AWS::{each}") for each in ("Partition", "Region", "AccountId")
    )
    return Symbolic(("arn:", partition, ":kms:", region, ":", account, f":key/{name}"))


def _keys(resource: Resource) -> Iterator[Value]:
    if resource.type in _SIMPLE:
        yield at(resource.properties, *_SIMPLE[resource.type])
    if resource.type == "AWS::S3::Bucket":
        rules = at(resource.properties, "BucketEncryption", "ServerSideEncryptionConfiguration")
        for case in elements(rules):
            yield at(case.value, "ServerSideEncryptionByDefault", "KMSMasterKeyID")


def key_accesses(facts: Facts, access: Access) -> Iterator[Access]:
    """Say what an access needs besides on the customer key of its resource, through the service alone."""
    actions = _needed(access)
    if not actions or not isinstance(access.resource, Symbolic):
        return
    resources = facts.application.resources
    named = [resources[each.target] for each in access.resource.references if each.target in resources]
    conditions = through(access.action.partition(":")[0])
    for resource in named:
        for key in keys_of(facts, resource):
            for action in actions:
                yield Access(
                    action,
                    key.arn,
                    access.evidence,
                    conditions=(*conditions, *key.conditions),
                    unknowns=key.unknowns,
                    tier=Tier.ASSUMED if key.unknowns else access.tier,
                    advice=access.advice,
                )


def through(service: str) -> tuple[Condition, ...]:
    """Demand that a key is used through a service, in the region of the deployment."""
    host = symbolic((f"{service}.", Reference(ReferenceKind.PSEUDO, "AWS::Region"), ".amazonaws.com"), ())
    return (("StringEquals", "kms:ViaService", host),)


def _needed(access: Access) -> tuple[str, ...]:
    action = access.action
    if action in _READS:
        return ("kms:Decrypt",)
    whole = action == "s3:PutObject" and all(
        isinstance(each, Call) and each.operation in _IN_ONE_PIECE for each in access.evidence
    )
    if whole or action in _ONLY_GENERATES:
        return ("kms:GenerateDataKey",)
    return ("kms:Decrypt", "kms:GenerateDataKey") if action in _WRITES else ()
