"""From an evaluated document to the `Policy` noun: nothing is guessed, and what cannot be read is said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from lamward.model.location import Location
from lamward.model.policy import ConditionEntry, Effect, Policy, Principal, PrincipalKind, Statement
from lamward.model.value import (
    ALWAYS,
    Absent,
    Case,
    Fields,
    Guard,
    Items,
    Known,
    OneOf,
    Settled,
    Symbolic,
    Unknown,
    Value,
    cases,
    location_of,
    text_of,
    why_unknown,
)

VERSIONS: Final = ("2008-10-17", "2012-10-17")
DOCUMENT_ELEMENTS: Final = frozenset({"Version", "Id", "Statement"})
STATEMENT_ELEMENTS: Final = frozenset(
    {
        "Sid",
        "Effect",
        "Principal",
        "NotPrincipal",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Condition",
    }
)
KEYED_PRINCIPALS: Final = frozenset(PrincipalKind) - {PrincipalKind.ANYONE}
EXCLUSIVE: Final = (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal"))


def policy(document: Value, *, name: str = "", when: Guard = ALWAYS) -> Policy:
    """Read a policy document: branches give statements with guards, invalid shapes `unreadable` entries."""
    statements: list[Statement] = []
    unreadable: list[Unknown] = []
    versions: set[str] = set()
    for case in _settled(document, when):
        match case.value:
            case Fields():
                unreadable += _unknown_elements(case.value, DOCUMENT_ELEMENTS, "a policy")
                versions.add(_version(case.value, unreadable))
                _read_statements(case.value, case.when, statements, unreadable)
            case Absent():
                pass
            case _:
                unreadable.append(_refuse(case.value, "a policy document", "a mapping"))
    if len(versions) > 1:
        unreadable.append(Unknown("the version depends on conditions", document.origins))
    return Policy(
        statements=tuple(statements),
        name=name,
        version=max(versions, default=VERSIONS[0]),
        location=location_of(document),
        when=when,
        unreadable=tuple(unreadable),
    )


def _settled(value: Value, when: Guard) -> Iterator[Case]:
    """List the settled possibilities; a choice that is not exhaustive has an unknown one besides."""
    yield from cases(value, when)
    if isinstance(value, OneOf) and not value.exhaustive:
        yield Case(Unknown("other values are possible", value.origins), when)


def _items(value: Value, when: Guard) -> Iterator[Case]:
    """List the elements of a list, or one value that stands for a list of one."""
    for case in _settled(value, when):
        match case.value:
            case Items(items=items):
                for item in items:
                    yield from (
                        inner for inner in _settled(item, case.when) if not isinstance(inner.value, Absent)
                    )
            case Absent():
                pass
            case _:
                yield case


def _refuse(value: Settled, what: str, wanted: str) -> Unknown:
    """Say that a value is not what IAM allows in its place, or why it cannot be told."""
    if isinstance(value, Unknown | Symbolic):
        return Unknown(why_unknown(value), value.origins)
    return Unknown(f"{what} must be {wanted}", value.origins)


def _unknown_elements(fields: Fields, allowed: frozenset[str], what: str) -> Iterator[Unknown]:
    for key, value in fields.fields.items():
        if key not in allowed and not isinstance(value, Absent):
            yield Unknown(f"`{key}` is not an element of {what}", _origins(fields, key, value))


def _origins(fields: Fields, key: str, value: Value) -> tuple[Location, ...]:
    written = fields.keys.get(key)
    return (written,) if written is not None else value.origins


def _version(document: Fields, unreadable: list[Unknown]) -> str:
    """Read the version; one that cannot be told is taken as today's, which nearly every template means."""
    value = document.fields.get("Version", Absent())
    found = {_version_text(case.value, unreadable) for case in _settled(value, ALWAYS)}
    if len(found) > 1:
        unreadable.append(Unknown("the version depends on conditions", value.origins))
    return max(found, default=VERSIONS[0])


