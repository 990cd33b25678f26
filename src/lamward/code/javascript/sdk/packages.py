"""What the packages of the SDKs for JavaScript export: clients, commands, paginators, helpers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from lamward.code.analysis import CredentialKind, Credentials, Why
from lamward.code.calls.answers import entries
from lamward.code.calls.credentials import UNKNOWN, of_key
from lamward.code.calls.frames import Arguments
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import (
    NONE,
    NOTHING,
    Client,
    Foreign,
    Session,
    Value,
    join,
    join_all,
    mystery,
    one,
)
from lamward.code.javascript.sdk import clients, credentials, services

_MODERN: Final = re.compile(r"@aws-sdk/(?P<package>client-[a-z0-9-]+|lib-dynamodb)(?:/[^.]*)?\.(?P<name>\w+)")
_CLASSIC: Final = re.compile(r"(?:aws-sdk|aws-sdk/global|aws-sdk/clients/all)\.(?P<name>\w+)(?P<more>\.\w+)?")
_ONE: Final = re.compile(r"aws-sdk/clients/(?P<service>\w+?)(?:\.js)?(?:\.(?P<name>\w+))?")

Model = Callable[[Invocation], Value]


def call(invocation: Invocation, path: str) -> Value | None:
    """Call or construct something of the SDK's packages; None if it is none of theirs."""
    modern = _MODERN.fullmatch(path)
    if modern is not None:
        return _modern(invocation, path, modern["package"], modern["name"])
    model = _MODELS.get(path)
    if model is not None:
        return model(invocation)
    service = classic_service(path)
    return None if service is None else clients.new(invocation, service)


def _modern(invocation: Invocation, path: str, package: str, name: str) -> Value:
    service = "dynamodb" if package == "lib-dynamodb" else services.named(package.removeprefix("client-"))
    if name.endswith("Command"):
        return clients.new_command(invocation, path)
    if name.startswith("paginate"):
        written = name.removeprefix("paginate")
        operation = services.operation_of(service or "", written) or written
        found = clients.clients_in(invocation, invocation.get(0), service or "")
        return join_all(clients.pages(invocation, each, operation, invocation.get(1)) for each in found)
    waiter = services.waiter_of(service or "", name.removeprefix("waitUntil").removeprefix("waitFor"))
    if waiter is not None and name.startswith("wait"):
        for each in clients.clients_in(invocation, invocation.get(0), service or ""):
            clients.pages(invocation, each, waiter, invocation.get(1))
        return mystery("it is the outcome of waiting")
    if service is not None and is_client(name, service):
        return clients.new(invocation, service)
    return one(Foreign(f"{path}()"))


def is_client(name: str, service: str) -> bool:
    """Tell whether a class of a service's package is its client."""
    return name.endswith("Client") or services.named(name) == service


def instance_of(path: str) -> str | None:
    """Return the service whose client a class makes; None for any other class."""
    modern = _MODERN.fullmatch(path)
    if modern is not None:
        if modern["package"] == "lib-dynamodb":
            return "dynamodb" if modern["name"].startswith("DynamoDBDocument") else None
        service = services.named(modern["package"].removeprefix("client-"))
        return service if service is not None and is_client(modern["name"], service) else None
    return classic_service(path)


def classic_service(path: str) -> str | None:
    """Return the service of a client's class of version 2."""
    found = _CLASSIC.fullmatch(path)
    if found is not None:
        document = (found["name"], found["more"]) == ("DynamoDB", ".DocumentClient")
        return services.named(found["name"]) if document or not found["more"] else None
    found = _ONE.fullmatch(path)
    if found is None:
        return None
    if found["name"] in (None, "DocumentClient") or services.named(found["name"]) is not None:
        return services.named(found["service"])
    return None


# Helpers of version 3


def _document(invocation: Invocation) -> Value:
    found = clients.clients_in(invocation, invocation.get(0), "dynamodb")
    return frozenset(found)


def _upload(invocation: Invocation) -> Value:
    given = entries(invocation, invocation.get(0))
    parameters = entries(invocation, given.keywords.get("params", NOTHING) or NONE)
    for client in clients.clients_in(invocation, given.keywords.get("client", NOTHING), "s3"):
        invocation.sdk_call(client, "PutObject", parameters)
        clients.in_parts(invocation, client, parameters)
    return one(Foreign("@aws-sdk/lib-storage.Upload()"))


