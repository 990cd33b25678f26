"""One deployment of an application, made up: what references and resource names would stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from lamward.facts import Facts
from lamward.model.application import Resource
from lamward.model.value import Known, Reference, ReferenceKind, Symbolic, Value, at, cases, text_of

ACCOUNT: Final = "111122223333"
REGION: Final = "us-east-1"

_ARNS: Final = {
    "AWS::ApiGateway::RestApi": ("", "execute-api:{region}:{account}:{name}"),
    "AWS::AppRunner::Service": ("ServiceName", "apprunner:{region}:{account}:service/{name}/1"),
    "AWS::CloudFormation::Stack": ("", "cloudformation:{region}:{account}:stack/{name}/1"),
    "AWS::CodeBuild::Project": ("Name", "codebuild:{region}:{account}:project/{name}"),
    "AWS::DynamoDB::GlobalTable": ("TableName", "dynamodb:{region}:{account}:table/{name}"),
    "AWS::DynamoDB::Table": ("TableName", "dynamodb:{region}:{account}:table/{name}"),
    "AWS::ECS::TaskDefinition": ("Family", "ecs:{region}:{account}:task-definition/{name}:1"),
    "AWS::Events::EventBus": ("Name", "events:{region}:{account}:event-bus/{name}"),
    "AWS::Events::Rule": ("Name", "events:{region}:{account}:rule/{name}"),
    "AWS::Glue::DevEndpoint": ("EndpointName", "glue:{region}:{account}:devEndpoint/{name}"),
    "AWS::IAM::Group": ("GroupName", "iam::{account}:group/{name}"),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName", "iam::{account}:policy/{name}"),
    "AWS::IAM::Role": ("RoleName", "iam::{account}:role/{name}"),
    "AWS::IAM::User": ("UserName", "iam::{account}:user/{name}"),
    "AWS::KMS::Key": ("", "kms:{region}:{account}:key/{name}"),
    "AWS::Kinesis::Stream": ("Name", "kinesis:{region}:{account}:stream/{name}"),
    "AWS::Lambda::Function": ("FunctionName", "lambda:{region}:{account}:function:{name}"),
    "AWS::Logs::LogGroup": ("LogGroupName", "logs:{region}:{account}:log-group:{name}:*"),
    "AWS::S3::Bucket": ("BucketName", "s3:::{name}"),
    "AWS::SNS::Topic": ("TopicName", "sns:{region}:{account}:{name}"),
    "AWS::SQS::Queue": ("QueueName", "sqs:{region}:{account}:{name}"),
    "AWS::SSM::Parameter": ("Name", "ssm:{region}:{account}:parameter/{name}"),
    "AWS::SageMaker::NotebookInstance": (
        "NotebookInstanceName",
        "sagemaker:{region}:{account}:notebook-instance/{name}",
    ),
    "AWS::SecretsManager::Secret": ("Name", "secretsmanager:{region}:{account}:secret:{name}-AbCdEf"),
    "AWS::StepFunctions::StateMachine": ("StateMachineName", "states:{region}:{account}:stateMachine:{name}"),
}
"""By resource type: the property that names it and its ARN (AWS Service Authorization Reference)."""

REF_IS_ARN: Final = frozenset(
    {
        "AWS::ECS::TaskDefinition",
        "AWS::IAM::ManagedPolicy",
        "AWS::SNS::Topic",
        "AWS::SecretsManager::Secret",
        "AWS::StepFunctions::StateMachine",
    }
)
"""The types whose `Ref` is their ARN (CloudFormation Template Reference, "Return values")."""

_LOWER_CASE: Final = frozenset({"AWS::S3::Bucket"})


class Deployment(Struct, frozen=True):
    """Values for one deployment: of references, and the ARN of each resource that has one, by logical id."""

    bindings: Mapping[Reference, str]
    arns: Mapping[str, str]

    def arn(self, logical_id: str) -> str:
        """Give the ARN of a resource, "" where its type is not one whose ARN can be told."""
        return self.arns.get(logical_id, "")

    def text(self, value: Value) -> str:
        """Give a value as text with every reference filled in that can be; "" for anything else."""
        for case in cases(value):
            if isinstance(case.value, Symbolic):
                return _filled(case.value, self.bindings)
            return text_of(case.value) or ""
        return ""


def deploy(facts: Facts, *, account: str = ACCOUNT, region: str = REGION) -> Deployment:
    """Make up a deployment: unnamed resources are called by their logical id."""
    bindings = {
        Reference(ReferenceKind.PSEUDO, f"AWS::{name}"): text
        for name, text in (
            ("AccountId", account),
            ("Partition", "aws"),
            ("Region", region),
            ("StackName", "stack"),
            ("URLSuffix", "amazonaws.com"),
        )
    }
    arns: dict[str, str] = {}
    for resource in facts.application.resources.values():
        name = _name(resource, bindings)
        arn = arn_of(resource.type, name, account=account, region=region)
        bindings[Reference(ReferenceKind.RESOURCE, resource.id)] = _ref(resource, name, arn)
        for attribute in _names_of(resource.type):
            bindings[Reference(ReferenceKind.RESOURCE, resource.id, attribute)] = name
        if arn:
            arns[resource.id] = arn
            bindings[Reference(ReferenceKind.RESOURCE, resource.id, "Arn")] = arn
    for resource_id, text in _versions(facts, arns).items():
        bindings[Reference(ReferenceKind.RESOURCE, resource_id)] = text
    return Deployment(bindings, arns)


def arn_of(resource_type: str, name: str, *, account: str, region: str) -> str:
    """Give the ARN of a resource by its type and name, "" for a type that is not listed."""
    _, shape = _ARNS.get(resource_type, ("", ""))
    if not shape:
        return ""
    separate = name.removeprefix("/") if resource_type == "AWS::SSM::Parameter" else name
    return f"arn:aws:{shape.format(account=account, region=region, name=separate)}"


def _names_of(resource_type: str) -> tuple[str, ...]:
    """Name the attributes that give a resource's name (`QueueName`, `Name`)."""
    key, _ = _ARNS.get(resource_type, ("", ""))
    return (key, "Name") if key and key != "Name" else ("Name",) if key else ()


