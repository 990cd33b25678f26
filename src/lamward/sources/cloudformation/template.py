"""A template taken apart: its sections, each entry with its key's place, and what was wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lamward.model.location import Location, Step
from lamward.model.report import Failure
from lamward.model.value import ALWAYS, Guard, Value
from lamward.sources.cloudformation import loops, parameters
from lamward.sources.cloudformation.conditions import Conditions
from lamward.sources.cloudformation.evaluate import Evaluator
from lamward.sources.cloudformation.includes import Includes, merged
from lamward.sources.cloudformation.parameters import ParameterDeclaration
from lamward.sources.file import SourceFile, read
from lamward.sources.node import Document, Mapping, Node, Scalar, Sequence, parse

SERVERLESS_TRANSFORM = "AWS::Serverless-2016-10-31"

_UNDERSTOOD_TRANSFORMS = frozenset({SERVERLESS_TRANSFORM, "AWS::Include", "AWS::LanguageExtensions"})


@dataclass(frozen=True, slots=True)
class ResourceDeclaration:
    """A resource as the template declares it; `bindings` are the loop variables it was made with."""

    id: str
    type: str
    key: Scalar
    node: Mapping
    condition: str | None
    bindings: ReadOnly[str, Value]
    when: Guard = ALWAYS

    @property
    def location(self) -> Location:
        """The place of the logical id."""
        return self.key.location(("Resources", self.id))


@dataclass(frozen=True, slots=True)
class OutputDeclaration:
    """An output as the template declares it; `when` says which round of a loop makes it."""

    name: str
    key: Scalar
    node: Mapping
    bindings: ReadOnly[str, Value]
    when: Guard = ALWAYS


class Template:
    """One template. `given` are parameter values the user supplies, `passed` those of a parent stack."""

    def __init__(
        self,
        document: Document,
        *,
        root: Path,
        given: ReadOnly[str, str] | None = None,
        passed: ReadOnly[str, Value] | None = None,
        prefix: str = "",
    ) -> None:
        if not isinstance(document.root, Mapping):
            raise TypeError(document.root)
        self.source: SourceFile = document.source
        self.document = document
        self.body: Mapping = document.root
        self.root = root
        self.included: dict[str, SourceFile] = {}
        self._includes = Includes()
        self.failures: list[Failure] = list(document.failures)
        self.body = self._with_includes(self.body)
        self.mappings: ReadOnly[str, Node] = self.section("Mappings")
        self.parameters: dict[str, ParameterDeclaration] = {
            name: parameters.declare(name, key, node, given or {}, passed or {})
            for name, key, node in self._declared_parameters()
        }
        self.conditions = Conditions(self._declared_conditions(), self.parameters, self.mappings)
        self.failures.extend(self.conditions.failures)
        self.evaluator = Evaluator(self, prefix=prefix)

    def section(self, name: str) -> dict[str, Node]:
        """Give the entries of a top-level section; a section that is not a mapping is a failure."""
        node = self.body.get(name)
        if isinstance(node, Mapping):
            return node.entries
        if node is not None and not (isinstance(node, Scalar) and node.value is None):
            self._fail("malformed", f"`{name}` is not a mapping", node.location((name,)))
        return {}

    def _declared_parameters(self) -> Iterator[tuple[str, Scalar, Mapping]]:
        node = self.body.get("Parameters")
        keys = node.keys if isinstance(node, Mapping) else {}
        for name, child in self.section("Parameters").items():
            if isinstance(child, Mapping):
                yield name, keys[name], child
            else:
                place = child.location(("Parameters", name))
                self._fail("malformed", f"the parameter `{name}` is not a mapping", place)

    def _declared_conditions(self) -> dict[str, Node]:
        """Give the conditions; a loop over them is a failure: what depends on those it makes is in every branch."""
        section = self.section("Conditions")
        for name, node in section.items():
            if name.startswith(loops.PREFIX):
                message = f"the conditions that `{name}` makes are not known"
                self._fail("unread-loop", message, node.location(("Conditions", name)), "write them out")
        return {name: node for name, node in section.items() if not name.startswith(loops.PREFIX)}

    def _fail(self, kind: str, message: str, location: Location, hint: str = "mend it at this place") -> None:
        self.failures.append(Failure(kind, message, location, hint))

    @cached_property
    def transforms(self) -> tuple[str, ...]:
        """The names of the transforms the template asks for."""
        return tuple(item.text for item in _listed(self.body.get("Transform")) if isinstance(item, Scalar))

    @property
    def serverless(self) -> bool:
        """Whether the SAM transform applies."""
        return SERVERLESS_TRANSFORM in self.transforms

    @property
    def macros(self) -> tuple[str, ...]:
        """The transforms whose work only a deployment sees."""
        named = (
            item.get("Name") for item in _listed(self.body.get("Transform")) if isinstance(item, Mapping)
        )
        texts = (item.text for item in named if isinstance(item, Scalar))
        return tuple(name for name in (*self.transforms, *texts) if name not in _UNDERSTOOD_TRANSFORMS)

    @cached_property
    def resources(self) -> dict[str, ResourceDeclaration]:
        """The resources by logical id, loops expanded."""
        node = self.body.get("Resources")
        declared: dict[str, ResourceDeclaration] = {}
        if isinstance(node, Mapping):
            for resource in self._declared(node, {}):
                declared[resource.id] = resource
        else:
            place = (node or self.body).location(("Resources",))
            self._fail("malformed", "`Resources` is not a mapping", place)
        return declared

    def _declared(
        self, section: Mapping, bindings: dict[str, Value], when: Guard = ALWAYS
    ) -> Iterator[ResourceDeclaration]:
        for name, node in section.entries.items():
            key = section.keys[name]
            if name.startswith(loops.PREFIX):
                for turn in self._rounds(node, key, "Resources", bindings):
                    inner = loops.together(when, turn.when)
                    yield from self._declared(turn.body, bindings | turn.bindings, inner)
            elif name == "Fn::Transform":
                included = self.include(node, ("Resources",))
                if isinstance(included, Mapping):
                    yield from self._declared(included, bindings, when)
                else:
                    self._fail(
                        "unread-transform", "a transform adds resources that cannot be seen", key.location()
                    )
            elif (resource := self._resource(key, node, bindings, when)) is not None:
                yield resource

    def _resource(
        self, key: Scalar, node: Node, bindings: dict[str, Value], when: Guard
    ) -> ResourceDeclaration | None:
        identifier = loops.bound(key.text, bindings)
        place = key.location(("Resources", identifier))
        if not isinstance(node, Mapping):
            self._fail("malformed", f"the resource `{identifier}` is not a mapping", place)
            return None
        kind = node.get("Type")
        if not isinstance(kind, Scalar) or not kind.text:
            self._fail("malformed", f"the resource `{identifier}` has no type", place, "give it a `Type`")
            return None
        properties = node.get("Properties")
        if _is_plain(properties):
            self._fail("malformed", f"the properties of `{identifier}` are not a mapping", place)
        condition = node.get("Condition")
        return ResourceDeclaration(
            id=identifier,
            type=kind.text,
            key=key,
            node=node,
            condition=condition.text if isinstance(condition, Scalar) else None,
            bindings=bindings,
            when=when,
        )

    def _rounds(self, node: Node, key: Scalar, section: str, bindings: dict[str, Value]) -> list[loops.Round]:
        """Turn a loop over resources or outputs; one that cannot be is a failure."""
        with self.evaluator.binding(bindings):
            turns = loops.rounds(self.evaluator, node, (section, key.text))
        if not isinstance(turns, str):
            return turns
        self._fail(
            "unread-loop",
            f"`{key.text}` is not audited: {turns}",
            key.location((section, key.text)),
            "give the parameters it depends on with --parameter",
        )
        return []

    def include(self, node: Node, path: tuple[Step, ...]) -> Node | None:
        """Read the local file an `AWS::Include` transform names; None when it is another transform or remote."""
        if not isinstance(node, Mapping):
            return None
        name, arguments = node.get("Name"), node.get("Parameters")
        if not isinstance(name, Scalar) or name.text != "AWS::Include" or not isinstance(arguments, Mapping):
            return None
        where = arguments.get("Location")
        if not isinstance(where, Scalar) or where.tag.startswith("!") or "://" in where.text:
            return None
        document = self._included(where, path)
        return document.root if document else None

    def _included(self, where: Scalar, path: tuple[Step, ...]) -> Document | None:
        target = beside(self.source, where.text, self.root)
        if target is None:
            message = f"the included file `{where.text}` is not there, or not below the audited folder"
            self._fail("missing-include", message, where.location(path), "audit the folder that holds both")
            return None
        shown = Path(self.source.name).parent.joinpath(where.text).as_posix()
        if not self._includes.allow(where.source.name, shown):
            message = f"the included file `{where.text}` includes itself, or is included too often"
            self._fail("cyclic-include", message, where.location(path), "break the cycle")
            return None
        source = read(target, shown)
        if isinstance(source, Failure):
            self._fail(
                source.kind, f"the included file `{where.text}`: {source.message}", where.location(path)
            )
            return None
        self.included[shown] = source
        document = parse(source)
        self.failures.extend(document.failures)
        return document

    def _with_includes(self, body: Mapping) -> Mapping:
        """Put what the template as a whole includes into its sections. Source: "AWS::Include transform"."""
        for transform in _listed(body.get("Transform")):
            if not isinstance(transform, Mapping):
                continue
            included = self.include(transform, ("Transform",))
            if isinstance(included, Mapping):
                body = merged(body, included)
            else:
                message = "a transform adds to the template what cannot be seen"
                self._fail(
                    "unread-transform", message, transform.location(("Transform",)), "include a local file"
                )
        return body

    @cached_property
    def outputs(self) -> dict[str, OutputDeclaration]:
        """The outputs by name, loops expanded."""
        section = self.body.get("Outputs")
        if not isinstance(section, Mapping):
            self.section("Outputs")  # says so where it is something else
            return {}
        return {output.name: output for output in self._given_out(section, {}, ALWAYS)}

    def _given_out(
        self, section: Mapping, bindings: dict[str, Value], when: Guard
    ) -> Iterator[OutputDeclaration]:
        for name, node in section.entries.items():
            key = section.keys[name]
            shown = loops.bound(name, bindings)
            if name.startswith(loops.PREFIX):
                for turn in self._rounds(node, key, "Outputs", bindings):
                    inner = loops.together(when, turn.when)
                    yield from self._given_out(turn.body, bindings | turn.bindings, inner)
            elif isinstance(node, Mapping):
                yield OutputDeclaration(shown, key, node, bindings, when)
            else:
                place = node.location(("Outputs", shown))
                self._fail("malformed", f"the output `{shown}` is not a mapping", place)

    def output(self, name: str) -> Value | None:
        """Give the value of an output, None when there is none."""
        found = self.outputs.get(name)
        node = found.node.get("Value") if found else None
        if found is None or node is None:
            return None
        with self.evaluator.binding(dict(found.bindings)):
            return self.evaluator.value(node, ("Outputs", name, "Value"))


def beside(source: SourceFile, relative: str, root: Path) -> Path | None:
    """Find a file named relative to a template; None when it would leave the root or does not exist."""
    try:
        target = Path(os.path.realpath(Path(source.name).parent / relative))
        inside = target.is_relative_to(os.path.realpath(root))
        return target if inside and target.is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None


def _listed(node: Node | None) -> list[Node]:
    return node.items if isinstance(node, Sequence) else [] if node is None else [node]


def _is_plain(properties: Node | None) -> bool:
    """Tell whether something stands where a mapping of properties belongs that is no function either."""
    if isinstance(properties, Scalar):
        return properties.value is not None and not properties.tag.startswith("!")
    return isinstance(properties, Sequence) and not properties.tag.startswith("!")


def is_template(node: Node | None) -> bool:
    """Tell by its content whether a document is a CloudFormation or SAM template."""
    if not isinstance(node, Mapping):
        return False
    resources = node.get("Resources")
    if "AWSTemplateFormatVersion" in node.entries:
        return True
    transforms = _listed(node.get("Transform"))
    if any(isinstance(item, Scalar) and item.text.startswith("AWS::") for item in transforms):
        return True
    if not isinstance(resources, Mapping):
        return False
    types = [child.get("Type") for child in resources.entries.values() if isinstance(child, Mapping)]
    return any(isinstance(kind, Scalar) and kind.text.startswith(("AWS::", "Custom::")) for kind in types)
