"""The parameters of a call in code, in the words of the template: environment, events and answers filled in."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Final

from lamward.code.analysis import Call
from lamward.code.pattern import (
    Constant,
    Context,
    Elements,
    Entries,
    Env,
    EventField,
    Param,
    Pattern,
    Result,
    Shape,
)
from lamward.code.pattern import Part as CodePart
from lamward.code.pattern import Unknown as UnknownPart
from lamward.facts import Facts
from lamward.facts.links import of_type
from lamward.facts.needs.arns import arn_of_text, own_name
from lamward.facts.needs.events import bound
from lamward.facts.secrets import by_format, by_name, written
from lamward.iam.operations.resources import ANY, MAX_RESOURCES, Deployment
from lamward.model.access import Truth
from lamward.model.application import Function
from lamward.model.finding import Confidence
from lamward.model.value import (
    Absent,
    Known,
    Part,
    Reference,
    ReferenceKind,
    Symbolic,
    Text,
    Unknown,
    Value,
    at,
    cases,
    parts_of,
    symbolic,
    text_of,
    why_unknown,
)

_RESERVED: Final = {
    "AWS_REGION": Reference(ReferenceKind.PSEUDO, "AWS::Region"),
    "AWS_DEFAULT_REGION": Reference(ReferenceKind.PSEUDO, "AWS::Region"),
}
"""Variables that Lambda sets itself (Lambda Developer Guide, "Defined runtime environment variables")."""

_CONTEXT: Final = {("invoked_function_arn",): "Arn", ("function_name",): "", ("invokedFunctionArn",): "Arn"}

_ASKED_BACK: Final = {
    ("sqs", "GetQueueUrl", ("QueueUrl",)): "QueueName",
    ("sns", "CreateTopic", ("TopicArn",)): "Name",
    ("kms", "DescribeKey", ("KeyMetadata", "KeyId")): "KeyId",
    ("kinesis", "GetShardIterator", ("ShardIterator",)): "StreamName",
    ("athena", "StartQueryExecution", ("QueryExecutionId",)): "WorkGroup",
}
"""Answers that are another form of what was asked for: the parameter that names it."""

_WITHHELD: Final = "it is a secret, which is not shown"

Piece = tuple[tuple[Part, ...], str]
"""What a piece of text can be, and why it is not known ("" where it is)."""


class Bound:
    """A call's parameters as `lamward.iam.operations` asks for them; `unknowns` says what stayed open, and why."""

    def __init__(self, facts: Facts, function: Function, call: Call) -> None:
        self._facts, self._function, self._call = facts, function, call
        self.unknowns: dict[str, None] = {}

    def texts(self, path: str) -> tuple[Text, ...]:
        """Give the possible texts at a path of the parameters."""
        texts = (text for shape in self._at(path) for text in self._texts(shape))
        return tuple(dict.fromkeys(texts))

    def present(self, path: str) -> Truth:
        """Tell whether something is there; what is set under a condition, or perhaps in `**arguments`, is unknown."""
        first, _, rest = path.partition(".")
        name = first.removesuffix("[]")
        found = self._at(path)
        if name not in self._call.parameters:
            return Truth.UNKNOWN if self._call.open else Truth.NO
        if not found:
            return Truth.UNKNOWN if self._leaves_open(path) else Truth.NO
        sure = name not in self._call.optional and not (rest and self._leaves_open(path))
        return Truth.YES if sure and not all(map(_nothing, found)) else Truth.UNKNOWN

    def arn(self, text: Text) -> Text | None:
        """Give the ARN a text stands for."""
        return arn_of_text(self._facts, text)

    def deployment(self) -> Deployment:
        """Say where the call goes: to the region its client was made for, or the function's own."""
        for shape in self._call.region:
            texts = list(self._texts(shape))
            if len(self._call.region) == 1 and len(texts) == 1 and isinstance(texts[0], Known | Symbolic):
                parts = parts_of(texts[0])
                return Deployment(region=parts[0]) if len(parts) == 1 else Deployment()
            return Deployment(region="*")
        return Deployment()

    def _at(self, path: str) -> list[Shape]:
        if path == "@endpoint":
            return list(self._call.endpoint)
        name, _, rest = path.partition(".")
        shapes = list(self._call.parameters.get(name.removesuffix("[]"), ()))
        if name.endswith("[]"):
            shapes = list(_items(shapes))
        for step in rest.split(".") if rest else ():
            shapes = list(_keys(shapes)) if step == "*" else list(_entries(shapes, step.removesuffix("[]")))
            if step.endswith("[]"):
                shapes = list(_items(shapes))
        return shapes

    def _leaves_open(self, path: str) -> bool:
        """Tell whether a path leads through something that may hold more than is known."""
        steps = path.split(".")
        prefixes = (".".join(steps[:length]) for length in range(1, len(steps)))
        return any(_is_open(shape, steps) for prefix in prefixes for shape in self._at(prefix))

    def _texts(self, shape: Shape) -> Iterator[Text]:
        if isinstance(shape, Constant):
            if shape.value is not None:
                yield Unknown(_WITHHELD) if by_format(str(shape.value)) else Known(shape.value)
            return
        if not isinstance(shape, Pattern):
            yield Unknown("it is no text")
            return
        choices = [list(self._pieces(part)) for part in shape.parts]
        for combination in itertools.islice(itertools.product(*choices), MAX_RESOURCES):
            yield self._joined(combination)

    def _joined(self, pieces: tuple[Piece, ...]) -> Text:
        reasons = [reason for _, reason in pieces if reason]
        if reasons and len(pieces) == 1 and pieces[0][0] == (ANY,):
            return Unknown(reasons[0])
        self.unknowns |= dict.fromkeys(reasons)
        return own_name(self._facts, symbolic(tuple(part for parts, _ in pieces for part in parts), ()))

    def _pieces(self, part: CodePart) -> Iterator[Piece]:
        match part:
            case str():
                yield _unless_secret((part,), "", part)
            case Env():
                yield from self._variable(part)
            case EventField(path=path):
                texts = bound(self._facts, self._function, path)
                for text in texts:
                    parts = parts_of(text)
                    yield parts, "it comes from the event" if ANY in parts else ""
                if not texts:
                    yield (ANY,), "it comes from the event"
            case Context(path=path):
                yield self._context(tuple(map(str, path)))
            case Result():
                yield from self._answer(part)
            case Param(name=name):
                yield (ANY,), f"it is the parameter `{name}` of a function whose callers are not known"
            case UnknownPart(reason=reason):
                yield (ANY,), reason

    def _variable(self, variable: Env) -> Iterator[Piece]:
        if variable.name in _RESERVED:
            yield (_RESERVED[variable.name],), ""
            return
        if variable.name == "AWS_LAMBDA_FUNCTION_NAME":
            yield self._context(("function_name",))
            return
        declared = [each for each in self._function.environment if each.name == variable.name]
        found = [case for each in declared for case in cases(each.value, each.when)]
        # An empty text names nothing: where others are possible, the code does not call with it.
        named = [case for case in found if text_of(case.value) != ""] or found
        for case in named:
            if isinstance(case.value, Known | Symbolic):
                yield _unless_secret(parts_of(case.value), variable.name, written(case.value))
            elif not isinstance(case.value, Absent):
                yield (ANY,), why_unknown(case.value)
        unread = self._function.environment_unknown
        if unread is not None:
            yield (ANY,), unread.reason
        elif not declared and variable.default:
            yield _unless_secret((variable.default,), variable.name, variable.default)
        elif not declared:
            yield (ANY,), f"the template does not set the variable `{variable.name}`"

    def _context(self, path: tuple[str, ...]) -> Piece:
        if path in _CONTEXT:
            return (Reference(ReferenceKind.RESOURCE, self._function.id, _CONTEXT[path]),), ""
        return (ANY,), "it comes from the invocation's context"

    def _answer(self, result: Result) -> Iterator[Piece]:
        steps = tuple(map(str, result.path))
        key = (result.service, result.operation, steps)
        if key == ("sts", "GetCallerIdentity", ("Account",)):
            yield (Reference(ReferenceKind.PSEUDO, "AWS::AccountId"),), ""
            return
        asked = dict(result.arguments).get(_ASKED_BACK.get(key, ""))
        if asked is not None:
            for text in self._texts(asked):
                yield from self._told(text)
            return
        prefix = dict(result.arguments).get("Prefix")
        if prefix is not None and result.service == "s3" and steps[-1:] == ("Key",):
            for text in self._texts(prefix):  # keys are listed that begin with what was asked for
                for parts, reason in self._told(text):
                    yield (*parts, ANY), reason or f"it is a key that `s3:{result.operation}` answers"
            return
        if key == ("ssm", "GetParameter", ("Parameter", "Value")):
            yield from self._parameter(dict(result.arguments).get("Name"))
            return
        yield (ANY,), f"it is what `{result.service}:{result.operation}` answers"

    def _parameter(self, name: Pattern | None) -> Iterator[Piece]:
        """Give the value of a parameter that the application itself sets."""
        for text in self._texts(name) if name is not None else ():
            for resource in of_type(self._facts, "AWS::SSM::Parameter"):
                if _is_named(resource.id, resource.properties, text):
                    for case in cases(at(resource.properties, "Value")):
                        if isinstance(case.value, Known | Symbolic):
                            yield parts_of(case.value), ""
                            return
        yield (ANY,), "it is read from a parameter"

    def _told(self, text: Text) -> Iterator[Piece]:
        if isinstance(text, Unknown):
            yield (ANY,), text.reason
        else:
            yield parts_of(text), ""


