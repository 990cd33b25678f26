"""From nodes to values: what each property of a template is once its intrinsic functions are applied.

Source: CloudFormation Template Reference, "Intrinsic function reference".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from lamward.model.location import Location, Step
from lamward.model.value import (
    ALWAYS,
    Absent,
    Fields,
    Guard,
    Items,
    Known,
    OneOf,
    Option,
    Reference,
    ReferenceKind,
    Symbolic,
    Unknown,
    Value,
    both,
    cases,
)
from lamward.sources.cloudformation import intrinsics, loops
from lamward.sources.cloudformation.combine import dynamic, one_of
from lamward.sources.cloudformation.conditions import PSEUDO_PARAMETERS
from lamward.sources.node import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from lamward.sources.cloudformation.template import Template

Path = tuple[Step, ...]

PLACEHOLDER = re.compile(r"\{\{\s*cookiecutter\.|^\s*\{\{\s*(?!resolve:)[\w.]+\s*\}\}\s*$")
"""A value that a template language fills in before CloudFormation sees it."""


class Evaluator:
    """Evaluates the nodes of one template. `prefix` qualifies the logical ids of a nested stack."""

    def __init__(self, template: Template, *, prefix: str = "") -> None:
        self.template = template
        self.prefix = prefix
        self.assumed: Guard = ALWAYS
        self.bindings: dict[str, Value] = {}
        self.generated: dict[tuple[str, str], str] = {}
        """What the SAM transform makes of a resource: its logical id by the resource's and SAM's word for it."""
        self.rounds = 0
        """How often the template's loops have turned."""
        self._looking_up = False
        self.outputs_of: Callable[[str, str], Value | None] = lambda _stack, _output: None

    @contextmanager
    def assuming(self, guard: Guard) -> Iterator[None]:
        """Evaluate under a guard: branches that contradict it are left out."""
        before = self.assumed
        self.assumed = both(before, guard) or before
        try:
            yield
        finally:
            self.assumed = before

    @contextmanager
    def binding(self, names: dict[str, Value]) -> Iterator[None]:
        """Evaluate with names that stand for values, as `Fn::ForEach` and `Fn::Sub` introduce them."""
        before = self.bindings
        self.bindings = before | names
        try:
            yield
        finally:
            self.bindings = before

    def value(self, node: Node, path: Path = ()) -> Value:
        """Give the value of a node; `path` is where the node stands in its document."""
        tag = node.tag
        if tag and tag[0] == "!" and len(tag) > 1:
            return self._call(intrinsics.SHORT.get(tag, tag), node, path, tagged=True)
        return self._untagged(node, path)

    def _untagged(self, node: Node, path: Path) -> Value:
        if isinstance(node, Scalar):
            return self._scalar(node, path)
        if isinstance(node, Sequence):
            items = tuple(self.value(item, (*path, index)) for index, item in enumerate(node.items))
            return Items(items, (node.location(path),))
        if isinstance(node, Mapping):
            return self._mapping(node, path)
        raise TypeError(type(node))

    def _scalar(self, node: Scalar, path: Path) -> Value:
        origins = (Location(node.span, path),)
        if isinstance(node.value, str) and "{{" in node.value:
            if "{{resolve:" in node.value:
                return dynamic(Known(node.value, origins))
            if PLACEHOLDER.search(node.value):
                return Unknown("a template language fills it in", origins)
        return Known(node.value, origins)

    def _mapping(self, node: Mapping, path: Path) -> Value:
        if len(node.entries) == 1:
            ((name, argument),) = node.entries.items()
            if name in intrinsics.FUNCTIONS:
                return self._call(name, argument, path, tagged=False, key=node.keys[name])
        fields: dict[str, Value] = {}
        keys: dict[str, Location] = {}
        for name, child in node.entries.items():
            if name.startswith(loops.PREFIX):
                expanded = loops.for_each(self, child, (*path, name))
                if isinstance(expanded, Unknown):
                    return expanded
                fields |= expanded.fields
                keys |= expanded.keys
                continue
            if name == "Fn::Transform":
                included = self.template.include(child, path)
                if included is None:
                    return Unknown("a transform fills it in at deployment", (node.location(path),))
                if isinstance(included, Mapping):
                    merged = self.value(included, path)
                    if isinstance(merged, Fields):
                        fields |= merged.fields
                        keys |= merged.keys
                continue
            child_path = (*path, name)
            fields[name] = self.value(child, child_path)
            keys[name] = node.keys[name].location(child_path)
        return Fields(fields, keys, (node.location(path),))

    def _call(self, name: str, argument: Node, path: Path, *, tagged: bool, key: Node | None = None) -> Value:
        whole = argument if tagged else key if key is not None else argument
        location = Location(whole.span, path)
        function = intrinsics.FUNCTIONS.get(name)
        if function is None:
            return Unknown(f"`{name}` is not a function lamward knows", (location,))
        return function(self, argument, location)

    def looked_up(self, node: Node, path: Path = ()) -> Value:
        """Give what a mapping of the template says; a map that looks itself up would never end."""
        if self._looking_up:
            return Unknown("a map holds plain values only", (node.location(path),))
        self._looking_up = True
        try:
            return self.value(node, path)
        finally:
            self._looking_up = False

    def argument(self, node: Node, location: Location, function: str) -> Value:
        """Give the value of a function's argument: written short, the argument's node carries the function's tag."""
        if intrinsics.SHORT.get(node.tag) == function:
            return self._untagged(node, location.path)
        return self.value(node, location.path)

    def referred(self, name: str, location: Location, attribute: str = "") -> Value:
        """Give what `Ref` (no attribute) or `Fn::GetAtt` says of a name."""
        if not attribute and name in self.bindings:
            return with_origin(self.bindings[name], location)
        if not attribute and name in self.template.parameters:
            return with_origin(self._feasible(self.template.parameters[name].value), location)
        if name == "AWS::NoValue":
            return Absent((location,))
        if name in PSEUDO_PARAMETERS:
            return Symbolic((Reference(ReferenceKind.PSEUDO, name),), (location,))
        if "." in name:
            name, _, rest = name.partition(".")
            attribute = f"{rest}.{attribute}" if attribute else rest
        made, _, rest = attribute.partition(".")
        if (name, made) in self.generated:
            name, attribute = self.generated[name, made], rest
        if attribute.startswith("Outputs."):
            output = self.outputs_of(name, attribute.removeprefix("Outputs."))
            if output is not None:
                return with_origin(output, location)
        return Symbolic((Reference(ReferenceKind.RESOURCE, self.prefix + name, attribute),), (location,))

    def _feasible(self, value: Value) -> Value:
        """Leave out the options that contradict what is assumed here."""
        if not isinstance(value, OneOf) or not self.assumed:
            return value
        kept = tuple(
            option
            for option in value.options
            if (joined := both(self.assumed, option.when)) is not None
            and self.template.conditions.possible(joined)
        )
        if not kept:
            name = value.options[0].when[0].name if value.options and value.options[0].when else "it"
            return Symbolic((Reference(ReferenceKind.PARAMETER, name),), value.origins)
        return OneOf(kept, value.exhaustive, value.origins)

    def branch(self, node: Node, path: Path, guard: Guard) -> list[Option]:
        """Give the options of one branch of `Fn::If`; none when the branch is impossible here."""
        joined = both(self.assumed, guard)
        if joined is None or not self.template.conditions.possible(joined):
            return []
        with self.assuming(guard):
            return [Option(case.value, case.when) for case in cases(self.value(node, path), guard)]

    @cached_property
    def conditions(self) -> frozenset[str]:
        """The names of the template's conditions."""
        return frozenset(self.template.conditions.declared)


def with_origin(value: Value, location: Location) -> Value:
    """Put a use before the definition among a value's origins."""
    match value:
        case Known(value=scalar, origins=origins):
            return Known(scalar, (location, *origins[-1:]))
        case Symbolic(parts=parts, origins=origins):
            return Symbolic(parts, (location, *origins[-1:]))
        case Unknown(reason=reason, origins=origins):
            return Unknown(reason, (location, *origins[-1:]))
        case Absent():
            return Absent((location,))
        case Items(items=items, origins=origins):
            return Items(tuple(with_origin(item, location) for item in items), (location, *origins[-1:]))
        case Fields(fields=fields, keys=keys, origins=origins):
            return Fields(fields, keys, (location, *origins[-1:]))
        case OneOf(options=options, exhaustive=exhaustive):
            located = [Option(with_origin(option.value, location), option.when) for option in options]
            return one_of(located, (location,), exhaustive=exhaustive)
