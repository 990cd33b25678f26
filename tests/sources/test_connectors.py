"""Connectors: whose role gets what, and where a finding about it points."""

from __future__ import annotations

from lamward.model.value import elements, referent
from tests.loading import application

EMBEDDED = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Table: {Type: AWS::Serverless::SimpleTable}
  Worker:
    Type: AWS::Serverless::Function
    Connectors:
      Rows:
        Properties:
          Destination: {Id: Table}
          Permissions: [Read]
    Properties: {Runtime: python3.13, Handler: a.b, CodeUri: src}
"""


def test_a_connector_is_a_policy_of_the_functions_role() -> None:
    loaded = application(EMBEDDED)
    (made,) = loaded.identity_policies
    (role,) = elements(made.roles)
    reference = referent(role.value)
    assert made.id == "WorkerRowsPolicy"
    assert made.managed
    assert reference is not None
    assert reference.target == "WorkerRole"
    assert "AWS::Serverless::Connector" not in {one.type for one in loaded.resources.values()}


def test_what_a_connector_grants_is_shown_at_the_permission_that_asked_for_it() -> None:
    (made,) = application(EMBEDDED).identity_policies
    assert made.location.span.line == 8
    assert {statement.location.span.line for statement in made.policy.statements} == {11}


def test_a_connector_that_cannot_be_is_a_failure() -> None:
    for before, after, message in (
        ("Id: Table", "Id: Nothing", "names no destination that is in the template"),
        ("[Read]", "[Delete]", "needs permissions out of Read, Write"),
        ("{Id: Table}", "{Type: AWS::DynamoDB::Table}", "needs the Arn of its destination"),
        (
            "{Id: Table}",
            "{Type: AWS::Test::Thing}",
            "cannot connect `AWS::Lambda::Function` to `AWS::Test::Thing`",
        ),
    ):
        loaded = application(EMBEDDED.replace(before, after))
        (failure,) = loaded.failures
        assert failure.message == f"the connector `WorkerRows` {message}"
        assert failure.location.span.line == 8
        assert loaded.identity_policies == ()


def test_properties_that_cannot_be_read_do_not_stop_the_expansion() -> None:
    loaded = application(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Hidden:\n    Type: AWS::Serverless::Function\n"
        "    Properties: {'Fn::Transform': {Name: Mystery}}\n"
    )
    assert [one.id for one in loaded.functions] == ["Hidden"]
