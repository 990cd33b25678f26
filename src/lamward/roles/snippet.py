"""A function's least policy as a template writes it: SAM `Policies`, or an `AWS::IAM::Role`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec import Struct

from lamward.facts import Facts
from lamward.facts.needs.least import Least
from lamward.fixes.idiom import Idiom
from lamward.fixes.render import Pen, mapping_lines
from lamward.iam.packing import Packing, pack
from lamward.model.evidence import Access, Platform
from lamward.report.encode import encode
from lamward.report.escape import json_text
from lamward.roles.circles import Circles
from lamward.roles.document import document
from lamward.roles.placing import Placed, Unwritable, place, statements

# A line of a block would stand alone in a log, where build servers obey some.
_PEN: Final = Pen(Idiom(json=False, dash=2, blocks=False))

_ATTACHED: Final = frozenset({"logs", "VPC", "tracing", "queue", "event source"})
"""Features for which the SAM transform attaches a managed policy of AWS's to the roles it makes."""


class Sheet(Struct, frozen=True):
    """A function's least policy, with what is needed to tell where its statements may stand."""

    least: Least
    facts: Facts
    circles: Circles

    @property
    def name(self) -> str:
        """The function's logical id in its own template."""
        return (self.least.function.declared_by or self.least.function.id).rpartition("/")[2]

    def placed(self, accesses: Sequence[Access]) -> Placed:
        """Say where statements go; all into the role where that cannot be told."""
        function = self.least.function
        try:
            return place(self.facts, self.circles, function, accesses)
        except Unwritable:
            return Placed(tuple(accesses), ())


def sam(found: Sequence[Sheet]) -> str:
    """Write the `Policies` of each function, for functions whose role the SAM transform makes."""
    resources: dict[str, Any] = {}
    for each in found:
        needed = [access for access in each.least.needs.accesses if not _is_for_the_platform(access)]
        placed = each.placed(needed)
        packing = pack(statements(placed.inside)) if placed.inside else Packing(())
        managed = _managed(each, packing)
        inline = [document(packing.inline)] if packing.inline else []
        resources[each.name] = {
            "Type": "AWS::Serverless::Function",
            "Properties": {"Policies": [*inline, *_references(managed)]},
        }
        resources |= {**managed, **_apart(each, placed)}
    return _yaml({"Resources": resources})


def _is_for_the_platform(access: Access) -> bool:
    """Tell whether the transform attaches a policy for all that an access is there for."""
    return all(isinstance(each, Platform) and each.feature in _ATTACHED for each in access.evidence)


def cloudformation(found: Sequence[Sheet]) -> str:
    """Write a role for each function."""
    resources: dict[str, Any] = {}
    for each in found:
        placed = each.placed(each.least.needs.accesses)
        inside = statements(placed.inside)
        packing = each.least.packing if not placed.apart else pack(inside) if inside else Packing(())
        managed = _managed(each, packing)
        resources[f"{each.name}Role"] = _role(packing, _references(managed))
        resources |= {**managed, **_apart(each, placed)}
    return _yaml({"Resources": resources})


def _apart(sheet: Sheet, placed: Placed) -> dict[str, Any]:
    """Write policies for what the role itself cannot hold: it would close a circle, or is there under a condition."""
    resources: dict[str, Any] = {}
    for guard, accesses in placed.apart:
        name = f"{sheet.name}{''.join(each.name for each in guard)}Policy"
        condition = {"Condition": guard[0].name} if len(guard) == 1 else {}
        properties = {
            "PolicyName": name,
            "PolicyDocument": document(statements(accesses)),
            "Roles": [{"Ref": f"{sheet.name}Role"}],
        }
        resources[name] = {"Type": "AWS::IAM::Policy", **condition, "Properties": properties}
    return resources


def _managed(sheet: Sheet, packing: Packing) -> dict[str, Any]:
    """Write managed policies, for what the inline policies of a role cannot hold."""
    return {
        f"{sheet.name}Least{number}": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"PolicyDocument": document(each)},
        }
        for number, each in enumerate(packing.managed, start=1)
    }


def _references(managed: Iterable[str]) -> list[dict[str, str]]:
    return [{"Ref": each} for each in managed]


def _role(packing: Packing, managed: list[dict[str, str]]) -> dict[str, Any]:
    """Write the role of a function: trusted by Lambda alone, with nothing but the least policy."""
    inline = [{"PolicyName": "Least", "PolicyDocument": document(packing.inline)}] if packing.inline else []
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "lambda.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            },
            **({"ManagedPolicyArns": managed} if managed else {}),
            **({"Policies": inline} if inline or not managed else {}),
        },
    }


def policy_json(found: Sequence[Least]) -> str:
    """Write the documents by function, as JSON."""
    return encode({each.function.id: document(each.statements) for each in found})


def _yaml(data: dict[str, Any]) -> str:
    # What a terminal would obey stands in quotes, where YAML knows the same escapes as JSON.
    return json_text("\n".join(mapping_lines(data, _PEN))) + "\n"
