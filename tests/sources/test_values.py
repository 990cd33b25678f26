"""Intrinsic functions, parameters and conditions: what each expression is worth."""

from __future__ import annotations

import pytest

from lamward.model.value import Symbolic, at, cases, location_of
from tests.loading import application, property_of, shown

STAGES = """
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Name: {Type: String, Default: shop}
  Open: {Type: String}
  Zones: {Type: CommaDelimitedList, Default: 'a, b'}
  Ami: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /ami/latest}
  Only: {Type: String, Default: one, AllowedValues: [one]}
Mappings:
  Sizes:
    dev: {memory: 128}
    prod: {memory: 1024}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [!Condition IsProd]
  Never: !And [!Condition IsProd, !Condition IsDev]
  Named: !Not [!Equals [!Ref Name, '']]
  Large: !Equals [!FindInMap [Sizes, !Ref Stage, memory], '1024']
"""


@pytest.mark.parametrize(
    ("expression", "worth"),
    [
        ("plain", "plain"),
        ("!Ref Only", "one"),
        ("!Ref Open", "${Open}"),
        ("!Ref Name", {"parameter `Name` keeps its default": "shop"}),
        ("!Ref Stage", {"parameter `Stage` is `dev`": "dev", "parameter `Stage` is `prod`": "prod"}),
        ("!Ref Ami", "{{resolve:ssm:/ami/latest}}"),
        ("!Ref AWS::Region", "${AWS::Region}"),
        ("!Ref AWS::NoValue", None),
        ("!Ref Other", "${Other}"),
        ("!GetAtt Table.Arn", "${Table.Arn}"),
        ("!GetAtt [Table, Stream.Arn]", "${Table.Stream.Arn}"),
        ("{'Fn::GetAtt': [Table, Arn]}", "${Table.Arn}"),
        (
            "!Sub 'arn:${AWS::Partition}:s3:::x-${AWS::AccountId}'",
            "arn:${AWS::Partition}:s3:::x-${AWS::AccountId}",
        ),
        ("!Sub ['${a}/${Table.Arn}', {a: b}]", "b/${Table.Arn}"),
        ("!Sub 'keep ${!this}'", "keep ${this}"),
        ("!Sub 'x-${Open}'", "x-${Open}"),
        ("!Join ['-', [a, !Ref AWS::Region, b]]", "a-${AWS::Region}-b"),
        ("!Join ['-', [a, !Ref AWS::NoValue, b]]", "a-b"),
        ("!Select [1, [a, b, c]]", "b"),
        ("!Select ['0', !Split [',', 'x,y']]", "x"),
        ("!Select [0, !GetAZs '']", "${AvailabilityZones[0]}"),
        ("!Select [9, [a]]", "unknown: `Fn::Select` asks for an item that is not there"),
        ("!Split ['/', 'a/b']", ["a", "b"]),
        (
            "!Select [5, !Split [':', !GetAtt T.Arn]]",
            "unknown: what the text is split into is known only once deployed",
        ),
        ("!Select [1, !Split ['/', !Sub 'a/${AWS::Region}']]", "${AWS::Region}"),
        ("!FindInMap [Sizes, prod, memory]", 1024),
        (
            "!FindInMap [Sizes, !Ref Stage, memory]",
            {"parameter `Stage` is `dev`": 128, "parameter `Stage` is `prod`": 1024},
        ),
        ("!FindInMap [Sizes, none, memory]", "unknown: the map has no `none` with `memory`"),
        ("{'Fn::FindInMap': [Sizes, none, memory, {DefaultValue: 7}]}", 7),
        ("!If [IsProd, a, b]", {"condition `IsProd` is true": "a", "condition `IsProd` is false": "b"}),
        ("!If [Never, a, b]", {"condition `Never` is false": "b"}),
        ("!If [Missing, a, b]", "unknown: the condition `Missing` is not in the template"),
        ("!Base64 text", "text"),
        ("!Base64 {'Fn::Sub': 'x${AWS::Region}'}", "x${AWS::Region}"),
        ("{'Fn::Base64': !Sub 'y${AWS::Region}'}", "y${AWS::Region}"),
        ("!ImportValue shared-bucket", "${import shared-bucket}"),
        ("!Cidr [!Ref Open, 2, 8]", "unknown: the address ranges are computed at deployment"),
        ("{'Fn::Length': [1, 2, 3]}", 3),
        ("{'Fn::ToJsonString': {a: [1, true]}}", '{"a":[1,true]}'),
        ("!Mystery x", "unknown: `!Mystery` is not a function lamward knows"),
        (
            "'{{resolve:secretsmanager:db:SecretString:password}}'",
            "{{resolve:secretsmanager:db:SecretString:password}}",
        ),
        ("!Sub 'p={{resolve:ssm:/${Only}/x}}!'", "p={{resolve:ssm:/one/x}}!"),
        (
            "{'Fn::ForEach::Loop': [Item, [a, b], {'${Item}Name': !Sub 'n-${Item}'}]}",
            {"aName": "n-a", "bName": "n-b"},
        ),
        ("!Ref Zones", {"parameter `Zones` keeps its default": ["a", "b"]}),
    ],
)
def test_expression(expression: str, worth: object) -> None:
    assert property_of(STAGES, expression) == worth


def test_a_given_parameter_decides() -> None:
    assert property_of(STAGES, "!Ref Stage", Stage="prod") == "prod"
    assert property_of(STAGES, "!If [IsProd, a, b]", Stage="prod") == {"condition `IsProd` is true": "a"}
    assert property_of(STAGES, "!Ref Ami", Ami="/mine") == "{{resolve:ssm:/mine}}"


