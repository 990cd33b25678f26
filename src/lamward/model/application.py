"""An application: all that one deployment creates, as it will really be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct

from lamward.model.api import Api, ApiKind, Route, Stage
from lamward.model.location import NOWHERE, Location
from lamward.model.policy import Policy
from lamward.model.report import Coverage, Failure
from lamward.model.trigger import Invocation, Trigger, TriggerKind
from lamward.model.value import ALWAYS, Absent, Guard, Unknown, Value

__all__ = [
    "Api",
    "ApiKind",
    "Application",
    "Bucket",
    "CodeSigning",
    "Dialect",
    "EnvironmentVariable",
    "EventInvokeConfig",
    "EventSourceMapping",
    "Function",
    "FunctionUrl",
    "IdentityPolicy",
    "Invocation",
    "LayerVersion",
    "LogGroup",
    "Output",
    "Parameter",
    "Permission",
    "Queue",
    "Resource",
    "ResourcePolicy",
    "ResourcePolicyKind",
    "Role",
    "Route",
    "SecurityGroup",
    "SecurityRule",
    "Stage",
    "Subnet",
    "Trigger",
    "TriggerKind",
]


class Dialect(StrEnum):
    """The language an application is written in."""

    SAM = "sam"
    CLOUDFORMATION = "cloudformation"


class Resource(Struct, frozen=True):
    """A resource as deployed, after the SAM transform, with all its properties as values.

    `id` is the logical id (`Nested/Logical` inside a nested stack); `declared_by` is the id of the resource in the
    template that caused it, the same as `id` for one the author wrote. `location` is the logical id's key.
    """

    id: str
    type: str
    properties: Value
    location: Location = NOWHERE
    when: Guard = ALWAYS
    declared_by: str = ""
    metadata: Value = Absent()


class EnvironmentVariable(Struct, frozen=True):
    """A variable of a function's environment; `location` is its name's place."""

    name: str
    value: Value
    location: Location
    when: Guard = ALWAYS


class Function(Struct, frozen=True):
    """A Lambda function with the settings it is deployed with (Globals merged, defaults left absent)."""

    id: str
    location: Location
    name: Value
    runtime: Value
    handler: Value
    package_type: Value
    code: Value
    role: Value
    timeout: Value
    memory: Value
    environment: tuple[EnvironmentVariable, ...]
    environment_unknown: Unknown | None
    kms_key: Value
    vpc: Value
    layers: Value
    tracing: Value
    dead_letter: Value
    reserved_concurrency: Value
    logging: Value
    code_signing: Value
    properties: Value
    when: Guard = ALWAYS
    declared_by: str = ""


class Role(Struct, frozen=True):
    """An IAM role: who may take it (`trust`) and what it may do (`policies`, `managed`)."""

    id: str
    location: Location
    name: Value
    trust: Policy | None
    policies: tuple[Policy, ...]
    managed: Value
    boundary: Value
    when: Guard = ALWAYS
    declared_by: str = ""


class IdentityPolicy(Struct, frozen=True):
    """A policy resource of its own, attached to roles by name or reference (`AWS::IAM::Policy`, `ManagedPolicy`)."""

    id: str
    location: Location
    policy: Policy
    roles: Value
    managed: bool
    when: Guard = ALWAYS


class ResourcePolicyKind(StrEnum):
    """What a resource policy guards."""

    QUEUE = "queue"
    TOPIC = "topic"
    BUCKET = "bucket"
    FUNCTION = "function"
    API = "API"
    KEY = "key"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    LAYER = "layer"
    BUS = "event bus"
    REPOSITORY = "image repository"
    FILE_SYSTEM = "file system"
    SEARCH = "search domain"
    TABLE = "table"
    STREAM = "stream"
    LOGS = "log groups"


class ResourcePolicy(Struct, frozen=True):
    """A policy on resources: which ones (`targets`, a list or one value) and the document."""

    id: str
    location: Location
    kind: ResourcePolicyKind
    targets: Value
    policy: Policy
    when: Guard = ALWAYS
    declared_by: str = ""


class Permission(Struct, frozen=True):
    """One statement of a function's resource policy (`AWS::Lambda::Permission`)."""

    id: str
    location: Location
    function: Value
    action: Value
    principal: Value
    source_arn: Value
    source_account: Value
    organization: Value
    url_auth: Value
    via_url: Value
    event_source_token: Value
    when: Guard = ALWAYS
    declared_by: str = ""


class FunctionUrl(Struct, frozen=True):
    """A function URL. `cors` is the whole CORS block."""

    id: str
    location: Location
    function: Value
    auth: Value
    cors: Value
    invoke_mode: Value
    qualifier: Value
    when: Guard = ALWAYS
    declared_by: str = ""


