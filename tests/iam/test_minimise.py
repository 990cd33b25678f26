"""A minimised policy allows what is needed and nothing else, and fits where it must."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from lamward.iam import prove
from lamward.iam.minimise import Allow, Needed, minimise, policy
from lamward.iam.packing import MANAGED_LIMIT, MANAGED_POLICIES, pack, pack_exactly, size, written_size
from lamward.model.access import Policies
from lamward.model.value import Known, Reference, ReferenceKind, Symbolic

TABLE = Symbolic((Reference(ReferenceKind.RESOURCE, "Table", "Arn"),))
INDEX = Symbolic((Reference(ReferenceKind.RESOURCE, "Table", "Arn"), "/index/*"))
TYPED = Known("arn:aws:dynamodb:eu-west-1:111122223333:table/*")
SOURCE = ("StringEquals", "aws:SourceAccount", Known("111122223333"))


def bucket(name: str) -> Known:
    return Known(f"arn:aws:s3:::{name}")


def allowed(statements: tuple[Allow, ...]) -> Policies:
    return Policies(identity=(policy(statements),))


def one_by_one(needed: list[Needed]) -> Policies:
    return allowed(tuple(Allow((each.action,), (each.resource,), each.conditions) for each in needed))


accesses = st.lists(
    st.builds(
        Needed,
        st.sampled_from(
            ["s3:GetObject", "s3:PutObject", "dynamodb:GetItem", "dynamodb:PutItem", "sqs:SendMessage"]
        ),
        st.sampled_from([TABLE, INDEX, TYPED, bucket("a/*"), bucket("a/b/*"), bucket("c/*"), Known("*")]),
        st.sampled_from([(), (), (SOURCE,)]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(accesses)
def test_minimising_changes_nothing(needed: list[Needed]) -> None:
    made = allowed(minimise(needed))
    assert isinstance(prove.implies(made, one_by_one(needed)), prove.Proved)
    assert isinstance(prove.implies(one_by_one(needed), made), prove.Proved)


@settings(max_examples=50, deadline=None)
@given(accesses)
def test_order_does_not_matter(needed: list[Needed]) -> None:
    assert minimise(needed) == minimise(reversed(needed))


def test_actions_on_the_same_resources_share_a_statement() -> None:
    needed = [Needed(f"dynamodb:{verb}", TABLE) for verb in ("PutItem", "GetItem")]
    assert minimise(needed) == (Allow(("dynamodb:GetItem", "dynamodb:PutItem"), (TABLE,)),)


def test_what_another_covers_is_left_out() -> None:
    assert minimise([Needed("s3:GetObject", bucket("a/b/*")), Needed("s3:GetObject", bucket("a/*"))]) == (
        Allow(("s3:GetObject",), (bucket("a/*"),)),
    )


def test_a_condition_is_never_dropped() -> None:
    narrow, wide = Needed("s3:GetObject", bucket("a/*"), (SOURCE,)), Needed("s3:PutObject", bucket("a/*"))
    assert {each.conditions for each in minimise([narrow, wide])} == {(), (SOURCE,)}


def many(number: int, name: str = "bucket-with-a-rather-long-name-{:04}") -> tuple[Allow, ...]:
    return minimise([Needed("s3:GetObject", bucket(name.format(each) + "/*")) for each in range(number)])


def test_what_fits_stays_as_it_is() -> None:
    assert pack(many(20)).inline == many(20)


def test_shared_pairs_are_merged_before_anything_is_split() -> None:
    common = [Needed(f"s3:{verb}Object", bucket(f"{each}/*")) for each in range(8) for verb in ("Get", "Put")]
    extra = [Needed("s3:PutObject", bucket("one-more/*"))]
    statements = minimise([*common, *extra])
    packed = pack(statements, limit=460)
    assert size(statements) > 460
    assert size(packed.inline) <= 460
    assert isinstance(prove.implies(allowed(packed.inline), allowed(statements)), prove.Proved)
    assert isinstance(prove.implies(allowed(statements), allowed(packed.inline)), prove.Proved)


def test_what_does_not_fit_inline_goes_to_managed_policies() -> None:
    packed = pack(many(400))
    assert packed.fits
    assert (packed.inline, packed.widened) == ((), ())
    assert all(size(each) <= MANAGED_LIMIT for each in packed.managed)
    listed = {resource for each in packed.managed for allow in each for resource in allow.resources}
    assert listed == set(many(400)[0].resources)


def test_the_managed_policies_together_are_the_statements() -> None:
    statements = minimise(
        Needed(f"dynamodb:{verb}", bucket(f"{number:03}-{verb}"))
        for number in range(150)
        for verb in ("GetItem", "PutItem", "Query")
    )
    packed = pack_exactly(statements)
    assert packed.fits
    assert 1 < len(packed.managed) <= MANAGED_POLICIES
    assert all(size(each) <= MANAGED_LIMIT for each in packed.managed)
    union = Policies(identity=tuple(policy(each) for each in packed.managed))
    assert isinstance(prove.equivalent(union, allowed(statements)), prove.Proved)


def test_exactly_means_that_nothing_is_widened_however_many_policies_it_takes() -> None:
    packed = pack_exactly(many(2000))
    assert len(packed.managed) > MANAGED_POLICIES
    assert packed.widened == ()


@settings(deadline=None)
@given(accesses)
def test_a_policy_is_as_long_as_what_it_was_written_from(needed: list[Needed]) -> None:
    """Lists of one count a little more where somebody wrote them: nobody knows how."""
    statements = minimise(needed)
    counted = written_size(policy(statements))
    assert size(statements) <= counted
    assert counted <= size(statements) + 40 * sum(1 + len(each.conditions) for each in statements)


def test_only_then_is_it_widened_and_every_step_is_told() -> None:
    packed = pack(many(2000))
    assert packed.fits
    assert packed.widened
    for step in packed.widened:
        assert len(step.instead) > 1
        assert all(each.startswith(step.resource[:-1]) for each in step.instead)
        assert step.resource.count(":") == 5


def test_references_count_at_their_longest() -> None:
    assert size([Allow(("dynamodb:GetItem",), (TABLE,))]) > size(
        [Allow(("dynamodb:GetItem",), (bucket("x"),))]
    )
