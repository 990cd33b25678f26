"""The application as the engine sees it: a role's policies, made-up ARNs, the account."""

from __future__ import annotations

import datetime

from lamward.facts import Facts
from lamward.facts.deployment import Deployment, deploy
from lamward.facts.reach import account, entity, policies_of, subjects
from lamward.iam import evaluate, reach
from lamward.model.access import Caller, CallerKind, Policies, Request, Verdict
from tests.loading import application

TRUST = """
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}"""
TEMPLATE = f"""
Parameters:
  Stage: {{Type: String}}
  Extra: {{Type: String}}
Conditions:
  Prod: !Equals [!Ref Stage, prod]
Resources:
  Orders: {{Type: AWS::DynamoDB::Table, Properties: {{TableName: !Sub "${{AWS::StackName}}-orders"}}}}
  Invoices: {{Type: AWS::S3::Bucket}}
  Jobs: {{Type: AWS::SQS::Queue}}
  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {{Effect: Allow, Action: ["dynamodb:GetItem", "s3:*", "logs:*"], Resource: "*"}}
  Worker:
    Type: AWS::IAM::Role
    Condition: Prod
    Properties:{TRUST}
      PermissionsBoundary: !Ref Limit
      ManagedPolicyArns:
        - !Sub "arn:${{AWS::Partition}}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {{Effect: Allow, Action: "dynamodb:*", Resource: !GetAtt Orders.Arn}}
              - {{Effect: Allow, Action: "s3:GetObject", Resource: !Sub "${{Invoices.Arn}}/${{Extra}}/*"}}
  More:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: more
      Roles: [!Ref Worker]
      PolicyDocument:
        Version: "2012-10-17"
        Statement: {{Effect: Allow, Action: "s3:ListBucket", Resource: !GetAtt Invoices.Arn}}
  Opener:
    Type: AWS::IAM::Role
    Properties:{TRUST}
      ManagedPolicyArns: [!Ref Extra]
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              Effect: Allow
              Action: ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]
              Resource: "*"
  Work:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: work
      Role: !GetAtt Worker.Arn
      Code: {{S3Bucket: artifacts, S3Key: work.zip}}
  Latest: {{Type: AWS::Lambda::Alias, Properties: {{FunctionName: !Ref Work, Name: live}}}}
"""


def facts(text: str = TEMPLATE, **parameters: str) -> Facts:
    return Facts(application(text, root=None, **parameters), today=datetime.date(2026, 11, 21))


def verdict(known: Facts, role: str, action: str, resource: str) -> Verdict:
    (subject,) = subjects(known, role=role)
    made = entity(known, subject.role, deploy(known))
    caller = Caller(
        CallerKind.ROLE_SESSION, f"arn:aws:sts::111122223333:assumed-role/{role}/s", "111122223333", made.arn
    )
    return evaluate.decide(made.policies, Request(caller, action, resource)).verdict


TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/stack-orders"


def test_policies_come_from_everywhere() -> None:
    known = facts()
    (subject,) = subjects(known, function="Work")
    policies = policies_of(known, subject.role)
    assert [policy.name for policy in policies.identity] == ["own", "More", "AWSLambdaBasicExecutionRole"]
    assert policies.boundary is not None
    assert [policy.name for policy in policies.boundary] == ["Limit"]


def test_a_role_is_found_by_its_names_and_its_functions() -> None:
    known = facts()
    assert [each.role.id for each in subjects(known, role="Worker")] == ["Worker"]
    assert [each.role.id for each in subjects(known, function="work")] == ["Worker"]
    assert subjects(known, role="Work") == ()


