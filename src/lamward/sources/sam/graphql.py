"""GraphQL APIs: the API with its authorisation, keys, log role, and data sources with the roles they take.

Source: SAM specification, "AWS::Serverless::GraphQLApi".
"""

from __future__ import annotations

from lamward.model.application import Resource
from lamward.model.location import Location
from lamward.model.value import (
    Absent,
    Guard,
    Known,
    Value,
    at,
    elements,
    entries,
    location_of,
    text_of,
    truth_of,
)
from lamward.sources.sam.compose import attribute, fields, items, known, plain, present, ref, text
from lamward.sources.sam.connectors import Connector, connect
from lamward.sources.sam.expansion import Expansion
from lamward.sources.sam.policies import SERVICE_ROLE, trust

_SERVICE = "appsync.amazonaws.com"

_AUTHORISERS = {
    "LambdaAuthorizer": "LambdaAuthorizerConfig",
    "OpenIDConnect": "OpenIDConnectConfig",
    "UserPool": "UserPoolConfig",
}
"""By the name SAM has for an authoriser's settings: what CloudFormation calls them."""


def expand(expansion: Expansion, resource: Resource) -> None:
    """Add what a GraphQL API makes."""
    where, properties = resource.location, resource.properties
    auth = at(properties, "Auth")
    additional = [case.value for case in elements(at(auth, "Additional"))]
    made: dict[str, Value] = {
        "Name": at(properties, "Name"),
        "Visibility": at(properties, "Visibility"),
        "XrayEnabled": at(properties, "XrayEnabled"),
        "IntrospectionConfig": at(properties, "IntrospectionConfig"),
        "LogConfig": _log(expansion, resource),
        **_authorisation(auth),
    }
    if additional:
        listed = [fields(_authorisation(one), location_of(one)) for one in additional]
        made["AdditionalAuthenticationProviders"] = items(listed, location_of(auth))
    expansion.add(resource.id, "AWS::AppSync::GraphQLApi", fields(made, where), resource)
    for name, key, _, when in entries(at(properties, "ApiKeys"), resource.when):
        api = {"ApiId": attribute(resource.id, "ApiId", key)}
        kind = "AWS::AppSync::ApiKey"
        expansion.add(resource.id + name, kind, fields(api, key), resource, at=key, when=when)
    for number, one in enumerate(_authorising_functions([auth, *additional]), 1):
        _let_authorise(expansion, resource, one, number)
    _data_sources(expansion, resource)
    _no_source(expansion, resource)


def _authorisation(auth: Value) -> dict[str, Value]:
    made: dict[str, Value] = {"AuthenticationType": at(auth, "Type")}
    return made | {called: at(auth, name) for name, called in _AUTHORISERS.items()}


def _authorising_functions(auths: list[Value]) -> list[Value]:
    found = [at(auth, "LambdaAuthorizer", "AuthorizerUri") for auth in auths]
    return [one for one in found if present(one)]


def _let_authorise(expansion: Expansion, resource: Resource, function: Value, number: int) -> None:
    where = location_of(function)
    source: dict[str, Value] = {
        "Type": known("AWS::AppSync::GraphQLApi", where),
        "Arn": ref(resource.id, where),
        "ResourceId": attribute(resource.id, "ApiId", where),
    }
    _connect(
        expansion,
        resource,
        f"{resource.id}ToLambdaAuthConnector{number}",
        source=source,
        destination={"Type": known("AWS::Lambda::Function", where), "Arn": function},
        where=where,
        when=resource.when,
    )


def _connect(
    expansion: Expansion,
    resource: Resource,
    identifier: str,
    *,
    source: dict[str, Value],
    destination: dict[str, Value],
    where: Location,
    when: Guard,
    permissions: Value | None = None,
) -> None:
    connector = Connector(
        id=identifier,
        cause=resource,
        source=fields(source, where),
        destination=fields(destination, where),
        permissions=permissions or plain(["Write"], where),
        location=where,
        when=when,
    )
    connect(expansion, connector)


def _log(expansion: Expansion, resource: Resource) -> Value:
    """Give the log settings; SAM turns logging on, with a role of its own, unless told otherwise."""
    config = at(resource.properties, "Logging")
    where = location_of(config) if present(config) else resource.location
    if isinstance(config, Known) and truth_of(config) is False:
        return Absent((where,))
    level, role = at(config, "FieldLogLevel"), at(config, "CloudWatchLogsRoleArn")
    if not present(role):
        identifier = f"{resource.id}CloudWatchRole"
        policy = text(SERVICE_ROLE + "AWSAppSyncPushToCloudWatchLogs", where)
        made = {
            "AssumeRolePolicyDocument": trust(_SERVICE, where),
            "ManagedPolicyArns": items([policy], where),
        }
        expansion.add(identifier, "AWS::IAM::Role", fields(made, where), resource, at=where)
        role = attribute(identifier, "Arn", where)
    chosen = level if present(level) else known("ALL", where)
    settings = {"FieldLogLevel": chosen, "CloudWatchLogsRoleArn": role}
    brief = at(config, "ExcludeVerboseContent")
    if present(brief) and truth_of(brief) is not False:
        settings["ExcludeVerboseContent"] = brief
    return fields(settings, where)


