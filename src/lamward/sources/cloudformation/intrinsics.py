"""The intrinsic functions, one Python function each.

Each takes the evaluator, the argument's node and the location of the call; what cannot be told is `Unknown` with
its reason. Source: CloudFormation Template Reference, "Intrinsic function reference" and "Language extensions".
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from collections.abc import Mapping as ReadOnly
from typing import TYPE_CHECKING

import msgspec

from lamward.model.location import Location
from lamward.model.value import (
    Absent,
    Assumption,
    AssumptionKind,
    Fields,
    Items,
    Known,
    Option,
    Reference,
    ReferenceKind,
    Settled,
    Symbolic,
    Unknown,
    Value,
    number_of,
    parts_of,
    symbolic,
    text_of,
)
from lamward.sources.cloudformation.combine import combine, dynamic, one_of, text
from lamward.sources.cloudformation.conditions import assume
from lamward.sources.node import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from lamward.sources.cloudformation.evaluate import Evaluator

_PLACEHOLDER = re.compile(r"\$\{(!?)([^${}]+)\}")

_UNDIVIDED = frozenset({"AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix"})
"""Pseudo parameters without the colons, slashes and commas at which texts are split."""

_WITHOUT_COMMA = frozenset({"", "Arn", "GroupId", "Id", "SubnetId"})
"""Attributes ("" for `Ref`) that identify one resource; others, of custom resources above all, may be lists."""

HOST = "FunctionUrl.Host"
"""The attribute that stands for the host in a function's address."""

ZONES = "AvailabilityZones"
"""The pseudo parameter that stands for the list `Fn::GetAZs` gives; `Fn::Select` puts an index behind it."""


def _ref(evaluator: Evaluator, argument: Node, location: Location) -> Value:
    if not isinstance(argument, Scalar):
        return Unknown("`Ref` needs a name", (location,))
    return evaluator.referred(argument.text.strip(), location)


def _get_att(evaluator: Evaluator, argument: Node, location: Location) -> Value:
    if isinstance(argument, Scalar):
        name, _, attribute = argument.text.partition(".")
        return evaluator.referred(name, location, attribute)
    if isinstance(argument, Sequence) and len(argument.items) >= 2:
        first = text_of(evaluator.value(argument.items[0]))
        rest = [text_of(evaluator.value(item)) for item in argument.items[1:]]
        if first is not None and None not in rest:
            return evaluator.referred(first, location, ".".join(str(piece) for piece in rest))
    return Unknown("`Fn::GetAtt` needs a resource and an attribute", (location,))


def _sub(evaluator: Evaluator, argument: Node, location: Location) -> Value:
    names: dict[str, Value] = {}
    template = argument
    if isinstance(argument, Sequence):
        if not argument.items:
            return Unknown("`Fn::Sub` needs a text", (location,))
        template = argument.items[0]
        extra = argument.items[1] if len(argument.items) > 1 else None
        if isinstance(extra, Mapping):
            names = {name: evaluator.value(node) for name, node in extra.entries.items()}
    if not isinstance(template, Scalar):
        return Unknown("`Fn::Sub` needs a text", (location,))
    return substituted(evaluator, template.text, names, location)


def substituted(
    evaluator: Evaluator, template: str, names: ReadOnly[str, Value], location: Location
) -> Value:
    """Fill in the `${…}` of a text from `names`, then from the template."""
    if "${" not in template:
        return dynamic(Known(template, (location,)))
    pieces: list[Value] = []
    end = 0
    for placeholder in _PLACEHOLDER.finditer(template):
        pieces.append(Known(template[end : placeholder.start()]))
        end = placeholder.end()
        literal, name = placeholder.group(1), placeholder.group(2).strip()
        if literal:
            pieces.append(Known(f"${{{name}}}"))
        elif name in names:
            pieces.append(names[name])
        elif name in evaluator.bindings or "." not in name:
            pieces.append(evaluator.referred(name, location))
        else:
            resource, _, attribute = name.partition(".")
            pieces.append(evaluator.referred(resource, location, attribute))
    pieces.append(Known(template[end:]))
    return text(pieces, (location,))


def _join(evaluator: Evaluator, argument: Node, location: Location) -> Value:
    if not isinstance(argument, Sequence) or len(argument.items) != 2:
        return Unknown("`Fn::Join` needs a delimiter and a list", (location,))
    delimiter = text_of(evaluator.value(argument.items[0])) or ""
    listed = evaluator.value(argument.items[1])
    return combine([listed], lambda settled: _joined(settled[0], delimiter, location), (location,))


