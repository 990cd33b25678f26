"""A stack: one template and the local stacks nested in it, evaluated, transformed and made into an application."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lamward.model.application import Application, Dialect, Output, Parameter, Resource
from lamward.model.location import Location
from lamward.model.report import Coverage, Failure, Skipped
from lamward.model.value import (
    ALWAYS,
    Absent,
    Fields,
    Guard,
    Known,
    Unknown,
    Value,
    at,
    both,
    location_of,
    text_of,
)
from lamward.sources.cloudformation.conditions import Conditions, assume
from lamward.sources.cloudformation.loops import together
from lamward.sources.cloudformation.template import ResourceDeclaration, Template, beside
from lamward.sources.deployments import Deployments
from lamward.sources.file import SourceFile, read
from lamward.sources.node import Document, Scalar, parse
from lamward.sources.node import Mapping as MappingNode
from lamward.sources.nouns.build import UNDERSTOOD, application
from lamward.sources.sam.references import generated
from lamward.sources.sam.transform import transform

MAX_NESTING = 5

_NESTED = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}


@dataclass(slots=True)
class Loading:
    """What one application's loading collects over all its templates."""

    root: Path
    given: Mapping[str, str]
    files: dict[str, SourceFile] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    children: set[Path] = field(default_factory=set)
    declared: dict[str, str] = field(default_factory=dict)
    generated: int = 0


def load(document: Document, *, root: Path, given: Mapping[str, str]) -> tuple[Application, Loading]:
    """Make the application of a template's document."""
    loading = Loading(root, given)
    stack = _Stack(document, loading, passed=None, prefix="", when=ALWAYS, above=())
    resources = stack.resources()
    template = stack.template
    dialect = Dialect.SAM if template.serverless else Dialect.CLOUDFORMATION
    unknown = Counter(resource.type for resource in resources.values() if resource.type not in UNDERSTOOD)
    skipped = [
        Skipped(kind, f"{count} of a type no check asks about") for kind, count in sorted(unknown.items())
    ]
    functions = sum(resource.type == "AWS::Lambda::Function" for resource in resources.values())
    coverage = Coverage(
        files=tuple(loading.files),
        functions=functions,
        resources=len(loading.declared),
        understood=len(resources) - sum(unknown.values()),
        generated=loading.generated,
        skipped=(*loading.skipped, *skipped),
    )
    fields: dict[str, Any] = {
        "name": document.source.name,
        "dialect": dialect,
        "location": Location(template.body.span),
        "declared": loading.declared,
        "parameters": stack.parameters(),
        "outputs": stack.outputs(),
        "coverage": coverage,
        "failures": tuple(loading.failures),
        "possible": Deployments(stack.conditions()).possible,
    }
    made = application(fields, resources)
    stack.release()
    return made, loading