def _version_text(value: Settled, unreadable: list[Unknown]) -> str:
    text = text_of(value)
    if isinstance(value, Absent):
        return VERSIONS[0]
    if text in VERSIONS:
        return text
    unreadable.append(_refuse(value, "the version", f"`{VERSIONS[1]}` or `{VERSIONS[0]}`"))
    return VERSIONS[1]


def _read_statements(
    document: Fields, when: Guard, statements: list[Statement], unreadable: list[Unknown]
) -> None:
    written = document.fields.get("Statement", Absent())
    if isinstance(written, Absent):
        unreadable.append(Unknown("the policy has no `Statement`", document.origins))
    for case in _items(written, when):
        if isinstance(case.value, Fields):
            _read_statement(case.value, case.when, statements, unreadable)
        else:
            unreadable.append(_refuse(case.value, "a statement", "a mapping"))


def _read_statement(
    fields: Fields, when: Guard, statements: list[Statement], unreadable: list[Unknown]
) -> None:
    """Read one statement, or one for each effect where the effect itself depends on the branch."""
    for case in _settled(fields.fields.get("Effect", Absent(fields.origins)), when):
        match case.value:
            case Known(value="Allow" | "Deny" as effect):
                statements.append(_statement(fields, Effect(effect), case.when))
            case _:
                wrong = (
                    Unknown("the statement has no `Effect`", fields.origins)
                    if isinstance(case.value, Absent)
                    else _refuse(case.value, "`Effect`", "`Allow` or `Deny`, in this letter case")
                )
                # Whatever else is wrong with the statement is told with it.
                unreadable += (wrong, *_statement(fields, Effect.DENY, case.when).unreadable)


def _statement(fields: Fields, effect: Effect, when: Guard) -> Statement:
    refused = list(_unknown_elements(fields, STATEMENT_ELEMENTS, "a statement"))
    refused += _exclusive(fields)
    sid = fields.fields.get("Sid", Absent())
    refused += [_refuse(each.value, "`Sid`", "text") for each in _settled(sid, when) if _is_no_text(each)]
    return Statement(
        effect=effect,
        actions=_scalars(fields, "Action", when, refused),
        not_actions=_scalars(fields, "NotAction", when, refused),
        resources=_scalars(fields, "Resource", when, refused),
        not_resources=_scalars(fields, "NotResource", when, refused),
        principals=_principals(fields, "Principal", when, refused),
        not_principals=_principals(fields, "NotPrincipal", when, refused),
        conditions=tuple(_conditions(fields, when, refused)),
        sid=text_of(sid) or "",
        location=location_of(fields),
        when=when,
        unreadable=tuple(refused),
    )


def _is_no_text(case: Case) -> bool:
    match case.value:
        case Known(value=str()) | Symbolic() | Unknown() | Absent():
            return False
        case _:
            return True


def _exclusive(fields: Fields) -> Iterator[Unknown]:
    """Refuse an element beside its complement, and a statement that names no action at all."""
    for element, complement in EXCLUSIVE:
        if _written(fields, element) and _written(fields, complement):
            origins = _origins(fields, complement, fields.fields[complement])
            yield Unknown(f"a statement cannot have both `{element}` and `{complement}`", origins)
    if not _written(fields, "Action") and not _written(fields, "NotAction"):
        yield Unknown("the statement has no `Action`", fields.origins)


def _written(fields: Fields, element: str) -> bool:
    return not isinstance(fields.fields.get(element, Absent()), Absent)


def _scalars(fields: Fields, element: str, when: Guard, refused: list[Unknown]) -> tuple[Case, ...] | None:
    """Read a text or a list of texts; None when the element is not written."""
    if not _written(fields, element):
        return None
    return tuple(_scalar(case, f"`{element}`", refused) for case in _items(fields.fields[element], when))


