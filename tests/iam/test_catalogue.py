"""The catalogue keeps its laws, and finds what a plain search would."""

from __future__ import annotations

import datetime
import re
from fnmatch import translate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lamward.iam import catalogue
from lamward.iam.catalogue import Action, Level, Service, ValueType

PATTERNS = (
    "*", "**", "*:*", "s3:*", "s3:Get*", "S3:gEt*", "s3:*Object", "s3:*Object*", "s3:GetObject",
    "s3:GetObjec", "s3:?etObject", "iam:?assRole", "iam:PassRole?", "*:Describe*", "*:*Tag*",
    "s3*:Get*", "s?:*", "*Object", "lambda:*Function*Url*", "lambda:**Invoke**", "s3?GetObject",
    "s3GetObject", "ec2:RunInstances*", "", ":", "s3:", ":GetObject", "*:", "s3:Get*:*", "s3:[G]*",
    "s3:Get.bject", "nothing:*", "vpc-lattice:*-*", "s3:Get\\*", "s3:*\n",
)  # fmt: skip


@pytest.fixture(scope="module")
def services() -> tuple[Service, ...]:
    found = tuple(catalogue.service(prefix) for prefix in catalogue.services())
    assert None not in found
    return tuple(each for each in found if each)


@pytest.fixture(scope="module")
def actions(services: tuple[Service, ...]) -> tuple[Action, ...]:
    return tuple(action for service in services for action in service.actions)


def plainly_matching(pattern: str, actions: tuple[Action, ...]) -> tuple[str, ...]:
    """Hold every name against the pattern. Brackets mean something to fnmatch and nothing to IAM."""
    fits = re.compile(translate(pattern.lower().replace("[", "[[]"))).match
    return tuple(action.name for action in actions if fits(action.name.lower()))


def matched(pattern: str) -> tuple[str, ...]:
    return tuple(action.name for action in catalogue.matching(pattern))


def test_an_action_takes_only_resources_of_its_service(services: tuple[Service, ...]) -> None:
    for service in services:
        known = {each.name for each in service.resource_types}
        assert {use.name for action in service.actions for use in action.resource_types} <= known


def test_condition_keys_are_those_of_the_service(services: tuple[Service, ...]) -> None:
    for service in services:
        known = {key.name for key in service.condition_keys}
        used = {key for action in service.actions for key in action.condition_keys}
        used |= {
            key for action in service.actions for use in action.resource_types for key in use.condition_keys
        }
        used |= {key for resource in service.resource_types for key in resource.condition_keys}
        assert used <= known


def test_nearly_every_condition_key_has_a_type(services: tuple[Service, ...]) -> None:
    keys = [key for service in services for key in service.condition_keys]
    assert sum(key.type is None for key in keys) < len(keys) / 100


