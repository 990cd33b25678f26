"""What a function needs in place of a broad managed policy, as far as its environment tells: SAM policy templates.

Source: SAM Developer Guide, "AWS SAM policy template list".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts
from lamward.model.application import Function, Resource
from lamward.model.value import ReferenceKind, Symbolic, cases


class Narrower(Struct, frozen=True):
    """A policy template for one resource: its parameter, and the attribute that fills it ("" for `Ref`)."""

    type: str
    template: str
    parameter: str
    attribute: str = ""


_TABLE: Final = Narrower("AWS::DynamoDB::Table", "DynamoDBCrudPolicy", "TableName")
_INSTEAD: Final = {
    "AWSLambda_FullAccess": Narrower("AWS::Lambda::Function", "LambdaInvokePolicy", "FunctionName"),
    "AWSStepFunctionsFullAccess": Narrower(
        "AWS::StepFunctions::StateMachine", "StepFunctionsExecutionPolicy", "StateMachineName", "Name"
    ),
    "AmazonDynamoDBFullAccess": _TABLE,
    "AmazonDynamoDBFullAccess_v2": _TABLE,
    "AmazonDynamoDBReadOnlyAccess": Narrower("AWS::DynamoDB::Table", "DynamoDBReadPolicy", "TableName"),
    "AmazonEventBridgeFullAccess": Narrower(
        "AWS::Events::EventBus", "EventBridgePutEventsPolicy", "EventBusName"
    ),
    "AmazonKinesisFullAccess": Narrower("AWS::Kinesis::Stream", "KinesisCrudPolicy", "StreamName"),
    "AmazonS3FullAccess": Narrower("AWS::S3::Bucket", "S3CrudPolicy", "BucketName"),
    "AmazonS3ReadOnlyAccess": Narrower("AWS::S3::Bucket", "S3ReadPolicy", "BucketName"),
    "AmazonSNSFullAccess": Narrower("AWS::SNS::Topic", "SNSPublishMessagePolicy", "TopicName", "TopicName"),
    "AmazonSQSFullAccess": Narrower("AWS::SQS::Queue", "SQSSendMessagePolicy", "QueueName", "QueueName"),
    "SecretsManagerReadWrite": Narrower(
        "AWS::SecretsManager::Secret", "AWSSecretsManagerGetSecretValuePolicy", "SecretArn"
    ),
}


class Need(Struct, frozen=True):
    """A resource a function knows of, and the policy template for it as it is written."""

    resource: str
    policy: dict[str, object]


def needs(facts: Facts, function: Function, managed: str) -> tuple[Need, ...]:
    """List the resources of a managed policy's service that a function's environment refers to, in one file with it."""
    instead = _INSTEAD.get(managed)
    if instead is None:
        return ()
    known = {each.id: each for each in _known(facts, function) if each.type == instead.type}
    if any(
        each.location.span.file != function.location.span.file or "/" in each.id for each in known.values()
    ):
        return ()
    return tuple(Need(name, _policy(instead, name)) for name in known)


def _policy(instead: Narrower, name: str) -> dict[str, object]:
    named = {"Fn::GetAtt": [name, instead.attribute]} if instead.attribute else {"Ref": name}
    return {instead.template: {instead.parameter: named}}


def _known(facts: Facts, function: Function) -> Iterator[Resource]:
    resources = facts.application.resources
    for variable in function.environment:
        for case in cases(variable.value, variable.when):
            for reference in case.value.references if isinstance(case.value, Symbolic) else ():
                if reference.kind is ReferenceKind.RESOURCE and reference.target in resources:
                    yield resources[reference.target]
