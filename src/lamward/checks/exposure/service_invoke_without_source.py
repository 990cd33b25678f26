"""Service that may invoke a function for any account.

## Why it matters
`s3.amazonaws.com` or `apigateway.amazonaws.com` is one principal for all customers of the service. Without a source
the statement says: any bucket, topic, rule or API of anybody on AWS may invoke the function. Somebody who knows its
ARN only has to point a resource of their own at it, and the service does the rest (the confused deputy).

## Example
```yaml
Permission:
  Type: AWS::Lambda::Permission
  Properties:
    FunctionName: !Ref Import
    Action: lambda:InvokeFunction
    Principal: s3.amazonaws.com
```

## Use instead
```yaml
Permission:
  Type: AWS::Lambda::Permission
  Properties:
    FunctionName: !Ref Import
    Action: lambda:InvokeFunction
    Principal: s3.amazonaws.com
    SourceArn: arn:aws:s3:::shop-invoices
    SourceAccount: !Ref AWS::AccountId
```
A bucket's ARN has no account in it: once the bucket is deleted, somebody else may take its name, so the account is
needed too. Alexa skills are named by `EventSourceToken`.

## Fix safety
Unsafe: the fix names the one source the template has, or else this account. Sources elsewhere, which the template does
not show, are refused from then on.

## References
- AWS Lambda API Reference, "AddPermission"
- IAM User Guide, "The confused deputy problem"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import ACCOUNT, put, unsafe
from lamward.checks.routes import source
from lamward.facts import Facts
from lamward.facts.accounts import written
from lamward.facts.callers import only_caller
from lamward.facts.function_policies import ServiceGrant, permissions_by_id, unbounded_service_grants
from lamward.facts.invited import routes_to
from lamward.model.application import Permission, Resource
from lamward.model.finding import Fix, Problem, Severity
from lamward.model.value import location_of


@check(Resource, severity=Severity.HIGH, since="0.1")
def service_invoke_without_source(resource: Resource, facts: Facts) -> Answer:
    """Ask whether the services let in are told for whom they may act."""
    for grant in unbounded_service_grants(facts).get(resource.id, ()):
        severity, message, remedy = _words(grant)
        yield Problem(
            location_of(grant.principal.value),
            message,
            when=grant.when,
            discriminator=grant.service,
            severity=severity,
            help=remedy,
            fix=_pin(facts, resource, grant),
        )


def _pin(facts: Facts, resource: Resource, grant: ServiceGrant) -> Fix | None:
    permission = permissions_by_id(facts).get(resource.id)
    # Neither takes an account: a skill has an id, and a load balancer's target group needs the permission first.
    if permission is None or "alexa" in grant.service or grant.service.startswith("elasticloadbalancing."):
        return None
    caller = only_caller(facts, permission, grant.service) if grant.source is None else None
    if caller is None:
        account = put(permission, "SourceAccount", to=ACCOUNT, now=permission.source_account)
        why = "sources in other accounts are refused"
        return unsafe("let the service act for this account only", account, why=why)
    return unsafe(
        f"let the service act for `{caller.id}` only",
        put(permission, "SourceArn", to=_arn(facts, permission, caller), now=permission.source_arn),
        why="other sources, which the template does not show, are refused",
    )


def _arn(facts: Facts, permission: Permission, caller: Resource) -> dict[str, object]:
    match caller.type:
        case "AWS::SNS::Topic":
            return {"Ref": caller.id}
        case "AWS::Events::Rule":
            return {"Fn::GetAtt": [caller.id, "Arn"]}
        case _:
            return source(caller.id, routes_to(facts, permission, caller.id, permission.when))


def _words(grant: ServiceGrant) -> tuple[Severity, str, str]:
    if grant.service.startswith("elasticloadbalancing."):
        # A target group takes functions of its own account only, so that no stranger can be in between.
        return Severity.LOW, "any load balancer of this account may invoke this function", "add SourceArn"
    if grant.source is None:
        token = (
            "EventSourceToken (the skill's id)" if "alexa" in grant.service else "SourceArn or SourceAccount"
        )
        return (
            Severity.HIGH,
            f"`{grant.service}` may invoke this function for any AWS account",
            f"add {token}",
        )
    bucket = written(grant.source.value)
    if bucket.startswith("arn:") and grant.service.startswith("s3.") and not set("*?") & set(bucket):
        message = "whoever owns a bucket of this name, also after you, may invoke this function"
        return Severity.LOW, message, "add SourceAccount"
    return (
        Severity.HIGH,
        f"`{grant.service}` may invoke this function for any AWS account, as the source's ARN names none",
        "write the account into SourceArn, or add SourceAccount",
    )
