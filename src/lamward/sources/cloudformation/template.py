"""A template taken apart: its sections, each entry with its key's place, and what was wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lamward.model.location import Location, Step
from lamward.model.report import Failure
from lamward.model.value import Items, Known, Value, text_of
from lamward.sources.cloudformation import parameters
from lamward.sources.cloudformation.conditions import Conditions
from lamward.sources.cloudformation.evaluate import Evaluator
from lamward.sources.cloudformation.intrinsics import filled
from lamward.sources.cloudformation.parameters import ParameterDeclaration
from lamward.sources.file import SourceFile, read
from lamward.sources.node import Document, Mapping, Node, Scalar, Sequence, parse

SERVERLESS_TRANSFORM = "AWS::Serverless-2016-10-31"


@dataclass(frozen=True, slots=True)
class ResourceDeclaration:
    """A resource as the template declares it; `bindings` are the loop variables it was made with."""

    id: str
    type: str
    key: Scalar
    node: Mapping
    condition: str | None
    bindings: ReadOnly[str, Value]

    @property
    def location(self) -> Location:
        """The place of the logical id."""
        return self.key.location(("Resources", self.id))


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
        self.failures: list[Failure] = list(document.failures)
        self.mappings: ReadOnly[str, Node] = self.section("Mappings")
        self.parameters: dict[str, ParameterDeclaration] = {
            name: parameters.declare(name, key, node, given or {}, passed or {})
            for name, key, node in self._mappings_of("Parameters")
        }
        self.conditions = Conditions(self.section("Conditions"), self.parameters, self.mappings)
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

    def _mappings_of(self, section: str) -> Iterator[tuple[str, Scalar, Mapping]]:
        node = self.body.get(section)
        keys = node.keys if isinstance(node, Mapping) else {}
        for name, child in self.section(section).items():
            if isinstance(child, Mapping):
                yield name, keys[name], child
            else:
                kind = "parameter" if section == "Parameters" else "output"
                self._fail(
                    "malformed", f"the {kind} `{name}` is not a mapping", child.location((section, name))
                )

    def _fail(self, kind: str, message: str, location: Location, hint: str = "mend it at this place") -> None:
        self.failures.append(Failure(kind, message, location, hint))

    @cached_property
    def transforms(self) -> tuple[str, ...]:
        """The names of the transforms the template asks for."""
        node = self.body.get("Transform")
        nodes = node.items if isinstance(node, Sequence) else [node] if node is not None else []
        return tuple(item.text for item in nodes if isinstance(item, Scalar))

    @property
    def serverless(self) -> bool:
        """Whether the SAM transform applies."""
        return SERVERLESS_TRANSFORM in self.transforms

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

    def _declared(self, section: Mapping, bindings: dict[str, Value]) -> Iterator[ResourceDeclaration]:
        for name, node in section.entries.items():
            key = section.keys[name]
            if name.startswith("Fn::ForEach::"):
                yield from self._looped(node, key, bindings)
                continue
            if name == "Fn::Transform":
                included = self.include(node, ("Resources",))
                if isinstance(included, Mapping):
                    yield from self._declared(included, bindings)
                else:
                    self._fail(
                        "unread-transform", "a transform adds resources that cannot be seen", key.location()
                    )
                continue
            identifier = _bound(name, bindings)
            place = key.location(("Resources", identifier))
            if not isinstance(node, Mapping):
                self._fail("malformed", f"the resource `{identifier}` is not a mapping", place)
                continue
            kind = node.get("Type")
            if not isinstance(kind, Scalar) or not kind.text:
                self._fail("malformed", f"the resource `{identifier}` has no type", place, "give it a `Type`")
                continue
            condition = node.get("Condition")
            yield ResourceDeclaration(
                id=identifier,
                type=kind.text,
                key=key,
                node=node,
                condition=condition.text if isinstance(condition, Scalar) else None,
                bindings=bindings,
            )

    def _looped(self, node: Node, key: Scalar, bindings: dict[str, Value]) -> Iterator[ResourceDeclaration]:
        """Expand `Fn::ForEach` over resources. Source: CloudFormation language extensions."""
        if isinstance(node, Sequence) and len(node.items) == 3 and isinstance(node.items[0], Scalar):
            variable, body = node.items[0].text, node.items[2]
            with self.evaluator.binding(bindings):
                collection = self.evaluator.value(node.items[1])
            items = list(collection.items) if isinstance(collection, Items) else []
            if items and all(isinstance(item, Known) for item in items) and isinstance(body, Mapping):
                for item in items:
                    yield from self._declared(body, bindings | {variable: item})
                return
        self._fail(
            "unread-loop",
            f"the list of `{key.text}` is not known, so its resources are not audited",
            key.location(("Resources", key.text)),
            "give the parameters it depends on with --parameter",
        )

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
        if len(self.included) > 50:
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

    @cached_property
    def outputs(self) -> dict[str, tuple[Scalar, Mapping]]:
        """The outputs by name: their keys and bodies."""
        return {
            name: (key, node)
            for name, key, node in self._mappings_of("Outputs")
            if not name.startswith("Fn::ForEach::")
        }

    def output(self, name: str) -> Value | None:
        """Give the value of an output, None when there is none."""
        found = self.outputs.get(name)
        node = found[1].get("Value") if found else None
        return None if node is None else self.evaluator.value(node, ("Outputs", name, "Value"))


def beside(source: SourceFile, relative: str, root: Path) -> Path | None:
    """Find a file named relative to a template; None when it would leave the root or does not exist."""
    target = (Path(source.name).parent / relative).resolve()
    inside = target.is_relative_to(root.resolve())
    return target if inside and target.is_file() else None


def _bound(name: str, bindings: ReadOnly[str, Value]) -> str:
    for variable, item in bindings.items():
        name = filled(name, variable, text_of(item) or "")
    return name


def is_template(node: Node | None) -> bool:
    """Tell by its content whether a document is a CloudFormation or SAM template."""
    if not isinstance(node, Mapping):
        return False
    resources = node.get("Resources")
    if "AWSTemplateFormatVersion" in node.entries:
        return True
    transform = node.get("Transform")
    if isinstance(transform, Scalar) and transform.text.startswith("AWS::"):
        return True
    if not isinstance(resources, Mapping):
        return False
    types = [child.get("Type") for child in resources.entries.values() if isinstance(child, Mapping)]
    return any(isinstance(kind, Scalar) and kind.text.startswith(("AWS::", "Custom::")) for kind in types)