def test_branches_that_contradict_each_other_are_left_out() -> None:
    worth = property_of(STAGES, "!If [IsProd, !If [IsDev, x, !Ref Stage], b]")
    assert worth == {
        "condition `IsDev` is false and condition `IsProd` is true and parameter `Stage` is `prod`": "prod",
        "condition `IsProd` is false": "b",
    }


def test_an_empty_default_is_not_the_value_where_the_condition_says_it_is_set() -> None:
    parameters = STAGES.replace("Default: shop", "Default: ''")
    assert property_of(parameters, "!If [Named, !Ref Name, none]") == {
        "condition `Named` is true": "${Name}",
        "condition `Named` is false": "none",
    }


@pytest.mark.parametrize("declared", ["{Type: String, Default: dev}", "{Type: String}"])
def test_a_parameter_may_have_the_value_it_is_compared_with(declared: str) -> None:
    before = f"Parameters:\n  Stage: {declared}\nConditions:\n  Prod: !Equals [!Ref Stage, prod]\n"
    assert property_of(before, "!If [Prod, bad, good]") == {
        "condition `Prod` is true": "bad",
        "condition `Prod` is false": "good",
    }


def test_too_many_branches_stay_a_symbolic_part_of_text() -> None:
    declared = "Parameters:\n" + "\n".join(
        f"  P{n}: {{Type: String, Default: a, AllowedValues: [a, b, c, d]}}" for n in range(5)
    )
    worth = property_of(declared, "!Sub 'x-${P0}-${P1}-${P2}-${P3}-${P4}'")
    assert worth == "x-${P0}-${P1}-${P2}-${P3}-${P4}"


def test_a_use_and_its_definition_are_both_origins() -> None:
    loaded = application(
        "Parameters:\n  Only: {Type: String, Default: one, AllowedValues: [one]}\n"
        "Resources:\n  Thing:\n    Type: AWS::Test::Thing\n    Properties:\n      Value: !Ref Only\n"
    )
    value = at(loaded.resources["Thing"].properties, "Value")
    assert [(origin.span.line, origin.span.column) for origin in value.origins] == [(7, 14), (2, 33)]


def test_a_text_made_with_a_parameter_comes_from_there_too() -> None:
    loaded = application(
        "Parameters:\n  Word: {Type: String}\n"
        "Resources:\n  Thing: {Type: AWS::Test::Thing, Properties: {Value: !Sub 'x-${Word}'}}\n",
        root=None,
        Word="given",
    )
    value = at(loaded.resources["Thing"].properties, "Value")
    assert shown(value) == "x-given"
    assert [origin.path[0] for origin in value.origins] == ["Resources", "Parameters"]


def test_absence_is_reported_at_the_logical_id() -> None:
    loaded = application(
        "Resources:\n  Thing:\n    Type: AWS::Test::Thing\n    Properties:\n      Value: 1\n"
    )
    absent = at(loaded.resources["Thing"].properties, "Missing", "Deeper")
    assert location_of(absent).span.line == 2


def test_conditions_that_depend_on_themselves_are_a_failure() -> None:
    loaded = application(
        "Conditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition A]\n"
        "Resources:\n  Thing: {Type: AWS::Test::Thing, Properties: {Value: !If [A, 1, 2]}}\n"
    )
    assert {failure.kind for failure in loaded.failures} == {"cyclic-reference"}


def test_a_resource_whose_condition_never_holds_is_left_out_and_said() -> None:
    loaded = application(
        "Parameters:\n  Stage: {Type: String, Default: dev, AllowedValues: [dev]}\n"
        "Conditions:\n  IsProd: !Equals [!Ref Stage, prod]\n"
        "Resources:\n  Thing: {Type: AWS::Test::Thing, Condition: IsProd}\n"
    )
    assert loaded.resources == {}
    assert [(one.what, one.reason) for one in loaded.coverage.skipped] == [
        ("Thing", "the condition `IsProd` never holds")
    ]


def test_loops_make_resources() -> None:
    loaded = application(
        "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Topics:\n    - Name\n    - [Red, Blue]\n"
        "    - Topic${Name}: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub 't-${Name}'}}\n"
    )
    assert list(loaded.resources) == ["TopicRed", "TopicBlue"]
    assert shown(at(loaded.resources["TopicBlue"].properties, "TopicName")) == "t-Blue"


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        ("  Thing: text", "the resource `Thing` is not a mapping"),
        ("  Thing: {Properties: {}}", "the resource `Thing` has no type"),
        ("  Thing: {Type: [a]}", "the resource `Thing` has no type"),
    ],
)
def test_an_odd_resource_is_a_failure_and_the_rest_is_read(resources: str, message: str) -> None:
    loaded = application(f"Resources:\n{resources}\n  Other: {{Type: AWS::SNS::Topic}}\n")
    assert [failure.message for failure in loaded.failures] == [message]
    assert list(loaded.resources) == ["Other"]


def test_symbolic_values_never_hold_two_texts_in_a_row() -> None:
    loaded = application(
        "Resources:\n  Thing: {Type: AWS::Test::Thing, Properties: {Value: !Join ['', [a, b, !Ref X, c, d]]}}\n"
    )
    (case,) = cases(at(loaded.resources["Thing"].properties, "Value"))
    assert isinstance(case.value, Symbolic)
    assert [isinstance(part, str) for part in case.value.parts] == [True, False, True]
