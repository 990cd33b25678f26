"""AWS managed policy that gives a function far more than it can need.

## Why it matters
`AmazonS3FullAccess` is every action on every bucket of the account, and AWS widens its policies without asking. They
are made for people at a console; a function that has one turns a small flaw into the loss of all buckets.

Asked of the roles of functions, one finding an attachment, judged by the policy's own document as AWS publishes it.
Policies that AWS makes for execution roles (`AWSLambdaBasicExecutionRole`, `AWSLambdaSQSQueueExecutionRole`,
`AWSXRayDaemonWriteAccess` and their like) are ordinary, and so are those that only read settings. `AdministratorAccess`
is the matter of `full-administrator-role`.

## Example
```yaml
Thumbnails:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - AmazonS3FullAccess
```

## Use instead
```yaml
Thumbnails:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - S3ReadPolicy:
          BucketName: !Ref Pictures
Pictures:
  Type: AWS::S3::Bucket
```

## Fix safety
Unsafe: the fix writes the policy template of SAM for the resources of the service that the function's own environment
refers to; nothing else of the service may be used from then on. Where the environment refers to none, there is no fix.

## References
- IAM User Guide, "AWS managed policies"
- AWS SAM Developer Guide, "AWS SAM policy templates"
"""

from __future__ import annotations

from collections.abc import Iterator

from lamward.checks.derived import derivable
from lamward.checks.framework import Answer, check
from lamward.checks.repairs import append, is_sam, replace, unsafe
from lamward.facts import Facts
from lamward.facts.grants import (
    Attachment,
    attachments,
    execution_roles,
    functions_of,
    holder,
    holders,
    listed,
)
from lamward.facts.managed_policies import Extent, Judgement, judge, retired
from lamward.facts.narrower import needs
from lamward.model.application import Application
from lamward.model.finding import Confidence, Doubt, Fix, Problem, Severity
from lamward.model.value import Symbolic, text_of, why_unknown


@check(Application, severity=Severity.MEDIUM, since="0.1")
def broad_managed_policy(_application: Application, facts: Facts) -> Answer:
    """Ask how far each attached managed policy goes."""
    for role in execution_roles(facts):
        for attached in attachments(facts, role):
            judged = judge(attached.name) if attached.name else None
            if judged is None:
                yield from _undocumented(facts, attached)
            elif Extent.ORDINARY < judged.extent < Extent.EVERYTHING:
                yield _problem(facts, attached, judged)


def _problem(facts: Facts, attached: Attachment, judged: Judgement) -> Problem:
    names = listed([f"`{pattern}`" for pattern in judged.patterns])
    told = (
        "nearly every action on every resource"
        if judged.extent is Extent.COMPLEMENT
        else f"{names} on every resource"
    )
    return Problem(
        attached.location,
        f"`{attached.name}` allows {holder(facts, (attached.role,))} {told}",
        when=attached.case.when,
        discriminator=attached.name,
        related=holders(facts, (attached.role,), attached.location),
        severity=_severity(judged),
        help=derivable(facts, (attached.role,)),
        fix=_narrow(facts, attached),
    )


def _narrow(facts: Facts, attached: Attachment) -> Fix | None:
    where, functions = attached.location, functions_of(facts, (attached.role,))
    owner, own = where.path[:4], functions[0] if len(functions) == 1 else None
    if own is None or not is_sam(facts, own) or owner != (*own.location.path, "Properties", "Policies"):
        return None
    needed = needs(facts, own, attached.name)
    if not needed:
        return None
    first, *others = [need.policy for need in needed]
    listed_there = len(where.path) > len(owner)
    edits = [replace(where, to=first if listed_there else [first, *others])]
    if listed_there:
        edits += [append(own.location, "Properties", "Policies", item=policy) for policy in others]
    names = listed([f"`{need.resource}`" for need in needed])
    return unsafe(f"allow the use of {names} only", *edits, why="nothing else of the service may be used")


def _severity(judged: Judgement) -> Severity:
    match judged.extent:
        case Extent.SOVEREIGN:
            return Severity.CRITICAL
        case Extent.COMPLEMENT:
            return Severity.HIGH
        case _:
            return Severity.HIGH if judged.sensitive else Severity.MEDIUM


def _undocumented(facts: Facts, attached: Attachment) -> Iterator[Problem | Doubt]:
    """Judge what AWS has withdrawn by its name; what is not in the application cannot be judged."""
    if attached.name.endswith(("FullAccess", "Fullaccess")) and retired(attached.name):
        yield Problem(
            attached.location,
            f"`{attached.name}`, which AWS has withdrawn, allows {holder(facts, (attached.role,))} whole services",
            when=attached.case.when,
            discriminator=attached.name,
            confidence=Confidence.MEDIUM,
        )
        return
    named = attached.name or text_of(attached.case.value)
    reason = f"what `{named}` allows is not known" if named else why_unknown(attached.case.value)
    if isinstance(attached.case.value, Symbolic) and not attached.name:
        reason = f"what `{attached.case.value}` allows is written elsewhere"
    yield Doubt(attached.location, reason, when=attached.case.when)
