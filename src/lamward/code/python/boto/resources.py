"""The resources of the SDK: objects that know their identifiers, and the operations behind their methods."""

from __future__ import annotations

import re
from collections.abc import Mapping as ReadOnly
from typing import Final

from msgspec import structs

from lamward.code.analysis import Guess, Why
from lamward.code.calls.answers import perform
from lamward.code.calls.frames import Arguments
from lamward.code.calls.heap import ANY, Key
from lamward.code.calls.interpreter import Interpreter
from lamward.code.calls.invocation import Invocation
from lamward.code.calls.values import (
    NONE,
    NOTHING,
    Collection,
    Mapping,
    Operation,
    Resource,
    Sequence,
    Texts,
    Value,
    mystery,
    of_text,
    one,
    texts_of,
)
from lamward.code.pattern import Pattern, Result, unknown
from lamward.code.python.boto.clients import TRANSFERS
from lamward.code.sdk.resources import Action, Binding, Made, ResourceType, resource_type
from lamward.code.source import Extent

_STARTING: Final = frozenset({"all", "filter", "limit", "page_size", "pages", "iterator"})


def attribute(interpreter: Interpreter, at: Extent, resource: Resource, name: str) -> Value | None:
    """Read an attribute of a resource; reading some loads it."""
    known = _type(resource)
    if name == "meta":
        return one(Operation(resource.client, "", "meta"))
    if known is None:
        return None
    for identifier in known.identifiers:
        if name in (identifier.attribute, identifier.member):
            return dict(resource.identifiers).get(identifier.name, NOTHING) or mystery(
                "it identifies a resource"
            )
    if name in known.collections:
        return one(Collection(resource, name))
    if name in known.references:
        return one(_made(known.references[name], resource, Arguments(), ()))
    if name in known.attributes and known.load:
        invocation = Invocation(interpreter, at, Arguments())
        answer = _request(invocation, resource, known.load, Arguments())
        return answer or mystery("it is a part of a resource")
    return None


def acts(collection: Collection, name: str) -> bool:
    """Tell whether a method of a collection lists it, or acts on all of it."""
    known = _type(collection.owner)
    many = known.collections.get(collection.name) if known else None
    item = resource_type(collection.owner.client.service, many.gives.type) if many and many.gives else None
    return name in _STARTING or (item is not None and name in item.batch)


def asks(resource: Resource, name: str) -> bool:
    """Tell whether a method of a resource asks AWS for something, or makes what does."""
    known = _type(resource)
    if known is None:
        return False
    return name in known.children or name in known.actions or name in known.waiters or name in TRANSFERS


def method(invocation: Invocation, resource: Resource, name: str) -> Value:
    """Call a method of a resource."""
    known = _type(resource)
    if known is None:
        return mystery("it comes from a resource that is not known")
    if name in known.children:
        return one(_made(known.children[name], resource, invocation.arguments, ()))
    action = known.actions.get(name) or known.waiters.get(name)
    if action is None and name in ("load", "reload"):
        action = _load(resource, known)
    if action is not None:
        return _act(invocation, resource, action)
    if name == "batch_writer" and resource.type == "Table":
        return one(Operation(resource.client, "BatchWriteItem", _writer_of(invocation, resource)))
    if name in TRANSFERS and resource.client.service == "s3":
        TRANSFERS[name](invocation, resource.client, _transfer_target(resource))
        return NONE
    if name == "create_tags" and resource.client.service == "ec2":
        return perform(invocation, resource.client, "CreateTags", invocation.arguments)
    if name == "get_available_subresources":
        return mystery("it lists kinds of resources")
    reason = f"`{name}` is no known method of `{resource.client.service}` {resource.type or 'resources'}"
    invocation.doubt(Why.UNKNOWN_OPERATION, reason, Guess(resource.client.service))
    return mystery(f"it comes from `{name}` of a resource")


