"""Functions' least policies as Terraform: a role each, and what the template makes as variables to be given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, assert_never

from msgspec import Struct

from lamward.facts import Facts
from lamward.facts.deployment import REF_IS_ARN
from lamward.iam.minimise import Allow
from lamward.model.value import Known, Reference, ReferenceKind, Symbolic, parts_of
from lamward.roles import hcl
from lamward.roles.hcl import Expression
from lamward.roles.snippet import Sheet
from lamward.roles.told import because, caveats, place

_OURS: Final = "lamward"
"""What data sources are called, so that a module which has some of its own can take the file in."""

_PSEUDO: Final = {
    # Version 5 of the provider knows no `region`, and version 6 deprecates `name`: both know `id`.
    "AWS::Region": ("aws_region", "id"),
    "AWS::AccountId": ("aws_caller_identity", "account_id"),
    "AWS::Partition": ("aws_partition", "partition"),
    "AWS::URLSuffix": ("aws_partition", "dns_suffix"),
}
_TRUST: Final = f"""\
data "aws_iam_policy_document" "{_OURS}_trust" {{
  statement {{
    actions = ["sts:AssumeRole"]

    principals {{
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }}
  }}
}}"""

_PREFIX: Final = 38
"""The most characters that the provider takes for the start of a role's name."""

_FOREIGN: Final = re.compile(r"[^A-Za-z0-9_+=,.@-]+")
"""What no role's name may have."""

_MISREAD: Final = "&{"
"""What the provider's policy documents take for the start of a variable, and cannot be told not to."""

_OF_STACKS: Final = {
    "StackName": "What functions without a name begin with: their log groups are `/aws/lambda/<this>-<function>-…`"
}

Text = Known | Symbolic


class _Variable(Struct, frozen=True):
    name: str
    description: str


def terraform(found: Sequence[Sheet]) -> str:
    """Write a role with its policies for each function, after the variables and the data that they need."""
    file = _File(several=len({id(each.facts) for each in found}) > 1)
    roles = [block for each in found for block in file.role(each)]
    data = [f'data "{each}" "{_OURS}" {{}}' for each in sorted(file.data)]
    variables = sorted(file.variables.values(), key=lambda each: each.name)
    blocks = [*data, *map(_declaration, variables), *([_TRUST] if roles else []), *roles]
    return "\n\n".join(blocks) + "\n"