def name_property(resource_type: str) -> str:
    """Name the property that gives a resource of a type its name, "" where none is known to."""
    return _ARNS.get(resource_type, ("", ""))[0]


def has_arn(resource_type: str) -> bool:
    """Tell whether the ARN of a type is listed."""
    return resource_type in _ARNS


def _name(resource: Resource, bindings: Mapping[Reference, str]) -> str:
    """Give a resource's name as written; one left to the deployment is its logical id."""
    own = resource.id.replace("/", "-")
    key, _ = _ARNS.get(resource.type, ("", ""))
    for case in cases(at(resource.properties, key)) if key else ():
        match case.value:
            case Symbolic():
                return _filled(case.value, bindings)
            case Known():
                return text_of(case.value) or own
            case _:
                pass
    return own.lower() if resource.type in _LOWER_CASE else own


def _filled(value: Symbolic, bindings: Mapping[Reference, str]) -> str:
    """Fill in what is known and call the rest by its name: any text serves, as long as it is the same everywhere."""
    return "".join(
        part if isinstance(part, str) else bindings.get(part, part.target.replace("::", "-"))
        for part in value.parts
    )


def _ref(resource: Resource, name: str, arn: str) -> str:
    if resource.type in REF_IS_ARN and arn:
        return arn
    if resource.type == "AWS::SQS::Queue":
        _, _, _, region, account, _ = arn.split(":", 5)
        return f"https://sqs.{region}.amazonaws.com/{account}/{name}"
    return name


def _versions(facts: Facts, arns: Mapping[str, str]) -> dict[str, str]:
    """Give what references to versions and aliases of functions stand for: their qualified ARNs."""
    found: dict[str, str] = {}
    for resource in facts.application.resources.values():
        if resource.type not in {"AWS::Lambda::Version", "AWS::Lambda::Alias"}:
            continue
        alias = text_of(at(resource.properties, "Name")) if resource.type.endswith("Alias") else "1"
        for case in cases(at(resource.properties, "FunctionName")):
            targets = case.value.references if isinstance(case.value, Symbolic) else ()
            for target in targets:
                if target.target in arns:
                    found[resource.id] = f"{arns[target.target]}:{alias or resource.id}"
    return found