def test_every_arn_format_is_an_arn(services: tuple[Service, ...]) -> None:
    for service in services:
        for resource in service.resource_types:
            assert resource.arns
            assert all(re.fullmatch(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:[^ ,]+", arn) for arn in resource.arns), (
                resource
            )
            assert not any("$" in pattern for pattern in resource.patterns)


def test_names_are_unique_and_in_order_whatever_the_letter_case(services: tuple[Service, ...]) -> None:
    for service in services:
        names = [action.name.lower() for action in service.actions]
        assert names == sorted(set(names))
        assert all(name.startswith(f"{service.prefix}:") for name in names)
        assert all(
            len({use.name for use in a.resource_types}) == len(a.resource_types) for a in service.actions
        )


def test_every_action_is_found_by_its_name_in_any_letter_case(actions: tuple[Action, ...]) -> None:
    for action in actions:
        assert catalogue.action(action.name) is action
        assert catalogue.action(action.name.swapcase()) is action


def test_a_star_matches_everything(actions: tuple[Action, ...]) -> None:
    assert catalogue.matching("*") == actions
    assert catalogue.matching("*:*") == actions


@pytest.mark.parametrize("pattern", PATTERNS)
def test_matching_agrees_with_a_plain_search(pattern: str, actions: tuple[Action, ...]) -> None:
    assert matched(pattern) == plainly_matching(pattern, actions)


@st.composite
def patterns(draw: st.DrawFn) -> str:
    """Make a pattern near enough to a real action to match something now and then."""
    name = list(
        draw(
            st.sampled_from(("s3:GetObject", "lambda:InvokeFunctionUrl", "iam:PassRole", "ec2:RunInstances"))
        )
    )
    for position in draw(st.lists(st.integers(0, len(name) - 1), max_size=4)):
        name[position] = draw(st.sampled_from(("*", "?", "", "**", "*?", "e", "E", ".", "[a-z]")))
    return "".join(name[: draw(st.integers(0, len(name)))]) + draw(st.sampled_from(("", "*", "?", "*e*")))


@given(pattern=patterns())
def test_matching_agrees_with_a_plain_search_on_any_pattern(
    pattern: str, actions: tuple[Action, ...]
) -> None:
    assert matched(pattern) == plainly_matching(pattern, actions)


@given(pattern=st.text(max_size=12))
@example(pattern="\U0010ffff*")
def test_any_text_is_a_pattern(pattern: str, actions: tuple[Action, ...]) -> None:
    assert set(matched(pattern)) <= {action.name for action in actions}


def test_a_hostile_pattern_ends_at_once() -> None:
    assert catalogue.matching("*:" + "*a" * 500 + "b") == ()


@pytest.mark.parametrize(
    "name", ["", ":", "s3", "s3:", ":GetObject", "s3:Get*", "nothing:GetObject", "s3:GetObject:"]
)
def test_what_is_no_action_is_not_found(name: str) -> None:
    assert catalogue.action(name) is None


def test_a_service_is_found_in_any_letter_case() -> None:
    assert catalogue.service("LAMBDA") is catalogue.service("lambda")
    assert catalogue.service("nothing") is None


def test_an_action_says_what_it_takes() -> None:
    action = catalogue.action("LAMBDA:invokefunction")
    assert action is not None
    assert action.name == "lambda:InvokeFunction"
    assert action.level is Level.WRITE
    assert [(use.name, use.required) for use in action.resource_types] == [("function", True)]


@pytest.mark.parametrize(
    ("name", "level", "supports_resources"),
    [
        ("s3:GetObject", Level.READ, True),
        ("s3:ListAllMyBuckets", Level.LIST, False),
        ("lambda:AddPermission", Level.PERMISSIONS, True),
        ("lambda:TagResource", Level.TAGGING, True),
        ("ec2:DescribeInstances", Level.LIST, False),
    ],
)
def test_levels_and_resources(name: str, level: Level, supports_resources: bool) -> None:
    action = catalogue.action(name)
    assert action is not None
    assert (action.level, action.supports_resources) == (level, supports_resources)


def test_an_arn_format_becomes_a_pattern() -> None:
    service = catalogue.service("lambda")
    assert service is not None
    function = next(each for each in service.resource_types if each.name == "function")
    assert function.patterns == ("arn:*:lambda:*:*:function:*",)


@pytest.mark.parametrize(
    ("service", "key", "kind", "multivalued"),
    [
        ("lambda", "lambda:FunctionUrlAuthType", ValueType.STRING, False),
        ("Lambda", "LAMBDA:functionarn", ValueType.ARN, False),
        ("lambda", "lambda:SubnetIds", ValueType.STRING, True),
        ("s3", "aws:ResourceTag/Team", ValueType.STRING, False),
        ("s3", "aws:ResourceTag/${TagKey}", ValueType.STRING, False),
        ("s3", "s3:ExistingObjectTag/Team", ValueType.STRING, False),
    ],
)
def test_condition_keys(service: str, key: str, kind: ValueType, multivalued: bool) -> None:
    found = catalogue.condition_key(service, key)
    assert found is not None
    assert (found.type, found.multivalued) == (kind, multivalued)


@pytest.mark.parametrize(
    ("service", "key"),
    [("lambda", "s3:prefix"), ("nothing", "aws:TagKeys"), ("s3", "aws:ResourceTag/"), ("s3", "")],
)
def test_what_is_no_condition_key_is_not_found(service: str, key: str) -> None:
    assert catalogue.condition_key(service, key) is None


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("s3:GetObjet", "s3:GetObject"),
        ("lamda:InvokeFunction", "lambda:InvokeFunction"),
        ("dynamodb:putitm", "dynamodb:PutItem"),
    ],
)
def test_the_closest_name_is_suggested_first(misspelt: str, meant: str) -> None:
    assert catalogue.suggest(misspelt)[0] == meant


@pytest.mark.parametrize("name", ["", "qqqqqq:zzzzzz", "s3:zzzzzz", "s3:" + "GetObject" * 1000])
def test_nothing_is_suggested_for_what_is_close_to_nothing(name: str) -> None:
    assert catalogue.suggest(name) == ()


def test_the_catalogue_is_dated() -> None:
    assert datetime.date(2026, 1, 1) < catalogue.as_of()
