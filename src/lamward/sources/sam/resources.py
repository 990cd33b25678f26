"""The smaller serverless resources: tables, layers, state machines, nested applications.

Source: SAM specification, "AWS::Serverless::SimpleTable", "LayerVersion", "StateMachine".
"""

from __future__ import annotations

from lamward.model.application import Resource
from lamward.model.value import Value, at, cases, entries, location_of, text_of, truth_of
from lamward.sources.sam import apis, push
from lamward.sources.sam.compose import attribute, fields, items, known, plain, present, ref, text
from lamward.sources.sam.event import Event
from lamward.sources.sam.expansion import Expansion
from lamward.sources.sam.policies import Grants, document, statement, trust


def expand_table(expansion: Expansion, resource: Resource) -> None:
    """Add the DynamoDB table of a simple table."""
    where = resource.location
    key = at(resource.properties, "PrimaryKey", "Name")
    hashed = {"AttributeName": key if present(key) else known("id", where), "KeyType": known("HASH", where)}
    kept = {
        name: at(resource.properties, name)
        for name in (
            "TableName",
            "SSESpecification",
            "PointInTimeRecoverySpecification",
            "ProvisionedThroughput",
        )
    }
    made = kept | {"KeySchema": items([fields(hashed, where)], where)}
    expansion.add(resource.id, "AWS::DynamoDB::Table", fields(made, where), resource)


def expand_layer(expansion: Expansion, resource: Resource) -> None:
    """Add the layer version."""
    kept = {
        name: at(resource.properties, name) for name in ("LayerName", "CompatibleRuntimes", "LicenseInfo")
    }
    made = kept | {"Content": at(resource.properties, "ContentUri")}
    expansion.add(resource.id, "AWS::Lambda::LayerVersion", fields(made, resource.location), resource)


def expand_state_machine(expansion: Expansion, resource: Resource) -> None:
    """Add the state machine, its role, and what its events need to start it."""
    where, properties = resource.location, resource.properties
    kept = {
        name: at(properties, name)
        for name in ("Definition", "DefinitionSubstitutions", "DefinitionUri", "Logging", "Name", "Type")
    }
    tracing, logging = at(properties, "Tracing"), at(properties, "Logging")
    role = at(properties, "Role")
    made: dict[str, Value] = {
        "DefinitionString": kept["Definition"] if present(kept["Definition"]) else kept["DefinitionUri"],
        "DefinitionSubstitutions": kept["DefinitionSubstitutions"],
        "LoggingConfiguration": logging,
        "StateMachineName": kept["Name"],
        "StateMachineType": kept["Type"],
        "TracingConfiguration": tracing,
        "RoleArn": role if present(role) else attribute(f"{resource.id}Role", "Arn", where),
    }
    expansion.add(resource.id, "AWS::StepFunctions::StateMachine", fields(made, where), resource)
    if not present(role):
        grants = Grants(expansion.template.evaluator, f"{resource.id}Role")
        if any(
            truth_of(at(case.value, "Enabled")) is not False for case in cases(tracing) if present(tracing)
        ):
            grants.attach(
                text("arn:${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess", location_of(tracing))
            )
        grants.add(at(properties, "Policies"))
        allowed = grants.properties(trust("states.amazonaws.com", where), where)
        allowed["PermissionsBoundary"] = at(properties, "PermissionsBoundary")
        at_policies = (
            location_of(at(properties, "Policies")) if present(at(properties, "Policies")) else where
        )
        expansion.add(f"{resource.id}Role", "AWS::IAM::Role", fields(allowed, at_policies), resource)
    _state_machine_events(expansion, resource)


def _state_machine_events(expansion: Expansion, resource: Resource) -> None:
    for name, key, value, when in entries(at(resource.properties, "Events"), resource.when):
        event = Event(
            expansion=expansion,
            cause=resource,
            name=name,
            kind=text_of(at(value, "Type")) or "",
            properties=at(value, "Properties"),
            target=ref(resource.id, key),
            target_arn=ref(resource.id, key),
            location=key,
            when=when,
        )
        match event.kind:
            case "ScheduleV2":
                push.schedule(event, None, action="states:StartExecution")
            case "Schedule" | "EventBridgeRule" | "CloudWatchEvent":
                _started_by(event, "events.amazonaws.com")
                _rule(event)
            case "Api":
                _started_by(event, "apigateway.amazonaws.com")
                apis.remember(event)
            case _:
                pass


def _started_by(event: Event, service: str) -> None:
    """Add the role with which a service starts the state machine."""
    where = event.location
    allowed = document([statement("states:StartExecution", event.target)], where)
    policy = plain({"PolicyName": f"{event.id}StartExecutionPolicy", "PolicyDocument": allowed}, where)
    made = {
        "AssumeRolePolicyDocument": trust(service, where),
        "Policies": items([policy], where),
        "PermissionsBoundary": event.property("PermissionsBoundary"),
    }
    event.add("Role", "AWS::IAM::Role", made)


def _rule(event: Event) -> None:
    where = event.location
    target = {
        "Arn": event.target,
        "RoleArn": attribute(f"{event.id}Role", "Arn", where),
        "DeadLetterConfig": push.dead_letter(event),
        "Input": event.property("Input"),
    }
    made = {
        "ScheduleExpression": event.property("Schedule"),
        "EventPattern": event.property("Pattern"),
        "EventBusName": event.property("EventBusName"),
        "Targets": items([fields(target, where)], where),
    }
    event.add("", "AWS::Events::Rule", made)