def _unless_secret(parts: tuple[Part, ...], name: str, text: str) -> Piece:
    """Give the parts of a text, unless it is a secret: no name of a resource is, and policies are there to be shown."""
    named = by_name(name, text)
    secret = by_format(text) or (named if named and named.confidence is not Confidence.LOW else None)
    return ((ANY,), _WITHHELD) if secret else (parts, "")


def _is_named(identifier: str, properties: Value, text: Text) -> bool:
    if isinstance(text, Symbolic):
        return text.parts == (Reference(ReferenceKind.RESOURCE, identifier),)
    wanted = text_of(text)
    return wanted is not None and any(text_of(case.value) == wanted for case in cases(at(properties, "Name")))


def _items(shapes: Iterable[Shape]) -> Iterator[Shape]:
    for shape in shapes:
        if isinstance(shape, Elements):
            yield from (inner for item in shape.items for inner in item)
        elif not isinstance(shape, Entries):
            yield shape


def _entries(shapes: Iterable[Shape], key: str) -> Iterator[Shape]:
    for shape in shapes:
        if isinstance(shape, Entries):
            yield from shape.entries.get(key, ())


def _keys(shapes: Iterable[Shape]) -> Iterator[Shape]:
    for shape in shapes:
        if isinstance(shape, Entries):
            yield from (Pattern((key,)) for key in shape.entries)
            yield from (key for key, _ in shape.computed)
            if shape.open:
                yield Pattern((UnknownPart("there may be other keys"),))
        elif isinstance(shape, Pattern):
            yield shape


def _is_open(shape: Shape, steps: list[str]) -> bool:
    if isinstance(shape, Entries):
        return (
            shape.open
            or bool(shape.computed)
            or bool(shape.optional & {each.removesuffix("[]") for each in steps})
        )
    if isinstance(shape, Elements):
        return shape.open and not shape.items
    # A text has no parts; something of which nothing is known may have any.
    return isinstance(shape, Pattern) and shape.sole is not None


def _nothing(shape: Shape) -> bool:
    return isinstance(shape, Constant) and shape.value is None