def _scalar(case: Case, what: str, refused: list[Unknown]) -> Case:
    match case.value:
        case Known(value=str()) | Symbolic() | Unknown():
            return case
        case _:
            reason = _refuse(case.value, f"an entry of {what}", "text")
            refused.append(reason)
            return Case(reason, case.when)


def _principals(
    fields: Fields, element: str, when: Guard, refused: list[Unknown]
) -> tuple[Principal, ...] | None:
    if not _written(fields, element):
        return None
    found: list[Principal] = []
    for case in _settled(fields.fields[element], when):
        match case.value:
            case Known(value="*"):
                found.append(Principal(PrincipalKind.ANYONE, case))
            case Fields():
                found += _keyed_principals(case.value, element, case.when, refused)
            case Unknown() | Symbolic():
                found.append(Principal(PrincipalKind.ANYONE, Case(_refuse(case.value, "", ""), case.when)))
            case Absent():
                pass
            case _:
                reason = _refuse(case.value, f"`{element}`", "`*` or a mapping such as `{AWS: …}`")
                refused.append(reason)
                found.append(Principal(PrincipalKind.ANYONE, Case(reason, case.when)))
    return tuple(found)


def _keyed_principals(
    fields: Fields, element: str, when: Guard, refused: list[Unknown]
) -> Iterator[Principal]:
    for key, value in fields.fields.items():
        if key not in KEYED_PRINCIPALS:
            reason = Unknown(f"`{key}` is not a kind of principal", _origins(fields, key, value))
            refused.append(reason)
            yield Principal(PrincipalKind.ANYONE, Case(reason, when))
            continue
        for case in _items(value, when):
            yield Principal(PrincipalKind(key), _principal_text(case, f"`{element}`", refused))


def _principal_text(case: Case, what: str, refused: list[Unknown]) -> Case:
    """Take an account number that lost its quotes as the text it stands for."""
    if isinstance(case.value, Known) and type(case.value.value) is int:
        return Case(Known(f"{case.value.value:012d}", case.value.origins), case.when)
    return _scalar(case, what, refused)


def _conditions(fields: Fields, when: Guard, refused: list[Unknown]) -> Iterator[ConditionEntry]:
    for block in _settled(fields.fields.get("Condition", Absent()), when):
        for operator, keys, guard in _mapping(block, "`Condition`", refused):
            for operator_block in _settled(keys, guard):
                for key, values, inner in _mapping(operator_block, f"`{operator}`", refused):
                    entry = ConditionEntry(operator, key, (), _place(operator_block.value, key, values))
                    yield from _entries(entry, values, inner, refused)


def _mapping(case: Case, what: str, refused: list[Unknown]) -> Iterator[tuple[str, Value, Guard]]:
    match case.value:
        case Fields(fields=fields):
            for key, value in fields.items():
                yield key, value, case.when
        case Absent():
            pass
        case _:
            refused.append(_refuse(case.value, what, "a mapping"))


def _place(block: Settled, key: str, values: Value) -> Location:
    written = block.keys.get(key) if isinstance(block, Fields) else None
    return written or location_of(values)


def _entries(
    bare: ConditionEntry, values: Value, when: Guard, refused: list[Unknown]
) -> Iterator[ConditionEntry]:
    """Fill an entry without values: one for each branch of the template that has it."""
    for case in _settled(values, when):
        match case.value:
            case Absent():
                pass
            case Items(items=items):
                scalars = [inner for item in items for inner in _items(item, case.when)]
                read = tuple(_condition_value(inner, bare.key, refused) for inner in scalars)
                yield replace(bare, values=read, when=case.when)
            case _:
                yield replace(bare, values=(_condition_value(case, bare.key, refused),), when=case.when)


def _condition_value(case: Case, key: str, refused: list[Unknown]) -> Case:
    match case.value:
        case Known(value=str() | bool() | int() | float()) | Symbolic() | Unknown():
            return case
        case _:
            reason = _refuse(case.value, f"a value of `{key}`", "text, a number or a boolean")
            refused.append(reason)
            return Case(reason, case.when)
