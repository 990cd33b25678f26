"""`AWS::Serverless::Function`: the function, its role, alias, URL, destinations and events.

Source: SAM specification, "AWS::Serverless::Function".
"""

from __future__ import annotations

from lamward.model.application import Resource
from lamward.model.location import Location
from lamward.model.value import (
    ALWAYS,
    Absent,
    Fields,
    Known,
    OneOf,
    Option,
    Value,
    at,
    cases,
    entries,
    location_of,
    text_of,
    truth_of,
)
from lamward.sources.sam import apis, pull, runtimes
from lamward.sources.sam.compose import attribute, fields, guarded, items, known, present, ref, switched, text
from lamward.sources.sam.event import Event
from lamward.sources.sam.expansion import Expansion
from lamward.sources.sam.policies import Grants, document, statement, tracing_policy, trust
from lamward.sources.sam.push import PUSHED, permit

_KEPT = (
    "Architectures",
    "CodeSigningConfigArn",
    "Description",
    "DurableConfig",
    "Environment",
    "EphemeralStorage",
    "FileSystemConfigs",
    "FunctionName",
    "FunctionScalingConfig",
    "Handler",
    "ImageConfig",
    "KmsKeyArn",
    "Layers",
    "LoggingConfig",
    "MemorySize",
    "PackageType",
    "RecursiveLoop",
    "ReservedConcurrentExecutions",
    "Runtime",
    "RuntimeManagementConfig",
    "SnapStart",
    "Tags",
    "TenancyConfig",
    "Timeout",
    "VpcConfig",
)

_DESTINATION_ACTIONS = {
    "SQS": "sqs:SendMessage",
    "SNS": "sns:publish",
    "EventBridge": "events:PutEvents",
    "Lambda": "lambda:InvokeFunction",
}

_DEAD_LETTER_ACTIONS = {"SQS": "sqs:SendMessage", "SNS": "sns:Publish"}


def expand(expansion: Expansion, resource: Resource) -> None:
    """Add what a serverless function makes."""
    _Function(expansion, resource).expand()


