"""The names that CloudFormation makes: those that were seen, and all that are cut the same way, are told."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamward.facts import Facts
from lamward.facts.needs.made_names import longest_stack, made_names, right_up_to
from lamward.iam import pattern
from lamward.model.access import Truth
from lamward.model.value import Reference
from tests.loading import application

SEEN = [
    # Both too long, with a suffix of 13 and of 12.
    (
        "somelongerapp-playgroundnew",
        "InstancesLifecycleHandler",
        "somelongerapp-playgroundn-InstancesLifecycleHandle-1GRP3N0TVA1LD",
    ),
    (
        "bill-network-serverless-dev",
        "CustomVpcRestrictDefaultSGCustomResourceProvider",
        "bill-network-serverless-d-CustomVpcRestrictDefault-clVLE6mtAVYe",
    ),
    # The id leaves something to the stack.
    (
        "webapp-d16q40xevlck11a-main-branch",
        "sayhellolambdaEFA46D92",
        "webapp-d16q40xevlck11a-main-sayhellolambdaEFA46D92-B3enkgnJleif",
    ),
    # The stack leaves something to the id.
    (
        "traceexport",
        "LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8aFD4BFC8A",
        "traceexport-LogRetentionaae0aa3c5b4d4f87b02d85b201-2QZ9sjniwX2i",
    ),
    ("shop", "Orders", "shop-Orders-AbC123DeF456"),
]
NAMES = st.text(alphabet="abcXYZ019", max_size=100).map("F".__add__)


def facts_of(own: str, stack: str = "", properties: str = "") -> Facts:
    """Load an application of one function."""
    resource = f"{{Type: AWS::Lambda::Function, Properties: {{Runtime: python3.13{properties}}}}}"
    loaded = application(f"Resources: {{{own}: {resource}}}")
    return Facts(loaded, today=datetime.date(2026, 11, 21), stack=stack)


def covers(facts: Facts, stack: str, name: str) -> bool:
    """Tell whether a name is one of those that are told."""
    (function,) = facts.application.functions
    *others, widest = (
        "".join(stack if isinstance(part, Reference) else part for part in parts)
        for parts in made_names(facts, function)
    )
    assert all(pattern.covers(widest, each) is Truth.YES for each in others)
    return pattern.covers(widest, name) is Truth.YES


@pytest.mark.parametrize(("stack", "own", "name"), SEEN)
def test_names_that_were_seen(stack: str, own: str, name: str) -> None:
    assert covers(facts_of(own, stack), stack, name)
    assert covers(facts_of(own), stack, name) is (len(stack) <= longest_stack(own))


@settings(deadline=None)
@given(NAMES, NAMES, st.sampled_from([12, 13]))
def test_every_name_that_is_cut_like_those_is_covered(stack: str, own: str, suffix: int) -> None:
    kept = max(25, 49 - len(own))
    rest = max(24, 49 - len(stack))
    name = f"{stack[:kept]}-{own[:rest]}-{'S' * suffix}"
    assert len(name) <= 64
    assert covers(facts_of(own, stack), stack, name)
    if len(stack) <= longest_stack(own):
        assert covers(facts_of(own), stack, name)


def test_a_function_of_another_name_is_not_covered() -> None:
    for name in ("shop-OrdersAgain-AbC123DeF456", "shops-Orders-AbC123DeF456", "shop-Order-AbC123DeF456"):
        assert not covers(facts_of("Orders"), "shop", name)
    assert not covers(facts_of("Orders", "a" * 60), "a" * 60, f"{'b' * 43}-Orders-AbC123DeF456")


@pytest.mark.parametrize(
    ("properties", "stack", "expected"),
    [
        ("", "", 43),
        ("", "shop", None),
        (", FunctionName: orders", "", None),
        (", LoggingConfig: {LogGroup: orders}", "", None),
    ],
)
def test_it_is_said_up_to_which_stack_a_name_is_right(
    properties: str, stack: str, expected: int | None
) -> None:
    facts = facts_of("Orders", stack, properties)
    (function,) = facts.application.functions
    assert right_up_to(facts, function) == expected


def test_a_long_id_is_whole_beside_a_short_stack() -> None:
    own = "OrdersServiceHandlerFunctionLambda"
    (function,) = facts_of(own).application.functions
    told = {
        stack: made_names(facts_of(own, stack), function)
        for stack in ("", "shop", "a-stack-of-25-characters-")
    }
    assert [[str(parts[-1]) for parts in each] for each in told.values()] == [
        [f"-{own}-*", "-OrdersServiceHandlerFunc*"],
        [f"-{own}-*"],
        ["-OrdersServiceHandlerFunc*"],
    ]
