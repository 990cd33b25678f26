"""The words in which a check says how to repair what it found: edits of what the author wrote, in the author's dialect.

A value's last origin is its definition, and that is what is edited: a function's own property, `Globals`, a map, or a
parameter's default. What the SAM transform makes is repaired in what made it. `None` instead of edits says that no edit
of the template is right; it spreads, so that a fix is whole or not there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, Protocol

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.links import roles_of
from lamward.model.application import Function, Resource, Role
from lamward.model.finding import Edit, EditKind, Fix, FixSafety
from lamward.model.location import Location, Step
from lamward.model.policy import Statement
from lamward.model.value import (
    Absent,
    AssumptionKind,
    Case,
    Guard,
    Items,
    Known,
    Value,
    at,
    elements,
    text_of,
)

Edits = tuple[Edit, ...] | None
"""What a fix does; None where the template alone cannot be repaired, () where nothing is to be done."""

_DEPTH: Final = 2
_EVENT_DEPTH: Final = 5
"""The steps to a resource (`Resources`, its logical id), and to an event (`Properties`, `Events`, its name)."""

_SAM_POLICIES: Final = ("Properties", "Policies")
"""Where what SAM makes a role for says what that may do."""


class Written(Protocol):
    """Anything that stands in a template."""

    @property
    def location(self) -> Location:
        """Where its name stands."""


def safe(title: str, *parts: Edits) -> Fix | None:
    """Make a fix that does not change what the application does; `title` says what it does, in the imperative."""
    edits = all_of(*parts)
    return Fix(title, edits) if edits else None


def unsafe(title: str, *parts: Edits, why: str) -> Fix | None:
    """Make a fix that may change what the application does; `why` says in a clause what has to be thought of."""
    edits = all_of(*parts)
    return Fix(title, edits, FixSafety.UNSAFE, why) if edits else None


def all_of(*parts: Edits) -> Edits:
    """Join edits that are only right together; the same edit twice is one."""
    found: dict[tuple[object, ...], Edit] = {}
    for part in parts:
        if part is None:
            return None
        for edit in part:
            key = (edit.kind, edit.location, edit.path, str(edit.value), edit.after, edit.comments)
            found.setdefault(key, edit)
    return tuple(found.values())


def change(facts: Facts, case: Case, to: object) -> Edits:
    """Replace a known value where it is defined."""
    where = case.value.origins[-1] if case.value.origins else None
    if not isinstance(case.value, Known) or where is None or not where.path:
        return None
    # Nothing is computed in these sections.
    if where.path[0] in {"Mappings", "Parameters"} and isinstance(to, dict):
        return None
    if where.path[0] == "Parameters" and not _is_free_default(facts, case, where):
        return None
    return (Edit(EditKind.SET, where, where.path, to),)


def _is_free_default(facts: Facts, case: Case, where: Location) -> bool:
    """Tell whether a value is all of a default that may be any other: no list of choices, nothing given instead."""
    parameter = next(
        (each for each in facts.application.parameters if each.location.path == where.path[:2]), None
    )
    return (
        parameter is not None
        and where.path[2:] == ("Default",)
        and isinstance(parameter.allowed, Absent)
        and isinstance(parameter.given, Absent)
        and text_of(parameter.default) == text_of(case.value)
    )


def put(subject: Written, *steps: str, to: object, now: Value | None = None) -> Edits:
    """Give a property of a resource, or of a SAM function's event, a value, at the path `steps` below `Properties`.

    `now` is what is there, where that matters: a value, or Absent in one branch of `Fn::If`, is replaced in its place.
    """
    if not is_resource(subject) and not is_event(subject):
        return None
    base = (*subject.location.path, "Properties")
    origin = now.origins[-1] if now is not None and now.origins else subject.location
    inner = origin.path[len(base) :]
    names = tuple(step for step in inner if isinstance(step, str))
    if origin.path[: len(base)] == base and names == steps[: len(names)] and names:
        kind = EditKind.SET if len(names) == len(steps) else EditKind.ADD
        return (Edit(kind, origin, (*origin.path, *steps[len(names) :]), to),)
    return (Edit(EditKind.ADD, subject.location, (*base, *steps), to),)


def globally(subject: Written, kind: str, *steps: str, to: object) -> Edits:
    """Give a setting to all that SAM makes of a kind, in the `Globals` of the file a subject stands in."""
    path = ("Globals", kind, *steps)
    return (Edit(EditKind.ADD, subject.location, path, to),)


def add(where: Location, *steps: Step, to: object) -> Edits:
    """Put in a key below a place, with the mappings that lead to it."""
    return (Edit(EditKind.ADD, where, (*where.path, *steps), to),) if where.path else None


def replace(where: Location, *steps: Step, to: object) -> Edits:
    """Replace what stands below a place."""
    return (Edit(EditKind.SET, where, (*where.path, *steps), to),) if where.path else None


def append(where: Location, *steps: Step, item: object) -> Edits:
    """Put an item at the end of a list below a place."""
    return (Edit(EditKind.APPEND, where, (*where.path, *steps), item),) if where.path else None


def remove(where: Location, *steps: Step, comments: bool = False) -> Edits:
    """Take out what stands below a place, with the comment lines directly above it if `comments`."""
    return (Edit(EditKind.REMOVE, where, (*where.path, *steps), comments=comments),) if where.path else None


def copy(facts: Facts, subject: Written, identifier: str) -> Inserted:
    """Insert a copy of a resource after it."""
    own = _free(facts, identifier)
    path = subject.location.path
    if not is_resource(subject):
        return Inserted(own, None)
    edit = Edit(EditKind.COPY, subject.location, ("Resources", own), path, after=str(path[-1]))
    return Inserted(own, (edit,))


class Inserted(Struct, frozen=True):
    """A new resource: its logical id, and the edits that insert it (none where it is there already)."""

    id: str
    edits: Edits

    @property
    def ref(self) -> dict[str, object]:
        """What refers to it."""
        return {"Ref": self.id}

    @property
    def arn(self) -> dict[str, object]:
        """What gives its ARN."""
        return {"Fn::GetAtt": [self.id, "Arn"]}


def there(resource: Resource) -> Inserted:
    """Give what refers to a resource that is there, in the template it stands in."""
    return Inserted(resource.id.rpartition("/")[2], ())


def insert(
    facts: Facts,
    beside: Written,
    suffix: str,
    kind: str,
    properties: Mapping[str, object],
    *,
    when: Guard = (),
) -> Inserted:
    """Insert a resource after the one it is for, named after it, and there under the same condition (`when`)."""
    name = f"{_own_id(beside)}{suffix}" if is_resource(beside) else suffix
    return insert_as(facts, beside, name, kind, properties, when=when)


def insert_as(
    facts: Facts,
    beside: Written,
    name: str,
    kind: str,
    properties: Mapping[str, object],
    *,
    when: Guard = (),
) -> Inserted:
    """Insert a resource of this name after another, there under a condition (`when`)."""
    identifier = _free(facts, name)
    made: dict[str, object] = {"Type": kind, "Properties": dict(properties)}
    condition = _condition(when)
    if condition is None or not is_resource(beside):
        return Inserted(identifier, None)
    if condition:
        made = {"Type": kind, "Condition": condition, "Properties": dict(properties)}
    path = ("Resources", identifier)
    return Inserted(identifier, (Edit(EditKind.ADD, beside.location, path, made, after=_own_id(beside)),))


def insert_once(
    facts: Facts, beside: Written, identifier: str, kind: str, properties: Mapping[str, object]
) -> Inserted:
    """Insert a resource that serves the whole application; one of this id that is there already is taken."""
    if facts.application.declared.get(identifier) == kind:
        return Inserted(identifier, ())
    if not is_resource(beside) or "/" in str(getattr(beside, "id", "")):
        return Inserted(identifier, None)
    own = _free(facts, identifier)
    made = {"Type": kind, "Properties": dict(properties)}
    return Inserted(
        own, (Edit(EditKind.ADD, beside.location, ("Resources", own), made, after=_own_id(beside)),)
    )


def parameter(facts: Facts, beside: Location, name: str) -> Inserted:
    """Insert a parameter that is not echoed and has no default; None for a nested stack, which its parent calls."""
    identifier = _free(facts, name)
    if beside.span.file != facts.application.location.span.file:
        return Inserted(identifier, None)
    made = {"Type": "String", "NoEcho": True}
    return Inserted(identifier, (Edit(EditKind.ADD, beside, ("Parameters", identifier), made),))


def _own_id(subject: Written) -> str:
    return str(subject.location.path[1])


def _condition(when: Guard) -> str | None:
    """Give the condition a guard consists of, "" for none; None when no single one says the same."""
    if not when:
        return ""
    (first, *others) = when
    if others or first.kind is not AssumptionKind.CONDITION or first.value != "true":
        return None
    return first.name


def _free(facts: Facts, wanted: str) -> str:
    """Give an id that nothing in the application has."""
    return _unused(wanted, _taken(facts))


@fact
def _taken(facts: Facts) -> frozenset[str]:
    application = facts.application
    names = [*application.resources, *application.declared, *(each.id for each in application.parameters)]
    return frozenset(name.rpartition("/")[2] for name in names)


def _unused(wanted: str, taken: Collection[str]) -> str:
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted}{number}"
    return found


def is_resource(subject: Written) -> bool:
    """Tell whether something is a resource as the author wrote it, and not in a loop or made by an event."""
    path = subject.location.path
    return len(path) == _DEPTH and path[0] == "Resources" and not str(path[1]).startswith("Fn::")


def is_event(subject: Written) -> bool:
    """Tell whether something is what an event of a SAM function makes: its properties are the event's."""
    path = subject.location.path
    return len(path) == _EVENT_DEPTH and path[2:4] == ("Properties", "Events")


