"""Code signing that lets unsigned code through.

## Why it matters
With `UntrustedArtifactOnDeployment: Warn`, which is also the default, Lambda deploys unsigned and altered packages and
leaves a metric behind. Whoever gets into the pipeline gets into the function; the signature only looks like a guard.

## Example
```yaml
Signing:
  Type: AWS::Lambda::CodeSigningConfig
  Properties:
    AllowedPublishers:
      SigningProfileVersionArns: [!GetAtt Profile.ProfileVersionArn]
    CodeSigningPolicies:
      UntrustedArtifactOnDeployment: Warn
Profile:
  Type: AWS::Signer::SigningProfile
  Properties: {PlatformId: AWSLambda-SHA384-ECDSA}
```

## Use instead
```yaml
Signing:
  Type: AWS::Lambda::CodeSigningConfig
  Properties:
    AllowedPublishers:
      SigningProfileVersionArns: [!GetAtt Profile.ProfileVersionArn]
    CodeSigningPolicies:
      UntrustedArtifactOnDeployment: Enforce
Profile:
  Type: AWS::Signer::SigningProfile
  Properties: {PlatformId: AWSLambda-SHA384-ECDSA}
```
First let it warn for a while and watch the metric, so that no package you need is refused.

## Fix safety
Unsafe: packages that are not signed as the configuration asks can no longer be deployed.

## References
- AWS Lambda Developer Guide, "Using code signing to verify code integrity with Lambda"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check, undecided
from lamward.checks.repairs import put, unsafe
from lamward.facts import Facts
from lamward.model.application import CodeSigning
from lamward.model.finding import Doubt, Fix, Problem, Severity
from lamward.model.value import Absent, Value, cases, location_of, text_of, why_unknown

_POLICY = ("CodeSigningPolicies", "UntrustedArtifactOnDeployment")


@check(CodeSigning, severity=Severity.MEDIUM, since="0.1")
def code_signing_warns_only(signing: CodeSigning, _facts: Facts) -> Answer:
    """Ask whether untrusted packages are refused."""
    for case in cases(signing.on_untrusted, signing.when):
        where = location_of(case.value)
        if isinstance(case.value, Absent):
            yield Problem(
                signing.location,
                "unsigned and altered packages are deployed all the same: warning is the default",
                when=case.when,
                fix=_enforce(signing, case.value),
            )
        elif text_of(case.value) == "Warn":
            yield Problem(
                where,
                "unsigned and altered packages are deployed all the same",
                when=case.when,
                fix=_enforce(signing, case.value),
            )
        elif undecided(case.value):
            yield Doubt(where, why_unknown(case.value), when=case.when)
        elif text_of(case.value) != "Enforce":
            yield Doubt(where, "it is neither `Warn` nor `Enforce`, in this letter case", when=case.when)


def _enforce(signing: CodeSigning, now: Value) -> Fix | None:
    why = "packages that are not signed as the configuration asks are refused from then on"
    return unsafe("refuse untrusted packages", put(signing, *_POLICY, to="Enforce", now=now), why=why)
