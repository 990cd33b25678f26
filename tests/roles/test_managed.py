"""What does not fit into a role's inline policies: managed policies as resources, together just what is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from lamward.facts.grants import attached_to
from lamward.facts.needs.compare import compare
from lamward.facts.needs.deployed import deployed, single
from lamward.facts.needs.held import Granted
from lamward.facts.needs.needed import needed
from lamward.facts.reach import policies_of
from lamward.fixes.content import content
from lamward.iam import prove
from lamward.iam.minimise import Allow
from lamward.iam.packing import INLINE_LIMIT, MANAGED_LIMIT, Widening
from lamward.model.access import Policies
from lamward.model.value import Known
from lamward.roles import snippet
from lamward.roles.placing import Unwritable
from lamward.roles.room import Room
from lamward.roles.terraform import terraform
from lamward.roles.told import caveats, text
from lamward.sources.file import SourceFile
from lamward.sources.node import parse
from tests.roles.application import CODE, facts_of, planned, write
from tests.roles.test_plan import FUNCTION, OTHER, ROLE, SAM, TABLE
from tests.roles.test_terraform import sheets
from tests.roles.test_told import least_of

MANY = "import boto3\n\ns3 = boto3.client('s3')\n\ndef handler(event, context):\n" + "".join(
    f"    s3.{('get', 'put')[number % 2]}_object(Bucket='bucket-of-the-department-{number:04}', Key='{number}')\n"
    for number in range(220)
)


def resources_in(text: str) -> dict[str, Any]:
    """Read the resources of a template, intrinsics in their long form."""
    root = parse(SourceFile("template.yaml", text.encode())).root
    assert root is not None
    return dict(content(root)["Resources"])


def managed_in(text: str) -> dict[str, Any]:
    """Give the managed policies of a template."""
    found = resources_in(text)
    return {name: each for name, each in found.items() if each["Type"] == "AWS::IAM::ManagedPolicy"}


def hold(path: Path, *, aws: bool = False) -> None:
    """Hold that the policies of each role together allow what is needed and nothing else, and that they fit."""
    facts, _ = facts_of(path)
    for function in facts.application.functions:
        compared = compare(facts, function)
        assert compared is not None
        assert {each.granted for each in compared.answers} == {Granted.YES}
        assert bool(compared.surplus) is aws
        accesses = needed(facts, function).accesses
        own = [each.policy for each in attached_to(facts, compared.role) if each.managed]
        assert own
        whole = Policies(identity=tuple(policy for each in accesses for policy in single(each).identity))
        union = policies_of(facts, compared.role) if not aws else Policies(identity=tuple(own))
        assert isinstance(prove.implies(deployed(facts, union), deployed(facts, whole)), prove.Proved)
    for each in managed_in(path.read_text(encoding="utf-8")).values():
        written = yaml.safe_dump(each["Properties"]["PolicyDocument"], width=10_000)
        assert len("".join(written.split())) <= MANAGED_LIMIT


def test_a_function_of_sam_lists_them(tmp_path: Path) -> None:
    path = write(tmp_path, SAM, app=MANY)
    path.write_text(planned(path).text, encoding="utf-8")
    found = managed_in(path.read_text(encoding="utf-8"))
    assert list(found) == [f"OrdersLeast{number}" for number in range(1, len(found) + 1)]
    assert len(found) > 1
    listed = resources_in(path.read_text(encoding="utf-8"))["Orders"]["Properties"]["Policies"]
    assert listed == [{"Ref": name} for name in found]
    hold(path, aws=True)
    assert [each.fix for each in planned(path).plans] == [None]


def test_a_role_has_them_attached_and_keeps_what_is_right(tmp_path: Path) -> None:
    code = CODE + MANY.replace("def handler", "def more").replace("import boto3\n", "") + "\n"
    code = code.replace(
        '    table.put_item(Item={"pk": "1"})\n',
        '    table.put_item(Item={"pk": "1"})\n    more(event, context)\n',
    )
    path = write(tmp_path, TABLE + FUNCTION + ROLE, app=code)
    path.write_text(planned(path).text, encoding="utf-8")
    role = resources_in(path.read_text(encoding="utf-8"))["Role"]["Properties"]
    found = managed_in(path.read_text(encoding="utf-8"))
    assert role["ManagedPolicyArns"] == [{"Ref": name} for name in found]
    (kept,) = role["Policies"]
    assert [each["Sid"] for each in kept["PolicyDocument"]["Statement"]] == ["Put"]
    hold(path)
    assert [each.fix for each in planned(path).plans] == [None]


def test_a_role_of_its_own_is_made_with_them(tmp_path: Path) -> None:
    path = write(tmp_path, TABLE + FUNCTION + OTHER + ROLE, app=MANY, billing=CODE)
    path.write_text(planned(path).text, encoding="utf-8")
    resources = resources_in(path.read_text(encoding="utf-8"))
    found = managed_in(path.read_text(encoding="utf-8"))
    (own,) = (each for name, each in resources.items() if each["Type"] == "AWS::IAM::Role" and name != "Role")
    assert own["Properties"]["ManagedPolicyArns"] == [{"Ref": name} for name in found]
    assert len(found) > 1
    assert "Policies" not in own["Properties"]
    assert [each.fix for each in planned(path).plans] == [None, None]


def test_what_is_inline_already_takes_room(tmp_path: Path) -> None:
    """What is added would fit alone: but all inline policies of a role count together."""
    held = "".join(
        f"                - !Sub arn:${{AWS::Partition}}:s3:::bucket-of-the-department-{number:04}/{number}\n"
        for number in range(1, 220, 2)
    )
    head = "              - Effect: Allow\n                Action: s3:PutObject\n                Resource:\n"
    statement = head + held
    role = ROLE[: ROLE.index("              # the orders")] + statement
    path = write(tmp_path, TABLE + FUNCTION + role, app=MANY)
    path.write_text(planned(path).text, encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    added = [each["Properties"]["PolicyDocument"]["Statement"] for each in managed_in(text).values()]
    actions = [each["Action"] for document in added for each in document]
    assert statement in text
    assert "s3:GetObject" in actions
    assert "s3:PutObject" not in actions
    hold(path)


def test_policies_apart_from_the_role_are_managed_too(tmp_path: Path) -> None:
    names = [f"Table{number}" for number in range(100)]
    tables = "".join(f"  {name}: {{Type: AWS::DynamoDB::Table, Condition: More}}\n" for name in names)
    variables = ", ".join(f"{name}: !Ref {name}" for name in names)
    template = "Conditions: {More: !Equals [!Ref AWS::Region, eu-west-1]}\n" + (
        TABLE + FUNCTION + ROLE
    ).replace("{TABLE: !Ref Table}", f"{{TABLE: !Ref Table, {variables}}}").replace(
        "Resources:\n", "Resources:\n" + tables
    )
    calls = "".join(f"    client.get_item(TableName=os.environ['{name}'], Key={{}})\n" for name in names)
    path = write(tmp_path, template, app=f"{CODE}    client = boto3.client('dynamodb')\n{calls}")
    path.write_text(planned(path).text, encoding="utf-8")
    found = managed_in(path.read_text(encoding="utf-8"))
    assert list(found) == [f"RoleMorePolicy{number}" for number in range(1, len(found) + 1)]
    assert len(found) > 1
    for each in found.values():
        assert (each["Condition"], each["Properties"]["Roles"]) == ("More", [{"Ref": "Role"}])
    assert [each.fix for each in planned(path).plans] == [None]


def allow(number: int) -> Allow:
    """Allow something on so many buckets."""
    resources = (Known(f"arn:aws:s3:::bucket-of-the-department-{each:06}/*") for each in range(number))
    return Allow(("s3:GetObject",), tuple(resources))


def test_a_role_takes_what_it_has_room_for() -> None:
    room = Room()
    assert room.take([allow(100)]).inline
    assert INLINE_LIMIT / 3 < room.characters < INLINE_LIMIT / 1.5
    assert len(room.take([allow(110)]).managed) == 1
    assert room.policies == 9
    assert room.take([allow(20)]).inline


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1500, "its statements take 14 managed policies, and a role has 10 unless that quota is raised"),
        (3000, "and a role has 20 at most: split the function"),
    ],
)
def test_what_does_not_fit_at_all_is_told(number: int, said: str) -> None:
    with pytest.raises(Unwritable, match=said):
        Room().take([allow(number)])


def test_a_statement_that_no_policy_can_hold_is_told() -> None:
    actions = tuple(f"dynamodb:Action{number:04}" for number in range(900))
    with pytest.raises(Unwritable, match="have one that is longer than the 6144 characters"):
        Room().take([Allow(actions, (Known("*"),))])


@pytest.mark.parametrize("write_them", [snippet.sam, snippet.cloudformation])
def test_snippets_have_them_as_resources(write_them: Any, tmp_path: Path) -> None:
    found = sheets(write(tmp_path, SAM, app=MANY))
    text = write_them(found)
    policies = managed_in(text)
    assert len(policies) == len(found[0].least.packing.managed) > 1
    resources = resources_in(text)
    properties = resources["OrdersRole" if "OrdersRole" in resources else "Orders"]["Properties"]
    assert properties.get("ManagedPolicyArns", properties.get("Policies")) == [
        {"Ref": name} for name in policies
    ]


def test_it_is_told_what_is_too_long(tmp_path: Path) -> None:
    found = least_of(write(tmp_path, SAM, app=MANY))
    said = text([found], colour=False, width=200)
    assert f"  too long for inline policies: it takes {len(found.packing.managed)} managed policies\n" in said
    assert list(caveats(found)) == []


def test_what_is_widened_is_told_everywhere(tmp_path: Path) -> None:
    """Nothing that a policy allows beyond the needs is kept quiet, whatever it is printed as."""
    found = least_of(write(tmp_path, SAM, app=MANY))
    step = Widening(
        ("s3:GetObject",), "arn:aws:s3:::bucket-*", ("arn:aws:s3:::bucket-a", "arn:aws:s3:::bucket-b")
    )
    managed = found.packing.managed[:1] * 12
    wide = replace(found, packing=replace(found.packing, managed=managed, widened=(step,), fits=False))
    expected = [
        (
            "wider than is needed, to fit IAM's limits: s3:GetObject on arn:aws:s3:::bucket-*, not "
            "arn:aws:s3:::bucket-a and arn:aws:s3:::bucket-b"
        ),
        "its statements take 12 managed policies, and a role has 10 unless that quota is raised",
    ]
    assert list(caveats(wide)) == expected
    said = text([wide], colour=False, width=400)
    assert all(f"  {each}\n" in said for each in expected)
    assert "# wider than is needed" in terraform([replace(sheets(tmp_path / "template.yaml")[0], least=wide)])
