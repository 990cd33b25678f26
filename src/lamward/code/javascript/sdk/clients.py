"""Clients of both versions: how they are made, and what their methods call."""

from __future__ import annotations

import re
from typing import Final

from msgspec import structs

from lamward.code.analysis import Guess, Why
from lamward.code.calls import objects, outside
from lamward.code.calls.answers import entries, perform
from lamward.code.calls.frames import Arguments
from lamward.code.calls.heap import ANY
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import (
    NONE,
    NOTHING,
    Atom,
    Bound,
    Client,
    Foreign,
    FunctionValue,
    Mapping,
    Sequence,
    Value,
    constants_of,
    join,
    join_all,
    mystery,
    one,
    texts_of,
)
from lamward.code.javascript.sdk import credentials, services
from lamward.code.sdk import operations

COMMAND: Final = re.compile(r"@aws-sdk/(?P<package>[a-z0-9-]+)(?:/[^.]*)?\.(?P<name>\w+)Command\(\)")
_INERT: Final = frozenset({"config", "middlewareStack", "destroy", "service", "endpoint"})


def new(invocation: Invocation, service: str) -> Value:
    """Make a client with the settings of the first argument."""
    settings = settings_of(invocation, invocation.get(0))
    region = texts_of(settings.keywords.get("region", NOTHING))
    endpoint = texts_of(_endpoint(settings))
    found = credentials.of_settings(invocation, settings)
    return frozenset(Client(service, region, endpoint, each) for each in found)


def _endpoint(settings: Arguments) -> Value:
    return frozenset(
        atom for atom in settings.keywords.get("endpoint", NOTHING) if not isinstance(atom, Foreign | Mapping)
    )


def settings_of(invocation: Invocation, value: Value) -> Arguments:
    """Give the settings of a client, with those that are set for all."""
    own = entries(invocation, value or NONE)
    shared = invocation.heap.items(invocation.heap.number("AWS.config"))
    default = {key: held for key, held in shared if isinstance(key, str)}
    return structs.replace(own, keywords={**default, **own.keywords}, open=False)


def configure(invocation: Invocation) -> Value:
    """Set what all clients of version 2 use: `AWS.config.update`."""
    number = invocation.heap.number("AWS.config")
    for name, value in entries(invocation, invocation.get(0)).keywords.items():
        invocation.heap.write(number, name, value)
    return NONE


def attribute(name: str) -> Value | None:
    """Read an attribute of a client."""
    return one(Foreign("@aws client.config")) if name in _INERT else None


def offers(client: Client, name: str) -> bool:
    """Tell whether a client has a method."""
    return name in _METHODS or services.operation_of(client.service, name) is not None


def method(invocation: Invocation, client: Client, name: str) -> Value:
    """Call a method of a client."""
    special = _METHODS.get(name)
    if special is not None:
        return special(invocation, client)
    operation = services.operation_of(client.service, name)
    if operation is not None:
        return call(invocation, client, operation, invocation.get(0))
    if name in _INERT or name in ("on", "once", "use"):
        return NONE
    reason = f"`{name}` is no known operation of `{client.service}`"
    invocation.doubt(Why.UNKNOWN_OPERATION, reason, Guess(client.service))
    outside.hand_over(invocation)
    return mystery(f"it comes from `{name}`, which is no known operation")


def call(invocation: Invocation, client: Client, operation: str, input_: Value) -> Value:
    """Call an operation with an object of parameters, and the callback that takes the answer, if there is one."""
    functions = frozenset(atom for atom in input_ if isinstance(atom, FunctionValue | Bound))
    parameters = NONE if functions or not input_ else input_
    answer = perform(invocation, client, operation, entries(invocation, parameters))
    callbacks = join_all(
        value for value in (functions, *invocation.arguments.positional[1:]) if _is_callback(value)
    )
    if callbacks:
        invocation.call(callbacks, join(NONE, mystery("it is an exception")), answer)
    return answer


def _is_callback(value: Value) -> bool:
    return any(isinstance(atom, FunctionValue | Bound) for atom in value)


# Commands


def send(invocation: Invocation, client: Client | None) -> Value:
    """Send a command; what it is made on matters less than what it is."""
    answers = NOTHING
    commands = [each for each in sorted(invocation.get(0), key=repr) if is_command(each)]
    fitting = [each for each in commands if client is None or _parts(each)[0] == client.service]
    for command in fitting or commands:
        answers = join(answers, perform_command(invocation, client, command))
    unclear = invocation.get(0) - frozenset(commands)
    if client is not None and (
        unclear or (not commands and invocation.interpreter.missing("nothing that was read is sent"))
    ):
        reason = f"the command that is sent to `{client.service}` here cannot be told"
        invocation.doubt(Why.DYNAMIC_OPERATION, reason, Guess(client.service))
        answers = join(answers, mystery("it is the answer to a command that cannot be told"))
    for callback in invocation.arguments.positional[1:]:
        if _is_callback(callback):
            invocation.call(callback, join(NONE, mystery("it is an exception")), answers)
    return answers


def is_command(atom: Atom) -> bool:
    """Tell whether a value is a command of the SDK."""
    return isinstance(atom, Foreign) and COMMAND.fullmatch(atom.path) is not None


