"""Middy's middlewares that read from AWS what their option `fetchData` names, before every handler.

Source: Middy's documentation of each middleware, versions 3 to 7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from lamward.code.calls.answers import entries
from lamward.code.calls.frames import Arguments
from lamward.code.calls.heap import ANY
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import Client, Foreign, Mapping, Sequence, Value, of_text, one, texts_of

Request = tuple[str, dict[str, Value]]
"""An operation and its parameters."""


def call(invocation: Invocation, path: str) -> Value | None:
    """Make what a middleware is made of, with the calls it makes; None where these cannot be told."""
    package = path.rpartition(".")[0] if path.count(".") else path
    known = _READERS.get(package)
    options = invocation.get(0)
    if known is None or not all(isinstance(each, Mapping) for each in options) or len(options) != 1:
        return None
    given = entries(invocation, options)
    held = given.keywords.get("fetchData", frozenset())
    if given.open or "awsClientAssumeRole" in given.keywords or not held:
        return None
    mappings = [atom for atom in held if isinstance(atom, Mapping)]
    wanted = [value for each in mappings for _, value in invocation.heap.items(each.id)]
    service, reader = known
    requests = [request for value in wanted for request in reader(invocation, value)]
    if not requests or len(mappings) < len(held):
        return None
    if "fetchRotationDate" in given.keywords:
        requests += [("DescribeSecret", {"SecretId": value}) for value in wanted]
    for operation, parameters in requests:
        invocation.sdk_call(Client(service), operation, Arguments(keywords=parameters), "middy")
    return one(Foreign(f"{path}()"))


def _parameters(invocation: Invocation, value: Value) -> Iterator[Request]:
    """Read parameters by name, or all below a path, which ends in a slash."""
    for text in sorted(texts_of(value), key=str):
        last = text.parts[-1] if text.parts else ""
        if not isinstance(last, str) or not last.endswith("/"):
            names = Sequence(invocation.make("names", text))
            invocation.heap.write(names.id, ANY, one(text))
            yield "GetParameters", {"Names": one(names)}
        if not isinstance(last, str) or last.endswith("/"):
            yield "GetParametersByPath", {"Path": one(text), "Recursive": of_text("true")}


def _secrets(_: Invocation, value: Value) -> Iterator[Request]:
    yield "GetSecretValue", {"SecretId": value}


def _requests(*operations: str) -> Callable[[Invocation, Value], Iterator[Request]]:
    """Make a reader for what is named by the parameters of an operation; others follow without any."""

    def read(invocation: Invocation, value: Value) -> Iterator[Request]:
        for atom in value:
            if isinstance(atom, Mapping):
                yield operations[0], dict(entries(invocation, one(atom)).keywords)
                yield from ((operation, {}) for operation in operations[1:])

    return read


_READERS: Final[dict[str, tuple[str, Callable[[Invocation, Value], Iterator[Request]]]]] = {
    "@middy/ssm": ("ssm", _parameters),
    "@middy/secrets-manager": ("secretsmanager", _secrets),
    "@middy/s3": ("s3", _requests("GetObject")),
    "@middy/dynamodb": ("dynamodb", _requests("GetItem")),
    "@middy/sts": ("sts", _requests("AssumeRole")),
    "@middy/appconfig": ("appconfigdata", _requests("StartConfigurationSession", "GetLatestConfiguration")),
}
"""What reads what `fetchData` names, by package; Middy's reader of secrets asks for dates only if told to."""
