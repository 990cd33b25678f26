"""Functions that run code nobody signed.

## Why it matters
Without a code signing configuration Lambda runs whatever is deployed: by the pipeline, by somebody in the console, or
by whoever got hold of a key that may update functions. With one, only packages that your own signing profile signed
come in.

Where no function is signed, it is for those who review every such place. Where some are, the others are the open door,
and everybody is told. Container images cannot be signed this way and are not asked.

## Example
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
```

## Use instead
```yaml
Orders:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    CodeSigningConfigArn: !Ref Signing
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
All functions without it are named in one finding. `sam deploy --signing-profiles` signs the packages.

## Fix safety
Unsafe, and only where the template has one configuration: packages that are not signed as it asks are refused.

## References
- AWS Lambda Developer Guide, "Using code signing to verify code integrity with Lambda"
- CIS AWS Compute Services Benchmark, 4.8
"""

from __future__ import annotations

from collections.abc import Sequence

from lamward.checks.framework import Answer, check
from lamward.checks.repairs import put, unsafe
from lamward.facts import Facts
from lamward.facts.places import count, first_by_name, others
from lamward.facts.published import signs_some_functions, unsigned_functions
from lamward.model.application import Application, Function
from lamward.model.finding import Fix, Persona, Problem, Severity


@check(Application, severity=Severity.LOW, since="0.1")
def unsigned_code(_application: Application, facts: Facts) -> Answer:
    """Ask which functions accept code that nobody signed."""
    for when, functions in unsigned_functions(facts).items():
        first = first_by_name(functions)
        yield Problem(
            first.location,
            f"{count(len(functions), 'function')} would run code that nobody signed",
            when=when,
            related=others(functions, besides=first, note="accepts any code as well"),
            persona=None if signs_some_functions(facts) else Persona.AUDITOR,
            help="set CodeSigningConfigArn",
            fix=_sign(facts, functions),
        )


def _sign(facts: Facts, functions: Sequence[Function]) -> Fix | None:
    declared = facts.application.code_signing
    if len(declared) != 1 or declared[0].when:
        return None
    to = {"Ref": declared[0].id}
    return unsafe(
        "accept signed code only",
        *(put(each, "CodeSigningConfigArn", to=to, now=each.code_signing) for each in functions),
        why="packages that are not signed as the configuration asks are refused",
    )
