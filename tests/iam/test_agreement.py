"""The compiled evaluator against the reference: same verdict, same blame, same statements."""

from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lamward.iam import evaluate, reference
from lamward.model.access import Decision, Policies
from tests.iam import generators


def _same(compiled: Decision, expected: Decision) -> bool:
    return (
        compiled.verdict is expected.verdict
        and {block.layer for block in compiled.blocked_by} == {block.layer for block in expected.blocked_by}
        and set(compiled.determining) == set(expected.determining)
        and bool(compiled.unknowns) is bool(expected.unknowns)
    )


def check(random: Random, policies: Policies, *, requests: int) -> None:
    evaluator = evaluate.prepare(policies)
    for _ in range(requests):
        request = generators.request(random)
        compiled, expected = evaluator.decide(request), reference.decide(policies, request)
        assert _same(compiled, expected), (policies, request, compiled, expected)


@settings(max_examples=300, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.randoms(use_true_random=False))
def test_compiled_agrees_with_reference(random: Random) -> None:
    check(random, generators.policies(random), requests=4)


@settings(max_examples=200, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.randoms(use_true_random=False))
def test_compiled_agrees_with_reference_on_unsettled_policies(random: Random) -> None:
    check(random, generators.policies(random, unsettled=0.05), requests=3)


def test_compiled_agrees_with_reference_in_bulk() -> None:
    random = Random(20_261_121)  # noqa: S311 - a reproducible stream of cases
    for _ in range(250):
        check(random, generators.policies(random), requests=12)