def _data_sources(expansion: Expansion, resource: Resource) -> None:
    declared = at(resource.properties, "DataSources")
    for name, key, source, when in entries(at(declared, "DynamoDb"), resource.when):
        _table(expansion, resource, name, source=source, where=key, when=when)
    for name, key, source, when in entries(at(declared, "Lambda"), resource.when):
        function = at(source, "FunctionArn")
        _data_source(
            expansion,
            resource,
            f"{resource.id}{name}LambdaDataSource",
            {
                "Type": known("AWS_LAMBDA", key),
                "LambdaConfig": fields({"LambdaFunctionArn": function}, key),
                "ServiceRoleArn": at(source, "ServiceRoleArn"),
            },
            to="AWS::Lambda::Function",
            arn=function,
            permissions=plain(["Write"], key),
            where=key,
            when=when,
        )


def _table(
    expansion: Expansion, resource: Resource, name: str, *, source: Value, where: Location, when: Guard
) -> None:
    table, arn, region = at(source, "TableName"), at(source, "TableArn"), at(source, "Region")
    home = region if present(region) else text("${AWS::Region}", where)
    if not present(arn):
        pattern = "arn:${AWS::Partition}:dynamodb:${region}:${AWS::AccountId}:table/${table}"
        arn = text(pattern, where, region=home, table=table)
    allowed = at(source, "Permissions")
    _data_source(
        expansion,
        resource,
        f"{resource.id}{name}DynamoDBDataSource",
        {
            "Type": known("AMAZON_DYNAMODB", where),
            "DynamoDBConfig": fields({"TableName": table, "AwsRegion": home}, where),
            "ServiceRoleArn": at(source, "ServiceRoleArn"),
        },
        to="AWS::DynamoDB::Table",
        arn=arn,
        permissions=allowed if present(allowed) else plain(["Read", "Write"], where),
        where=where,
        when=when,
    )


def _data_source(
    expansion: Expansion,
    resource: Resource,
    identifier: str,
    settings: dict[str, Value],
    *,
    to: str,
    arn: Value,
    permissions: Value,
    where: Location,
    when: Guard,
) -> None:
    """Add a data source, and the role with which AppSync reaches what is behind it unless one is given."""
    role = f"{identifier}Role"
    makes_role = not present(settings["ServiceRoleArn"])
    if makes_role:
        settings = settings | {"ServiceRoleArn": attribute(role, "Arn", where)}
    made = settings | {"ApiId": attribute(resource.id, "ApiId", where)}
    expansion.add(identifier, "AWS::AppSync::DataSource", fields(made, where), resource, at=where, when=when)
    if not makes_role:
        return
    trusted = fields({"AssumeRolePolicyDocument": trust(_SERVICE, where)}, where)
    expansion.add(role, "AWS::IAM::Role", trusted, resource, at=where, when=when)
    _connect(
        expansion,
        resource,
        f"{identifier}To{'Table' if to == 'AWS::DynamoDB::Table' else 'Lambda'}Connector",
        source={
            "Type": known("AWS::AppSync::DataSource", where),
            "Arn": attribute(identifier, "DataSourceArn", where),
            "RoleName": ref(role, where),
        },
        destination={"Type": known(to, where), "Arn": arn},
        where=where,
        when=when,
        permissions=permissions,
    )


def _no_source(expansion: Expansion, resource: Resource) -> None:
    """Add the data source that resolvers and functions without one share."""
    used = [at(one, "DataSource") for _, _, one, _ in entries(at(resource.properties, "Functions"))]
    for _, _, by_field, _ in entries(at(resource.properties, "Resolvers")):
        used += [at(one, "DataSource") for _, _, one, _ in entries(by_field)]
    none = [one for one in used if (text_of(one) or "").lower() == "none"]
    if none:
        where = location_of(none[0])
        made: dict[str, Value] = {
            "ApiId": attribute(resource.id, "ApiId", where),
            "Type": known("NONE", where),
        }
        identifier = f"{resource.id}NoneDataSource"
        expansion.add(identifier, "AWS::AppSync::DataSource", fields(made, where), resource, at=where)