def is_sam(facts: Facts, subject: Function) -> bool:
    """Tell whether the author wrote a function for the SAM transform."""
    declared = facts.application.declared.get(subject.declared_by or subject.id, "")
    return declared == "AWS::Serverless::Function"


def has_own_role(facts: Facts, function: Function) -> bool:
    """Tell whether the SAM transform makes the function's role, and so grants what the function's settings need."""
    roles = roles_of(facts, function)
    return bool(roles) and all(role.declared_by == (function.declared_by or function.id) for role, _ in roles)


def grant(
    facts: Facts, function: Function, name: str, actions: Sequence[str], resource: object = "*"
) -> Edits:
    """Let a function's role do something; None when the role is not in the template as one plain resource.

    Nothing is needed for a role that SAM makes: the transform grants what the settings of functions ask for.
    """
    if has_own_role(facts, function):
        return ()
    found = roles_of(facts, function)
    if len(found) != 1:
        return None
    # Of two policies with one name only the last counts: what is for one function's resource is named after it.
    wanted = name if resource == "*" else f"{function.id.rpartition('/')[2]}{name}"
    return attach(facts, found[0][0], wanted, allowing(actions, resource))


def allowing(actions: Sequence[str], resource: object = "*") -> dict[str, object]:
    """Write the statement that allows actions."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def attach(facts: Facts, role: Role, name: str, statement: Mapping[str, object]) -> Edits:
    """Give a role a statement: in a policy of its own (`name`), or among the SAM policies the role is made of."""
    policies = at(facts.application.resources[role.id].properties, "Policies")
    document = {"Version": "2012-10-17", "Statement": [dict(statement)]}
    if not is_resource(role) or not isinstance(policies, Absent | Items):
        return None
    if role.declared_by not in {"", role.id}:
        return attach_template(facts, role, document)
    taken = {text_of(at(case.value, "PolicyName")) or "" for case in elements(policies)}
    policy = {"PolicyName": _unused(name, taken), "PolicyDocument": document}
    return append(role.location, "Properties", "Policies", item=policy)


def attach_template(facts: Facts, role: Role, policy: Mapping[str, object]) -> Edits:
    """Give a role that SAM makes one more of the policies it is made of: a document, or a policy template."""
    takes = is_resource(role) and _takes_policies(facts, role)
    return append(role.location, *_SAM_POLICIES, item=dict(policy)) if takes else None


def _takes_policies(facts: Facts, role: Role) -> bool:
    """Tell whether SAM makes a role of a list of policies, or of none yet: a single one is no list."""
    if not facts.application.declared.get(role.declared_by, "").startswith("AWS::Serverless::"):
        return False
    properties = facts.application.resources[role.id].properties
    owner = (*role.location.path, *_SAM_POLICIES)
    places = (
        origin.path
        for name in ("ManagedPolicyArns", "Policies")
        for case in elements(at(properties, name))
        for origin in case.value.origins
        if origin.path[: len(owner)] == owner
    )
    return all(isinstance(next(iter(path[len(owner) :]), None), int) for path in places)


def sub(text: str) -> dict[str, object]:
    """Write text with `${…}` in it."""
    return {"Fn::Sub": text}


def reserve(statement: Statement, principal: object) -> Edits:
    """Let a statement of a policy speak of one principal only; None where the policy is written as text."""
    if "Statement" not in statement.location.path:
        return None
    return replace(statement.location, "Principal", to=principal)


def bound(statement: Statement, key: str, to: object) -> Edits:
    """Let a statement of a policy hold only where a key of the request equals something."""
    if "Statement" not in statement.location.path or any(
        entry.operator == "StringEquals" and entry.key.lower() == key.lower()
        for entry in statement.conditions
    ):
        return None
    return add(statement.location, "Condition", "StringEquals", key, to=to)


ACCOUNT: Final[dict[str, object]] = {"Ref": "AWS::AccountId"}
"""The account the application is deployed in."""

OWN_ACCOUNT: Final[dict[str, object]] = {"AWS": sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")}
"""The principal of a statement for nobody but that account."""
