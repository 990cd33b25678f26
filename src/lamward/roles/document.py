"""Statements as plain data in template form: references as `Ref`, `Fn::GetAtt` and `Fn::Sub`."""

from __future__ import annotations

from typing import Any

from lamward.iam.minimise import Allow
from lamward.model.value import Known, Reference, ReferenceKind, Symbolic


def document(statements: tuple[Allow, ...]) -> dict[str, Any]:
    """Write a policy document."""
    return {"Version": "2012-10-17", "Statement": [statement(each) for each in statements]}


def statement(allow: Allow) -> dict[str, Any]:
    """Write a statement; a list of one is written as its one element."""
    conditions: dict[str, dict[str, Any]] = {}
    for operator, key, value in allow.conditions:
        conditions.setdefault(operator, {})[key] = text(value)
    return {
        "Effect": "Allow",
        "Action": _one_or_many(list(allow.actions)),
        "Resource": _one_or_many([text(each) for each in allow.resources]),
        **({"Condition": conditions} if conditions else {}),
    }


def text(value: Known | Symbolic) -> Any:
    """Write a text; what policies call variables (`${*}`) stays as it is inside `Fn::Sub`."""
    if isinstance(value, Known):
        return str(value.value)
    if len(value.parts) == 1 and isinstance(value.parts[0], Reference):
        return _reference(value.parts[0])
    imports: dict[str, Any] = {}
    written = "".join(
        part.replace("${", "${!") if isinstance(part, str) else _inside(part, imports) for part in value.parts
    )
    return {"Fn::Sub": [written, imports] if imports else written}


def _reference(reference: Reference) -> Any:
    match reference.kind:
        case ReferenceKind.RESOURCE if reference.attribute:
            return {"Fn::GetAtt": [reference.target, reference.attribute]}
        case ReferenceKind.IMPORT:
            return {"Fn::ImportValue": reference.target}
        case ReferenceKind.DYNAMIC:
            return str(reference)
        case _:
            return {"Ref": reference.target}


def _inside(reference: Reference, imports: dict[str, Any]) -> str:
    """Write a reference inside `Fn::Sub`; an import needs a name of its own there."""
    if reference.kind is ReferenceKind.IMPORT:
        name = f"Import{len(imports) + 1}"
        imports[name] = _reference(reference)
        return f"${{{name}}}"
    return str(reference)


def _one_or_many(items: list[Any]) -> Any:
    return items[0] if len(items) == 1 else items
