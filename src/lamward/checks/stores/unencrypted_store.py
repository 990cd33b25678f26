"""Store of data that is not encrypted at rest.

## Why it matters
Whoever gets at a disk, a backup or a snapshot reads what the function keeps there. Encryption costs nothing or next to
nothing, but most stores cannot be encrypted once they are full: it has to be decided before.

Queues and Aurora clusters are encrypted unless somebody switches it off, buckets and tables always. Topics and streams
are not unless told; as they hold data only for a while, that is reported to auditors only.

## Example
```yaml
Shared:
  Type: AWS::EFS::FileSystem
Access:
  Type: AWS::EFS::AccessPoint
  Properties:
    FileSystemId: !Ref Shared
    PosixUser: {Uid: "1000", Gid: "1000"}
    RootDirectory: {Path: /thumbnails}
Thumbnails:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    FileSystemConfigs:
      - Arn: !GetAtt Access.Arn
        LocalMountPath: /mnt/shared
```

## Use instead
```yaml
Shared:
  Type: AWS::EFS::FileSystem
  Properties:
    Encrypted: true
Access:
  Type: AWS::EFS::AccessPoint
  Properties:
    FileSystemId: !Ref Shared
    PosixUser: {Uid: "1000", Gid: "1000"}
    RootDirectory: {Path: /thumbnails}
Thumbnails:
  Type: AWS::Serverless::Function
  Properties:
    Handler: app.handler
    Runtime: python3.13
    CodeUri: src/
    FileSystemConfigs:
      - Arn: !GetAtt Access.Arn
        LocalMountPath: /mnt/shared
```
CloudFormation replaces a file system, database or cache to encrypt it: copy the data first.

## References
- Amazon EFS User Guide, "Data encryption in Amazon EFS"
- Amazon SQS Developer Guide, "Configuring server-side encryption for a queue using SQS-managed encryption keys"
- Amazon Kinesis Data Streams Developer Guide, "Data protection in Amazon Kinesis Data Streams"
"""

from __future__ import annotations

from lamward.checks.framework import Answer, check
from lamward.checks.neighbours import lacking
from lamward.facts import Facts
from lamward.facts.stores import ENCRYPTION
from lamward.model.application import Resource
from lamward.model.finding import Severity


@check(Resource, types=tuple(ENCRYPTION), severity=Severity.MEDIUM, since="0.1")
def unencrypted_store(resource: Resource, facts: Facts) -> Answer:
    """Ask whether what a store around a function holds is encrypted."""
    demand = ENCRYPTION[resource.type]
    yield from lacking(
        resource,
        facts,
        demand,
        f"what this {demand.called} holds is not encrypted",
        remedy=f"switch encryption on: `{demand.ways[0].path[0]}`",
        title=f"encrypt the {demand.called}",
    )
