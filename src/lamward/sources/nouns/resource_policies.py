"""Policies on resources: those that are documents, and those written as one statement.

Source: CloudFormation Template Reference, the policy resources of each service.
"""

from __future__ import annotations

from typing import Final

from lamward.iam import parse
from lamward.model.application import Resource, ResourcePolicy, ResourcePolicyKind
from lamward.model.value import Absent, Value, at, location_of, text_of
from lamward.sources.nouns.documents import structured
from lamward.sources.sam.compose import plain

_Document = tuple[ResourcePolicyKind, str, tuple[str, ...]]

DOCUMENTS: Final[dict[str, _Document]] = {
    "AWS::DynamoDB::Table": (ResourcePolicyKind.TABLE, "", ("ResourcePolicy", "PolicyDocument")),
    "AWS::ECR::Repository": (ResourcePolicyKind.REPOSITORY, "", ("RepositoryPolicyText",)),
    "AWS::EFS::FileSystem": (ResourcePolicyKind.FILE_SYSTEM, "", ("FileSystemPolicy",)),
    "AWS::Elasticsearch::Domain": (ResourcePolicyKind.SEARCH, "", ("AccessPolicies",)),
    "AWS::Events::EventBus": (ResourcePolicyKind.BUS, "", ("Policy",)),
    "AWS::KMS::Key": (ResourcePolicyKind.KEY, "", ("KeyPolicy",)),
    "AWS::KMS::ReplicaKey": (ResourcePolicyKind.KEY, "", ("KeyPolicy",)),
    "AWS::Kinesis::ResourcePolicy": (ResourcePolicyKind.STREAM, "ResourceArn", ("ResourcePolicy",)),
    "AWS::Lambda::ResourcePolicy": (ResourcePolicyKind.FUNCTION, "ResourceArn", ("PolicyDocument",)),
    "AWS::Logs::ResourcePolicy": (ResourcePolicyKind.LOGS, "", ("PolicyDocument",)),
    "AWS::OpenSearchService::Domain": (ResourcePolicyKind.SEARCH, "", ("AccessPolicies",)),
    "AWS::S3::BucketPolicy": (ResourcePolicyKind.BUCKET, "Bucket", ("PolicyDocument",)),
    "AWS::SNS::TopicInlinePolicy": (ResourcePolicyKind.TOPIC, "TopicArn", ("PolicyDocument",)),
    "AWS::SNS::TopicPolicy": (ResourcePolicyKind.TOPIC, "Topics", ("PolicyDocument",)),
    "AWS::SQS::QueueInlinePolicy": (ResourcePolicyKind.QUEUE, "Queue", ("PolicyDocument",)),
    "AWS::SQS::QueuePolicy": (ResourcePolicyKind.QUEUE, "Queues", ("PolicyDocument",)),
    "AWS::SecretsManager::ResourcePolicy": (ResourcePolicyKind.SECRET, "SecretId", ("ResourcePolicy",)),
}
"""By resource type: what the policy guards, the property that names it ("" for the resource itself), the document."""


def document(resource: Resource) -> ResourcePolicy | None:
    """Make a resource policy of a document; None where the resource carries none."""
    kind, target, path = DOCUMENTS[resource.type]
    written = at(resource.properties, *path)
    return None if isinstance(written, Absent) else _policy(resource, kind, target, structured(written))


def bus_statement(resource: Resource) -> ResourcePolicy:
    """Make the policy of an event bus of its one statement, in either of its forms."""
    properties = resource.properties
    written = structured(at(properties, "Statement"))
    if isinstance(written, Absent):
        bound = at(properties, "Condition")
        condition = {text_of(at(bound, "Type")): {text_of(at(bound, "Key")): at(bound, "Value")}}
        written = _statement(resource, None if isinstance(bound, Absent) else condition)
    return _policy(resource, ResourcePolicyKind.BUS, "EventBusName", _document(written))


def layer_permission(resource: Resource) -> ResourcePolicy:
    """Make the policy of a layer version of the parameters that say whom it is shared with."""
    organization = at(resource.properties, "OrganizationId")
    condition = {"StringEquals": {"aws:PrincipalOrgID": organization}}
    written = _statement(resource, None if isinstance(organization, Absent) else condition)
    return _policy(resource, ResourcePolicyKind.LAYER, "LayerVersionArn", _document(written))


def _statement(resource: Resource, condition: object) -> Value:
    """Write the statement that `Principal` and `Action` of a resource stand for, where the principal is written."""
    principal = at(resource.properties, "Principal")
    written = {
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": at(resource.properties, "Action"),
        "Resource": "*",
        "Condition": Absent() if condition is None else condition,
    }
    return plain(written, location_of(principal))


def _document(statement: Value) -> Value:
    return plain({"Version": "2012-10-17", "Statement": [statement]}, location_of(statement))


def _policy(resource: Resource, kind: ResourcePolicyKind, target: str, written: Value) -> ResourcePolicy:
    return ResourcePolicy(
        id=resource.id,
        location=resource.location,
        kind=kind,
        targets=at(resource.properties, target) if target else Absent((resource.location,)),
        policy=parse.policy(written, name=resource.id, when=resource.when),
        when=resource.when,
        declared_by=resource.declared_by,
    )
