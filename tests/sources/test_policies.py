"""Policies and their tests read from files: everything that is wrong is said, each thing in its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lamward.errors import LamwardError
from lamward.iam import suite
from lamward.iam.suite import Outcome
from lamward.model.access import Policies
from lamward.model.policy import Policy
from lamward.sources import policy_tests
from lamward.sources.policies import MAX_POLICY_BYTES, Reader, managed

READ = '{"Version": "2012-10-17", "Statement": [\n  {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}'


def read(folder: Path, text: str, name: str = "p.json") -> tuple[Policy, list[str]]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    reader = Reader()
    policy = reader.policy(path)
    return policy, [
        f"{each.location.span.line}:{each.location.span.column} {each.message}" for each in reader.failures
    ]


def test_a_policy_has_the_places_of_its_statements(tmp_path: Path) -> None:
    policy, failures = read(tmp_path, READ)
    assert failures == []
    (statement,) = policy.statements
    assert (statement.location.span.line, statement.location.span.column) == (2, 3)
    assert statement.location.path == ("Statement", 0)
    assert policy.name == (tmp_path / "p.json").as_posix()


def test_json_and_yaml_say_the_same(tmp_path: Path) -> None:
    yaml = "Version: 2012-10-17\nStatement:\n- {Effect: Allow, Action: 's3:GetObject', Resource: '*'}\n"
    written, failures = read(tmp_path, yaml, "p.yaml")
    assert failures == []
    assert written.version == "2012-10-17"
    assert [case.value.value for case in written.statements[0].actions or ()] == ["s3:GetObject"]  # type: ignore[union-attr]


WRONG = [
    ('{"Statement": [', ["1:16 the file is not valid YAML or JSON: did not find expected node content"]),
    (
        '{"Statement": [],}',
        ["1:18 the file is not valid JSON: expecting property name enclosed in double quotes"],
    ),
    (
        (
            '{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "NaN",\n'
            ' "Condition": {"NumericEquals": {"x:n": NaN}}}}'
        ),
        ["2:41 the file is not valid JSON: `NaN` is no number"],
    ),
    ("", ["1:1 the file is empty"]),
    ("[]", ["1:1 a policy document must be a mapping"]),
    ('{"Version": "2012-10-17"}', ["1:1 the policy has no `Statement`"]),
    (
        '{"Statement": {"Effect": "allow", "Acton": "x"},\n "Statment": 1}',
        [
            "2:2 `Statment` is not an element of a policy",
            "1:26 `Effect` must be `Allow` or `Deny`, in this letter case",
            "1:35 `Acton` is not an element of a statement",
            "1:15 the statement has no `Action`",
        ],
    ),
    (
        '{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "a", "Resource": "*"}}',
        ["1:66 the key `Resource` is written twice; the last one counts"],
    ),
    ('{"Statement": {"Effect": "Deny", "Action": [3], "Resource": {}}}', ["1:45", "1:61"]),
    (
        '{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*", "Sid": [], "Principal": {"Aws": "*"}}}',
        ["1:73 `Sid` must be text", "1:91 `Aws` is not a kind of principal"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), WRONG, ids=[row[0][:30] or "empty" for row in WRONG])
def test_all_that_is_wrong_is_said_with_its_place(text: str, expected: list[str], tmp_path: Path) -> None:
    _, failures = read(tmp_path, text)
    assert [said[: len(wanted)] for said, wanted in zip(failures, expected, strict=True)] == expected


def test_every_failure_has_a_remedy(tmp_path: Path) -> None:
    for index, (text, _) in enumerate(WRONG):
        (tmp_path / f"{index}.json").write_text(text, encoding="utf-8")
    reader = Reader()
    for index in range(len(WRONG)):
        reader.policy(tmp_path / f"{index}.json")
    reader.policy(tmp_path / "none.json")
    reader.policy(tmp_path)
    assert [each.message for each in reader.failures if not each.hint] == []
    hints = {each.hint for each in reader.failures}
    assert {"did you mean `Statement`?", "did you mean `AWS`?", "write it in quotes"} <= hints
    assert "AWS refuses such a policy" not in hints


def test_what_is_too_large_or_too_deep_is_not_read(tmp_path: Path) -> None:
    assert "more than 1,024 KB" in read(tmp_path, " " * (MAX_POLICY_BYTES + 1))[1][0]
    assert "nests deeper" in read(tmp_path, "[" * 5000)[1][0]
    assert read(tmp_path, f'{{"Statement": [], "Id": {"9" * 10_000}}}')[1] == []


def test_a_tag_means_nothing_here(tmp_path: Path) -> None:
    text = "Version: '2012-10-17'\nStatement: {Effect: Allow, Action: '*', Resource: !Sub x}\n"
    policy, _ = read(tmp_path, text, "p.yaml")
    assert "`!Sub` means nothing" in str(policy.statements[0].resources)


def test_a_set_of_policies_is_read_by_layer(tmp_path: Path) -> None:
    (tmp_path / "reader.json").write_text(READ, encoding="utf-8")
    path = tmp_path / "set.yaml"
    arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    path.write_text(f"identity: [reader.json, '{arn}']\nboundary: {READ}\n", encoding="utf-8")
    reader = Reader()
    found = reader.subject(path)
    assert isinstance(found, Policies)
    assert reader.failures == []
    assert [policy.name for policy in found.identity] == [
        (tmp_path / "reader.json").as_posix(),
        "AmazonS3ReadOnlyAccess",
    ]
    assert found.boundary is not None
    assert found.boundary[0].statements[0].location.span.line == 3


def test_an_aws_policy_that_is_not_there_is_said() -> None:
    with pytest.raises(LamwardError, match="no AWS managed policy"):
        managed("arn:aws:iam::aws:policy/Nothing")


TESTS = """\
policies:
  reader: {identity: reader.json}