class _Stack:
    """One template of an application. `passed` are its parameters' values when a parent stack sets them."""

    def __init__(
        self,
        document: Document,
        loading: Loading,
        *,
        passed: Mapping[str, Value] | None,
        prefix: str,
        when: Guard,
        above: tuple[Path, ...],
    ) -> None:
        self.loading = loading
        self.prefix = prefix
        self.when = when
        self.above = above
        given = {} if passed is not None else loading.given
        self.template = Template(document, root=loading.root, given=given, passed=passed, prefix=prefix)
        self.evaluator = self.template.evaluator
        self.evaluator.outputs_of = self._output_of
        self.nested: dict[str, _Stack] = {}
        loading.files[document.source.name] = document.source
        loading.skipped += [
            Skipped(name, "a transform that runs at deployment: what it changes is not seen")
            for name in self.template.macros
        ]

    def resources(self) -> dict[str, Resource]:
        """Evaluate, transform and flatten: the resources of this stack and of those nested in it."""
        declarations = self.template.resources
        self.loading.declared.update({self.prefix + name: one.type for name, one in declarations.items()})
        if self.template.serverless:
            self.evaluator.generated = generated(self.template)
        # Nested stacks come first: others may refer to their outputs.
        ordered = sorted(declarations.values(), key=lambda one: one.type not in _NESTED)
        evaluated: dict[str, Resource] = {}
        inner: dict[str, Resource] = {}
        for declaration in ordered:
            resource = self._evaluated(declaration)
            if resource is None:
                continue
            evaluated[resource.id] = resource
            if declaration.type in _NESTED:
                inner |= self._nested(declaration, resource)
        in_order = {
            self.prefix + name: evaluated[self.prefix + name]
            for name in declarations
            if self.prefix + name in evaluated
        }
        if self.template.serverless:
            made = transform(self.template, in_order, definition=self._definition, prefix=self.prefix)
            self.loading.generated += sum(identifier not in in_order for identifier in made)
        else:
            made = in_order
        self.loading.failures.extend(self.template.failures)
        self.loading.files.update(self.template.included)
        return made | inner

    def _evaluated(self, declaration: ResourceDeclaration) -> Resource | None:
        guard = both(self.when, declaration.when)
        if guard is None:
            return None
        if declaration.condition is not None:
            own = assume(declaration.condition, holds=True)
            joined = both(guard, own)
            if joined is None or not self.template.conditions.possible(own):
                reason = f"the condition `{declaration.condition}` never holds"
                self.loading.skipped.append(Skipped(self.prefix + declaration.id, reason))
                return None
            guard = joined
        path = ("Resources", declaration.id)
        node, metadata = declaration.node.get("Properties"), declaration.node.get("Metadata")
        with self.evaluator.assuming(guard), self.evaluator.binding(dict(declaration.bindings)):
            properties = (
                Fields({}, {}, (declaration.location,))
                if node is None
                else self.evaluator.value(node, (*path, "Properties"))
            )
            described = Absent() if metadata is None else self.evaluator.value(metadata, (*path, "Metadata"))
        if properties == Known(None, properties.origins):
            properties = Fields({}, {}, (declaration.location,))
        if isinstance(properties, Fields):
            # What is missing is reported at the logical id, the one line that is surely the resource's.
            properties = Fields(properties.fields, properties.keys, (declaration.location,))
        identifier = self.prefix + declaration.id
        return Resource(
            id=identifier,
            type=declaration.type,
            properties=properties,
            location=declaration.location,
            when=guard,
            declared_by=identifier,
            metadata=described,
        )

    def _nested(self, declaration: ResourceDeclaration, resource: Resource) -> dict[str, Resource]:
        where = at(resource.properties, _NESTED[declaration.type])
        relative = text_of(where)
        if relative is None or "://" in relative:
            reason = "its template is not a local file"
            self.loading.skipped.append(Skipped(resource.id, reason))
            return {}
        target = beside(self.template.source, relative, self.loading.root)
        shown = Path(self.template.source.name).parent.joinpath(relative).as_posix()
        if target is None:
            self._fail("missing-nested", f"the nested template `{relative}` is not there", location_of(where))
            return {}
        here = Path(os.path.realpath(self.template.source.name))
        if target in {*self.above, here}:
            self._fail("cyclic-nesting", f"the template `{relative}` nests itself", location_of(where))
            return {}
        if len(self.above) >= MAX_NESTING:
            self._fail("too-deep", f"stacks nest deeper than {MAX_NESTING} levels", location_of(where))
            return {}
        source = read(target, shown)
        if isinstance(source, Failure):
            self.loading.failures.append(source)
            return {}
        document = parse(source)
        if not isinstance(document.root, MappingNode):
            self.loading.failures.extend(document.failures)
            return {}
        self.loading.children.add(target)
        parameters = at(resource.properties, "Parameters")
        child = _Stack(
            document,
            self.loading,
            passed=dict(parameters.fields) if isinstance(parameters, Fields) else {},
            prefix=f"{resource.id}/",
            when=resource.when,
            above=(*self.above, here),
        )
        self.nested[declaration.id] = child
        return child.resources()

    def release(self) -> None:
        """Let go of the documents: in a run that collects no garbage, those who know one another stay to the end."""
        for nested in self.nested.values():
            nested.release()
        del self.evaluator.template, self.evaluator.outputs_of

    def conditions(self) -> tuple[Conditions, ...]:
        """Give the conditions of this stack's template and of those nested in it."""
        inner = (each for nested in self.nested.values() for each in nested.conditions())
        return (self.template.conditions, *inner)

    def _fail(self, kind: str, message: str, location: Location) -> None:
        self.loading.failures.append(
            Failure(kind, message, location, "audit a folder that holds all the templates")
        )

    def _output_of(self, stack: str, output: str) -> Value | None:
        nested = self.nested.get(stack)
        return nested.template.output(output) if nested else None

    def _definition(self, uri: Value) -> Value:
        """Read the local OpenAPI document an API's definition names."""
        relative = text_of(uri)
        target = (
            beside(self.template.source, relative, self.loading.root)
            if relative and "://" not in relative
            else None
        )
        if relative is None or target is None:
            return Unknown("the API's definition is not a local file", (location_of(uri),))
        shown = Path(self.template.source.name).parent.joinpath(relative).as_posix()
        source = read(target, shown)
        if isinstance(source, Failure):
            return Unknown(source.message, (location_of(uri),))
        document = parse(source)
        if document.root is None:
            self.loading.failures.extend(document.failures)
            return Unknown("the API's definition cannot be read", (location_of(uri),))
        self.loading.files[shown] = source
        return self.evaluator.value(document.root)

    def parameters(self) -> tuple[Parameter, ...]:
        """Give the parameters as nouns."""
        made = []
        for declaration in self.template.parameters.values():
            path = ("Parameters", declaration.name)
            fields = self.evaluator.value(declaration.node, path)
            given: Value = (
                Absent() if declaration.given is None else Known(declaration.given, (declaration.location,))
            )
            made.append(
                Parameter(
                    id=declaration.name,
                    location=declaration.location,
                    type=at(fields, "Type"),
                    default=at(fields, "Default"),
                    no_echo=at(fields, "NoEcho"),
                    allowed=at(fields, "AllowedValues"),
                    given=given,
                )
            )
        return tuple(made)

    def outputs(self) -> tuple[Output, ...]:
        """Give the outputs as nouns."""
        made = []
        for name, declared in self.template.outputs.items():
            condition = declared.node.get("Condition")
            own = assume(condition.text, holds=True) if isinstance(condition, Scalar) else ALWAYS
            when = together(declared.when, own)
            with self.evaluator.assuming(when):
                value = self.template.output(name)
            location = declared.key.location(("Outputs", name))
            made.append(Output(id=name, location=location, value=value or Absent(), when=when))
        return tuple(made)
