"""Permission for a VPC or an event source that no function of the role has.

## Why it matters
What was allowed for a VPC or a queue stays when the function leaves it, and comes along when a role is copied. Network
interfaces may then be made and deleted in any subnet, or any queue of the account emptied, by whoever breaks in.

Asked of the policies that AWS makes for one purpose (`AWSLambdaVPCAccessExecutionRole`,
`AWSLambdaSQSQueueExecutionRole` and their like) and, where not all code is known, of statements with the actions on
network interfaces alone. The event source of a function may be written in another template: those are less sure.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - AWSLambdaVPCAccessExecutionRole
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Policies:
      - AWSLambdaBasicExecutionRole
```

## Fix safety
Unsafe: a function that only now leaves its VPC still needs the permission, for Lambda to delete its network interfaces;
and what is polled may be set up elsewhere. Writing logs stays allowed.

## References
- AWS Lambda Developer Guide, "Working with AWS managed policies in the execution role"
- AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC"
"""

from __future__ import annotations

from typing import Final

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import Edits, remove, replace, sub, unsafe
from lamward.checks.trimming import without
from lamward.facts import Facts
from lamward.facts.grants import Attachment, attachments, holder, holders
from lamward.facts.leftovers import Leftover, leftovers, writes_logs
from lamward.model.application import Role
from lamward.model.finding import Confidence, Doubt, Fix, Problem, Severity
from lamward.model.value import Symbolic, text_of

_BASIC: Final = "AWSLambdaBasicExecutionRole"


@check(Role, severity=Severity.LOW, since="0.1")
def leftover_permission(role: Role, facts: Facts) -> Answer:
    """Ask whether a role may do what only a VPC or an event source needs that is not there."""
    for each in leftovers(facts, role):
        where, who = each.of.location, holder(facts, (role,))
        if not where.span.file:
            continue
        if each.doubt:
            yield Doubt(where, each.doubt, when=role.when)
            continue
        what = f"`{each.of.name}`" if isinstance(each.of, Attachment) else "this statement"
        yield Problem(
            where,
            f"{what} is for a {each.purpose}, and {who} has none",
            when=role.when,
            discriminator=each.of.name if isinstance(each.of, Attachment) else "",
            confidence=None if each.is_network and isinstance(each.of, Attachment) else Confidence.MEDIUM,
            related=holders(facts, (role,), where),
            help="take it away; the logs need no more than `AWSLambdaBasicExecutionRole`",
            fix=_fix(facts, role, each),
        )


def _fix(facts: Facts, role: Role, leftover: Leftover) -> Fix | None:
    if isinstance(leftover.of, Attachment):
        edits = _narrowed(facts, role, leftover.of)
    else:
        statement = leftover.of
        gone = [case for case in statement.actions or () if (text_of(case.value) or "").startswith("ec2:")]
        edits = without(role, statement, gone)
    why = (
        "what leaves its VPC only now needs it once more"
        if leftover.is_network
        else "it may be polled from elsewhere"
    )
    return unsafe(f"take away what is for a {leftover.purpose}", edits, why=why)


def _narrowed(facts: Facts, role: Role, attached: Attachment) -> Edits:
    """Leave the right to write logs where it comes with the policy and nothing else gives it."""
    where = attached.location
    if not where.path:
        return None
    if isinstance(where.path[-1], int) and (not writes_logs(attached) or _is_spared(facts, role, attached)):
        return remove(where)
    value = attached.case.value
    written = str(value) if isinstance(value, Symbolic) else text_of(value) or ""
    basic = written.replace(attached.name, _BASIC)
    return replace(where, to=sub(basic) if "${" in basic else basic)


def _is_spared(facts: Facts, role: Role, attached: Attachment) -> bool:
    """Tell whether another policy lets the role write logs, and is not to go after this one."""
    going = [each.of for each in leftovers(facts, role)]
    later = going[going.index(attached) :]
    return any(writes_logs(each) for each in attachments(facts, role) if each not in later)
