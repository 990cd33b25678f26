"""Function whose code is taken from a bucket without saying which version.

## Why it matters
Whoever may write to the bucket decides what the next deployment installs, under the name that was reviewed. And where
only the object changes and the template does not, CloudFormation sees nothing to do and leaves old code running.

## Example
```yaml
Take:
  Type: AWS::Lambda::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    Role: arn:aws:iam::111122223333:role/take
    Code:
      S3Bucket: shop-releases
      S3Key: take.zip
```

## Use instead
```yaml
Take:
  Type: AWS::Lambda::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    Role: arn:aws:iam::111122223333:role/take
    Code:
      S3Bucket: shop-releases
      S3Key: take.zip
      S3ObjectVersion: 3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrH
```
Names that hold the content's hash, as `sam package` and the CDK write them, say the version too, and so does a part of
the key that the deployment fills in. Code signing decides who may have made the package.

## References
- AWS CloudFormation Template Reference, "AWS::Lambda::Function Code"
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.secret_flows import is_literal
from lamward.model.application import Function
from lamward.model.finding import Persona, Problem, Severity
from lamward.model.value import Absent, Value, at, cases, location_of, text_of

_VERSIONED = re.compile(r"[0-9a-f]{16,}|\d+\.\d+\.\d+|\d{8,}")
"""Keys that name what is in the object: by its hash, by a release, by the time it was made."""


@check(Function, severity=Severity.LOW, persona=Persona.AUDITOR, since="0.1")
def unpinned_code(function: Function, _facts: Facts) -> Answer:
    """Ask whether a template says which version of an object a function runs."""
    for written, version in _objects(function):
        for key in cases(written, function.when):
            if not is_literal(key) or not _is_bare(text_of(key.value)):
                continue
            for case in cases(version, key.when):
                if isinstance(case.value, Absent):
                    yield Problem(
                        location_of(key.value),
                        "whoever may write to the bucket decides what this function runs next",
                        when=case.when,
                        discriminator=function.id,
                        help="name the version of the object, or name the object after its content",
                    )


def _objects(function: Function) -> Iterator[tuple[Value, Value]]:
    """Pair the key of an object with its version, in CloudFormation's and both of SAM's ways."""
    yield at(function.code, "S3Key"), at(function.code, "S3ObjectVersion")
    yield at(function.code, "CodeUri", "Key"), at(function.code, "CodeUri", "Version")
    address = at(function.code, "CodeUri")
    if (text_of(address) or "").startswith("s3://"):
        yield address, Absent()


def _is_bare(key: str | None) -> bool:
    return key is not None and not _VERSIONED.search(key)
