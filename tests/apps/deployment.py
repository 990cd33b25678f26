"""An application as if it were deployed: what its references come to, told by hand and not by lamward."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from tests.plain import decode

ACCOUNT: Final = "111122223333"
REGION: Final = "eu-west-1"

# How CloudFormation names a resource of a type (its property, else stack, logical id and a suffix), its ARN, and what
# `Ref` gives: the name, the ARN or something else.
_HERE: Final = f"{REGION}:{ACCOUNT}"
_TYPES: Final[Mapping[str, tuple[str, str, str]]] = {
    "AWS::ApiGatewayV2::Api": ("", "arn:aws:apigateway:{region}::/apis/{name}", "{name}"),
    "AWS::ApiGatewayV2::Stage": ("StageName", "", "{name}"),
    "AWS::Athena::WorkGroup": ("Name", "arn:aws:athena:{here}:workgroup/{name}", "{name}"),
    "AWS::Cognito::UserPool": ("", "arn:aws:cognito-idp:{here}:userpool/{region}_{name}", "{region}_{name}"),
    "AWS::DynamoDB::Table": ("TableName", "arn:aws:dynamodb:{here}:table/{name}", "{name}"),
    "AWS::ECS::Cluster": ("ClusterName", "arn:aws:ecs:{here}:cluster/{name}", "{name}"),
    "AWS::ECS::TaskDefinition": ("Family", "arn:aws:ecs:{here}:task-definition/{name}:1", "{arn}"),
    "AWS::Events::EventBus": ("Name", "arn:aws:events:{here}:event-bus/{name}", "{name}"),
    "AWS::Glue::Database": ("", "", "{name}"),
    "AWS::Glue::Job": ("Name", "arn:aws:glue:{here}:job/{name}", "{name}"),
    "AWS::IAM::Role": ("RoleName", "arn:aws:iam::{account}:role/{name}", "{name}"),
    "AWS::KMS::Key": ("", "arn:aws:kms:{here}:key/{name}", "{name}"),
    "AWS::Kinesis::Stream": ("Name", "arn:aws:kinesis:{here}:stream/{name}", "{name}"),
    "AWS::KinesisFirehose::DeliveryStream": (
        "DeliveryStreamName", "arn:aws:firehose:{here}:deliverystream/{name}", "{name}",
    ),
    "AWS::Lambda::Function": ("FunctionName", "arn:aws:lambda:{here}:function:{name}", "{name}"),
    "AWS::Logs::LogGroup": ("LogGroupName", "arn:aws:logs:{here}:log-group:{name}:*", "{name}"),
    "AWS::MediaConvert::Queue": ("Name", "arn:aws:mediaconvert:{here}:queues/{name}", "{name}"),
    "AWS::S3::Bucket": ("BucketName", "arn:aws:s3:::{name}", "{name}"),
    "AWS::SES::EmailIdentity": ("EmailIdentity", "arn:aws:ses:{here}:identity/{name}", "{name}"),
    "AWS::SNS::Topic": ("TopicName", "arn:aws:sns:{here}:{name}", "{arn}"),
    "AWS::SQS::Queue": ("QueueName", "arn:aws:sqs:{here}:{name}", "https://sqs.{region}.amazonaws.com/{account}/{name}"),
    "AWS::SSM::Parameter": ("Name", "arn:aws:ssm:{here}:parameter{name}", "{name}"),
    "AWS::Scheduler::ScheduleGroup": ("Name", "arn:aws:scheduler:{here}:schedule-group/{name}", "{name}"),
    "AWS::SecretsManager::Secret": ("Name", "arn:aws:secretsmanager:{here}:secret:{name}-AbCdEf", "{arn}"),
    "AWS::Serverless::Function": ("FunctionName", "arn:aws:lambda:{here}:function:{name}", "{name}"),
    "AWS::Serverless::LayerVersion": ("", "arn:aws:lambda:{here}:layer:{name}:1", "{arn}"),
    "AWS::StepFunctions::StateMachine": ("", "arn:aws:states:{here}:stateMachine:{name}", "{arn}"),
    "AWS::Timestream::Database": ("DatabaseName", "arn:aws:timestream:{here}:database/{name}", "{name}"),
    "AWS::Timestream::Table": ("TableName", "", "{name}"),
}  # fmt: skip

_VARIABLE: Final = re.compile(r"\$\{([^!}]+)\}")
_SHORT: Final = re.compile(r"([a-z0-9-]+)::(?!:)(.+)")


class Deployment:
    """The template of a folder, deployed as a stack that is called like the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stack = folder.name
        self.made: dict[str, tuple[str, str]] = {}
        """`Ref` and ARN of resources whose names are not ours to choose, once they are made."""

    @cached_property
    def template(self) -> dict[str, Any]:
        loaded: dict[str, Any] = decode((self.folder / "template.yaml").read_text(encoding="utf-8"))
        return loaded

    @cached_property
    def functions(self) -> dict[str, dict[str, Any]]:
        """Give the properties of each function, with those that are written once for all."""
        shared = self.template.get("Globals", {}).get("Function", {})
        found = {}
        for name, resource in self.template["Resources"].items():
            if resource["Type"] in {"AWS::Serverless::Function", "AWS::Lambda::Function"}:
                given = resource["Properties"]
                variables = {
                    **shared.get("Environment", {}).get("Variables", {}),
                    **given.get("Environment", {}).get("Variables", {}),
                }
                found[name] = {**shared, **given, "Environment": {"Variables": variables}}
        return found

    def name(self, resource: str) -> str:
        kind = self.template["Resources"][resource]
        written = kind.get("Properties", {}).get(_TYPES[kind["Type"]][0])
        if kind["Type"] == "AWS::Glue::Database":
            written = kind["Properties"]["DatabaseInput"]["Name"]
        if written is not None:
            return self.text(written)
        made = f"{self.stack}-{resource}-1AB2CD"
        return made.lower() if kind["Type"] in {"AWS::S3::Bucket", "AWS::ApiGatewayV2::Api"} else made

    def arn(self, resource: str) -> str:
        return self._of(resource, 1)

    def ref(self, name: str) -> str:
        pseudo = {
            "AWS::AccountId": ACCOUNT, "AWS::Region": REGION, "AWS::Partition": "aws", "AWS::StackName": self.stack,
        }  # fmt: skip
        if name in pseudo:
            return pseudo[name]
        if name in self.template.get("Parameters", {}):
            return str(self.template["Parameters"][name].get("Default", f"{name}-given"))
        return self._of(name, 2).replace("{arn}", self.arn(name))

    def _of(self, resource: str, place: int) -> str:
        if resource in self.made:
            return self.made[resource][place == 1]
        shape = _TYPES[self.template["Resources"][resource]["Type"]][place]
        parts = {"name": self.name(resource), "here": _HERE, "region": REGION, "account": ACCOUNT}
        for key, value in parts.items():
            shape = shape.replace(f"{{{key}}}", value)
        return shape

    def text(self, value: object) -> str:
        """Give what a value of a template comes to, and what a resource comes to that a truth file names."""
        match value:
            case {"Ref": str(name)}:
                return self.ref(name)
            case {"Fn::GetAtt": [str(name), str(attribute)]}:
                return self._attribute(name, attribute)
            case {"Fn::GetAtt": str(dotted)}:
                return self._attribute(*dotted.split(".", 1))
            case {"Fn::Sub": str(written)}:
                return _VARIABLE.sub(lambda found: self._variable(found[1]), written)
            case str() | int() | float():
                return str(value)
            case _:
                raise ValueError(f"what does {value!r} come to?")

    def _variable(self, name: str) -> str:
        return self._attribute(*name.split(".", 1)) if "." in name else self.ref(name)

    def _attribute(self, name: str, attribute: str) -> str:
        match attribute:
            case "Arn" | "TopicArn":
                return self.arn(name)
            case "StreamArn":
                return f"{self.arn(name)}/stream/2026-11-21T00:00:00.000"
            case "QueueUrl":
                return self.ref(name)
            case "QueueName":
                return self.name(name)
            case _:
                raise ValueError(f"what does {name}.{attribute} come to?")

    def resource(self, written: str) -> str:
        """Read a resource as truth files write it: `service::rest` is an ARN in this account and region."""
        short = _SHORT.fullmatch(written)
        return self.text({"Fn::Sub": f"arn:aws:{short[1]}:{_HERE}:{short[2]}" if short else written})
