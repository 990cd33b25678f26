"""What is assigned to: names, attributes, items, and what is taken apart."""

from __future__ import annotations

import ast

from lamward.code import ir
from lamward.code.ir import Register
from lamward.code.python.lowering.builder import Builder
from lamward.code.python.lowering.expressions import expression


def assign(builder: Builder, target: ast.expr, value: Register) -> None:
    """Assign a value to a target."""
    at = builder.text.extent(target)
    match target:
        case ast.Name(id=name):
            builder.store(at, name, value)
        case ast.Attribute(value=owner, attr=name):
            held = expression(builder, owner)
            builder.add(ir.StoreAttribute(at=at, object=held, name=name, value=value))
        case ast.Subscript(value=owner, slice=index):
            held = expression(builder, owner)
            if isinstance(index, ast.Slice):
                key, stored = builder.opaque(at, "it is a slice"), builder.register()
                builder.add(ir.Element(at=at, into=stored, iterable=value))
            else:
                key, stored = expression(builder, index), value
            builder.add(ir.StoreIndex(at=at, object=held, index=key, value=stored))
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            _take_apart(builder, targets, value)
        case ast.Starred(value=inner):
            assign(builder, inner, value)
        case _:
            pass


def _take_apart(builder: Builder, targets: list[ast.expr], value: Register) -> None:
    starred = False
    for position, target in enumerate(targets):
        at = builder.text.extent(target)
        rest = isinstance(target, ast.Starred)
        into = builder.register()
        place = None if starred else position  # what follows a starred one counts from the end
        builder.add(ir.Element(at=at, into=into, iterable=value, position=place, rest=rest))
        assign(builder, target, into)
        starred = starred or rest


def bind_pattern(builder: Builder, pattern: ast.pattern, value: Register) -> None:
    """Bind the names in a pattern of `match` to the parts of a value."""
    at = builder.text.extent(pattern)
    match pattern:
        case ast.MatchAs(pattern=inner, name=name):
            if name:
                builder.store(at, name, value)
            if inner:
                bind_pattern(builder, inner, value)
        case ast.MatchStar(name=str() as name):
            builder.store(at, name, value)
        case ast.MatchOr(patterns=inners):
            for inner in inners:
                bind_pattern(builder, inner, value)
        case ast.MatchSequence(patterns=inners):
            for position, inner in enumerate(inners):
                rest = isinstance(inner, ast.MatchStar)
                part = builder.register()
                builder.add(ir.Element(at=at, into=part, iterable=value, position=position, rest=rest))
                bind_pattern(builder, inner, part)
        case ast.MatchMapping():
            _bind_mapping(builder, pattern, value)
        case ast.MatchClass():
            _bind_class(builder, pattern, value)
        case _:
            pass


def _bind_mapping(builder: Builder, pattern: ast.MatchMapping, value: Register) -> None:
    at = builder.text.extent(pattern)
    for key, inner in zip(pattern.keys, pattern.patterns, strict=True):
        index = expression(builder, key)
        part = builder.register()
        builder.add(ir.LoadIndex(at=at, into=part, object=value, index=index))
        bind_pattern(builder, inner, part)
    if pattern.rest:
        builder.store(at, pattern.rest, value)


def _bind_class(builder: Builder, pattern: ast.MatchClass, value: Register) -> None:
    at = builder.text.extent(pattern)
    for inner in pattern.patterns:  # one of a built-in type, `str(name)`, is the value itself
        bind_pattern(builder, inner, value)
    for name, inner in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
        part = builder.register()
        builder.add(ir.LoadAttribute(at=at, into=part, object=value, name=name))
        bind_pattern(builder, inner, part)
