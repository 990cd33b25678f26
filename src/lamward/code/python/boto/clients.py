"""The methods of clients: operations, paginators, waiters, presigned requests, and managed transfers."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as ReadOnly
from typing import Final

from msgspec import structs

from lamward.code.analysis import Guess, Why
from lamward.code.calls.answers import entries, perform
from lamward.code.calls.frames import Arguments
from lamward.code.calls.heap import ANY
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import (
    NONE,
    NOTHING,
    Client,
    Mapping,
    Operation,
    Sequence,
    Value,
    join,
    mystery,
    of_text,
    one,
    texts_of,
)
from lamward.code.pattern import Env, Pattern, unknown
from lamward.code.sdk import operations

_SILENT: Final = frozenset({"can_paginate", "close", "__enter__", "__aenter__", "get_paginator_names"})


def attribute(client: Client, name: str) -> Value | None:
    """Read an attribute of a client."""
    match name:
        case "meta":
            return one(Operation(client, "", "meta"))
        case "exceptions":
            return mystery("it is an exception of a client")
        case _:
            return None


def meta_attribute(client: Client, name: str) -> Value:
    """Read what a client or a resource says about itself."""
    match name:
        case "client":
            return one(client)
        case "region_name":
            return client.region or of_text(Env("AWS_REGION"))
        case _:
            return mystery(f"it is `meta.{name}` of a client")


def method(invocation: Invocation, client: Client, name: str) -> Value:
    """Call a method of a client."""
    known = operations.service(client.service)
    operation = known.methods.get(name) if known else None
    if operation is not None:
        if invocation.arguments.positional:
            return perform(invocation, client, operation, _opened(invocation.arguments))
        return perform(invocation, client, operation, invocation.arguments)
    special = _SPECIAL.get(name)
    if special is not None:
        return special(invocation, client)
    transfer = TRANSFERS.get(name)
    if transfer is not None and client.service == "s3":
        transfer(invocation, client, {})
        return NONE
    if name in _SILENT:
        return mystery(f"it comes from `{name}` of a client")
    invocation.doubt(
        Why.UNKNOWN_OPERATION, f"`{name}` is no known operation of `{client.service}`", Guess(client.service)
    )
    return mystery(f"it comes from `{name}`, which is no known operation")


def offers(client: Client, name: str) -> bool:
    """Tell whether a client has a method."""
    known = operations.service(client.service)
    return known is None or name in known.methods or name in _SPECIAL or name in TRANSFERS or name in _SILENT


def asks(client: Client, name: str) -> bool:
    """Tell whether a method of a client asks AWS for something, or makes what does."""
    known = operations.service(client.service)
    return known is not None and (name in known.methods or name in TRANSFERS or name in _SPECIAL)


def _opened(arguments: Arguments) -> Arguments:
    return structs.replace(arguments, open=True)


def operation_method(invocation: Invocation, receiver: Operation, name: str) -> Value:
    """Call a method of a paginator or a waiter."""
    client, operation = receiver.client, receiver.operation
    if receiver.role == "paginator" and name == "paginate":
        arguments = _without(invocation.arguments, "PaginationConfig")
        page = perform(invocation, client, operation, arguments)
        pages = Sequence(invocation.make("pages", operation))
        invocation.heap.write(pages.id, ANY, page)
        return one(pages)
    if receiver.role == "waiter" and name == "wait":
        perform(invocation, client, operation, _without(invocation.arguments, "WaiterConfig"))
        return NONE
    return mystery(f"it comes from `{name}` of a {receiver.role}")


def _without(arguments: Arguments, name: str) -> Arguments:
    keywords = {key: value for key, value in arguments.keywords.items() if key != name}
    return structs.replace(arguments, keywords=keywords)


def _paginator(invocation: Invocation, client: Client) -> Value:
    return _by_method(invocation, client, invocation.get(0, "operation_name"), "paginator")


def _waiter(invocation: Invocation, client: Client) -> Value:
    known = operations.service(client.service)
    made = NOTHING
    for pattern in texts_of(invocation.get(0, "waiter_name")):
        operation = known.waiters.get(pattern.constant or "") if known else None
        if operation is None:
            _unclear(invocation, client, pattern)
        else:
            made = join(made, one(Operation(client, operation, "waiter")))
    return made


def _by_method(invocation: Invocation, client: Client, names: Value, role: str) -> Value:
    """Give an operation that is named by a text, as methods are."""
    known = operations.service(client.service)
    made = NOTHING
    for pattern in sorted(texts_of(names), key=str):
        operation = known.methods.get(pattern.constant or "") if known else None
        if operation is None:
            _unclear(invocation, client, pattern)
        else:
            made = join(made, one(Operation(client, operation, role)))
    if not names and invocation.interpreter.missing("nothing that was read names it"):
        _unclear(invocation, client, unknown("nothing tells it"))
    return made


def _unclear(invocation: Invocation, client: Client, pattern: Pattern) -> None:
    reason = f"the operation of `{client.service}` that is called here is not constant: `{pattern}`"
    invocation.doubt(Why.DYNAMIC_OPERATION, reason, Guess(client.service))


def _presigned(invocation: Invocation, client: Client) -> Value:
    chosen = _by_method(invocation, client, invocation.get(0, "ClientMethod"), "request")
    for each in chosen:
        if isinstance(each, Operation):
            arguments = entries(invocation, invocation.get(1, "Params"))
            invocation.sdk_call(client, each.operation, arguments)
    return mystery("it is a presigned address")


def _presigned_post(invocation: Invocation, client: Client) -> Value:
    parameters = {"Bucket": invocation.get(0, "Bucket"), "Key": invocation.get(1, "Key")}
    invocation.sdk_call(client, "PutObject", Arguments(keywords=parameters))
    made = Mapping(invocation.make("post"))
    invocation.heap.write(made.id, ANY, mystery("it is a presigned form"))
    return one(made)


def _database_token(invocation: Invocation, client: Client) -> Value:
    keywords = {
        name: invocation.get(position, name)
        for position, name in enumerate(("DBHostname", "Port", "DBUsername", "Region"))
    }
    connecting = Client("rds-db", client.region, client.endpoint, client.credentials, client.certain)
    invocation.sdk_call(connecting, "connect", Arguments(keywords=keywords))
    return mystery("it is a token")


# Managed transfers: what `s3transfer` calls for them, whole or in parts

Given = ReadOnly[str, Value]


def _upload(invocation: Invocation, client: Client, given: Given) -> None:
    target = _target(invocation, given, 1)
    extra = entries(invocation, invocation.get(-1, "ExtraArgs") or NONE)
    invocation.sdk_call(client, "PutObject", structs.replace(extra, keywords={**extra.keywords, **target}))
    _in_parts(invocation, client, target)


def _in_parts(invocation: Invocation, client: Client, target: Given) -> None:
    for operation in operations.MULTIPART:
        invocation.sdk_call(client, operation, Arguments(keywords=target))


def _download(invocation: Invocation, client: Client, given: Given) -> None:
    target = _target(invocation, given, 0)
    extra = entries(invocation, invocation.get(-1, "ExtraArgs") or NONE)
    arguments = structs.replace(extra, keywords={**extra.keywords, **target})
    invocation.sdk_call(client, "HeadObject", arguments)
    invocation.sdk_call(client, "GetObject", arguments)


def _copy(invocation: Invocation, client: Client, given: Given) -> None:
    target = _target(invocation, given, 1)
    source = invocation.get(0, "CopySource")
    from_source = entries(invocation, source)
    invocation.sdk_call(client, "HeadObject", from_source)
    arguments = Arguments(keywords={**target, "CopySource": source})
    for operation in ("CopyObject", "UploadPartCopy"):
        invocation.sdk_call(client, operation, arguments)
    _in_parts(invocation, client, target)


def _target(invocation: Invocation, given: Given, position: int) -> dict[str, Value]:
    """Give the bucket and the key of a transfer: those the resource knows, or the next arguments."""
    target = dict(given)
    for name in ("Bucket", "Key"):
        if name not in target:
            target[name] = invocation.get(position, name)
            position += 1
    return target


TRANSFERS: Final[dict[str, Callable[[Invocation, Client, Given], None]]] = {
    "upload_file": _upload,
    "upload_fileobj": _upload,
    "download_file": _download,
    "download_fileobj": _download,
    "copy": _copy,
}

_SPECIAL: Final[dict[str, Callable[[Invocation, Client], Value]]] = {
    "get_paginator": _paginator,
    "get_waiter": _waiter,
    "generate_presigned_url": _presigned,
    "generate_presigned_post": _presigned_post,
    "generate_db_auth_token": _database_token,
}
