"""Function that any AWS account may invoke.

## Why it matters
A statement for the principal `*` lets every AWS account, also one opened a minute ago, invoke the function: with
events of the caller's making, with the function's role, at your cost. No API, no authoriser and no firewall is in the
way. It is often added to cure a 403 of a function URL, which needs something narrower.

## Example
```yaml
Permission:
  Type: AWS::Lambda::Permission
  Properties:
    FunctionName: !Ref Notify
    Action: lambda:InvokeFunction
    Principal: "*"
```

## Use instead
Name the account, or the organisation whose accounts may invoke the function.
```yaml
Permission:
  Type: AWS::Lambda::Permission
  Properties:
    FunctionName: !Ref Notify
    Action: lambda:InvokeFunction
    Principal: "*"
    PrincipalOrgID: o-a1b2c3d4e5
```
The two statements that a function URL with `AuthType: NONE` needs are judged at the URL, by `public-function-url`.

## Fix safety
Unsafe: only the function's own account may then invoke it. Whoever calls from another account must be named. Beside a
URL that is open anyway, the fix lets callers come by that URL only (`InvokedViaFunctionUrl`).

## References
- AWS Lambda Developer Guide, "Working with resource-based policies in Lambda"
- AWS Lambda Developer Guide, "Control access to Lambda function URLs"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import ACCOUNT, OWN_ACCOUNT, Edits, change, put, reserve, unsafe
from lamward.facts import Facts
from lamward.facts.function_policies import (
    function_policies,
    has_open_urls_only,
    only_opens_public_urls,
    permissions_by_id,
)
from lamward.facts.strangers import Opening, openings
from lamward.model.application import Resource
from lamward.model.finding import Doubt, Fix, Problem, Severity
from lamward.model.value import text_of


@check(Resource, severity=Severity.CRITICAL, since="0.1")
def public_resource_policy(resource: Resource, facts: Facts) -> Answer:
    """Ask whether the statements about a function let strangers invoke it."""
    policy = function_policies(facts).get(resource.id)
    if policy is None:
        return
    for opening in openings(facts, policy):
        if only_opens_public_urls(facts, resource, opening.statement):
            continue
        where = opening.statement.location
        if opening.doubt:
            yield Doubt(where, opening.doubt, when=opening.when)
        else:
            yield Problem(
                where,
                "any AWS account may invoke this function",
                when=opening.when,
                discriminator=opening.statement.sid,
                help="name the account, or bound it with PrincipalOrgID, SourceArn or SourceAccount",
                fix=_by_url_only(facts, resource, opening)
                or unsafe(
                    "let the own account invoke only",
                    _close(facts, resource, opening),
                    why="callers in other accounts are refused",
                ),
            )


def _by_url_only(facts: Facts, resource: Resource, opening: Opening) -> Fix | None:
    """Bound what was added to cure the 403 of an open URL to calls by that URL."""
    actions = {(text_of(case.value) or "").lower() for case in opening.statement.actions or ()}
    if resource.id not in permissions_by_id(facts) or actions != {"lambda:invokefunction"}:
        return None
    if not has_open_urls_only(facts, resource):
        return None
    edits = put(resource, "InvokedViaFunctionUrl", to=True)
    return unsafe("let callers come by the URL only", edits, why="callers that invoke directly are refused")


def _close(facts: Facts, resource: Resource, opening: Opening) -> Edits:
    principals = opening.statement.principals or ()
    if len(principals) != 1:
        return None
    if resource.id in permissions_by_id(facts):
        return change(facts, principals[0].value, ACCOUNT)
    return reserve(opening.statement, OWN_ACCOUNT)