class _Function:
    """One function while it is expanded."""

    def __init__(self, expansion: Expansion, resource: Resource) -> None:
        self.expansion = expansion
        self.resource = resource
        self.id = resource.id
        self.properties = resource.properties
        self.where = resource.location
        role = self.property("Role")
        lacking = [case.when for case in cases(role, resource.when) if isinstance(case.value, Absent)]
        self.makes_role = bool(lacking)
        self.role_when = lacking[0] if len(lacking) == 1 else resource.when
        self.grants = Grants(expansion.template.evaluator, f"{self.id}Role")
        self.target: Value = ref(self.id, self.where)
        self.target_arn: Value = attribute(self.id, "Arn", self.where)
        self.alias: Value = Absent()

    def property(self, *steps: str) -> Value:
        return at(self.properties, *steps)

    def is_written(self, name: str) -> bool:
        """Tell whether a property is set, be it to `AWS::NoValue`, which the transform takes for a value."""
        own = self.properties.fields.get(name) if isinstance(self.properties, Fields) else None
        return own is not None and any(case.value != Known(None) for case in cases(own))

    def expand(self) -> None:
        self._function()
        self._publish()
        self._url()
        self._own_grants()
        self._destinations()
        self.grants.add(self.property("Policies"))
        self._events()
        if self.makes_role:
            self._role()

    def _function(self) -> None:
        made = {name: self.property(name) for name in _KEPT}
        made["Code"] = self._code()
        made["Role"] = self._role_reference()
        made["CapacityProviderConfig"] = runtimes.capacity(self.property("CapacityProviderConfig"))
        tracing = self.property("Tracing")
        if present(tracing) and text_of(tracing) != "Disabled":
            made["TracingConfig"] = fields({"Mode": tracing}, location_of(tracing))
        queue = self.property("DeadLetterQueue")
        if present(queue):
            made["DeadLetterConfig"] = fields({"TargetArn": at(queue, "TargetArn")}, location_of(queue))
        # The original keys keep their places, so that a finding can point at a property's name.
        keys = self.properties.keys if isinstance(self.properties, Fields) else {}
        present_ones = {name: value for name, value in made.items() if not isinstance(value, Absent)}
        whole = Fields(present_ones, keys, (self.where,))
        self.expansion.add(self.id, "AWS::Lambda::Function", whole, self.resource)

    def _code(self) -> Value:
        for name, key in (("InlineCode", "ZipFile"), ("ImageUri", "ImageUri"), ("CodeUri", "CodeUri")):
            value = self.property(name)
            if present(value):
                return fields({key: value}, location_of(value))
        return Absent((self.where,))

    def _role_reference(self) -> Value:
        own = attribute(f"{self.id}Role", "Arn", self.where)
        role = self.property("Role")
        if isinstance(role, Absent):
            return own
        if isinstance(role, OneOf):
            options = [
                Option(own if isinstance(case.value, Absent) else case.value, case.when)
                for case in cases(role)
            ]
            return OneOf(tuple(options), role.exhaustive, role.origins)
        return role

    def _publish(self) -> None:
        alias = self.property("AutoPublishAlias")
        if not present(alias):
            return
        where = location_of(alias)
        version = self.expansion.add(
            f"{self.id}Version",
            "AWS::Lambda::Version",
            fields({"FunctionName": ref(self.id, where)}, where),
            self.resource,
            at=where,
        )
        made: dict[str, Value] = {
            "FunctionName": ref(self.id, where),
            "FunctionVersion": attribute(version.id, "Version", where),
            "Name": alias,
            "ProvisionedConcurrencyConfig": self.property("ProvisionedConcurrencyConfig"),
        }
        identifier = self.expansion.made(self.id, "Alias")
        self.expansion.add(identifier, "AWS::Lambda::Alias", fields(made, where), self.resource, at=where)
        self.alias = alias
        self.target = self.target_arn = ref(identifier, where)
        self._deployment(where)

    def _deployment(self, where: Location) -> None:
        preference = self.property("DeploymentPreference")
        if not isinstance(preference, Fields) or truth_of(at(preference, "Enabled")) is False:
            return
        role = at(preference, "Role")
        if not present(role):
            role = attribute(self._deployment_role(preference, where), "Arn", where)
        group = {
            "DeploymentConfigName": at(preference, "Type"),
            "ServiceRoleArn": role,
            "Alarms": at(preference, "Alarms"),
        }
        self.expansion.add(
            f"{self.id}DeploymentGroup",
            "AWS::CodeDeploy::DeploymentGroup",
            fields(group, where),
            self.resource,
            at=where,
        )

    def _deployment_role(self, preference: Value, where: Location) -> str:
        """Add the one role of all deployments; the functions' conditions decide about it only when asked to."""
        managed = "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda"
        made = {
            "AssumeRolePolicyDocument": trust("codedeploy.amazonaws.com", where),
            "ManagedPolicyArns": items([text(managed, where)], where),
        }
        identifier = f"{self.expansion.prefix}CodeDeployServiceRole"
        passed = truth_of(at(preference, "PassthroughCondition")) is True
        when = self.resource.when if passed else ALWAYS
        self.expansion.add(
            identifier, "AWS::IAM::Role", fields(made, where), self.resource, at=where, when=when
        )
        return identifier

    def _url(self) -> None:
        config = self.property("FunctionUrlConfig")
        if not present(config):
            return
        where = location_of(config)
        auth = at(config, "AuthType")
        made: dict[str, Value] = {
            "TargetFunctionArn": self.target if present(self.alias) else ref(self.id, where),
            "AuthType": auth,
            "Cors": at(config, "Cors"),
            "InvokeMode": at(config, "InvokeMode"),
        }
        self.expansion.add(f"{self.id}Url", "AWS::Lambda::Url", fields(made, where), self.resource, at=where)
        for case in cases(auth, self.resource.when):
            if text_of(case.value) == "NONE":
                self._open_url(location_of(case.value), case.value)
                break

    def _open_url(self, where: Location, auth: Value) -> None:
        """Add the two statements that open a URL to everybody.

        Source: Lambda Developer Guide, "Control access to Lambda function URLs" (both needed since October 2025).
        """
        anyone = {"FunctionName": self.target, "Principal": known("*", where)}
        self.expansion.add(
            f"{self.id}UrlPublicPermissions",
            "AWS::Lambda::Permission",
            fields(
                anyone | {"Action": known("lambda:InvokeFunctionUrl", where), "FunctionUrlAuthType": auth},
                where,
            ),
            self.resource,
            at=where,
        )
        via = {
            "Action": known("lambda:InvokeFunction", where),
            "InvokedViaFunctionUrl": switched(where, on=True),
        }
        self.expansion.add(
            f"{self.id}URLInvokeAllowPublicAccess",
            "AWS::Lambda::Permission",
            fields(anyone | via, where),
            self.resource,
            at=where,
        )

    def _own_grants(self) -> None:
        """Grant what the function's own settings need; see `_construct_role` of the transform for the order."""
        basic = "AWSLambdaBasicDurableExecutionRolePolicy" if present(self.property("DurableConfig")) else ""
        self.grants.attach_service_policy(basic or "AWSLambdaBasicExecutionRole", self.where)
        tracing = self.property("Tracing")
        modes = [text_of(case.value) for case in cases(tracing)]
        if self.is_written("Tracing") and modes[0] != "Disabled":
            self.grants.attach(tracing_policy(location_of(tracing)))
        network = self.property("VpcConfig")
        if self.is_written("VpcConfig"):
            self.grants.attach_service_policy("AWSLambdaVPCAccessExecutionRole", location_of(network))
        queue = self.property("DeadLetterQueue")
        action = _DEAD_LETTER_ACTIONS.get(text_of(at(queue, "Type")) or "")
        if action:
            allowed = document([statement(action, at(queue, "TargetArn"))], location_of(queue))
            self.grants.inline.append((known("DeadLetterQueuePolicy", self.where), allowed))

    def _destinations(self) -> None:
        config = self.property("EventInvokeConfig")
        if not self.is_written("EventInvokeConfig"):
            return
        where = location_of(config)
        made: dict[str, Value] = {}
        for name in ("OnSuccess", "OnFailure"):
            for case in cases(at(config, "DestinationConfig", name)):
                if isinstance(case.value, Fields):
                    target = self._destination(name, case.value)
                    made[name] = guarded(
                        fields({"Destination": target}, location_of(case.value)), case.when, where
                    )
        self.expansion.add(
            f"{self.id}EventInvokeConfig",
            "AWS::Lambda::EventInvokeConfig",
            fields(
                {
                    "FunctionName": ref(self.id, where),
                    "Qualifier": self.alias if present(self.alias) else known("$LATEST", where),
                    "DestinationConfig": fields(made, where),
                    "MaximumEventAgeInSeconds": at(config, "MaximumEventAgeInSeconds"),
                    "MaximumRetryAttempts": at(config, "MaximumRetryAttempts"),
                },
                where,
            ),
            self.resource,
            at=where,
        )

    def _destination(self, name: str, config: Fields) -> Value:
        where = location_of(config)
        kind = text_of(at(config, "Type")) or ""
        target = self._target(f"{self.id}EventInvokeConfig{name}", kind, at(config, "Destination"), where)
        if kind in _DESTINATION_ACTIONS:
            allowed = document([statement(_DESTINATION_ACTIONS[kind], target)], where)
            self.grants.inline.append((known(f"{self.id}EventInvokeConfig{name}Policy", where), allowed))
        elif kind == "S3Bucket":
            bucket = [
                statement("s3:PutObject", text("${bucket}/*", where, bucket=target)),
                statement("s3:ListBucket", target),
            ]
            self.grants.inline.append(
                (known(f"{self.id}EventInvokeConfig{name}Policy", where), document(bucket, where))
            )
        return target

    def _target(self, prefix: str, kind: str, given: Value, where: Location) -> Value:
        """Give where results go; SAM makes the queue or topic where, or under the condition that, none is given."""
        missing = [case for case in cases(given, self.resource.when) if isinstance(case.value, Absent)]
        if not missing or kind not in {"SQS", "SNS"}:
            return given
        suffix, type_ = ("Queue", "AWS::SQS::Queue") if kind == "SQS" else ("Topic", "AWS::SNS::Topic")
        identifier, when = prefix + suffix, missing[0].when
        self.expansion.add(identifier, type_, fields({}, where), self.resource, at=where, when=when)
        made = attribute(identifier, "Arn", where) if kind == "SQS" else ref(identifier, where)
        if isinstance(given, Absent):
            return made
        options = [
            Option(made if isinstance(case.value, Absent) else case.value, case.when) for case in cases(given)
        ]
        return OneOf(tuple(options), exhaustive=True, origins=(where,))

    def _events(self) -> None:
        for name, key, value, when in entries(self.property("Events"), self.resource.when):
            kind = text_of(at(value, "Type")) or ""
            event = Event(
                expansion=self.expansion,
                cause=self.resource,
                name=name,
                kind=kind,
                properties=at(value, "Properties"),
                target=self.target,
                target_arn=self.target_arn,
                location=key,
                when=when,
            )
            grants = self.grants if self.makes_role else None
            if kind in pull.SOURCES:
                pull.expand(event, grants)
            elif kind in PUSHED:
                PUSHED[kind](event, grants)
            elif kind in {"Api", "HttpApi"}:
                self._route(event)

    def _route(self, event: Event) -> None:
        calling = apis.source_of(event)
        if calling is not None:
            source, suffix = calling
            permit(event, "apigateway.amazonaws.com", source=source, suffix=suffix)

    def _role(self) -> None:
        trusted = self.property("AssumeRolePolicyDocument")
        where = location_of(self.property("Policies")) if present(self.property("Policies")) else self.where
        made = self.grants.properties(
            trusted if present(trusted) else trust("lambda.amazonaws.com", self.where), self.where
        )
        made["PermissionsBoundary"] = self.property("PermissionsBoundary")
        made["Path"] = self.property("RolePath")
        self.expansion.add(
            f"{self.id}Role", "AWS::IAM::Role", fields(made, where), self.resource, when=self.role_when
        )
