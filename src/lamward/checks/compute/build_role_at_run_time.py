"""Role that builds a MicroVM image and that functions hand on to what they start.

## Why it matters
While an image is built, its role reads code and writes logs; while a virtual machine runs, its role is in the hands of
whatever runs in it, often code that users or models wrote. One role for both gives that code the bucket the image comes
from: the next image is built of what it leaves there.

Asked of the roles of images that a function of the application may pass on, or is told in a variable.

## Example
```yaml
Sandbox:
  Type: AWS::Lambda::MicrovmImage
  Properties: {Name: sandbox, BuildRoleArn: !GetAtt Build.Arn}
Build:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement:
        - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
Start:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: "iam:PassRole", Resource: !GetAtt Build.Arn}
```

## Use instead
```yaml
Sandbox:
  Type: AWS::Lambda::MicrovmImage
  Properties: {Name: sandbox, BuildRoleArn: !GetAtt Build.Arn}
Build:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement:
        - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
Run:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement:
        - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
Start:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: "iam:PassRole", Resource: !GetAtt Run.Arn}
```

## References
- AWS Lambda Developer Guide, "Lambda MicroVMs", security and permissions
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.compute import roles_of_images
from lamward.facts.handed import handed_on
from lamward.model.application import Role
from lamward.model.finding import Problem, Related, Severity


@check(Role, severity=Severity.MEDIUM, since="0.1")
def build_role_at_run_time(role: Role, facts: Facts) -> Answer:
    """Ask whether the role that builds an image is handed to what runs; one problem a role."""
    places = tuple(handed_on(facts, role)) if role.id in roles_of_images(facts) else ()
    if places:
        yield Problem(
            role.location,
            "this role builds a MicroVM image, and functions hand it to what they start",
            when=role.when,
            discriminator=role.id,
            related=tuple(Related(each, "hands the role on") for each in places),
            help="give what runs a role of its own",
        )