cases:
- name: reads
  policies: reader
  request: {principal: 'arn:aws:iam::111122223333:role/r', action: 's3:GetObject', resource: 'arn:aws:s3:::b/k'}
  expected: allowed
properties:
- {name: never writes, prove: grants, policies: reader, actions: 's3:PutObject', holds: false}
"""


def suite_of(folder: Path, text: str) -> tuple[Reader, suite.Suite | None]:
    (folder / "reader.json").write_text(READ, encoding="utf-8")
    (folder / "tests.yaml").write_text(text, encoding="utf-8")
    reader = Reader()
    return reader, policy_tests.read(reader, folder / "tests.yaml")


def test_a_suite_names_files_and_its_policies_have_places(tmp_path: Path) -> None:
    reader, found = suite_of(tmp_path, TESTS)
    assert reader.failures == []
    assert found is not None
    results = list(suite.run(found))
    assert [result.outcome for result in results] == [Outcome.PASSED, Outcome.PASSED]
    assert results[0].decision is not None
    (statement,) = results[0].decision.determining
    assert statement.location.span.file == (tmp_path / "reader.json").as_posix()
    assert found.cases[0].policies is found.properties[0].policies[0]


def test_policies_that_differ_in_their_version_alone_stay_apart(tmp_path: Path) -> None:
    statement = "{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/${aws:username}/*'}"
    caller = "principal: 'arn:aws:iam::111122223333:user/ann'"
    request = f"{{{caller}, action: 's3:GetObject', resource: 'arn:aws:s3:::b/ann/x'}}"
    rows = (("2008-10-17", "denied"), ("2012-10-17", "allowed"))
    cases = [
        f"- name: '{version}'\n  request: {request}\n  expected: {expected}\n"
        f"  policies: {{identity: {{Version: '{version}', Statement: [{statement}]}}}}\n"
        for version, expected in rows
    ]
    _, found = suite_of(tmp_path, "cases:\n" + "".join(cases))
    assert found is not None
    results = list(suite.run(found))
    assert [result.outcome for result in results] == [Outcome.PASSED, Outcome.PASSED]
    placed = [case.policies.identity[0].statements[0].location.span.line for case in found.cases]
    assert placed == [5, 9]


OUTSIDE = [
    ("identity: ../../../etc/x.json", "lies outside"),
    ("identity: /etc/x.json", "lies outside"),
    ("identity: none.json", "there is no file `none.json`"),
]


@pytest.mark.parametrize(("policies", "message"), OUTSIDE, ids=[row[0] for row in OUTSIDE])
def test_a_suite_names_only_files_that_are_there_and_below(
    policies: str, message: str, tmp_path: Path
) -> None:
    reader, found = suite_of(tmp_path, TESTS.replace("identity: reader.json", policies))
    assert found is None
    assert message in reader.failures[0].message
    assert reader.failures[0].location.span.line == 2


@pytest.mark.parametrize("part", ["context: []", "unknown_keys: x"])
def test_a_request_of_another_shape_is_said_with_its_place(part: str, tmp_path: Path) -> None:
    reader, found = suite_of(tmp_path, TESTS.replace("resource: 'arn:aws:s3:::b/k'", part))
    assert found is None
    assert [each.location.span.line for each in reader.failures] == [6]


def test_what_the_suite_refuses_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(LamwardError, match=r"tests\.yaml: case 1 expects `maybe`"):
        suite_of(tmp_path, TESTS.replace("expected: allowed", "expected: maybe"))


def test_tests_may_be_json(tmp_path: Path) -> None:
    reader = Reader()
    path = tmp_path / "tests.json"
    path.write_text(json.dumps({"cases": []}), encoding="utf-8")
    assert policy_tests.read(reader, path) == suite.Suite(())