class EventSourceMapping(Struct, frozen=True):
    """A stream, queue or broker that Lambda polls for a function."""

    id: str
    location: Location
    function: Value
    source: Value
    on_failure: Value
    properties: Value
    when: Guard = ALWAYS
    declared_by: str = ""


class EventInvokeConfig(Struct, frozen=True):
    """What happens to asynchronous invocations of a function: destinations and retries."""

    id: str
    location: Location
    function: Value
    qualifier: Value
    on_success: Value
    on_failure: Value
    when: Guard = ALWAYS
    declared_by: str = ""


class LayerVersion(Struct, frozen=True):
    """A layer that the application itself publishes."""

    id: str
    location: Location
    content: Value
    when: Guard = ALWAYS


class Queue(Struct, frozen=True):
    """An SQS queue. `visibility_timeout` is in seconds (30 when absent)."""

    id: str
    location: Location
    name: Value
    visibility_timeout: Value
    redrive: Value
    properties: Value
    when: Guard = ALWAYS


class Bucket(Struct, frozen=True):
    """An S3 bucket."""

    id: str
    location: Location
    name: Value
    public_access_block: Value
    acl: Value
    properties: Value
    when: Guard = ALWAYS


class LogGroup(Struct, frozen=True):
    """A CloudWatch log group."""

    id: str
    location: Location
    name: Value
    retention: Value
    kms_key: Value
    when: Guard = ALWAYS
    declared_by: str = ""


class SecurityRule(Struct, frozen=True):
    """One rule of a security group; `peers` are its address ranges (v4, v6), absent for another kind of peer."""

    location: Location
    ingress: bool
    protocol: Value
    from_port: Value
    to_port: Value
    peers: tuple[Value, ...]
    when: Guard = ALWAYS


class SecurityGroup(Struct, frozen=True):
    """A security group with its inline and separate rules.

    AWS's own rule, which lets everything out, is replaced by inline rules in `egress`, by a `separate_egress` one too.
    """

    id: str
    location: Location
    rules: tuple[SecurityRule, ...]
    egress: Value
    separate_egress: bool
    when: Guard = ALWAYS


class Subnet(Struct, frozen=True):
    """A subnet and its availability zone."""

    id: str
    location: Location
    zone: Value
    when: Guard = ALWAYS


class CodeSigning(Struct, frozen=True):
    """A code signing configuration; `on_untrusted` is `Warn` (the default) or `Enforce`."""

    id: str
    location: Location
    on_untrusted: Value
    when: Guard = ALWAYS


class Parameter(Struct, frozen=True):
    """A parameter of the template; `given` is set when the user or a configuration file supplies its value."""

    id: str
    location: Location
    type: Value
    default: Value
    no_echo: Value
    allowed: Value
    given: Value = Absent()


class Output(Struct, frozen=True):
    """An output of the stack."""

    id: str
    location: Location
    value: Value
    when: Guard = ALWAYS


def _cannot_tell(_guard: Guard) -> bool:
    return True


class Application(Struct, frozen=True):
    """All that one deployment creates.

    Orders are those of the template; ids are unique within each kind. `declared` has the types the author wrote, by
    logical id: `resources` has what the transform makes of them. `possible` tells whether assumptions hold together in
    some deployment, and is true where that cannot be told.
    """

    name: str
    dialect: Dialect
    location: Location
    resources: Mapping[str, Resource]
    declared: Mapping[str, str] = {}
    functions: tuple[Function, ...] = ()
    roles: tuple[Role, ...] = ()
    identity_policies: tuple[IdentityPolicy, ...] = ()
    resource_policies: tuple[ResourcePolicy, ...] = ()
    permissions: tuple[Permission, ...] = ()
    urls: tuple[FunctionUrl, ...] = ()
    event_source_mappings: tuple[EventSourceMapping, ...] = ()
    event_invoke_configs: tuple[EventInvokeConfig, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    apis: tuple[Api, ...] = ()
    routes: tuple[Route, ...] = ()
    stages: tuple[Stage, ...] = ()
    layers: tuple[LayerVersion, ...] = ()
    queues: tuple[Queue, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    log_groups: tuple[LogGroup, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()
    subnets: tuple[Subnet, ...] = ()
    code_signing: tuple[CodeSigning, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    outputs: tuple[Output, ...] = ()
    coverage: Coverage = Coverage()
    failures: tuple[Failure, ...] = ()
    possible: Callable[[Guard], bool] = _cannot_tell
