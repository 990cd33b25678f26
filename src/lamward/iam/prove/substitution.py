"""Policies with values in the place of variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from lamward.iam import operands, pattern
from lamward.iam.conditions import written
from lamward.iam.parse import VERSIONS
from lamward.iam.prove.sides import ACCOUNT
from lamward.model.policy import ConditionEntry, Policy, Statement
from lamward.model.value import Case, Known, Reference, ReferenceKind


def with_values(document: Policy, keys: Mapping[str, str]) -> Policy:
    """Replace variables by the values of their keys; wildcards in a value are written so that they are literal."""
    if document.version != VERSIONS[1]:
        return document
    return replace(document, statements=tuple(_statement(each, keys) for each in document.statements))


def _statement(statement: Statement, keys: Mapping[str, str]) -> Statement:
    def many(cases: tuple[Case, ...] | None) -> tuple[Case, ...] | None:
        return cases and tuple(_case(case, keys) for case in cases)

    return replace(
        statement,
        resources=many(statement.resources),
        not_resources=many(statement.not_resources),
        conditions=tuple(_entry(entry, keys) for entry in statement.conditions),
    )


def _entry(entry: ConditionEntry, keys: Mapping[str, str]) -> ConditionEntry:
    operator = operands.operator(entry.operator)
    if operator is None or not operator.takes_variables:
        return entry
    return replace(entry, values=tuple(_case(case, keys) for case in entry.values))


def _case(case: Case, keys: Mapping[str, str]) -> Case:
    text = written(case)
    if not isinstance(text, str) or "${" not in text:
        return case
    return Case(
        Known("".join(_piece(piece, keys) for piece in pattern.parse(text, variables=True))), case.when
    )


def _piece(piece: pattern.Piece, keys: Mapping[str, str]) -> str:
    match piece:
        case pattern.Variable(key=key) if key in keys:
            return _escaped(keys[key])
        case pattern.Variable(key=key, default=default):
            return f"${{{key}}}" if default is None else f"${{{key}, '{default}'}}"
        case pattern.Literal(text=text):
            return _escaped(text)
        case _:
            return str(piece)


def _escaped(text: str) -> str:
    return "".join(f"${{{character}}}" if character in "$*?" else character for character in text)


def valuations(holes: Sequence[pattern.Piece], texts: Iterable[str]) -> Iterator[dict[pattern.Piece, str]]:
    """List values for what is filled in: such as nobody mentions, ARNs, and some of the texts given."""
    yield {hole: _fresh(hole, number) for number, hole in enumerate(holes)}
    yield {hole: _arn(hole, number) for number, hole in enumerate(holes)}
    for literal in sorted(texts)[:3]:
        yield {hole: literal if isinstance(hole, pattern.Variable) else _fresh(hole, 0) for hole in holes}


def _arn(hole: pattern.Piece, number: int) -> str:
    fresh = _fresh(hole, number)
    return f"arn:aws:service:us-east-1:{ACCOUNT}:{fresh}" if isinstance(hole, pattern.Variable) else fresh


_PSEUDO = {"AWS::AccountId": ACCOUNT, "AWS::Region": "us-east-1", "AWS::Partition": "aws"}


def _fresh(hole: pattern.Piece, number: int) -> str:
    if isinstance(hole, Reference) and hole.kind is ReferenceKind.PSEUDO:
        return _PSEUDO.get(hole.target, f"value{number}")
    if isinstance(hole, Reference) and hole.attribute.endswith("Arn"):
        return f"arn:aws:service:us-east-1:{ACCOUNT}:thing/{hole.target}"
    if isinstance(hole, pattern.Variable) and hole.key in ("aws:principalaccount", "aws:resourceaccount"):
        return ACCOUNT
    return f"value{number}"
