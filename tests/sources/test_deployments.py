"""Which assumptions hold together in one deployment, over a template and the stacks nested in it."""

from __future__ import annotations

from itertools import combinations, product
from pathlib import Path

import pytest

from lamward.model.application import Application
from lamward.model.value import Assumption, AssumptionKind, Guard
from lamward.sources.file import SourceFile
from lamward.sources.node import parse
from lamward.sources.stack import load
from tests.loading import application

TEMPLATE = """
Parameters:
  Stage: {Type: String, AllowedValues: [dev, test, prod]}
  Name: {Type: String, Default: shop}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Equals [!Ref Stage, dev]
  IsSmall: !Not [!Condition IsProd]
  IsNamed: !Not [!Equals [!Ref Name, shop]]
  IsVirginia: !Equals [!Ref AWS::Region, us-east-1]
  IsElsewhere: !Not [!Equals [!Ref AWS::Region, us-east-1]]
  IsIreland: !Equals [!Ref AWS::Region, eu-west-1]
  IsRemote: !Equals [!ImportValue stage, prod]
Resources:
  Topic: {Type: AWS::SNS::Topic}
"""


def _guard(*assumptions: str) -> Guard:
    """Read `Name`, `!Name` (a condition that does not hold), `Name=value` (a parameter) or `Name=` (its default)."""
    return tuple(sorted(_assumption(each) for each in assumptions))


def _assumption(text: str) -> Assumption:
    name, equals, value = text.partition("=")
    if equals:
        kind = AssumptionKind.PARAMETER if value else AssumptionKind.DEFAULT
        return Assumption(kind, name, value)
    return Assumption(AssumptionKind.CONDITION, name.lstrip("!"), "false" if name.startswith("!") else "true")


@pytest.mark.parametrize(
    ("guard", "possible"),
    [
        ((), True),
        (("IsProd",), True),
        (("IsProd", "IsDev"), False),
        (("!IsProd", "!IsDev"), True),
        (("IsProd", "IsSmall"), False),
        (("!IsProd", "!IsSmall"), False),
        (("IsProd", "Stage=dev"), False),
        (("IsNamed", "Name="), False),
        (("!IsNamed", "Name="), True),
        (("IsVirginia", "IsElsewhere"), False),
        (("!IsVirginia", "!IsElsewhere"), False),
        (("IsVirginia", "IsIreland"), False),
        (("IsElsewhere", "!IsIreland"), True),
        (("IsVirginia", "AWS::Region=eu-west-1"), False),
        (("IsProd", "IsRemote"), True),
        (("IsUnheardOf",), True),
    ],
)
def test_what_holds_together(guard: tuple[str, ...], *, possible: bool) -> None:
    assert application(TEMPLATE).possible(_guard(*guard)) is possible


def test_a_given_parameter_excludes_what_it_is_not() -> None:
    loaded = application(TEMPLATE, Stage="dev")
    assert not loaded.possible(_guard("IsProd"))
    assert loaded.possible(_guard("IsDev"))


NESTED = """
Parameters: {Level: {Type: String}, Name: {Type: String}}
Conditions:
  IsHigh: !Equals [!Ref Level, high]
  IsLow: !Equals [!Ref Level, low]
  IsProd: !Equals [!Ref Name, prod]
Resources:
  Topic: {Type: AWS::SNS::Topic, Condition: IsHigh}
"""


def _with_nested(folder: Path) -> Application:
    folder.joinpath("nested.yaml").write_text(NESTED, encoding="utf-8")
    path = folder / "template.yaml"
    stack = "  Stack: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./nested.yaml}}\n"
    path.write_text(TEMPLATE + stack, encoding="utf-8")
    document = parse(SourceFile(str(path), path.read_bytes()))
    return load(document, root=folder, given={})[0]


def test_conditions_of_nested_stacks_are_decided_too(tmp_path: Path) -> None:
    loaded = _with_nested(tmp_path)
    assert not loaded.possible(_guard("IsHigh", "IsLow"))
    assert not loaded.possible(_guard("IsHigh", "IsVirginia", "IsElsewhere"))
    assert loaded.possible(_guard("IsHigh", "IsDev"))


def test_a_name_that_two_templates_declare_excludes_nothing(tmp_path: Path) -> None:
    loaded = _with_nested(tmp_path)
    assert loaded.possible(_guard("IsProd", "IsDev"))
    assert loaded.possible(_guard("IsProd", "IsSmall"))


def test_what_parameters_exclude_is_found_however_many_regions_are_named() -> None:
    regions = ", ".join(f"!Equals [!Ref AWS::Region, r-{number}]" for number in range(600))
    somewhere = f"  IsProdSomewhere: !And [!Condition IsProd, !Or [{regions}]]\nResources:"
    loaded = application(TEMPLATE.replace("Resources:", somewhere))
    assert not loaded.possible(_guard("IsProdSomewhere", "IsDev"))
    assert loaded.possible(_guard("IsProdSomewhere", "IsProd"))


DEPLOYMENTS = [
    {
        "IsProd": stage == "prod",
        "IsDev": stage == "dev",
        "IsSmall": stage != "prod",
        "IsNamed": name != "shop",
        "IsVirginia": region == "us-east-1",
        "IsElsewhere": region != "us-east-1",
        "IsIreland": region == "eu-west-1",
        "IsEither": stage == "prod" or name == "shop",
    }
    for stage, name, region in product(
        ("dev", "test", "prod"), ("shop", "market"), ("us-east-1", "eu-west-1", "eu-north-1")
    )
]


@pytest.mark.parametrize("names", list(combinations(DEPLOYMENTS[0], 3)))
def test_it_agrees_with_trying_everything(names: tuple[str, ...]) -> None:
    either = "  IsEither: !Or [!Condition IsProd, !Not [!Condition IsNamed]]\nResources:"
    loaded = application(TEMPLATE.replace("Resources:", either))
    for held in product((True, False), repeat=len(names)):
        guard = _guard(*(name if each else f"!{name}" for name, each in zip(names, held, strict=True)))
        there = any(
            all(one[name] is each for name, each in zip(names, held, strict=True)) for one in DEPLOYMENTS
        )
        assert loaded.possible(guard) is there, guard
