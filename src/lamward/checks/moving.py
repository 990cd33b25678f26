"""The fixes that move a secret into Secrets Manager, from where the deployment or the code looks it up."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from lamward.checks.asking import asked
from lamward.checks.managed import managed_with
from lamward.checks.repairs import (
    Edits,
    all_of,
    allowing,
    attach,
    attach_template,
    change,
    insert,
    insert_as,
    remove,
    sub,
    unsafe,
)
from lamward.facts import Facts
from lamward.facts.links import roles_of
from lamward.facts.secret_flows import Variable, is_literal
from lamward.facts.secret_properties import Written
from lamward.facts.secrets import written
from lamward.model.application import Function
from lamward.model.finding import Edit, EditKind, Fix
from lamward.model.value import Absent, Case, Guard, Known, cases

KIND: Final = "AWS::SecretsManager::Secret"

_SHOWN: Final = frozenset({"Environment", "EnvironmentVariables", "Variables"})
"""Settings that show what a deployment looks up to everybody who may read them."""


def look_up_at_deployment(facts: Facts, each: Written) -> Fix | None:
    """Put a dynamic reference to a new secret in a secret's place; whoever deploys is asked for its value."""
    case = each.case
    where = case.value.origins[-1] if case.value.origins else None
    if where is None or where.path[:1] != ("Resources",) or not _SHOWN.isdisjoint(map(str, where.path[2:])):
        return None
    given = asked(facts, each.name, case)
    suffix = given.id.removeprefix(str(where.path[1])) + "Secret"
    secret = insert(facts, each.resource, suffix, KIND, {"SecretString": given.ref}, when=case.when)
    return unsafe(
        f"keep the secret in Secrets Manager, as `{secret.id}`",
        change(facts, case, sub(f"{{{{resolve:secretsmanager:${{{secret.id}}}}}}}")),
        given.edits,
        secret.edits,
        why=f"every deployment must give the parameter `{given.id}` a value, and another value only reaches "
        f"`{each.resource.id}` when something else of that is changed too",
    )


def look_up_at_run_time(facts: Facts, each: Variable, case: Case) -> Fix | None:
    """Give functions the ARN of a secret and the right to read it; None where it is not all in the template."""
    where = case.value.origins[-1] if case.value.origins else None
    name = each.variable.name
    to = name_of_arn(name)
    if where is None or where.path[-2:] != ("Variables", name) or not _is_free(each, case, to):
        return None
    kept = _of_database(facts, each, case) or _new(facts, each, case)
    return unsafe(
        f"keep the secret in Secrets Manager{kept.named}, and let the code read it",
        remove(where),
        (Edit(EditKind.ADD, where, (*where.path[:-1], to), kept.arn),),
        kept.edits,
        *(_may_read(facts, function, kept) for function in each.functions),
        why=f"{_work(each, to)}, and {kept.besides}",
    )


class _Kept(Struct, frozen=True):
    """A secret in Secrets Manager: what gives its ARN, what a policy for it is called, and what comes with it."""

    arn: dict[str, object]
    id: str
    edits: Edits
    besides: str
    named: str = ""


def _new(facts: Facts, each: Variable, case: Case) -> _Kept:
    given = asked(facts, each.variable.name, case)
    properties = {"SecretString": given.ref}
    beside, branch = each.functions[0], _branch(each.functions)
    secret = insert_as(facts, beside, f"{given.id}Secret", KIND, properties, when=branch)
    besides = f"every deployment must give the parameter `{given.id}` a value"
    return _Kept(secret.ref, secret.id, all_of(given.edits, secret.edits), besides, f", as `{secret.id}`")


def _of_database(facts: Facts, each: Variable, case: Case) -> _Kept | None:
    """Take the secret that the service keeps, for the password of a database that is there when the functions are."""
    found = managed_with(facts, written(case.value))
    if found is None or not found.how.secret or found.database.when not in {(), _branch(each.functions)}:
        return None
    if found.database.location.span.file != case.value.origins[-1].span.file:
        return None
    arn: dict[str, object] = {"Fn::GetAtt": [found.name, found.how.secret]}
    besides = f"the password of `{found.name}` becomes another, and again at each rotation"
    return _Kept(arn, f"{found.name}Password", found.edits, besides)


def name_of_arn(name: str) -> str:
    """Name the variable for the ARN of a secret after the one that held the secret, in the same spelling.

    It is never the same name: code that takes an ARN for a password fails late and strangely, without it at once.
    """
    shout = name.upper() == name
    stem = name.removesuffix("_SECRET") if shout else name.removesuffix("Secret")
    return f"{stem}_SECRET_ARN" if shout else f"{stem}SecretArn"


def _is_free(each: Variable, case: Case, to: str) -> bool:
    """Tell whether a value is all of a variable of functions, and none of them has the other name already."""
    return (
        bool(each.functions)
        and isinstance(case.value, Known)
        and is_literal(case)
        and not any(other.name == to for function in each.functions for other in function.environment)
    )


def _branch(functions: tuple[Function, ...]) -> Guard:
    """Give the branch that all functions share; for several with different ones, the secret is always there."""
    branches = {function.when for function in functions}
    return branches.pop() if len(branches) == 1 else ()


def _work(each: Variable, to: str) -> str:
    inside = any(not isinstance(function.vpc, Absent) for function in each.functions)
    way = ", for which its network needs a way to Secrets Manager" if inside else ""
    return f"the code must read the secret whose ARN is in `{to}`, no longer `{each.variable.name}`{way}"


def _may_read(facts: Facts, function: Function, secret: _Kept) -> Edits:
    """Let a function read a secret; None when its role is not in the template, or chosen by a condition."""
    roles = roles_of(facts, function)
    if len(roles) != 1 or len(list(cases(function.role, function.when))) != 1:
        return None
    role = roles[0][0]
    if role.declared_by not in {"", role.id}:
        template = {"AWSSecretsManagerGetSecretValuePolicy": {"SecretArn": secret.arn}}
        return attach_template(facts, role, template)
    statement = allowing(["secretsmanager:GetSecretValue"], secret.arn)
    return attach(facts, role, f"Read{secret.id}", statement)
