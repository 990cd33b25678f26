"""`AWS::Serverless::StateMachine`: the state machine, its role and alias, and what its events need to start it.

Source: SAM specification, "AWS::Serverless::StateMachine".
"""

from __future__ import annotations

from lamward.model.application import Resource
from lamward.model.value import Value, at, cases, entries, location_of, text_of, truth_of
from lamward.sources.sam import apis, push
from lamward.sources.sam.compose import attribute, fields, items, known, plain, present, ref
from lamward.sources.sam.event import Event
from lamward.sources.sam.expansion import Expansion
from lamward.sources.sam.policies import Grants, document, statement, tracing_policy, trust


def expand(expansion: Expansion, resource: Resource) -> None:
    """Add what a state machine makes."""
    where, properties = resource.location, resource.properties
    role = at(properties, "Role")
    definition = at(properties, "Definition")
    made: dict[str, Value] = {
        "DefinitionString": definition if present(definition) else at(properties, "DefinitionUri"),
        "DefinitionSubstitutions": at(properties, "DefinitionSubstitutions"),
        "LoggingConfiguration": at(properties, "Logging"),
        "StateMachineName": at(properties, "Name"),
        "StateMachineType": at(properties, "Type"),
        "TracingConfiguration": at(properties, "Tracing"),
        "RoleArn": role if present(role) else attribute(f"{resource.id}Role", "Arn", where),
    }
    expansion.add(resource.id, "AWS::StepFunctions::StateMachine", fields(made, where), resource)
    if not present(role):
        _role(expansion, resource)
    _events(expansion, resource, _alias(expansion, resource))


def _role(expansion: Expansion, resource: Resource) -> None:
    where, properties = resource.location, resource.properties
    tracing, policies = at(properties, "Tracing"), at(properties, "Policies")
    grants = Grants(expansion.template.evaluator, f"{resource.id}Role")
    grants.add(policies)
    if any(truth_of(at(case.value, "Enabled")) is True for case in cases(tracing)):
        grants.attach(tracing_policy(location_of(tracing)))
    allowed = grants.properties(trust("states.amazonaws.com", where), where)
    allowed["PermissionsBoundary"] = at(properties, "PermissionsBoundary")
    allowed["Path"] = at(properties, "RolePath")
    at_policies = location_of(policies) if present(policies) else where
    expansion.add(f"{resource.id}Role", "AWS::IAM::Role", fields(allowed, at_policies), resource)


def _alias(expansion: Expansion, resource: Resource) -> Value:
    """Add the published alias, where one is asked for; give what events start."""
    alias = at(resource.properties, "AutoPublishAlias")
    if not present(alias):
        return ref(resource.id, resource.location)
    where = location_of(alias)
    version = {"StateMachineArn": ref(resource.id, where)}
    identifier = f"{resource.id}Version"
    kind = "AWS::StepFunctions::StateMachineVersion"
    expansion.add(identifier, kind, fields(version, where), resource, at=where)
    routed: dict[str, Value] = {"StateMachineVersionArn": ref(identifier, where), "Weight": known(100, where)}
    made = {"Name": alias, "RoutingConfiguration": items([fields(routed, where)], where)}
    identifier = f"{resource.id}Alias{text_of(alias) or ''}"
    kind = "AWS::StepFunctions::StateMachineAlias"
    expansion.add(identifier, kind, fields(made, where), resource, at=where)
    if truth_of(at(resource.properties, "UseAliasAsEventTarget")) is True:
        return ref(identifier, where)
    return ref(resource.id, resource.location)


def _events(expansion: Expansion, resource: Resource, target: Value) -> None:
    for name, key, value, when in entries(at(resource.properties, "Events"), resource.when):
        event = Event(
            expansion=expansion,
            cause=resource,
            name=name,
            kind=text_of(at(value, "Type")) or "",
            properties=at(value, "Properties"),
            target=target,
            target_arn=target,
            location=key,
            when=when,
        )
        match event.kind:
            case "ScheduleV2":
                push.schedule(event, None, action="states:StartExecution")
            case "Schedule" | "EventBridgeRule" | "CloudWatchEvent":
                _rule(event)
            case "Api":
                _started_by(event, "apigateway.amazonaws.com")
                apis.remember(event)
            case other:
                expansion.fail(f"`{other}` is no event of a state machine", key)


def _started_by(event: Event, service: str) -> Value:
    """Add the role with which a service starts the state machine; give its ARN."""
    where = event.location
    allowed = document([statement("states:StartExecution", event.target)], where)
    policy = plain({"PolicyName": f"{event.id}StartExecutionPolicy", "PolicyDocument": allowed}, where)
    made = {
        "AssumeRolePolicyDocument": trust(service, where),
        "Policies": items([policy], where),
        "PermissionsBoundary": at(event.cause.properties, "PermissionsBoundary"),
    }
    role = event.add("Role", "AWS::IAM::Role", made)
    return attribute(role.id, "Arn", where)


def _rule(event: Event) -> None:
    given = event.property("RoleArn")
    takes_given = event.kind == "Schedule" and present(given)
    role = given if takes_given else _started_by(event, "events.amazonaws.com")
    push.add_rule(event, {"Arn": event.target, "RoleArn": role})
