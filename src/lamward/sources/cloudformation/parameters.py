"""Parameters of a template: what they may be, and what the user says they are."""

from __future__ import annotations

from collections.abc import Mapping as ReadOnly

from msgspec import Struct
from msgspec.structs import replace

from lamward.model.location import Location
from lamward.model.value import (
    Absent,
    Assumption,
    AssumptionKind,
    Items,
    Known,
    Option,
    Reference,
    ReferenceKind,
    Symbolic,
    Value,
    text_of,
)
from lamward.sources.cloudformation.combine import one_of
from lamward.sources.node import Mapping, Node, Scalar, Sequence


class ParameterDeclaration(Struct, frozen=True):
    """A declared parameter. `given` is what `--parameter` or a configuration file says, `value` what `Ref` yields."""

    name: str
    type: str
    default: str | None
    allowed: tuple[str, ...]
    no_echo: Node | None
    location: Location
    node: Mapping
    default_location: Location
    given: str | None = None
    value: Value = Absent()


def declare(
    name: str, key: Scalar, node: Mapping, given: ReadOnly[str, str], passed: ReadOnly[str, Value]
) -> ParameterDeclaration:
    """Read one parameter. `passed` are the values a parent stack gives, which win over everything."""
    path = ("Parameters", name)
    default = node.get("Default")
    allowed = node.get("AllowedValues")
    from_parent = name in passed
    declaration = ParameterDeclaration(
        name=name,
        type=_text(node.get("Type")) or "String",
        default=None if from_parent else _text(default),
        allowed=tuple(written(item) for item in allowed.items if isinstance(item, Scalar))
        if isinstance(allowed, Sequence) and not from_parent
        else (),
        no_echo=node.get("NoEcho"),
        location=key.location(path),
        node=node,
        default_location=(default or key).location((*path, "Default")),
        given=text_of(passed[name]) if from_parent else given.get(name),
    )
    return replace(declaration, value=passed[name] if from_parent else _value(declaration))


def written(node: Scalar) -> str:
    """Give a scalar as CloudFormation compares it: YAML's many booleans are `true` and `false`."""
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    return node.text


def _text(node: Node | None) -> str | None:
    if isinstance(node, Scalar):
        return written(node)
    if isinstance(node, Sequence):
        return ",".join(written(item) for item in node.items if isinstance(item, Scalar))
    return None


def _value(declaration: ParameterDeclaration) -> Value:
    if declaration.type.startswith("AWS::SSM::Parameter::Value"):
        named = declaration.given or declaration.default
        if named is None:
            return _open(declaration)
        return Symbolic((Reference(ReferenceKind.DYNAMIC, f"ssm:{named}"),), (declaration.default_location,))
    if declaration.given is not None:
        return _typed(declaration, declaration.given, declaration.location)
    if declaration.allowed:
        if len(declaration.allowed) == 1 and declaration.default == declaration.allowed[0]:
            return _typed(declaration, declaration.allowed[0], declaration.default_location)
        return one_of(
            [
                Option(
                    _typed(declaration, choice, declaration.default_location),
                    (Assumption(AssumptionKind.PARAMETER, declaration.name, choice),),
                )
                for choice in _default_first(declaration)
            ],
            (declaration.default_location,),
        )
    if declaration.default is None:
        return _open(declaration)
    kept = (Assumption(AssumptionKind.DEFAULT, declaration.name),)
    known = _typed(declaration, declaration.default, declaration.default_location)
    return one_of([Option(known, kept)], (declaration.default_location,), exhaustive=False)


def _open(declaration: ParameterDeclaration) -> Symbolic:
    return Symbolic((Reference(ReferenceKind.PARAMETER, declaration.name),), (declaration.location,))


def _default_first(declaration: ParameterDeclaration) -> list[str]:
    return sorted(dict.fromkeys(declaration.allowed), key=lambda choice: choice != declaration.default)


def _typed(declaration: ParameterDeclaration, text: str, origin: Location) -> Value:
    if declaration.type == "CommaDelimitedList" or declaration.type.startswith("List<"):
        pieces = [piece.strip() for piece in text.split(",")] if text else []
        return Items(tuple(Known(piece, (origin,)) for piece in pieces), (origin,))
    return Known(text, (origin,))
