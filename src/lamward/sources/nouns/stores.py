"""Queues, buckets and log groups. Source: CloudFormation Template Reference."""

from __future__ import annotations

from lamward.model.application import Bucket, LogGroup, Queue, Resource
from lamward.model.value import at
from lamward.sources.nouns.documents import structured


def queue(resource: Resource) -> Queue:
    """Make a queue."""
    properties = resource.properties
    return Queue(
        id=resource.id,
        location=resource.location,
        name=at(properties, "QueueName"),
        visibility_timeout=at(properties, "VisibilityTimeout"),
        redrive=structured(at(properties, "RedrivePolicy")),
        properties=properties,
        when=resource.when,
    )


def bucket(resource: Resource) -> Bucket:
    """Make a bucket."""
    properties = resource.properties
    return Bucket(
        id=resource.id,
        location=resource.location,
        name=at(properties, "BucketName"),
        public_access_block=at(properties, "PublicAccessBlockConfiguration"),
        acl=at(properties, "AccessControl"),
        properties=properties,
        when=resource.when,
    )


def log_group(resource: Resource) -> LogGroup:
    """Make a log group."""
    properties = resource.properties
    return LogGroup(
        id=resource.id,
        location=resource.location,
        name=at(properties, "LogGroupName"),
        retention=at(properties, "RetentionInDays"),
        kms_key=at(properties, "KmsKeyId"),
        when=resource.when,
        declared_by=resource.declared_by,
    )