def _signed(invocation: Invocation) -> Value:
    for client in clients.clients_in(invocation, invocation.get(0), "") or (None,):
        for command in sorted(invocation.get(1), key=repr):
            clients.perform_command(invocation, client, command)
    if any(not clients.is_command(atom) for atom in invocation.get(1)):
        invocation.doubt(Why.DYNAMIC_OPERATION, "the command that is signed here cannot be told")
    return mystery("it is a presigned address")


def _database_signer(invocation: Invocation) -> Value:
    """Sign in to a database as a user of it."""
    given = entries(invocation, invocation.get(0)).keywords
    names = {"DBHostname": "hostname", "Port": "port", "DBUsername": "username", "Region": "region"}
    keywords = {name: given[written] for name, written in names.items() if written in given}
    invocation.sdk_call(Client("rds-db"), "connect", Arguments(keywords=keywords))
    return one(Foreign("@aws-sdk/rds-signer.Signer()"))


def _post(invocation: Invocation) -> Value:
    for client in clients.clients_in(invocation, invocation.get(0), "s3"):
        clients.presigned_post(invocation, client, entries(invocation, invocation.get(1)))
    return mystery("it is a presigned form")


def _same(invocation: Invocation) -> Value:
    return invocation.get(0)


def _static(invocation: Invocation) -> Value:
    key = invocation.get(0)
    settings = entries(invocation, key)
    given = settings.keywords.get("accessKeyId", key)
    found = of_key(given)
    return frozenset(Session(credentials=each) for each in found)


_unknown = credentials.fixed(UNKNOWN)
_profile = credentials.fixed(Credentials(CredentialKind.PROFILE))
_PROVIDERS: Final = "@aws-sdk/credential-providers"


def _signing_config(invocation: Invocation) -> Value:
    return join(one(Foreign("@aws config")), NOTHING) if invocation.arguments.all() else NONE


_MODELS: Final[dict[str, Model]] = {
    "@aws-sdk/lib-dynamodb.DynamoDBDocumentClient.from": _document,
    "@aws-sdk/lib-dynamodb.DynamoDBDocument.from": _document,
    "@aws-sdk/lib-storage.Upload": _upload,
    "@aws-sdk/s3-request-presigner.getSignedUrl": _signed,
    "@aws-sdk/s3-presigned-post.createPresignedPost": _post,
    "@aws-sdk/rds-signer.Signer": _database_signer,
    f"{_PROVIDERS}.fromTemporaryCredentials": credentials.assuming("AssumeRole"),
    f"{_PROVIDERS}.fromWebToken": credentials.assuming("AssumeRoleWithWebIdentity", ""),
    f"{_PROVIDERS}.fromIni": _profile,
    f"{_PROVIDERS}.fromSSO": _profile,
    f"{_PROVIDERS}.fromCognitoIdentity": _unknown,
    f"{_PROVIDERS}.fromCognitoIdentityPool": _unknown,
    f"{_PROVIDERS}.fromProcess": _unknown,
    f"{_PROVIDERS}.fromHttp": _unknown,
    "@aws-sdk/credential-provider-ini.fromIni": _profile,
    "aws-sdk.config.update": clients.configure,
    "aws-sdk.Config": _signing_config,
    "aws-sdk.Credentials": _static,
    "aws-sdk.TemporaryCredentials": credentials.assuming("AssumeRole", ""),
    "aws-sdk.ChainableTemporaryCredentials": credentials.assuming("AssumeRole"),
    "aws-sdk.SharedIniFileCredentials": _profile,
    "aws-sdk.CognitoIdentityCredentials": _unknown,
    **dict.fromkeys(
        (
            "aws-xray-sdk.captureAWS",
            "aws-xray-sdk-core.captureAWS",
            "aws-xray-sdk.captureAWSClient",
            "aws-xray-sdk-core.captureAWSClient",
            "aws-xray-sdk.captureAWSv3Client",
            "aws-xray-sdk-core.captureAWSv3Client",
            "@aws-lambda-powertools/tracer.Tracer().captureAWS",
            "@aws-lambda-powertools/tracer.Tracer().captureAWSClient",
            "@aws-lambda-powertools/tracer.Tracer().captureAWSv3Client",
        ),
        _same,
    ),
}