class _File:
    """What has been given a name while a file is written."""

    def __init__(self, *, several: bool) -> None:
        self.several = several
        self.variables: dict[tuple[int, Reference], _Variable] = {}
        self.data: set[str] = set()
        self.names = {f"{_OURS}_trust"}

    def role(self, sheet: Sheet) -> Iterator[str]:
        """Write the role of a function and its policies."""
        least = sheet.least
        function = least.function.declared_by or least.function.id
        name = self._named(function)
        told = [f"{function}, {place(least.function.location)}", *caveats(least)]
        prefix = _FOREIGN.sub("-", function)[: _PREFIX - 1] + "-"
        trust = f"data.aws_iam_policy_document.{_OURS}_trust.json"
        given = {"name_prefix": f'"{prefix}"', "assume_role_policy": trust}
        yield "\n".join([*map(hcl.comment, told), _block("aws_iam_role", name, given)])
        for statements in (least.packing.inline,) if least.packing.inline else ():
            document, policy = self._policy(sheet, name, statements)
            given = {"name": '"Least"', "role": f"aws_iam_role.{name}.id", "policy": policy}
            yield from (*document, _block("aws_iam_role_policy", name, given))
        for statements in least.packing.managed:
            yield from self._managed(sheet, name, prefix, statements)

    def _managed(self, sheet: Sheet, role: str, prefix: str, statements: Sequence[Allow]) -> Iterator[str]:
        name = self._named(f"{role}_least")
        document, policy = self._policy(sheet, name, statements)
        attached = {"role": f"aws_iam_role.{role}.name", "policy_arn": f"aws_iam_policy.{name}.arn"}
        yield from document
        yield _block("aws_iam_policy", name, {"name_prefix": f'"{prefix}"', "policy": policy})
        yield _block("aws_iam_role_policy_attachment", name, attached)

    def _named(self, words: str) -> str:
        name = hcl.name(words, self.names)
        self.names.add(name)
        return name

    def _policy(self, sheet: Sheet, name: str, statements: Sequence[Allow]) -> tuple[list[str], str]:
        """Write a policy's document as a block of its own, and what gives its text."""
        if any(_MISREAD in part for each in statements for part in _literals(each)):
            return [], self._encoded(sheet.facts, statements)
        pieces = [line for each in statements for line in ("", *self._statement(sheet, each))][1:]
        block = [f'data "aws_iam_policy_document" "{name}" {{', *pieces, "}"]
        return ["\n".join(block)], f"data.aws_iam_policy_document.{name}.json"

    def _statement(self, sheet: Sheet, allow: Allow) -> Iterator[str]:
        yield "  statement {"
        yield from (hcl.comment(each, "    ") for each in because(sheet.least, allow))
        actions = hcl.listed([hcl.text([each]) for each in allow.actions], "    ")
        resources = hcl.listed([self._text(sheet.facts, each) for each in allow.resources], "    ")
        if "\n" in actions + resources:
            yield from (f"    actions = {actions}", "", f"    resources = {resources}")
        else:
            yield from (f"    actions   = {actions}", f"    resources = {resources}")
        for operator, key, value in allow.conditions:
            yield from ("", "    condition {", f"      test     = {hcl.text([operator])}")
            yield f"      variable = {hcl.text([key])}"
            yield from (f"      values   = [{self._text(sheet.facts, value)}]", "    }")
        yield "  }"

    def _encoded(self, facts: Facts, statements: Sequence[Allow]) -> str:
        """Write a policy without the provider's help."""
        written: list[str] = []
        for each in statements:
            conditions: dict[str, list[str]] = {}
            for operator, key, value in each.conditions:
                pair = f"{hcl.text([key])} = {self._text(facts, value)}"
                conditions.setdefault(hcl.text([operator]), []).append(pair)
            fields = {
                "Effect": '"Allow"',
                "Action": f"[{', '.join(hcl.text([action]) for action in each.actions)}]",
                "Resource": f"[{', '.join(self._text(facts, resource) for resource in each.resources)}]",
            }
            if conditions:
                demanded = (
                    f"{operator} = {{ {', '.join(pairs)} }}" for operator, pairs in conditions.items()
                )
                fields["Condition"] = f"{{ {', '.join(demanded)} }}"
            written.append(f"{{ {', '.join(f'{key} = {value}' for key, value in fields.items())} }}")
        return f'jsonencode({{ Version = "2012-10-17", Statement = {hcl.listed(written, "  ")} }})'

    def _text(self, facts: Facts, value: Text) -> str:
        """Write a text of a policy, what the deployment fills in as expressions."""
        return hcl.text(
            [part if isinstance(part, str) else self._reference(facts, part) for part in parts_of(value)]
        )

    def _reference(self, facts: Facts, reference: Reference) -> Expression:
        pseudo = _PSEUDO.get(reference.target) if reference.kind is ReferenceKind.PSEUDO else None
        if pseudo:
            self.data.add(pseudo[0])
            return Expression(f"data.{pseudo[0]}.{_OURS}.{pseudo[1]}")
        known = self.variables.get((id(facts), reference))
        if known is None:
            words, description = _meaning(facts, reference)
            description += f" in {facts.application.name}" if self.several else ""
            known = _Variable(hcl.name(words, {each.name for each in self.variables.values()}), description)
            self.variables[(id(facts), reference)] = known
        return Expression(f"var.{known.name}")


def _literals(allow: Allow) -> Iterator[str]:
    for text in (*allow.resources, *(value for _, _, value in allow.conditions)):
        yield from (part for part in parts_of(text) if isinstance(part, str))


def _block(kind: str, name: str, given: Mapping[str, str]) -> str:
    width = max(map(len, given))
    lines = (f"  {key:<{width}} = {value}" for key, value in given.items())
    return "\n".join([f'resource "{kind}" "{name}" {{', *lines, "}"])


def _declaration(variable: _Variable) -> str:
    description = hcl.text([variable.description])
    return f'variable "{variable.name}" {{\n  description = {description}\n  type        = string\n}}'


def _meaning(facts: Facts, reference: Reference) -> tuple[str, str]:
    """Say what is to be given for a reference: what its variable is called after, and a description."""
    target = reference.target
    match reference.kind:
        case ReferenceKind.RESOURCE:
            return _of_resource(facts, reference)
        case ReferenceKind.PARAMETER:
            return target, f"The template's parameter `{target}`"
        case ReferenceKind.IMPORT:
            return target, f"What another stack exports as `{target}`"
        case ReferenceKind.DYNAMIC:
            return target, f"What `{{{{resolve:{target}}}}}` stands for"
        case ReferenceKind.PSEUDO:
            name = target.removeprefix("AWS::")
            return name, _OF_STACKS.get(name, f"What `{target}` is in a template")
        case _ as never:
            assert_never(never)


def _of_resource(facts: Facts, reference: Reference) -> tuple[str, str]:
    resource = facts.application.resources.get(reference.target)
    kind = resource.type if resource is not None else "resource"
    what = reference.attribute or ("Arn" if kind in REF_IS_ARN else "")
    told = {"Arn": "The ARN", "": "The name or id (what `Ref` gives)"}.get(what, f"The attribute `{what}`")
    ending = ", with `:*` at its end" if kind == "AWS::Logs::LogGroup" and what == "Arn" else ""
    return f"{reference.target}_{what or 'id'}", f"{told} of the {kind} `{reference.target}`{ending}"
