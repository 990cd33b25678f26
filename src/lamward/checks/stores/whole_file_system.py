"""File system of which a function mounts all, or as root.

## Why it matters
A function that is broken into changes what it can reach: with the root directory every other function's files, with the
root user whatever their owners meant to keep. Code and libraries that others load from there become the attacker's. An
access point can hold each function to one directory and one user.

## Example
```yaml
Files:
  Type: AWS::EFS::FileSystem
  Properties:
    Encrypted: true
Access:
  Type: AWS::EFS::AccessPoint
  Properties:
    FileSystemId: !Ref Files
Thumbnails:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    FileSystemConfigs:
      - Arn: !GetAtt Access.Arn
        LocalMountPath: /mnt/files
```

## Use instead
```yaml
Files:
  Type: AWS::EFS::FileSystem
  Properties:
    Encrypted: true
Access:
  Type: AWS::EFS::AccessPoint
  Properties:
    FileSystemId: !Ref Files
    PosixUser: {Uid: "1000", Gid: "1000"}
    RootDirectory:
      Path: /thumbnails
      CreationInfo: {OwnerUid: "1000", OwnerGid: "1000", Permissions: "750"}
Thumbnails:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    FileSystemConfigs:
      - Arn: !GetAtt Access.Arn
        LocalMountPath: /mnt/files
```
Files that are in the root directory now have to move along.

## References
- Amazon EFS User Guide, "Working with Amazon EFS access points"
- AWS Lambda Developer Guide, "Configuring Amazon EFS file system access"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.facts import Facts
from lamward.facts.mounts import mounted, widths
from lamward.model.application import Resource
from lamward.model.finding import Doubt, Problem, Related, Severity
from lamward.model.value import Absent, location_of, why_unknown


@check(Resource, types=("AWS::EFS::AccessPoint",), severity=Severity.LOW, since="0.1")
def whole_file_system(resource: Resource, facts: Facts) -> Answer:
    """Ask whether an access point gives functions more than a directory of their own."""
    functions = mounted(facts).get(resource.id, ())
    for width in widths(resource) if functions else ():
        value, when = width.case.value, width.case.when
        where = resource.location if isinstance(value, Absent) else location_of(value)
        if width.doubt:
            yield Doubt(where, why_unknown(value), when=when)
            continue
        yield Problem(
            where,
            f"functions get {width.what} through this access point",
            when=when,
            discriminator=width.what,
            related=tuple(Related(each.location, "mounts it") for each in functions),
            help="set RootDirectory and PosixUser",
        )
