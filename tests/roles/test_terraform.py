"""Terraform that is written: read back by somebody else's parser, it says what the policies as JSON say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import hcl2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamward.facts import Facts
from lamward.facts.deployment import REF_IS_ARN
from lamward.facts.needs.least import least
from lamward.iam.minimise import Allow
from lamward.model.value import Known, Reference, ReferenceKind, Symbolic, parts_of
from lamward.roles import hcl
from lamward.roles.circles import Circles
from lamward.roles.hcl import Expression
from lamward.roles.snippet import Sheet
from lamward.roles.terraform import terraform
from lamward.roles.texts import Texts
from lamward.sources.project import LoadOptions, load
from tests.roles.application import TODAY, write

LEAST = Path(__file__).parent.parent / "apps" / "least"

PIECE = re.compile(
    r"""(?P<escaped>\$\$\{|%%\{) | \$\{"(?P<sign>[$%])"\} | \$\{(?P<code>[\w.]+)\}
    | \\u(?P<short>[0-9a-f]{4}) | \\U(?P<long>[0-9a-f]{8}) | \\(?P<simple>[nrt"\\]) | (?P<plain>[^"\\])""",
    re.VERBOSE,
)
PSEUDO = {
    "data.aws_region.lamward.id": "${AWS::Region}",
    "data.aws_caller_identity.lamward.account_id": "${AWS::AccountId}",
    "data.aws_partition.lamward.partition": "${AWS::Partition}",
    "data.aws_partition.lamward.dns_suffix": "${AWS::URLSuffix}",
}
RESOURCE = re.compile(r"The (?:(ARN)|name or id.*|attribute `(\w+)`) of the \S+ `(.+)`(?:, .*)?")
OTHERS = re.compile(r".*`(.+)`")


def sheets(path: Path) -> list[Sheet]:
    """Derive the least policies of an application."""
    loaded = load([path], LoadOptions())
    (application,) = loaded.applications
    facts = Facts(application, today=TODAY)
    circles = Circles(facts, Texts(loaded.files))
    return [Sheet(least(facts, each), facts, circles) for each in application.functions]


def value(written: str, variables: Mapping[str, str]) -> str:
    """Evaluate an expression: a text with its references spelt out, or a reference alone."""
    if not written.startswith('"'):
        return variables[written.removeprefix("${").removesuffix("}")]
    inner, end, found = written[1:-1], 0, ""
    while end < len(inner):
        piece = PIECE.match(inner, end)
        assert piece, inner[end:]
        match piece.lastgroup, piece[piece.lastgroup or 0]:
            case "escaped", text:
                found += text[1:]
            case "code", text:
                found += variables[text]
            case "short" | "long", text:
                found += chr(int(text, 16))
            case "simple", text:
                found += {"n": "\n", "r": "\r", "t": "\t"}.get(text, text)
            case _, text:
                found += text
        end = piece.end()
    return found


def given_to(read: dict[str, Any]) -> dict[str, str]:
    """Give each variable what its description asks for, as a template would write it."""
    given = dict(PSEUDO)
    for each in read.get("variable", []):
        ((name, body),) = each.items()
        told = value(body["description"], {})
        found = RESOURCE.fullmatch(told)
        if found:
            what = found[2] or ("Arn" if found[1] else "")
            given[f"var.{name.strip(chr(34))}"] = f"${{{found[3]}.{what}}}"
        elif "StackName" in told or "functions without a name" in told:
            given[f"var.{name.strip(chr(34))}"] = "${AWS::StackName}"
        else:
            named = OTHERS.fullmatch(told)
            assert named, told
            given[f"var.{name.strip(chr(34))}"] = f"${{{named[1]}}}"
    return given


def statements_in(text: str) -> dict[str, list[Any]]:
    """Read the policy documents of a file, with all their texts evaluated."""
    read = hcl2.loads(text)
    given = given_to(read)
    found: dict[str, list[Any]] = {}
    for data in read.get("data", []):
        for name, body in data.get('"aws_iam_policy_document"', {}).items():
            found[name.strip('"')] = [
                (
                    [value(each, given) for each in statement["actions"]],
                    [value(each, given) for each in statement.get("resources", [])],
                    sorted(
                        (
                            value(each["test"], given),
                            value(each["variable"], given),
                            *(value(one, given) for one in each["values"]),
                        )
                        for each in statement.get("condition", [])
                    ),
                )
                for statement in body["statement"]
            ]
    return found


def expected(facts: Facts, statements: Sequence[Allow]) -> list[Any]:
    """Write statements the same way."""
    return [
        (
            list(each.actions),
            [spelt(facts, one) for one in each.resources],
            sorted((operator, key, spelt(facts, one)) for operator, key, one in each.conditions),
        )
        for each in statements
    ]


def spelt(facts: Facts, text: Known | Symbolic) -> str:
    """Spell out a text; of what has two references that stand for its ARN, both are the same."""
    return "".join(part if isinstance(part, str) else _reference(facts, part) for part in parts_of(text))


def _reference(facts: Facts, reference: Reference) -> str:
    if reference.kind is not ReferenceKind.RESOURCE:
        return f"${{{reference.target}}}"
    kind = facts.application.resources[reference.target].type
    return f"${{{reference.target}.{reference.attribute or ('Arn' if kind in REF_IS_ARN else '')}}}"


@pytest.mark.parametrize("name", sorted(each.name for each in LEAST.iterdir() if each.is_dir()))
def test_each_statement_says_what_the_policy_says(name: str) -> None:
    found = sheets(LEAST / name)
    read = statements_in(terraform(found))
    for each in found:
        written = read[hcl.name(each.name, ())]
        assert written == expected(each.facts, each.least.statements)
    assert set(read) == {"lamward_trust", *(hcl.name(each.name, ()) for each in found)}


HOSTILE = """\
    Transform: AWS::Serverless-2016-10-31
    Parameters:
      Count: {Type: String}
    Resources:
      Table: {Type: AWS::DynamoDB::Table}
      "Or\\nders*/ ${x} %{if} \\"\\e[2J\\u202e":
        Type: AWS::Serverless::Function
        Properties:
          FunctionName: orders
          Handler: app.handler
          Runtime: python3.13
          CodeUri: src/
          Environment: {Variables: {TABLE: !Ref Table, QUEUE: !Ref Count, KEY: KEY-HERE}}
    """
CODE = """\
import os, boto3
def handler(event, context):
    boto3.client("dynamodb").put_item(TableName=os.environ["TABLE"], Item={})
    boto3.client("s3").get_object(Bucket=os.environ["QUEUE"], Key=os.environ["KEY"])
"""


@pytest.mark.parametrize(
    "key",
    [
        "plain",
        '"a${aws:username}/b"',
        '"$${x"',
        '"%{ if }"',
        '"a\\"} resource {"',
        '"x\\n# ::error::\\u202e##[error]"',
    ],
)
def test_hostile_names_and_keys_stay_texts(key: str, tmp_path: Path) -> None:
    found = sheets(write(tmp_path, HOSTILE.replace("KEY-HERE", key), app=CODE))
    text = terraform(found)
    (written,) = (each for name, each in statements_in(text).items() if name != "lamward_trust")
    assert written == expected(found[0].facts, found[0].least.statements)
    assert any("${Count}" in one for _, resources, _ in written for one in resources)
    assert 'variable "the_count"' in text
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]|##\\[|^ *::", text, re.MULTILINE)
    assert len(hcl2.loads(text)["resource"]) == 2


def test_what_the_provider_would_misread_is_encoded_without_it(tmp_path: Path) -> None:
    found = sheets(write(tmp_path, HOSTILE.replace("KEY-HERE", '"a&{b}"'), app=CODE))
    text = terraform(found)
    assert set(statements_in(text)) == {"lamward_trust"}
    assert "policy = jsonencode({" in text
    assert '/a&{b}"] }' in text


def test_each_function_has_a_role_of_its_own_that_lambda_may_take() -> None:
    one, two = (sheets(LEAST / name) for name in ("shop", "tickets"))
    read = hcl2.loads(terraform([*one, *one, *two]))
    roles = [name for each in read["resource"] for name in each.get('"aws_iam_role"', ())]
    policies = [body for each in read["resource"] for body in each.get('"aws_iam_role_policy"', {}).values()]
    assert len(roles) == len(set(roles)) == len(policies) == 2 * len(one) + len(two)
    for name, body in zip(roles, policies, strict=True):
        bare = name.strip('"')
        assert body["role"] == f"${{aws_iam_role.{bare}.id}}"
        assert body["policy"] == f"${{data.aws_iam_policy_document.{bare}.json}}"
    trust = read["data"][[*map(list, read["data"])].index(['"aws_iam_policy_document"'])]
    assert trust['"aws_iam_policy_document"']['"lamward_trust"']["statement"][0]["principals"][0][
        "identifiers"
    ] == ['"lambda.amazonaws.com"']
    names = [name for each in read["variable"] for name in each]
    descriptions = [body["description"] for each in read["variable"] for body in each.values()]
    assert len(descriptions) == len(set(descriptions))
    assert len(names) == len(set(names))
    assert names == sorted(names)


def test_nothing_is_written_for_nothing() -> None:
    assert terraform([]).strip() == ""


@pytest.mark.parametrize("text", ["${", "%{", "$${", "%%{", "$%{", "$%%{", "%$${", "$", "%", "$$"])
def test_what_begins_something_in_hcl_is_read_as_text(text: str) -> None:
    cases: list[list[str | Expression]] = [[text], [text, Expression("var.x")], ["a", text, "b"]]
    for parts in cases:
        written = hcl.text(parts)
        meant = "".join(part if isinstance(part, str) else "<x>" for part in parts)
        assert value(hcl2.loads(f"a = {written}\n")["a"], {"var.x": "<x>"}) == meant


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(st.characters(exclude_categories=["Cs"])),
            st.text(alphabet='$%{}"\\#['),
            st.just(Expression("var.x")),
        ),
        min_size=1,
    )
)
def test_a_text_evaluates_to_itself_whatever_it_holds(parts: list[str | Expression]) -> None:
    written = hcl.text(parts)
    meant = "".join(part if isinstance(part, str) else "<x>" for part in parts)
    assert value(written, {"var.x": "<x>"}) == meant
    assert len(written.splitlines()) == 1