def _load(resource: Resource, known: ResourceType) -> Action | None:
    """Say what loads a resource; two of S3 are not in the models."""
    if resource.client.service == "s3" and resource.type == "Bucket":
        return Action("ListBuckets", ())
    if resource.client.service == "s3" and resource.type == "ObjectSummary":
        bindings = (Binding("Bucket", "identifier", "BucketName"), Binding("Key", "identifier", "Key"))
        return Action("HeadObject", bindings)
    return known.load


def _writer_of(invocation: Invocation, resource: Resource) -> str:
    """Remember the table of a batch writer; the role names the object that holds it."""
    number = invocation.heap.number("writer", resource)
    invocation.heap.write(number, "TableName", dict(resource.identifiers).get("Name", NOTHING))
    return f"writer {number}"


def write_batch(invocation: Invocation, writer: Operation, name: str) -> Value:
    """Call a method of a batch writer: whatever it is given is written in batches."""
    if name not in ("put_item", "delete_item"):
        return mystery(f"it comes from `{name}` of a batch writer")
    heap = invocation.heap
    table = heap.read(int(writer.role.partition(" ")[2]), "TableName")
    requests = Mapping(invocation.make("requests"))
    for pattern in texts_of(table):
        constant = pattern.constant
        heap.write(requests.id, pattern if constant is None else constant, _batch(invocation, name))
        heap.define(requests.id, frozenset([constant] if constant and len(table) == 1 else []))
    arguments = Arguments(keywords={"RequestItems": one(requests)})
    invocation.sdk_call(writer.client, writer.operation, arguments)
    return NONE


def _batch(invocation: Invocation, name: str) -> Value:
    kind = "PutRequest" if name == "put_item" else "DeleteRequest"
    request, batch = Mapping(invocation.make(kind)), Sequence(invocation.make("batch"))
    invocation.heap.write(request.id, kind, mystery("it is what is written"))
    invocation.heap.define(request.id, frozenset({kind}))
    invocation.heap.write(batch.id, ANY, one(request))
    return one(batch)


def collection_method(invocation: Invocation, collection: Collection, name: str) -> Value:
    """Call a method of a collection: it lists, or it acts on all that it lists."""
    owner = collection.owner
    known = _type(owner)
    many = known.collections.get(collection.name) if known else None
    if many is None or many.gives is None:
        return mystery("it comes from a collection that is not known")
    if name in _STARTING:
        answer = collection.listed
        if not collection.started or name == "filter":
            given = _request(invocation, owner, many, _keywords_only(invocation.arguments))
            answer = frozenset(atom for atom in given if isinstance(atom, Pattern))
        return one(structs.replace(collection, started=True, listed=answer))
    item = resource_type(owner.client.service, many.gives.type)
    action = item.batch.get(name) if item else None
    if action is None:
        invocation.doubt(Why.UNKNOWN_OPERATION, f"`{name}` is no known method of `{collection.name}`")
        return mystery(f"it comes from `{name}` of a collection")
    listed = collection.listed
    if not collection.started:
        given = _request(invocation, owner, many, Arguments())
        listed = frozenset(atom for atom in given if isinstance(atom, Pattern))
    member = _made(many.gives, owner, Arguments(), _answers(listed))
    return _request(invocation, member, action, _keywords_only(invocation.arguments))


def _keywords_only(arguments: Arguments) -> Arguments:
    return structs.replace(arguments, positional=())


def members(collection: Collection) -> Value:
    """Give any resource of a collection."""
    known = _type(collection.owner)
    many = known.collections.get(collection.name) if known else None
    if many is None or many.gives is None:
        return mystery("it is of a collection that is not known")
    answers = _answers(collection.listed) or (Result(collection.owner.client.service, many.operation),)
    return one(_made(many.gives, collection.owner, Arguments(), answers))


def _answers(listed: Texts) -> tuple[Result, ...]:
    return tuple(each.sole for each in sorted(listed, key=str) if isinstance(each.sole, Result))


