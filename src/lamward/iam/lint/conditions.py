"""Remarks on condition blocks: operators, keys, values and variables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lamward.iam import catalogue, operands, pattern
from lamward.iam.catalogue import ValueType
from lamward.iam.conditions import written
from lamward.iam.keys import SEVERAL
from lamward.iam.lint.remark import Remark, place
from lamward.iam.operands import Comparison, Operator, Quantifier
from lamward.model.policy import ConditionEntry, Effect, Policy, Statement
from lamward.model.value import Case

GLOBAL_TYPES: Final = {
    "aws:sourceip": ValueType.IP_ADDRESS,
    "aws:vpcsourceip": ValueType.IP_ADDRESS,
    "aws:currenttime": ValueType.DATE,
    "aws:tokenissuetime": ValueType.DATE,
    "aws:epochtime": ValueType.DATE,
    "aws:multifactorauthage": ValueType.NUMERIC,
    "aws:multifactorauthpresent": ValueType.BOOL,
    "aws:securetransport": ValueType.BOOL,
    "aws:viaawsservice": ValueType.BOOL,
    "aws:principalisawsservice": ValueType.BOOL,
    "aws:sourcearn": ValueType.ARN,
    "aws:principalarn": ValueType.ARN,
}
FITTING: Final[dict[ValueType, frozenset[Comparison]]] = {
    ValueType.STRING: frozenset(
        {Comparison.STRING, Comparison.STRING_IGNORE_CASE, Comparison.LIKE, Comparison.BINARY}
    ),
    ValueType.ARN: frozenset(
        {Comparison.ARN, Comparison.STRING, Comparison.LIKE, Comparison.STRING_IGNORE_CASE}
    ),
    ValueType.BOOL: frozenset({Comparison.BOOL, Comparison.STRING, Comparison.STRING_IGNORE_CASE}),
    ValueType.NUMERIC: frozenset({Comparison.NUMBER}),
    ValueType.DATE: frozenset({Comparison.DATE, Comparison.NUMBER}),
    ValueType.IP_ADDRESS: frozenset({Comparison.ADDRESS}),
}


def remarks(policy: Policy, index: int, statement: Statement) -> Iterator[Remark]:
    """List the remarks on the conditions of one statement."""
    for entry in statement.conditions:
        operator = operands.operator(entry.operator)
        if operator is None:
            message = f"`{entry.operator}` is not a condition operator"
            yield Remark("unknown-operator", message, "", entry.location, index)
            continue
        yield from _key(index, entry, operator)
        yield from _quantifier(index, statement, entry, operator)
        yield from _values(index, statement, entry, operator)
    yield from _variables(policy, index, statement)


def _known(key: str) -> tuple[ValueType | None, bool | None]:
    """Give the type of a key and whether it has several values; None where nobody knows."""
    lowered = key.lower()
    if lowered.startswith("aws:"):
        return GLOBAL_TYPES.get(lowered), lowered in SEVERAL
    found = catalogue.condition_key(lowered.partition(":")[0], lowered)
    return (None, None) if found is None else (found.type, found.multivalued)


def _key(index: int, entry: ConditionEntry, operator: Operator) -> Iterator[Remark]:
    kind, _ = _known(entry.key)
    service = entry.key.partition(":")[0]
    if ":" not in entry.key:
        yield Remark(
            "unknown-key",
            f"`{entry.key}` is not a condition key",
            "keys are `service:key`",
            entry.location,
            index,
        )
    elif catalogue.service(service) is not None and catalogue.condition_key(service, entry.key) is None:
        message = f"`{service}` has no condition key `{entry.key}`"
        yield Remark("unknown-key", message, "", entry.location, index)
    if kind is None or operator.comparison is Comparison.NULL or operator.comparison in FITTING[kind]:
        return
    if kind is ValueType.STRING and operator.comparison is Comparison.ARN and all(map(_is_arn, entry.values)):
        return  # a text that holds an ARN, such as what S3 says to KMS in the encryption context
    message = f"`{entry.operator}` does not fit `{entry.key}`, which is of type {kind.value}"
    yield Remark("operator-does-not-fit", message, "", entry.location, index)


def _is_arn(case: Case) -> bool:
    text = written(case)
    return not isinstance(text, str) or text.startswith("arn:")


def _quantifier(
    index: int, statement: Statement, entry: ConditionEntry, operator: Operator
) -> Iterator[Remark]:
    _, several = _known(entry.key)
    quantified = operator.quantifier is not Quantifier.NONE
    if several and not quantified and operator.comparison is not Comparison.NULL:
        message = (
            f"`{entry.key}` may have several values, and AWS does not say what `{entry.operator}` does then"
        )
        yield Remark(
            "plain-operator-on-several-values",
            message,
            "use `ForAllValues` or `ForAnyValue`",
            entry.location,
            index,
        )
    if several is False and quantified:
        message = f"`{entry.key}` has one value at most: the quantifier only changes what its absence means"
        yield Remark("quantifier-on-one-value", message, "leave the quantifier out", entry.location, index)
    if (
        operator.quantifier is Quantifier.ALL
        and statement.effect is Effect.ALLOW
        and not _required(statement, entry.key)
    ):
        message = f"`{entry.operator}` also holds when `{entry.key}` is not in the request"
        yield Remark(
            "all-values-of-nothing", message, f"add `Null: {{{entry.key}: 'false'}}`", entry.location, index
        )


def _required(statement: Statement, key: str) -> bool:
    for entry in statement.conditions:
        operator = operands.operator(entry.operator)
        if entry.key.lower() == key.lower() and operator is not None:
            if operator.comparison is Comparison.NULL and any(
                written(case) == "false" for case in entry.values
            ):
                return True
            if operator.quantifier is Quantifier.ANY and not operator.if_exists:
                return True
    return False


def _values(index: int, statement: Statement, entry: ConditionEntry, operator: Operator) -> Iterator[Remark]:
    if not entry.values:
        yield Remark(
            "no-values",
            f"`{entry.key}` has no values, so the statement never matches",
            "",
            entry.location,
            index,
        )
    for case in entry.values:
        text = written(case)
        if not isinstance(text, str) or "${" in text:
            continue
        where = place(case, statement)
        if _malformed(operator, text):
            message = f"`{text}` is not a value that `{entry.operator}` can compare with"
            yield Remark("malformed-value", message, "", where, index)
        exact = operator.comparison in (Comparison.STRING, Comparison.STRING_IGNORE_CASE)
        if exact and ("*" in text or "?" in text):
            message = f"`{entry.operator}` takes the wildcard in `{text}` as itself"
            yield Remark("literal-wildcard", message, "use `StringLike`", where, index)


def _malformed(operator: Operator, text: str) -> bool:
    match operator.comparison:
        case Comparison.NUMBER | Comparison.DATE:
            return operands.measure(operator.comparison, text) is None
        case Comparison.ADDRESS:
            return operands.network(text) is None
        case Comparison.BOOL | Comparison.NULL:
            return operands.truth(text) is None
        case Comparison.ARN:
            return pattern.split_arn((text,)) is None
        case _:
            return False


def _variables(policy: Policy, index: int, statement: Statement) -> Iterator[Remark]:
    """Find variables where they are only text: in an old version, in an element or operator without them."""
    old = policy.version != "2012-10-17"
    places = [(case, False) for case in (*(statement.resources or ()), *(statement.not_resources or ()))]
    for entry in statement.conditions:
        operator = operands.operator(entry.operator)
        places += [(case, operator is not None and not operator.takes_variables) for case in entry.values]
    for case, plain in places:
        text = written(case)
        if not isinstance(text, str) or not any(
            isinstance(piece, pattern.Variable) for piece in pattern.parse(text, variables=True)
        ):
            continue
        if old:
            message = f"the variable in `{text}` is only text in version {policy.version}"
            yield Remark(
                "variable-in-old-version", message, "use version 2012-10-17", place(case, statement), index
            )
        elif plain:
            message = f"the variable in `{text}` is only text: its operator takes no variables"
            yield Remark("variable-without-meaning", message, "", place(case, statement), index)
