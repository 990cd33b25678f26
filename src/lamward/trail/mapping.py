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
from lamward.trail.events import Operation, spellings
from lamward.trail.ledger import Certainty
from lamward.trail.parameters import Recorded

_NOTHING: Final = b"null"
_OPEN: Final = re.compile(r"(?<!\$\{)[*?]")
_PARAMETER: Final = re.compile(r"(?<!\$)\{([^}]*)\}")
_NAME: Final = re.compile(r"[^.\[=~|]*")
_REFUSED: Final = re.compile(
    r"is not authorized to perform: ([\w-]{1,64}:\w{1,128})(?: on resource: \"?(arn:[!#-~]+))?"
)
_PARTITIONS: Final = {"cn": "aws-cn", "us-gov": "aws-us-gov", "eusc": "aws-eusc"}


class Used(Struct, frozen=True, order=True):
    """One action on one resource, and how sure it is that the call needed it."""

    action: str
    resource: str
    certainty: Certainty = Certainty.EXACT


Parameter = str | bytes | None
"""A parameter of a call: a text, anything else as JSON, or None where it is not given."""


class Call(Struct, frozen=True):
    """What of a record decides what the call needed; `message` only where it failed.

    `parameters` are those that matter, in the order of `fields`; `resources` and `message` are JSON.
    """

    operation: Operation
    region: str
    account: str
    parameters: tuple[Parameter, ...]
    resources: bytes
    message: bytes = b""


class _Resource(Struct):
    arn: str | None = field(default=None, name="ARN")


_RESOURCES: Final = msgspec.json.Decoder(list[_Resource] | None)
# What is put into an ARN as it is: nothing that could be a whole one, an address, a wildcard or an escape.
_PLAIN: Final = re.compile(r"(?!arn:|http)[\w/.=@ +,-]{1,1024}", re.ASCII)
_SLOT: Final = re.compile("\0([0-9]+)\0")
_MESSAGE: Final = msgspec.json.Decoder(str | None)


def used(call: Call) -> tuple[Used, ...]:
    """List what a call used; never nothing: an event that no action is known for stands for itself."""
    operation = call.operation
    values = call.parameters
    if not _is_plain(operation) or not all(map(_fits, values)):
        return _at_length(call)
    given = tuple([each is not None for each in values])
    shapes = _shapes(operation, call.region, call.account, given)
    return tuple([_better(_put(each, values), call.resources) for each in shapes])


def _fits(value: Parameter) -> bool:
    return value is None or (isinstance(value, str) and _PLAIN.fullmatch(value) is not None)


@lru_cache(maxsize=16384)
def _at_length(call: Call) -> tuple[Used, ...]:
    operation = call.operation
    if not operation.known:
        return (_by_name(operation, _arns(call.resources)),)
    needed = _needed(operation, call.region, call.account, _decoded(call))
    return tuple(dict.fromkeys(_better(each, call.resources) for each in needed))


@lru_cache(maxsize=4096)
def _shapes(operation: Operation, region: str, account: str, given: tuple[bool, ...]) -> list[Used]:
    """List what a call needs, with slots where its parameters go: few calls differ in more than those."""
    names = fields(operation)
    slots = {name: f"\0{at}\0" for at, name in enumerate(names) if given[at]}
    return _needed(operation, region, account, slots)


def _put(shape: Used, values: tuple[Parameter, ...]) -> Used:
    if "\0" not in shape.resource:
        return shape
    filled = _SLOT.sub(lambda slot: str(values[int(slot[1])]), shape.resource)
    return Used(shape.action, filled, shape.certainty)


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


@lru_cache(maxsize=8192)
def fields(operation: Operation) -> tuple[str, ...]:
    """Name the members of `requestParameters` that decide what an operation needs; no other need be looked at."""
    wanted = sorted({found[0] for path in _paths(operation) if (found := _NAME.match(path)) and found[0]})
    return tuple(spellings(operation.service, each)[0] for each in wanted)


@lru_cache(maxsize=8192)
def rare_fields(operation: Operation) -> tuple[tuple[str, ...], ...]:
    """Give for each of the fields the other ways to spell it."""
    wanted = sorted({found[0] for path in _paths(operation) if (found := _NAME.match(path)) and found[0]})
    return tuple(spellings(operation.service, each)[1:] for each in wanted)


@lru_cache(maxsize=8192)
def _paths(operation: Operation) -> tuple[str, ...]:
    """List the paths at which the table of operations looks at parameters."""
    entries = table.entries(operation.service, operation.name) if operation.known else None
    paths: list[str] = []
    for entry in entries or ():
        for template in entry.resources:
            paths += _PARAMETER.findall(template)
        paths += (atom.removeprefix("!") for atom in entry.when)
    return tuple(paths)


@lru_cache(maxsize=8192)
def _is_plain(operation: Operation) -> bool:
    """Tell whether parameters only take their places in ARNs, and whether they are there is all that matters."""
    return operation.known and not any(mark in path for path in _paths(operation) for mark in "|.[*~=")


def _better(used: Used, resources: bytes) -> Used:
    """Take the ARN that the record tells, where it is of the right type and fits what the parameters say.

    It knows the account and the region of the resource, which a call may leave out, and what its parameters do not
    name. Where the parameters say more, such as the index of a table, they are right.
    """
    text = used.resource
    if text == "*" or resources == _NOTHING or f'"{text}"'.encode() in resources:
        return used
    arns = _arns(resources)
    last = text.split(":", 5)[-1]
    same = next((arn for arn in arns if arn.split(":", 5)[-1] == last), "")
    if same or not _OPEN.search(text):
        return Used(used.action, same or text, used.certainty)
    fitting = [arn for arn in arns if match(text, arn) is Truth.YES and _is_taken(used.action, arn)]
    # A bucket's pattern fits its objects too; the longest is what the call was about.
    return Used(used.action, max(fitting, key=len, default=text), used.certainty)


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
    given = zip(fields(call.operation), call.parameters, strict=True)
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
