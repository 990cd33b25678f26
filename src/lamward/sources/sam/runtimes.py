"""What functions run on: capacity providers, network connectors, MicroVM images and web functions, with their roles.

Source: SAM specification, "AWS::Serverless::CapacityProvider" and its kin.
"""

from __future__ import annotations

from lamward.model.application import Resource
from lamward.model.value import Absent, Fields, Value, at, location_of, text_of
from lamward.sources.sam.compose import attribute, fields, items, plain, present, text
from lamward.sources.sam.expansion import Expansion
from lamward.sources.sam.policies import SERVICE_ROLE, document, statement, trust

_AWS_POLICY = "arn:${AWS::Partition}:iam::aws:policy/"

_OF_MACHINES = ("ExecutionEnvironmentMemoryGiBPerVCpu", "PerExecutionEnvironmentMaxConcurrency")
_OF_ENDPOINT = ("AuthType", "EndpointType", "RevisionWeights", "ScalingConfig", "ThrottleConfig")

_WRITE_LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]


def expand_capacity_provider(expansion: Expansion, resource: Resource) -> None:
    """Add the capacity provider, and the role with which Lambda manages its machines."""
    properties, where = resource.properties, resource.location
    role = _role(
        expansion, resource, given="OperatorRole", managed=_AWS_POLICY + "AWSLambdaManagedEC2ResourceOperator"
    )
    made: dict[str, Value] = {
        "CapacityProviderName": at(properties, "CapacityProviderName"),
        "VpcConfig": at(properties, "VpcConfig"),
        "KmsKeyArn": at(properties, "KmsKeyArn"),
        "PermissionsConfig": fields({"CapacityProviderOperatorRoleArn": role}, where),
    }
    expansion.add(resource.id, "AWS::Lambda::CapacityProvider", fields(made, where), resource)


def capacity(written: Value) -> Value:
    """Give a function's capacity provider in CloudFormation's words."""
    if not present(written):
        return written
    where = location_of(written)
    renamed = {"CapacityProviderArn": at(written, "Arn")} | {name: at(written, name) for name in _OF_MACHINES}
    machines = fields(renamed, where)
    return fields({"LambdaManagedInstancesCapacityProviderConfig": machines}, where)


def expand_network_connector(expansion: Expansion, resource: Resource) -> None:
    """Add the network connector, and the role with which Lambda manages its interfaces."""
    policy = _AWS_POLICY + "AWSLambdaNetworkConnectorOperatorPolicy"
    role = _role(expansion, resource, given="OperatorRole", managed=policy)
    config = fields({"VpcEgressConfiguration": at(resource.properties, "VpcConfig")}, resource.location)
    made: dict[str, Value] = {"Configuration": config, "OperatorRole": role}
    expansion.add(resource.id, "AWS::Lambda::NetworkConnector", fields(made, resource.location), resource)


def expand_image(expansion: Expansion, resource: Resource) -> None:
    """Add the MicroVM image, and the role that reads its code while it is built."""
    where, code = resource.location, at(resource.properties, "CodeUri")
    role = at(resource.properties, "BuildRoleArn")
    if not present(role):
        bucket = (text_of(code) or "").removeprefix("s3://").partition("/")[0]
        objects = text("arn:${AWS::Partition}:s3:::" + (bucket or "*") + "/*", location_of(code))
        allowed = document([statement(["s3:GetObject"], objects), statement(_WRITE_LOGS, "*")], where)
        policy = plain({"PolicyName": "MicrovmImageBuildPolicy", "PolicyDocument": allowed}, where)
        trusted = trust("lambda.amazonaws.com", where)
        made = {"AssumeRolePolicyDocument": trusted, "Policies": items([policy], where)}
        expansion.add(f"{resource.id}BuildRole", "AWS::IAM::Role", fields(made, where), resource)
        role = attribute(f"{resource.id}BuildRole", "Arn", where)
    properties = resource.properties.fields if isinstance(resource.properties, Fields) else {}
    image = {name: value for name, value in properties.items() if name != "CodeUri"}
    image |= {"CodeArtifact": fields({"Uri": code}, where), "BuildRoleArn": role}
    expansion.add(resource.id, "AWS::Lambda::MicrovmImage", fields(image, where), resource)


def expand_web_function(expansion: Expansion, resource: Resource) -> None:
    """Add the web function, its revision and its endpoint, and the role it runs with."""
    where, properties = resource.location, resource.properties
    policy = SERVICE_ROLE + "AWSLambdaBasicExecutionRole"
    role = _role(expansion, resource, given="ExecutionRoleArn", managed=policy, suffix="Role")
    name = {"FunctionName": at(properties, "FunctionName")}
    expansion.add(resource.id, "AWS::Lambda::WebFunction", fields(name, where), resource)
    service = {
        "ExecutionRoleArn": role,
        "EnvironmentVariables": at(properties, "EnvironmentVariables"),
        "EgressNetworkConnectorArn": at(properties, "EgressNetworkConnectorArn"),
    }
    revision = name | {"KmsKeyArn": at(properties, "KmsKeyArn"), "ServiceConfig": fields(service, where)}
    kind = "AWS::Lambda::WebFunctionRevision"
    expansion.add(f"{resource.id}Revision", kind, fields(revision, where), resource)
    endpoint = name | {each: at(properties, each) for each in _OF_ENDPOINT}
    kind = "AWS::Lambda::WebFunctionEndpoint"
    expansion.add(f"{resource.id}Endpoint", kind, fields(endpoint, where), resource)


def _role(
    expansion: Expansion, resource: Resource, *, given: str, managed: str, suffix: str = "OperatorRole"
) -> Value:
    """Give the ARN of the role a resource names, else of one made for it with one managed policy."""
    role, where = at(resource.properties, given), resource.location
    if not isinstance(role, Absent):
        return role
    identifier = resource.id + suffix
    made = {
        "AssumeRolePolicyDocument": trust("lambda.amazonaws.com", where),
        "ManagedPolicyArns": items([text(managed, where)], where),
    }
    expansion.add(identifier, "AWS::IAM::Role", fields(made, where), resource)
    return attribute(identifier, "Arn", where)
