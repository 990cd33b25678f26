"""Build that anybody starts by proposing a change.

## Why it matters
A build runs what the change brings along, its build steps too, with the role of the project: for one that deploys, that
is the whole application. With a webhook that takes pull requests from anybody, a stranger's fork of a public repository
is enough, before anybody has looked at it.

Whether the repository is public cannot be told from the template. Pushes and merges pass: they take the right to write.

## Example
```yaml
Deploys:
  Type: AWS::CodeBuild::Project
  Properties:
    ServiceRole: arn:aws:iam::111122223333:role/deploys
    Artifacts: {Type: NO_ARTIFACTS}
    Source: {Type: GITHUB, Location: "https://github.com/shop/orders.git"}
    Environment:
      Type: LINUX_CONTAINER
      ComputeType: BUILD_GENERAL1_SMALL
      Image: aws/codebuild/amazonlinux-x86_64-standard:5.0
    Triggers:
      Webhook: true
```

## Use instead
```yaml
Deploys:
  Type: AWS::CodeBuild::Project
  Properties:
    ServiceRole: arn:aws:iam::111122223333:role/deploys
    Artifacts: {Type: NO_ARTIFACTS}
    Source: {Type: GITHUB, Location: "https://github.com/shop/orders.git"}
    Environment:
      Type: LINUX_CONTAINER
      ComputeType: BUILD_GENERAL1_SMALL
      Image: aws/codebuild/amazonlinux-x86_64-standard:5.0
    Triggers:
      Webhook: true
      FilterGroups:
        - - {Type: EVENT, Pattern: PUSH}
          - {Type: HEAD_REF, Pattern: ^refs/heads/main$}
```
A build of pull requests, with a role of its own that may do nothing, is a project of its own; there
`PullRequestBuildPolicy` holds a build until somebody who may write has approved it.

## Fix safety
Unsafe: builds of pull requests wait until somebody who may write to the repository has approved them in a comment.

## References
- AWS CodeBuild User Guide, "Best practices for using webhooks with AWS CodeBuild"
- AWS CodeBuild User Guide, "Pull request comment approval"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import put, unsafe
from lamward.facts import Facts
from lamward.facts.builds import unreviewed_branches
from lamward.model.application import Resource
from lamward.model.finding import Confidence, Problem, Severity

_APPROVAL = ("Triggers", "PullRequestBuildPolicy", "RequiresCommentApproval")


@check(
    Resource,
    types=("AWS::CodeBuild::Project",),
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    since="0.1",
)
def open_build_webhook(project: Resource, _facts: Facts) -> Answer:
    """Ask whether a change that anybody proposes starts a build."""
    for when in unreviewed_branches(project):
        yield Problem(
            project.location,
            "a pull request of anybody starts this build, with the build's role",
            when=when,
            help="filter by EVENT, ACTOR_ACCOUNT_ID and HEAD_REF, or set PullRequestBuildPolicy",
            fix=unsafe(
                "build pull requests once somebody has approved them",
                put(project, *_APPROVAL, to="ALL_PULL_REQUESTS"),
                why="builds of pull requests wait for a comment of somebody who may write",
            ),
        )
