"""Patterns: matching against the simplest matcher there is, covering and meeting as set algebra."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamward.iam import pattern
from lamward.iam.automaton import included
from lamward.iam.pattern import Literal as LiteralText
from lamward.iam.pattern import Variable, covers, match, match_arn, meets, parse
from lamward.model.access import Truth
from lamward.model.value import Reference, ReferenceKind, Symbolic

NO, UNKNOWN, YES = Truth.NO, Truth.UNKNOWN, Truth.YES
patterns = st.text("ab*?:", max_size=8)
texts = st.text("ab:", max_size=8)
ACCOUNT = Reference(ReferenceKind.PSEUDO, "AWS::AccountId")
PARTITION = Reference(ReferenceKind.PSEUDO, "AWS::Partition")
REGION = Reference(ReferenceKind.PSEUDO, "AWS::Region")
BUCKET = Reference(ReferenceKind.RESOURCE, "Bucket")
QUEUE = Reference(ReferenceKind.RESOURCE, "Queue", "Arn")


def naive(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(naive(pattern[1:], text[cut:]) for cut in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and naive(pattern[1:], text[1:])


def symbolic(*parts: str | Reference) -> Symbolic:
    return Symbolic(parts)


@given(patterns, texts)
def test_match_is_what_the_wildcards_say(pattern: str, text: str) -> None:
    assert (match(pattern, text) is YES) is naive(pattern, text)


@given(patterns, patterns, texts)
def test_what_is_covered_is_matched(general: str, specific: str, text: str) -> None:
    if covers(general, specific) is YES and naive(specific, text):
        assert naive(general, text)


@given(patterns, patterns, st.booleans())
def test_one_match_says_what_automata_say_of_covering(general: str, specific: str, ignore_case: bool) -> None:
    plainly = pattern._plainly_contained((general,), (specific,), ignore_case)
    reading = pattern.Reading(ignore_case)
    slowly = included(pattern.tokens((specific,), reading), pattern.tokens((general,), reading))
    assert plainly in (None, slowly)
    assert plainly is not None or "?" in general


@given(patterns)
def test_covering_is_reflexive(pattern: str) -> None:
    assert covers(pattern, pattern) is YES


@given(patterns, patterns)
def test_what_covers_meets_unless_it_is_empty(general: str, specific: str) -> None:
    if covers(general, specific) is YES:
        assert meets(general, specific) is YES


@given(patterns, patterns, texts)
def test_a_common_text_shows_that_patterns_meet(first: str, second: str, text: str) -> None:
    if naive(first, text) and naive(second, text):
        assert meets(first, second) is YES


@given(patterns, texts)
def test_letter_case_is_ignored_when_asked(pattern: str, text: str) -> None:
    assert match(pattern.upper(), text, ignore_case=True) is match(pattern, text)


def test_a_hostile_pattern_ends() -> None:
    assert match("*a" * 200 + "b", "a" * 5_000) is NO


@pytest.mark.parametrize(
    ("pattern", "text", "answer"),
    [
        (symbolic("arn:aws:s3:::", BUCKET, "/*"), "arn:aws:s3:::photos/cat.jpg", UNKNOWN),
        (symbolic("arn:aws:s3:::", BUCKET, "/*"), "arn:aws:sqs:::photos/cat.jpg", NO),
        (symbolic("arn:aws:s3:::", BUCKET, "/*"), symbolic("arn:aws:s3:::", BUCKET, "/cat.jpg"), YES),
        ("arn:aws:s3:::*/k", symbolic("arn:aws:s3:::", BUCKET, "/k"), YES),
        (symbolic("arn:aws:iam::", ACCOUNT, ":root"), "arn:aws:iam::12:root", NO),
        (symbolic("arn:aws:iam::", ACCOUNT, ":root"), "arn:aws:iam::111122223333:root", UNKNOWN),
        ("arn:aws:iam::????????????:root", symbolic("arn:aws:iam::", ACCOUNT, ":root"), YES),
        ("arn:aws:iam::1*:root", symbolic("arn:aws:iam::", ACCOUNT, ":root"), UNKNOWN),
        ("arn:aws*:iam::1:root", symbolic("arn:", PARTITION, ":iam::1:root"), YES),
        ("arn:gcp:iam::1:root", symbolic("arn:", PARTITION, ":iam::1:root"), NO),
        ("arn:aws:sqs:US*:1:q", symbolic("arn:aws:sqs:", REGION, ":1:q"), NO),
        (symbolic(QUEUE), "s3:GetObject", NO),
        (symbolic(QUEUE), symbolic(QUEUE), YES),
        ("*", symbolic(QUEUE), YES),
    ],
)
def test_matching_what_the_deployment_fills_in(
    pattern: str | Symbolic, text: str | Symbolic, answer: Truth
) -> None:
    assert match(pattern, text) is answer


@pytest.mark.parametrize(
    ("pattern", "text", "answer"),
    [
        ("arn:aws:s3:::a*", "arn:aws:s3:::abc:d", YES),
        ("arn:*:s3:::a", "arn:aws:x:s3:::a", NO),
        ("arn:aws:*:a", "arn:aws:s3:::a", NO),
        ("arn:aws:sqs:*:*:q", symbolic("arn:aws:sqs:us-east-1:", ACCOUNT, ":q"), YES),
        ("arn:aws:sqs:*:*:q", symbolic(QUEUE), UNKNOWN),
        # What the deployment fills in brings parts along, so that the star may well stand in the last one.
        (symbolic(QUEUE, "/*"), "arn:aws:s3:::b/a:b", UNKNOWN),
        (symbolic(QUEUE, "/*"), "arn:aws:s3:::b", NO),
    ],
)
def test_arn_operators_compare_part_by_part(
    pattern: str | Symbolic, text: str | Symbolic, answer: Truth
) -> None:
    assert match_arn(pattern, text) is answer


def test_variables_are_split_from_text() -> None:
    assert parse("a/${aws:UserName}/${*}", variables=True) == (
        "a/",
        Variable("aws:username"),
        "/",
        LiteralText("*"),
    )
    assert parse("${aws:PrincipalTag/t, 'none'}", variables=True) == (Variable("aws:principaltag/t", "none"),)
    assert parse("a/${aws:username}") == ("a/${aws:username}",)


def test_a_variable_whose_name_is_filled_in_may_be_anything() -> None:
    value = symbolic("a/${aws:PrincipalTag/", BUCKET, "}")
    assert match(value, "a/b") is NO
    (piece,) = parse(value, variables=True)
    assert isinstance(piece, Reference)


@pytest.mark.parametrize(
    ("piece", "text", "expected"),
    [
        (pattern.Without("/"), "arn:b", Truth.YES),
        (pattern.Without("/"), "arn:", Truth.YES),
        (pattern.Without("/", empty=False), "arn:", Truth.NO),
        (pattern.Without("/", empty=False), "arn:b", Truth.YES),
        (pattern.Without("/"), "arn:b/*", Truth.NO),
        (pattern.Without("/"), "arn:b*", Truth.YES),
        (pattern.Without(":/"), "arn:b:*", Truth.NO),
        (pattern.Without("/"), "arn:?", Truth.YES),
    ],
)
def test_some_texts_have_none_of_some_characters(piece: pattern.Piece, text: str, expected: Truth) -> None:
    assert pattern.meet_pieces((text,), ("arn:", piece)) is expected


HOSTILE = ("*b*a" * 40 + "*", "*a*?b" * 30 + "*", "*a" * 200 + "?" * 40, "?*" * 60 + "b")


@pytest.mark.parametrize("one", HOSTILE)
@pytest.mark.parametrize("other", HOSTILE)
def test_hostile_patterns_meet_for_sure(one: str, other: str) -> None:
    assert meets(one, other) is Truth.YES


@pytest.mark.parametrize("hostile", HOSTILE[:3])
def test_hostile_patterns_miss_for_sure(hostile: str) -> None:
    assert meets(hostile, "b*c*d" * 20) is Truth.YES
    assert meets(hostile, "bc?d") is Truth.NO
