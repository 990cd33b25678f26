"""Role that more of GitHub may take than deploys.

## Why it matters
Whoever holds the role that deploys holds the application: every function, and what each may do. A subject such as
`repo:shop/orders:*` lets every branch and pull request take it: one pushed branch with its own workflow deploys what no
one has reviewed. `repo:shop/*` lets in every repository of the owner, the forgotten ones too, and with a wildcard in
the owner's name anybody may register a name that fits.

Medium for a whole repository, as it takes the right to write there, and high where the role may do everything or
whole services; high for all repositories of an owner, critical where the owner itself is a pattern. Roles without any
condition on the subject are `open-trust-policy`.

## Example
```yaml
Deploys:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal:
            Federated: !Sub arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com
          Action: sts:AssumeRoleWithWebIdentity
          Condition:
            StringEquals: {"token.actions.githubusercontent.com:aud": sts.amazonaws.com}
            StringLike: {"token.actions.githubusercontent.com:sub": "repo:shop/orders:*"}
```

## Use instead
```yaml
Deploys:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal:
            Federated: !Sub arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com
          Action: sts:AssumeRoleWithWebIdentity
          Condition:
            StringEquals:
              "token.actions.githubusercontent.com:aud": sts.amazonaws.com
              "token.actions.githubusercontent.com:sub": repo:shop/orders:environment:production
```
An environment with required reviewers in GitHub decides who deploys; `repo:shop/orders:ref:refs/heads/main` a branch.

## References
- GitHub documentation, "Configuring OpenID Connect in Amazon Web Services"
- AWS IAM User Guide, "Create a role for OpenID Connect federation", configuring a role for GitHub
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.deployers import loose_trusts
from lamward.model.application import Role
from lamward.model.finding import Problem, Severity


@check(Role, severity=Severity.HIGH, since="0.1")
def loose_deployment_role(role: Role, facts: Facts) -> Answer:
    """Ask whether a role lets in one branch or environment of one repository only."""
    for trust in loose_trusts(facts, role):
        yield Problem(
            trust.location,
            f"`{trust.subject}` lets in {trust.admits}",
            when=trust.when,
            discriminator=trust.subject,
            severity=trust.severity,
            help="name the repository and the environment or branch that deploys",
        )