def perform_command(invocation: Invocation, client: Client | None, command: Atom) -> Value:
    """Call the operation that a command stands for; without a client, with one that nothing tells."""
    service, operation = _parts(command)
    if not service or not isinstance(command, Foreign):
        return NOTHING
    known = operations.service(service)
    fitting = client if client is not None and client.service == service else None
    used = fitting or Client(service, certain=client is not None)
    if known is None or operation not in known.operations:
        reason = f"`{operation}` is no known operation of `{service}`"
        invocation.doubt(Why.UNKNOWN_OPERATION, reason, Guess(service))
        return mystery("it is the answer to a command that is not known")
    input_ = invocation.heap.read(command.id, "input") if command.id else NOTHING
    return perform(invocation, used, operation, entries(invocation, input_ or NONE))


def _parts(atom: Atom) -> tuple[str, str]:
    """Give the service and the operation of a command."""
    found = COMMAND.fullmatch(atom.path) if isinstance(atom, Foreign) else None
    if found is None:
        return "", ""
    if found["package"] == "lib-dynamodb":
        return "dynamodb", services.DOCUMENT_COMMANDS.get(found["name"], found["name"])
    service = services.named(found["package"].removeprefix("client-"))
    return service or "", found["name"]


def new_command(invocation: Invocation, path: str) -> Value:
    """Make a command, which is called only when it is sent."""
    made = Foreign(f"{path}()", invocation.make("command", path))
    invocation.heap.write(made.id, "input", invocation.get(0) or NONE)
    return one(made)


# What is built on operations


def _send(invocation: Invocation, client: Client) -> Value:
    return send(invocation, client)


def _upload(invocation: Invocation, client: Client) -> Value:
    """Upload whole or in parts, as `upload` of version 2 does."""
    answer = call(invocation, client, "PutObject", invocation.get(0))
    in_parts(invocation, client, entries(invocation, invocation.get(0)))
    return answer


def in_parts(invocation: Invocation, client: Client, parameters: Arguments) -> None:
    """Note the operations that a managed upload of something large calls."""
    target = {name: value for name, value in parameters.keywords.items() if name in ("Bucket", "Key")}
    for operation in operations.MULTIPART:
        invocation.sdk_call(client, operation, Arguments(keywords=target))


def _signed(invocation: Invocation, client: Client) -> Value:
    _by_name(invocation, client, invocation.get(0), invocation.get(1))
    for callback in invocation.arguments.positional[2:]:
        if _is_callback(callback):
            invocation.call(callback, NONE, mystery("it is a presigned address"))
    return mystery("it is a presigned address")


def _by_name(invocation: Invocation, client: Client, names: Value, input_: Value) -> Value:
    answers = NOTHING
    for name in constants_of(names):
        operation = services.operation_of(client.service, name)
        if operation is not None:
            answers = join(
                answers, perform(invocation, client, operation, entries(invocation, input_ or NONE))
            )
    if len(constants_of(names)) < len(names) or (
        not names and invocation.interpreter.missing("nothing that was read names it")
    ):
        reason = f"the operation of `{client.service}` that is called here is not constant"
        invocation.doubt(Why.DYNAMIC_OPERATION, reason, Guess(client.service))
    return answers


def _make_request(invocation: Invocation, client: Client) -> Value:
    return _by_name(invocation, client, invocation.get(0), invocation.get(1)) or mystery("it is an answer")


def _wait(invocation: Invocation, client: Client) -> Value:
    for name in constants_of(invocation.get(0)):
        operation = services.waiter_of(client.service, name)
        if operation is not None:
            call(invocation, client, operation, invocation.get(1))
    return NONE


def _presigned_post(invocation: Invocation, client: Client) -> Value:
    return presigned_post(invocation, client, entries(invocation, invocation.get(0)))


def presigned_post(invocation: Invocation, client: Client, given: Arguments) -> Value:
    """Sign a form that uploads an object."""
    keywords = {name: value for name, value in given.keywords.items() if name in ("Bucket", "Key")}
    for atom in given.keywords.get("Fields", NOTHING):
        if isinstance(atom, Mapping) and "Key" not in keywords:
            keywords["Key"] = objects.held(invocation.interpreter, atom, "key")
    invocation.sdk_call(client, "PutObject", Arguments(keywords=keywords))
    return mystery("it is a presigned form")


def _create_set(_: Invocation, __: Client) -> Value:
    return mystery("it is a set")


_METHODS: Final = {
    "send": _send,
    "upload": _upload,
    "getSignedUrl": _signed,
    "getSignedUrlPromise": _signed,
    "createPresignedPost": _presigned_post,
    "makeRequest": _make_request,
    "waitFor": _wait,
    "createSet": _create_set,
}


def pages(invocation: Invocation, client: Client, operation: str, input_: Value) -> Value:
    """Call an operation page after page."""
    page = perform(invocation, client, operation, entries(invocation, input_ or NONE))
    made = Sequence(invocation.make("pages", operation))
    invocation.heap.write(made.id, ANY, page)
    return one(made)


def clients_in(invocation: Invocation, value: Value, service: str) -> tuple[Client, ...]:
    """Give the clients among values, or in their entry `client`; where there is none, one that nothing tells."""
    found: dict[Client, None] = {}
    for atom in sorted(value, key=repr):
        inner = one(atom)
        if isinstance(atom, Mapping):
            inner = objects.held(invocation.interpreter, atom, "client")
        found.update({each: None for each in inner if isinstance(each, Client)})
    fitting = tuple(each for each in found if not service or each.service == service)
    return fitting or ((Client(service, certain=False),) if service else ())
