"""The policies that AWS itself maintains: their ARNs and the documents of their default versions.

The file is made by `tools/refresh_managed_policies.py`. A document is decoded only when asked for.
"""

from __future__ import annotations

import datetime
import gzip
import re
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

FILE: Final = Path(__file__).with_name("data") / "managed_policies.json.gz"


def as_of() -> datetime.date:
    """Return the day of the newest change to a policy that the copy holds."""
    return _file().as_of


def names() -> tuple[str, ...]:
    """Return the names of all policies with a document, in order."""
    return tuple(_file().policies)


def arn_of(name: str, partition: str = "aws") -> str | None:
    """Return the ARN of a policy by its exact name, as in SAM's `Policies: [AWSLambdaBasicExecutionRole]`.

    A name that AWS has retired, or that only another partition has, gets an ARN though there is no document
    for it. Not every policy exists in every partition: whether this one does is not known here.
    """
    path = _path(name)
    return None if path is None else f"arn:{partition}:iam::aws:policy{path}{name}"


def document(arn_or_name: str) -> bytes | None:
    """Return the JSON of a policy's default version by its ARN or its name, or None if the copy lacks it.

    Letter case and an ARN's path count, as they do for IAM. The copy is that of the commercial partition; if
    asked for another (`arn:aws-cn:…`), the ARNs inside the document are those of that partition too.
    """
    arn = _ARN.fullmatch(arn_or_name)
    name = arn["name"] if arn else arn_or_name
    policy = _policy(name)
    if policy is None or (arn and arn["path"] != policy.path):
        return None
    text = bytes(policy.document)
    return text.replace(b'"arn:aws:', f'"arn:{arn["partition"]}:'.encode()) if arn else text


class _File(Struct, frozen=True):
    as_of: datetime.date
    without_document: dict[str, str]
    policies: dict[str, msgspec.Raw]


class _Policy(Struct, frozen=True, array_like=True):
    path: str
    document: msgspec.Raw


_ARN: Final = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):iam::aws:policy(?P<path>/(?:[^/]+/)*)(?P<name>[^/]+)"
)


@cache
def _file() -> _File:
    return msgspec.json.decode(gzip.decompress(FILE.read_bytes()), type=_File)


def _path(name: str) -> str | None:
    policy = _policy(name)
    return policy.path if policy else _file().without_document.get(name)


def _policy(name: str) -> _Policy | None:
    packed = _file().policies.get(name)
    return None if packed is None else msgspec.json.decode(packed, type=_Policy)
