"""Places as SARIF writes them: repository-relative addresses, regions and logical locations."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import quote

from lamward.model.finding import Finding
from lamward.model.location import Location, Span
from lamward.report.escape import encodable
from lamward.report.order import file_of

ROOT = "%SRCROOT%"
"""The name of the base that relative addresses start from; GitHub takes the repository's root for it."""

_DRIVE = re.compile(r"^[A-Za-z]:[\\/]")


def artifact(file: str) -> dict[str, str]:
    """Write a file's address relative to the root.

    Nothing is told about the machine: of a file outside the root remains what follows the way up (`../`), of an
    absolute path the name alone; both without the base they do not belong to.
    """
    if _DRIVE.match(file) or file.startswith("\\"):
        return {"uri": _address(file.replace("\\", "/").rsplit("/", 1)[-1])}
    if file.startswith("/"):
        return {"uri": _address(file.rstrip("/").rsplit("/", 1)[-1])}
    path = posixpath.normpath(file)
    if path == ".." or path.startswith("../"):
        return {"uri": _address(path.replace("../", "").removeprefix(".."))}
    return {"uri": _address(path), "uriBaseId": ROOT}


def _address(path: str) -> str:
    return quote(encodable(path), safe="/") or "."


def physical_location(location: Location, application: str) -> dict[str, object]:
    """Write a location as a file and a region in it."""
    return {"artifactLocation": artifact(file_of(location, application)), "region": region(location.span)}


def region(span: Span) -> dict[str, int]:
    """Write a span; SARIF too counts from 1 and leaves the end column out."""
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def logical_location(finding: Finding) -> list[dict[str, str]]:
    """Name the resource and the path to the value inside the document."""
    path = "/".join(map(str, finding.location.path))
    named = {
        "name": finding.resource,
        "fullyQualifiedName": path,
        "kind": "resource" if finding.resource else "",
    }
    filled = {name: value for name, value in named.items() if value.strip()}
    return [filled] if filled else []
