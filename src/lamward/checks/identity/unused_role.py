"""Role for functions that no function has, and that nobody used for a long time.

## Why it matters
The role of a function that is gone is still there to be given to another one, by whoever may pass roles and make
functions. Nobody remembers what it is for, and so nobody takes it away.

Asked with `--trail LEDGER`, of roles that Lambda alone may take and no function of the template has. A role is told
with which nobody did anything, where log files are of every day, functions were seen to start all along, and the
ledger shows that it was there before.

## Example
The comments say what the ledger shows.
```yaml
# logged: 2026-06-01 to 2026-11-20
# used: orders logs:CreateLogStream 2026-06-01 to 2026-11-20
# used: role/export-role s3:ListAllMyBuckets 2026-06-12
Orders:
  Type: AWS::Serverless::Function
  Properties: {FunctionName: orders, Handler: app.handler, Runtime: python3.13, CodeUri: src/}
ExportRole:
  Type: AWS::IAM::Role
  Properties:
    RoleName: export-role
    AssumeRolePolicyDocument:
      Version: "2012-10-17"
      Statement:
        - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
    ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
```

## Use instead
```yaml
# logged: 2026-06-01 to 2026-11-20
# used: orders logs:CreateLogStream 2026-06-01 to 2026-11-20
# used: role/export-role s3:ListAllMyBuckets 2026-06-12
Orders:
  Type: AWS::Serverless::Function
  Properties: {FunctionName: orders, Handler: app.handler, Runtime: python3.13, CodeUri: src/}
```

## Options
`unused-days` (90): what was not used for so many days counts as unused. `stack`: the name of the stack.

## References
- IAM User Guide, "Security best practices in IAM", regularly review and remove unused users, roles and permissions
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.breadth import allows
from lamward.facts.grants import execution_roles
from lamward.facts.links import functions_of_roles
from lamward.model.application import Application, Role
from lamward.model.finding import Confidence, Doubt, Problem, Severity
from lamward.model.value import text_of

if TYPE_CHECKING:
    from lamward.facts.needs.unused import Life

_LAMBDA: Final = frozenset({"lambda.amazonaws.com", "edgelambda.amazonaws.com"})


@check(Application, severity=Severity.LOW, since="0.1", confidence=Confidence.MEDIUM, needs_trail=True)
def unused_role(application: Application, facts: Facts) -> Answer:
    """Ask which roles for functions have none, and were used by nobody."""
    # Only who has a ledger needs what reads it.
    from lamward.facts.needs.unused import life_of_role, why_untold

    used = functions_of_roles(facts)
    free = [each for each in execution_roles(facts) if each.id not in used and _is_for_lambda(each)]
    doubt = why_untold(facts)
    if doubt and free:
        yield Doubt(application.location, doubt)
    for role in free if not doubt else ():
        yield from _judged(role, life_of_role(facts, role), facts)


def _judged(role: Role, life: Life, facts: Facts) -> Answer:
    if life.goes_on:
        return
    if life.there is None:
        reason = f"the ledger does not show that the role `{role.id}` is there, or since when"
        yield Doubt(role.location, reason, when=role.when)
    elif not life.is_young:
        last = f"last on {life.last}" if life.last else f"and it was there on {life.there}"
        yield Problem(
            role.location,
            f"no function has the role `{role.id}`, and nobody used it for {facts.unused_days} days ({last})",
            when=role.when,
            discriminator=role.id,
            help="take it out with its policies",
        )


def _is_for_lambda(role: Role) -> bool:
    statements = [each for each in role.trust.statements if allows(each)] if role.trust else []
    takers = [each.value.value for statement in statements for each in statement.principals or ()]
    return bool(takers) and all(text_of(each) in _LAMBDA for each in takers)
