"""One application of all its resources: each noun by its builder, in the template's order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lamward.model.application import Application, Resource
from lamward.sources.nouns import apis, compute, identity, network, resource_policies, stores, triggers

_BUILDERS: dict[str, tuple[str, Callable[[Resource], Any]]] = {
    "AWS::ApiGateway::RestApi": ("apis", apis.api),
    "AWS::ApiGateway::Stage": ("stages", apis.stage),
    "AWS::ApiGatewayV2::Api": ("apis", apis.api),
    "AWS::ApiGatewayV2::Stage": ("stages", apis.stage),
    "AWS::EC2::Subnet": ("subnets", network.subnet),
    "AWS::IAM::ManagedPolicy": ("identity_policies", identity.identity_policy),
    "AWS::IAM::Policy": ("identity_policies", identity.identity_policy),
    "AWS::IAM::Role": ("roles", identity.role),
    "AWS::IAM::RolePolicy": ("identity_policies", identity.identity_policy),
    "AWS::Lambda::CodeSigningConfig": ("code_signing", compute.code_signing),
    "AWS::Lambda::EventInvokeConfig": ("event_invoke_configs", compute.event_invoke_config),
    "AWS::Lambda::EventSourceMapping": ("event_source_mappings", compute.event_source_mapping),
    "AWS::Lambda::Function": ("functions", compute.function),
    "AWS::Lambda::LayerVersion": ("layers", compute.layer),
    "AWS::Lambda::Permission": ("permissions", compute.permission),
    "AWS::Lambda::Url": ("urls", compute.url),
    "AWS::Logs::LogGroup": ("log_groups", stores.log_group),
    "AWS::S3::Bucket": ("buckets", stores.bucket),
    "AWS::SQS::Queue": ("queues", stores.queue),
    "AWS::Events::EventBusPolicy": ("resource_policies", resource_policies.bus_statement),
    "AWS::Lambda::LayerVersionPermission": ("resource_policies", resource_policies.layer_permission),
    **dict.fromkeys(resource_policies.DOCUMENTS, ("resource_policies", resource_policies.document)),
}

_ASSEMBLED = frozenset(
    {
        "AWS::ApiGateway::Method",
        "AWS::ApiGateway::Resource",
        "AWS::ApiGatewayV2::Integration",
        "AWS::ApiGatewayV2::Route",
        "AWS::CloudFormation::Stack",
        "AWS::DynamoDB::Table",
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::Events::Rule",
        "AWS::IoT::TopicRule",
        "AWS::Lambda::Alias",
        "AWS::Lambda::Version",
        "AWS::Logs::SubscriptionFilter",
        "AWS::SNS::Subscription",
        "AWS::SNS::Topic",
        "AWS::Scheduler::Schedule",
        "AWS::Serverless::Application",
        "AWS::StepFunctions::StateMachine",
    }
)

_ASKED: frozenset[str] = frozenset(
    {
        "AWS::AmazonMQ::Broker",
        "AWS::ApiGateway::DomainName",
        "AWS::ApiGatewayV2::DomainName",
        "AWS::AppSync::ApiCache",
        "AWS::AppSync::GraphQLApi",
        "AWS::CloudFront::Distribution",
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::CompositeAlarm",
        "AWS::CodeBuild::Project",
        "AWS::Cognito::IdentityPool",
        "AWS::Cognito::UserPool",
        "AWS::DAX::Cluster",
        "AWS::DocDB::DBCluster",
        "AWS::EC2::FlowLog",
        "AWS::EC2::NetworkAcl",
        "AWS::EC2::NetworkAclEntry",
        "AWS::EC2::VPC",
        "AWS::EC2::VPCEndpoint",
        "AWS::ECR::Repository",
        "AWS::EFS::AccessPoint",
        "AWS::EFS::FileSystem",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::ElasticLoadBalancingV2::Listener",
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        "AWS::Events::EventBus",
        "AWS::Kinesis::Stream",
        "AWS::KinesisFirehose::DeliveryStream",
        "AWS::Lambda::CapacityProvider",
        "AWS::Lambda::MicrovmImage",
        "AWS::Lambda::NetworkConnector",
        "AWS::Lambda::WebFunctionEndpoint",
        "AWS::Lambda::WebFunctionRevision",
        "AWS::MSK::Cluster",
        "AWS::Neptune::DBCluster",
        "AWS::OpenSearchService::Domain",
        "AWS::RDS::DBCluster",
        "AWS::RDS::DBInstance",
        "AWS::Redshift::Cluster",
        "AWS::SecretsManager::RotationSchedule",
        "AWS::SecretsManager::Secret",
    }
)
"""The resource types that become no noun: checks read their properties."""

UNDERSTOOD = frozenset(_BUILDERS) | _ASSEMBLED | _ASKED
"""The resource types that become a noun or a part of one, or that checks are asked about."""


def nouns(resources: Mapping[str, Resource]) -> dict[str, tuple[Any, ...]]:
    """Make all nouns, as the fields of an `Application`."""
    made: dict[str, list[Any]] = {field: [] for field, _ in _BUILDERS.values()}
    for resource in resources.values():
        builder = _BUILDERS.get(resource.type)
        if builder is not None:
            noun = builder[1](resource)
            if noun is not None:
                made[builder[0]].append(noun)
    routes = tuple(apis.routes(resources))
    return {
        **{field: tuple(found) for field, found in made.items()},
        "routes": routes,
        "security_groups": tuple(network.security_groups(resources.values())),
        "triggers": tuple(triggers.triggers(resources, routes)),
    }


def application(fields: Mapping[str, Any], resources: Mapping[str, Resource]) -> Application:
    """Make the application of its resources and what else is known of it."""
    everything: dict[str, Any] = {**fields, **nouns(resources)}
    return Application(resources=resources, **everything)