def _act(invocation: Invocation, resource: Resource, action: Action) -> Value:
    answer = _request(invocation, resource, action, invocation.arguments)
    if action.gives is None:
        return answer
    results = [atom.sole for atom in answer if isinstance(atom, Pattern)]
    made = _made(
        action.gives,
        resource,
        invocation.arguments,
        tuple(each for each in results if isinstance(each, Result)),
    )
    if any(binding.source == "response" and "[]" in binding.value for binding in action.gives.identifiers):
        several = Sequence(invocation.make("several", action.operation))
        invocation.heap.write(several.id, ANY, one(made))
        return one(several)
    return one(made)


def _request(invocation: Invocation, resource: Resource, action: Action, arguments: Arguments) -> Value:
    """Call the operation of an action with what the resource knows."""
    held = dict(resource.identifiers)
    made = Mapping(invocation.make("request", action.operation))
    parts: dict[int, set[str]] = {}
    for binding in action.parameters:
        if binding.source == "string":
            value: Value = of_text(binding.value)
        elif binding.source == "identifier":
            value = held.get(binding.value, NOTHING)
        else:
            value = mystery("it is put together by the SDK")
        steps = tuple(re.findall(r"[A-Za-z]\w*|\[", binding.target))
        _put(invocation, (made, parts), steps, value or mystery("it identifies a resource"))
    for number, names in parts.items():
        invocation.heap.define(number, frozenset(names))
    bound = {name: invocation.heap.read(made.id, name) for name in parts.get(made.id, ())}
    merged = structs.replace(arguments, positional=(), keywords={**arguments.keywords, **bound})
    return perform(invocation, resource.client, action.operation, merged)


def _put(
    invocation: Invocation, into: tuple[Mapping, dict[int, set[str]]], steps: tuple[str, ...], value: Value
) -> None:
    """Put a value where it belongs in a request: below names, in lists (`[`); note the names of each object."""
    made, parts = into
    name, rest = steps[0], steps[1:]
    holder: tuple[int, Key]
    parts.setdefault(made.id, set()).add(name)
    if rest[:1] == ("[",):
        items = Sequence(invocation.make("items", made.id, name))
        invocation.heap.write(made.id, name, one(items))
        if len(rest) == 1:
            invocation.heap.write(items.id, ANY, value)
            return
        rest, holder = rest[1:], (items.id, ANY)
    elif rest:
        holder = (made.id, name)
    else:
        invocation.heap.write(made.id, name, value)
        return
    inner = Mapping(invocation.make("part", made.id, name))
    invocation.heap.write(holder[0], holder[1], one(inner))
    _put(invocation, (inner, parts), rest, value)


def _made(made: Made, owner: Resource, arguments: Arguments, answers: tuple[Result, ...]) -> Resource:
    held = dict(owner.identifiers)
    identifiers: list[tuple[str, Texts]] = []
    position = 0
    for binding in made.identifiers:
        match binding.source:
            case "identifier":
                texts = held.get(binding.value, frozenset())
            case "input":
                texts = texts_of(arguments.get(position, _spelt(binding.target)))
                position += 1
            case "requestParameter":
                texts = texts_of(arguments.keywords.get(binding.value, NOTHING))
            case "response":
                texts = _answered(answers, binding.value)
            case _:
                texts = frozenset()
        identifiers.append((binding.target, texts or frozenset((unknown("it identifies a resource"),))))
    return Resource(owner.client, made.type, tuple(identifiers))


def _answered(answers: tuple[Result, ...], path: str) -> Texts:
    steps = tuple("*" if step == "[]" else step for step in path.replace("[]", ".[]").split(".") if step)
    return frozenset(
        Pattern((Result(answer.service, answer.operation, steps, answer.arguments),)) for answer in answers
    )


def _spelt(identifier: str) -> str:
    from lamward.code.sdk.names import snake_case

    return snake_case(identifier)


def _transfer_target(resource: Resource) -> ReadOnly[str, Value]:
    held = dict(resource.identifiers)
    names = {"Name": "Bucket", "BucketName": "Bucket", "Key": "Key"}
    return {names[name]: texts for name, texts in held.items() if name in names}


def _type(resource: Resource) -> ResourceType | None:
    return resource_type(resource.client.service, resource.type)