def test_references_stand_for_the_resources() -> None:
    known = facts()
    assert verdict(known, "Worker", "dynamodb:GetItem", TABLE) is Verdict.ALLOWED
    assert verdict(known, "Worker", "dynamodb:PutItem", TABLE) is Verdict.IMPLICITLY_DENIED
    assert verdict(known, "Worker", "s3:ListBucket", "arn:aws:s3:::invoices") is Verdict.ALLOWED
    assert verdict(known, "Worker", "dynamodb:GetItem", f"{TABLE}-other") is Verdict.IMPLICITLY_DENIED


def test_a_parameter_without_a_value_leaves_it_open() -> None:
    assert verdict(facts(), "Worker", "s3:GetObject", "arn:aws:s3:::invoices/a/b") is Verdict.UNKNOWN
    assert verdict(facts(Extra="a"), "Worker", "s3:GetObject", "arn:aws:s3:::invoices/a/b") is Verdict.ALLOWED


def test_a_policy_whose_document_is_not_there_leaves_it_open() -> None:
    assert verdict(facts(), "Opener", "s3:GetObject", "arn:aws:s3:::b/k") is Verdict.UNKNOWN
    arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    assert verdict(facts(Extra=arn), "Opener", "s3:GetObject", "arn:aws:s3:::b/k") is Verdict.ALLOWED


def test_a_boundary_that_only_some_branches_have_leaves_it_open() -> None:
    text = TEMPLATE.replace(
        "PermissionsBoundary: !Ref Limit", "PermissionsBoundary: !If [Prod, !Ref Limit, !Ref AWS::NoValue]"
    )
    unbounded = text.replace("    Condition: Prod\n", "")
    assert verdict(facts(text), "Worker", "dynamodb:PutItem", TABLE) is Verdict.IMPLICITLY_DENIED
    assert verdict(facts(unbounded), "Worker", "dynamodb:PutItem", TABLE) is Verdict.UNKNOWN
    assert verdict(facts(unbounded, Stage="dev"), "Worker", "dynamodb:PutItem", TABLE) is Verdict.ALLOWED


def test_a_deployment_gives_arns_and_what_references_return() -> None:
    deployed: Deployment = deploy(facts(), account="444455556666", region="eu-west-1")
    shown = {str(reference): text for reference, text in deployed.bindings.items()}
    assert deployed.arn("Orders") == "arn:aws:dynamodb:eu-west-1:444455556666:table/stack-orders"
    assert shown["${Jobs}"] == "https://sqs.eu-west-1.amazonaws.com/444455556666/Jobs"
    assert shown["${Limit}"] == "arn:aws:iam::444455556666:policy/Limit"
    assert shown["${Latest}"] == "arn:aws:lambda:eu-west-1:444455556666:function:work:live"
    assert deployed.arn("nothing") == ""


def test_the_account_holds_roles_functions_and_where_their_code_comes_from() -> None:
    known = facts()
    made = account(known, deploy(known))
    assert [entity.arn for entity in made.entities] == [
        "arn:aws:iam::111122223333:role/Worker",
        "arn:aws:iam::111122223333:role/Opener",
    ]
    (function,) = made.functions
    assert (function.role, function.artifact) == (made.entities[0].arn, "arn:aws:s3:::artifacts/work.zip")


def test_a_role_that_may_pass_another_reaches_it() -> None:
    known = facts(Extra="arn:aws:iam::aws:policy/AWSDenyAll")
    deployed = deploy(known)
    assert (
        "arn:aws:iam::111122223333:role/Worker"
        not in reach.reach(account(known, deployed), deployed.arn("Opener")).paths
    )
    known = facts(Extra="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    found = reach.reach(account(known, deployed), deployed.arn("Opener"))
    assert [edge.way for edge in found.paths["arn:aws:iam::111122223333:role/Worker"]] == ["lambda-001"]
    assert reach.reach(account(known, deployed), deployed.arn("Worker")).paths == {}


def test_a_role_without_anything_has_no_policies() -> None:
    text = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties: {}\n"
    known = facts(text)
    (subject,) = subjects(known, role="R")
    assert policies_of(known, subject.role) == Policies()
