"""From a recorded call to the actions it used and the resources they were used on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from lamward.iam import catalogue
from lamward.iam.operations import table
from lamward.iam.operations.needs import Need, needs
from lamward.iam.operations.resources import Deployment
from lamward.iam.pattern import match
from lamward.model.access import Truth
from lamward.model.value import Known
from lamward.trail.attribution import MAX_TEXT
from lamward.trail.events import Operation
from lamward.trail.ledger import Certainty
from lamward.trail.parameters import Recorded
from lamward.trail.paths import looked

_NOTHING: Final = b"null"
_OPEN: Final = re.compile(r"(?<!\$\{)[*?]")
_REFUSED: Final = re.compile(
    r"is not authorized to perform: ([\w-]{1,64}:\w{1,128})(?: on resource: \"?(arn:[!#-~]+))?"
)
_PARTITIONS: Final = {"cn": "aws-cn", "us-gov": "aws-us-gov", "eusc": "aws-eusc"}


class Used(Struct, frozen=True, order=True, gc=False):
    """One action on one resource, and how sure it is that the call needed it."""

    action: str
    resource: str
    certainty: Certainty = Certainty.EXACT


class _Shape(Struct, frozen=True, gc=False):
    """What a call uses, with a template of the resource to put its parameters into."""

    action: str
    template: str
    certainty: Certainty


Parameter = str | bytes | None
"""A parameter of a call: a text, anything else as JSON, or None where it is not given."""


class Call(Struct, frozen=True, gc=False):
    """What of a record decides what the call needed; `message` only where it failed.

    `parameters` are those that matter, in the order of `looked(operation).fields`; `resources` and `message` are JSON.
    """

    operation: Operation
    region: str
    account: str
    parameters: tuple[Parameter, ...]
    resources: bytes
    message: bytes = b""


class _Resource(Struct, gc=False):
    arn: str | None = field(default=None, name="ARN")


_RESOURCES: Final = msgspec.json.Decoder(list[_Resource] | None)
# What is put into an ARN as it is: nothing that could be a whole one, an address, a wildcard or an escape.
_PLAIN: Final = re.compile(r"(?!arn:|http)[\w/.=@ +,-]{1,1024}", re.ASCII)
_SLOT: Final = re.compile("\0([0-9]+)\0")
_MESSAGE: Final = msgspec.json.Decoder(str | None)


def used(call: Call) -> tuple[Used, ...]:
    """List what a call used; never nothing: an event that no action is known for stands for itself."""
    values = call.parameters
    texts = [each for each in values if each is not None]
    if not looked(call.operation).plain or not all(map(_is_plain, texts)):
        return _at_length(call)
    shapes = _shapes(call.operation, call.region, call.account, tuple(map(type, values)))
    return tuple(
        [
            _better(each.action, each.template.format(*values), each.certainty, call.resources)
            for each in shapes
        ]
    )


def _is_plain(value: str | bytes) -> bool:
    return isinstance(value, str) and _PLAIN.fullmatch(value) is not None


@lru_cache(maxsize=16384)
def _at_length(call: Call) -> tuple[Used, ...]:
    operation = call.operation
    if not operation.known:
        return (_by_name(operation, _arns(call.resources)),)
    needed = _needed(operation, call.region, call.account, _decoded(call))
    return tuple(
        dict.fromkeys(_better(each.action, each.resource, each.certainty, call.resources) for each in needed)
    )


@lru_cache(maxsize=4096)
def _shapes(operation: Operation, region: str, account: str, kinds: tuple[type, ...]) -> list[_Shape]:
    """List what a call needs, with places where its parameters go: few calls differ in more than those."""
    names = looked(operation).fields
    slots = {name: f"\0{at}\0" for at, name in enumerate(names) if kinds[at] is str}
    return [
        _Shape(
            each.action,
            _SLOT.sub(r"{\1}", each.resource.replace("{", "{{").replace("}", "}}")),
            each.certainty,
        )
        for each in _needed(operation, region, account, slots)
    ]


def _needed(operation: Operation, region: str, account: str, parameters: Mapping[str, Any]) -> list[Used]:
    """List what a call needs by the table of operations."""
    found = needs(
        operation.service,
        operation.name,
        Recorded(operation.service, parameters),
        Deployment(_partition(region), region or "*", account or "*"),
    )
    needed = [each for each in found or () if not each.advice]
    if not needed:
        return [Used(_named(operation), "*", Certainty.FREE)]
    sure = [each for each in needed if each.sure is Truth.YES]
    certainty = Certainty.EXACT if sure else Certainty.PERHAPS
    return [Used(each.action, _text_of(each), certainty) for each in sure or needed]


@lru_cache(maxsize=4096)
def denied(call: Call) -> tuple[Used, ...]:
    """List what a call was denied: the action that the message names or, if none, all that it needed."""
    found = _REFUSED.search(_text(call.message))
    if found:
        known = catalogue.action(found[1])
        resource = (found[2] or "*")[:MAX_TEXT]
        if known is not None:
            return (Used(known.name, resource.rstrip(".,;")),)
    needed = used(call)
    if len(needed) == 1:
        return needed
    return tuple(Used(each.action, each.resource, Certainty.PERHAPS) for each in needed)


def _better(action: str, text: str, certainty: Certainty, resources: bytes) -> Used:
    """Take the ARN that the record tells, where it is of the right type and fits what the parameters say.

    It knows the account and the region of the resource, which a call may leave out, and what its parameters do not
    name. Where the parameters say more, such as the index of a table, they are right.
    """
    if text == "*" or resources == _NOTHING or f'"{text}"'.encode() in resources:
        return Used(action, text, certainty)
    arns = _arns(resources)
    last = text.split(":", 5)[-1]
    same = next((arn for arn in arns if arn.split(":", 5)[-1] == last), "")
    if same or not _OPEN.search(text):
        return Used(action, same or text, certainty)
    fitting = [arn for arn in arns if match(text, arn) is Truth.YES and _is_taken(action, arn)]
    # A bucket's pattern fits its objects too; the longest is what the call was about.
    return Used(action, max(fitting, key=len, default=text), certainty)


def _text_of(need: Need) -> str:
    return str(need.resource.value) if isinstance(need.resource, Known) else str(need.resource)


def _by_name(operation: Operation, arns: tuple[str, ...]) -> Used:
    if not operation.action:
        return Used(_named(operation), "*", Certainty.UNMAPPED)
    typed = [arn for arn in arns if _is_taken(operation.action, arn)]
    return Used(operation.action, typed[0] if typed else "*")


def _named(operation: Operation) -> str:
    prefix = table.prefix(operation.service) if operation.known else ""
    return f"{prefix or operation.host}:{operation.name}"


def _is_taken(action: str, arn: str) -> bool:
    return any(match(pattern, arn) is Truth.YES for pattern in _types(action))


@cache
def _types(action: str) -> tuple[str, ...]:
    """Give the patterns of the ARNs that an action takes."""
    known = catalogue.action(action)
    service = catalogue.service(action.partition(":")[0])
    if known is None or service is None:
        return ()
    names = {each.name for each in known.resource_types}
    return tuple(
        pattern for each in service.resource_types if each.name in names for pattern in each.patterns
    )


@lru_cache(maxsize=8192)
def _partition(region: str) -> str:
    return next((name for start, name in _PARTITIONS.items() if region.startswith(f"{start}-")), "aws")


@lru_cache(maxsize=8192)
def _arns(resources: bytes) -> tuple[str, ...]:
    try:
        found = _RESOURCES.decode(resources) or []
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ()
    return tuple(_whole_arns(found))


def _whole_arns(found: list[_Resource]) -> Iterator[str]:
    """List the ARNs, spelt so that what is a wildcard in a policy is none."""
    for each in found:
        arn = each.arn
        if arn and arn.startswith("arn:") and len(arn) <= MAX_TEXT:
            yield re.sub(r"[*?]", lambda mark: f"${{{mark[0]}}}", arn)


def _decoded(call: Call) -> Mapping[str, Any]:
    given = zip(looked(call.operation).fields, call.parameters, strict=True)
    return {name: _value(each) for name, each in given if each is not None}


def _value(parameter: Parameter) -> Any:
    if not isinstance(parameter, bytes):
        return parameter
    try:
        return msgspec.json.decode(parameter)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _text(message: bytes) -> str:
    try:
        return _MESSAGE.decode(message or b"null") or ""
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
