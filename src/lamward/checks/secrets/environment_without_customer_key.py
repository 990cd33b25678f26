"""Environment variables under a key that nobody manages.

## Why it matters
Lambda encrypts environment variables with a key of its own unless it is given one. Then whoever may call
`lambda:GetFunctionConfiguration` reads them. A customer managed key adds a second lock: its key policy decides who sees
the variables, its use is on record, and it can be revoked.

Asked only of functions that have variables, and for those who review every such place: where no variable is sensitive,
the key buys little. Variables that carry secrets raise the severity.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    Environment:
      Variables:
        CUSTOMER_SEGMENT: retail
```

## Use instead
```yaml
Key:
  Type: AWS::KMS::Key
  Properties:
    EnableKeyRotation: true
    KeyPolicy:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
          Action: kms:*
          Resource: "*"
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    KmsKeyArn: !GetAtt Key.Arn
    Environment:
      Variables:
        CUSTOMER_SEGMENT: retail
```

## Fix safety
Unsafe: whoever deploys needs `kms:CreateGrant` and `kms:Encrypt`, whoever reads the variables `kms:Decrypt`, and the
key is paid for. One key, `EnvironmentKey`, serves all functions.

## References
- AWS Lambda Developer Guide, "Securing environment variables"
- CIS AWS Compute Services Benchmark, 4.12
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import insert_once, put, unsafe
from lamward.checks.stock import KEY
from lamward.facts import Facts
from lamward.facts.breadth import plain
from lamward.facts.grants import listed
from lamward.facts.secret_flows import sensitive_variables
from lamward.model.application import Function
from lamward.model.finding import Doubt, Fix, Persona, Problem, Severity
from lamward.model.value import Absent, Case, Unknown, Value, cases, location_of


@check(Function, severity=Severity.LOW, since="0.1")
def environment_without_customer_key(function: Function, facts: Facts) -> Answer:
    """Ask whether variables are encrypted with a key of the application's owner."""
    unknown = function.environment_unknown
    none = all(isinstance(variable.value, Absent) for variable in function.environment)
    if none and unknown is None:
        return
    sensitive = sensitive_variables(facts, function)
    for case in cases(function.kms_key, function.when):
        if isinstance(case.value, Absent) or _is_of_aws(case):
            if none and unknown is not None:
                yield Doubt(location_of(unknown), unknown.reason, when=case.when)
                continue
            carried = (
                f" and carries secrets in {listed([f'`{name}`' for name in sensitive])}" if sensitive else ""
            )
            yield Problem(
                function.location,
                f"the environment is encrypted with Lambda's own key{carried}",
                when=case.when,
                severity=Severity.MEDIUM if sensitive else None,
                # Without secrets it is a matter of policy: who must be able to forbid reading the variables?
                persona=None if sensitive else Persona.AUDITOR,
                fix=_lock(facts, function, case.value),
            )
        elif isinstance(case.value, Unknown):
            yield Doubt(location_of(case.value), case.value.reason, when=case.when)


def _lock(facts: Facts, function: Function, now: Value) -> Fix | None:
    key = insert_once(facts, function, "EnvironmentKey", "AWS::KMS::Key", KEY)
    why = "whoever deploys or reads the variables must be allowed to use the key"
    locked = put(function, "KmsKeyArn", to=key.arn, now=now)
    return unsafe("encrypt the environment with a key of your own", locked, key.edits, why=why)


def _is_of_aws(case: Case) -> bool:
    """Tell whether the key is left empty, or one that AWS manages."""
    text = plain(case)
    return not text.strip() or ":alias/aws/" in text