def _joined(listed: Settled, delimiter: str, location: Location) -> Value:
    if not isinstance(listed, Items):
        if isinstance(listed, Symbolic):
            return listed
        return Unknown("the list to join is not known", (location,))

    def join(settled: tuple[Settled, ...]) -> Value:
        pieces: list[Value] = []
        for item in settled:
            if not isinstance(item, Absent):
                pieces.extend([Known(delimiter), item] if pieces else [item])
        return text(pieces, (location,))

    return combine(listed.items, join, (location,))


def _split(evaluator: Evaluator, argument: Node, location: Location) -> Value:
    if not isinstance(argument, Sequence) or len(argument.items) != 2:
        return Unknown("`Fn::Split` needs a delimiter and a text", (location,))
    delimiter = text_of(evaluator.value(argument.items[0]))
    if not delimiter:
        return Unknown("the delimiter of `Fn::Split` is not known", (location,))
    return combine(
        [evaluator.value(argument.items[1])],
        lambda settled: _pieces(settled[0], delimiter, location),
        (location,),
    )


def _pieces(whole: Settled, delimiter: str, location: Location) -> Value:
    if not isinstance(whole, Known | Symbolic):
        return Unknown("the text to split is not known", (location,))
    parts = [piece for part in parts_of(whole) for piece in _spelt_out(part)]
    if any(isinstance(part, Reference) and not _in_one_piece(part, delimiter) for part in parts):
        return Unknown("what the text is split into is known only once deployed", (location,))
    pieces: list[list[str | Reference]] = [[]]
    for part in parts:
        if isinstance(part, str):
            first, *rest = part.split(delimiter)
            pieces[-1].append(first)
            pieces.extend([piece] for piece in rest)
        else:
            pieces[-1].append(part)
    return Items(tuple(symbolic(tuple(piece), (location,)) for piece in pieces), (location,))


def _spelt_out(part: str | Reference) -> tuple[str | Reference, ...]:
    """Write the address of a function as scheme, host and path: the host is what templates split it for."""
    if isinstance(part, Reference) and part.attribute == "FunctionUrl":
        return "https://", Reference(part.kind, part.target, HOST), "/"
    return (part,)


def _in_one_piece(reference: Reference, delimiter: str) -> bool:
    """Tell whether what a reference stands for holds no delimiter; ids and ARNs of resources hold no comma."""
    is_resource = reference.kind is ReferenceKind.RESOURCE and reference.attribute in _WITHOUT_COMMA
    is_host = reference.attribute == HOST and delimiter in {"/", ":", ","}
    return reference.target in _UNDIVIDED or is_host or (is_resource and delimiter == ",")


def _select(evaluator: Evaluator, argument: Node, location: Location) -> Value:
    if not isinstance(argument, Sequence) or len(argument.items) != 2:
        return Unknown("`Fn::Select` needs an index and a list", (location,))
    values = [evaluator.value(item) for item in argument.items]
    return combine(values, lambda settled: _selected(settled[0], settled[1], location), (location,))


def _selected(position: Settled, listed: Settled, location: Location) -> Value:
    index = number_of(position)
    if index is None or not math.isfinite(index) or index < 0:
        return Unknown("the index of `Fn::Select` is not known", (location,))
    match listed:
        case Items(items=items):
            if int(index) < len(items):
                return items[int(index)]
            return Unknown("`Fn::Select` asks for an item that is not there", (location,))
        case Symbolic(parts=(Reference(kind=ReferenceKind.PSEUDO, target=target),)) if target == ZONES:
            return Symbolic((Reference(ReferenceKind.PSEUDO, f"{ZONES}[{int(index)}]"),), (location,))
        case Symbolic(parts=(Reference() as reference,)):
            part = Reference(
                reference.kind, reference.target, f"{reference.attribute}[{int(index)}]".lstrip(".")
            )
            return Symbolic((part,), (location,))
        case Unknown(reason=reason):
            return Unknown(reason, (location,))
        case _:
            return Unknown("the list of `Fn::Select` is not known", (location,))


def _find_in_map(evaluator: Evaluator, argument: Node, location: Location) -> Value:
    if not isinstance(argument, Sequence) or len(argument.items) < 3:
        return Unknown("`Fn::FindInMap` needs a map and two keys", (location,))
    values = [evaluator.value(item) for item in argument.items[:3]]
    fallback = argument.items[3] if len(argument.items) > 3 else None
    default: Value | None = None
    if isinstance(fallback, Mapping) and "DefaultValue" in fallback.entries:
        default = evaluator.value(fallback.entries["DefaultValue"])
    return combine(values, lambda settled: _found(evaluator, settled, default, location), (location,))


