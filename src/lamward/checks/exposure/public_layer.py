"""Layer that any AWS account may download.

## Why it matters
Sharing a layer with `*` hands its content to everybody on AWS: the code, and whatever was packed beside it. A version
once copied cannot be called back.

## Example
```yaml
Share:
  Type: AWS::Lambda::LayerVersionPermission
  Properties:
    LayerVersionArn: arn:aws:lambda:eu-west-1:111122223333:layer:pricing:7
    Action: lambda:GetLayerVersion
    Principal: "*"
```

## Use instead
```yaml
Share:
  Type: AWS::Lambda::LayerVersionPermission
  Properties:
    LayerVersionArn: arn:aws:lambda:eu-west-1:111122223333:layer:pricing:7
    Action: lambda:GetLayerVersion
    Principal: "*"
    OrganizationId: o-a1b2c3d4e5
```
A layer that is published for everybody on purpose deserves a suppression that says so.

## Fix safety
Unsafe: only the layer's own account may then use it. Accounts that do must be named, one permission each.

## References
- AWS Lambda Developer Guide, "Granting Lambda layer access to other accounts"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import ACCOUNT, change, unsafe
from lamward.facts import Facts
from lamward.facts.strangers import openings
from lamward.model.application import ResourcePolicy, ResourcePolicyKind
from lamward.model.finding import Doubt, Problem, Severity


@check(ResourcePolicy, severity=Severity.HIGH, since="0.1")
def public_layer(written: ResourcePolicy, facts: Facts) -> Answer:
    """Ask whether a layer is shared with everybody."""
    if written.kind is not ResourcePolicyKind.LAYER:
        return
    for opening in openings(facts, written.policy):
        (principal,) = opening.statement.principals or ()
        where = opening.statement.location
        if opening.doubt:
            yield Doubt(where, opening.doubt, when=opening.when)
        else:
            yield Problem(
                where,
                "any AWS account may download this layer",
                when=opening.when,
                help="name the account, or bound the permission with OrganizationId",
                fix=unsafe(
                    "share the layer with the own account only",
                    change(facts, principal.value, ACCOUNT),
                    why="other accounts can no longer use it",
                ),
            )
