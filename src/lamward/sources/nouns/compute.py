"""Functions and what belongs to them: URLs, permissions, mappings, destinations, layers, code signing.

Source: CloudFormation Template Reference, "AWS::Lambda::*".
"""

from __future__ import annotations

from collections.abc import Iterator

from lamward.model.application import (
    CodeSigning,
    EnvironmentVariable,
    EventInvokeConfig,
    EventSourceMapping,
    Function,
    FunctionUrl,
    LayerVersion,
    Permission,
    Resource,
)
from lamward.model.value import (
    Absent,
    Fields,
    Known,
    Symbolic,
    Unknown,
    Value,
    at,
    cases,
    entries,
    why_unknown,
)


def function(resource: Resource) -> Function:
    """Make a function."""
    properties = resource.properties
    variables = at(properties, "Environment", "Variables")
    return Function(
        id=resource.id,
        location=resource.location,
        name=at(properties, "FunctionName"),
        runtime=at(properties, "Runtime"),
        handler=at(properties, "Handler"),
        package_type=at(properties, "PackageType"),
        code=at(properties, "Code"),
        role=at(properties, "Role"),
        timeout=at(properties, "Timeout"),
        memory=at(properties, "MemorySize"),
        environment=tuple(_variables(variables, resource)),
        environment_unknown=_unreadable(variables),
        kms_key=at(properties, "KmsKeyArn"),
        vpc=at(properties, "VpcConfig"),
        layers=at(properties, "Layers"),
        tracing=at(properties, "TracingConfig", "Mode"),
        dead_letter=at(properties, "DeadLetterConfig", "TargetArn"),
        reserved_concurrency=at(properties, "ReservedConcurrentExecutions"),
        logging=at(properties, "LoggingConfig"),
        code_signing=at(properties, "CodeSigningConfigArn"),
        properties=properties,
        when=resource.when,
        declared_by=resource.declared_by,
    )


def _variables(variables: Value, resource: Resource) -> Iterator[EnvironmentVariable]:
    for name, key, value, when in entries(variables, resource.when):
        yield EnvironmentVariable(name=name, value=value, location=key, when=when)


def _unreadable(variables: Value) -> Unknown | None:
    for case in cases(variables):
        if not isinstance(case.value, Fields | Absent) and case.value != Known(None):
            reason = (
                why_unknown(case.value)
                if isinstance(case.value, Symbolic | Unknown)
                else "it is not a mapping"
            )
            return Unknown(reason, case.value.origins)
    return None


def url(resource: Resource) -> FunctionUrl:
    """Make a function URL."""
    properties = resource.properties
    return FunctionUrl(
        id=resource.id,
        location=resource.location,
        function=at(properties, "TargetFunctionArn"),
        auth=at(properties, "AuthType"),
        cors=at(properties, "Cors"),
        invoke_mode=at(properties, "InvokeMode"),
        qualifier=at(properties, "Qualifier"),
        when=resource.when,
        declared_by=resource.declared_by,
    )


def permission(resource: Resource) -> Permission:
    """Make a statement of a function's resource policy."""
    properties = resource.properties
    return Permission(
        id=resource.id,
        location=resource.location,
        function=at(properties, "FunctionName"),
        action=at(properties, "Action"),
        principal=at(properties, "Principal"),
        source_arn=at(properties, "SourceArn"),
        source_account=at(properties, "SourceAccount"),
        organization=at(properties, "PrincipalOrgID"),
        url_auth=at(properties, "FunctionUrlAuthType"),
        via_url=at(properties, "InvokedViaFunctionUrl"),
        event_source_token=at(properties, "EventSourceToken"),
        when=resource.when,
        declared_by=resource.declared_by,
    )


def event_source_mapping(resource: Resource) -> EventSourceMapping:
    """Make an event source mapping."""
    properties = resource.properties
    return EventSourceMapping(
        id=resource.id,
        location=resource.location,
        function=at(properties, "FunctionName"),
        source=at(properties, "EventSourceArn"),
        on_failure=at(properties, "DestinationConfig", "OnFailure", "Destination"),
        properties=properties,
        when=resource.when,
        declared_by=resource.declared_by,
    )


def event_invoke_config(resource: Resource) -> EventInvokeConfig:
    """Make the settings of asynchronous invocation."""
    properties = resource.properties
    return EventInvokeConfig(
        id=resource.id,
        location=resource.location,
        function=at(properties, "FunctionName"),
        qualifier=at(properties, "Qualifier"),
        on_success=at(properties, "DestinationConfig", "OnSuccess", "Destination"),
        on_failure=at(properties, "DestinationConfig", "OnFailure", "Destination"),
        when=resource.when,
        declared_by=resource.declared_by,
    )


def layer(resource: Resource) -> LayerVersion:
    """Make a layer."""
    return LayerVersion(
        id=resource.id,
        location=resource.location,
        content=at(resource.properties, "Content"),
        when=resource.when,
    )


def code_signing(resource: Resource) -> CodeSigning:
    """Make a code signing configuration."""
    return CodeSigning(
        id=resource.id,
        location=resource.location,
        on_untrusted=at(resource.properties, "CodeSigningPolicies", "UntrustedArtifactOnDeployment"),
        when=resource.when,
    )