def _found(
    evaluator: Evaluator, keys: tuple[Settled, ...], default: Value | None, location: Location
) -> Value:
    name = text_of(keys[0])
    table = evaluator.template.mappings.get(name or "")
    if not isinstance(table, Mapping):
        return default or Unknown("the map is not in the template", (location,))
    first, second = text_of(keys[1]), text_of(keys[2])
    if second is None:
        return Unknown("the key of the map is not known", (location,))
    if first is None:
        return _any_row(evaluator, name or "", keys[1], second, location)
    row = table.get(first)
    found = row.get(second) if isinstance(row, Mapping) else None
    if found is None:
        return default or Unknown(f"the map has no `{first}` with `{second}`", (location,))
    return evaluator.looked_up(found, ("Mappings", name or "", first, second))


def _any_row(evaluator: Evaluator, name: str, key: Settled, second: str, location: Location) -> Value:
    """Give every row's value when the row is one the deployment picks, such as the region's."""
    asked = str(key.references[0].target) if isinstance(key, Symbolic) else ""
    table = evaluator.template.mappings.get(name)
    if not asked or not isinstance(table, Mapping):
        return Unknown("the key of the map is not known", (location,))
    options = [
        Option(
            evaluator.looked_up(row.entries[second], ("Mappings", name, first, second)),
            (Assumption(AssumptionKind.PARAMETER, asked, first),),
        )
        for first, row in table.entries.items()
        if isinstance(row, Mapping) and second in row.entries
    ]
    return one_of(options, (location,), exhaustive=False)


def _if(evaluator: Evaluator, argument: Node, location: Location) -> Value:
    if (
        not isinstance(argument, Sequence)
        or len(argument.items) != 3
        or not isinstance(argument.items[0], Scalar)
    ):
        return Unknown("`Fn::If` needs a condition and two values", (location,))
    name = argument.items[0].text
    if name not in evaluator.conditions:
        return Unknown(f"the condition `{name}` is not in the template", (location,))
    options = [
        option
        for holds, index in ((True, 1), (False, 2))
        for option in evaluator.branch(
            argument.items[index], (*location.path, index), assume(name, holds=holds)
        )
    ]
    return one_of(options, (location,))


def _import_value(evaluator: Evaluator, argument: Node, location: Location) -> Value:
    name = evaluator.argument(argument, location, "Fn::ImportValue")
    shown = str(name) if isinstance(name, Symbolic) else text_of(name) or "another stack's export"
    return Symbolic((Reference(ReferenceKind.IMPORT, shown),), (location,))


def _base64(evaluator: Evaluator, argument: Node, location: Location) -> Value:
    """Keep the text that will be encoded: what it says matters, its encoding does not."""
    return evaluator.argument(argument, location, "Fn::Base64")


def _zones(_evaluator: Evaluator, _argument: Node, location: Location) -> Value:
    return Symbolic((Reference(ReferenceKind.PSEUDO, ZONES),), (location,))


def _cidr(_evaluator: Evaluator, _argument: Node, location: Location) -> Value:
    return Unknown("the address ranges are computed at deployment", (location,))


def _transform(evaluator: Evaluator, argument: Node, location: Location) -> Value:
    included = evaluator.template.include(argument, location.path)
    if included is None:
        return Unknown("a transform fills it in at deployment", (location,))
    return evaluator.value(included, location.path)


def _length(evaluator: Evaluator, argument: Node, location: Location) -> Value:
    def count(settled: tuple[Settled, ...]) -> Value:
        if isinstance(settled[0], Items):
            return Known(len(settled[0].items), (location,))
        return Unknown("the length of the list is not known", (location,))

    return combine([evaluator.argument(argument, location, "Fn::Length")], count, (location,))


def _to_json(evaluator: Evaluator, argument: Node, location: Location) -> Value:
    def encode(settled: tuple[Settled, ...]) -> Value:
        data = plain_data(settled[0])
        if data is None:
            return Unknown("the text is made of values the deployment fills in", (location,))
        return Known(msgspec.json.encode(data).decode(), (location,))

    return combine([evaluator.argument(argument, location, "Fn::ToJsonString")], encode, (location,))


def plain_data(value: Value) -> object:
    """Give a fully known value as plain JSON data; None when a part of it is not known."""
    match value:
        case Known(value=scalar):
            return scalar
        case Items(items=items):
            made = [plain_data(item) for item in items]
            return None if None in made else made
        case Fields(fields=fields):
            entries = {name: plain_data(child) for name, child in fields.items()}
            return None if None in entries.values() else entries
        case _:
            return None


Function = Callable[["Evaluator", Node, Location], Value]

FUNCTIONS: dict[str, Function] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::FindInMap": _find_in_map,
    "Fn::If": _if,
    "Fn::ImportValue": _import_value,
    "Fn::Base64": _base64,
    "Fn::GetAZs": _zones,
    "Fn::Cidr": _cidr,
    "Fn::Transform": _transform,
    "Fn::Length": _length,
    "Fn::ToJsonString": _to_json,
}

SHORT: dict[str, str] = {f"!{name.removeprefix('Fn::')}": name for name in FUNCTIONS}
