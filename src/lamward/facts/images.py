"""The container images of functions: what a reference to one holds fast."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from lamward.facts import Facts, fact
from lamward.facts.accounts import written
from lamward.facts.links import resources_named
from lamward.facts.places import Shared, shared
from lamward.model.application import Function
from lamward.model.value import (
    Absent,
    AssumptionKind,
    Case,
    Known,
    ReferenceKind,
    Symbolic,
    at,
    cases,
    text_of,
)

_NEWEST: Final = "latest"
_REGISTRY: Final = re.compile(r"^[^/]*[.$].*/|RepositoryUri")


class MovableImage(Struct, frozen=True):
    """A place that names an image by a tag which may be given to another image; `newest` is `latest`, or no tag."""

    tag: str
    newest: bool
    place: Shared


@fact
def movable_images(facts: Facts) -> tuple[MovableImage, ...]:
    """Find the images named by a tag that is written out and that no registry is known to hold fast."""
    return tuple(_movable(place) for place in shared(_tagged(facts)))


def _movable(place: Shared) -> MovableImage:
    tag = _tag(place.case) or ""
    return MovableImage(tag or _NEWEST, tag in {"", _NEWEST}, place)


def _tagged(facts: Facts) -> Iterator[tuple[Function, Case]]:
    for function in facts.application.functions:
        for case in cases(at(function.code, "ImageUri"), function.when):
            # Who deploys may choose another image than a parameter's default; a default that moves is one all the same.
            assumed = any(each.kind is not AssumptionKind.CONDITION for each in case.when)
            tag = _tag(case)
            if tag is not None and not (assumed and tag != _NEWEST) and not _is_held(facts, case):
                yield function, case


def _tag(case: Case) -> str | None:
    """Give the tag an image in a registry is named by, "" for none; None for a digest, or a tag that is filled in."""
    text = written(case.value)
    if not isinstance(case.value, Known | Symbolic) or "@sha256:" in text:
        return None
    if not _REGISTRY.search(text):
        return None  # an image on the builder's machine: the SAM CLI pushes it, and names its digest
    if isinstance(case.value, Symbolic) and not isinstance(case.value.parts[-1], str):
        last = case.value.parts[-1]
        # `${Repository.RepositoryUri}` is all but the tag; anything else at the end may be all of the image.
        return "" if last.kind is ReferenceKind.RESOURCE and last.attribute == "RepositoryUri" else None
    tag = text.rpartition("/")[2].partition(":")[2]
    return None if "${" in tag else tag


def _is_held(facts: Facts, case: Case) -> bool:
    """Tell whether the image is in a repository of the application that gives no tag twice."""
    for resource, _ in resources_named(facts, case.value):
        if resource.type == "AWS::ECR::Repository":
            given = [case.value for case in cases(at(resource.properties, "ImageTagMutability"))]
            return not any(isinstance(value, Absent) or text_of(value) == "MUTABLE" for value in given)
    return False
