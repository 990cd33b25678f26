"""Which symbolic edits a document needs: placed, without those already satisfied, and without contradictions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath

import msgspec
from msgspec import Struct

from lamward.fixes.content import canonical, content, is_json, same
from lamward.fixes.near import Near
from lamward.fixes.place import Place, intrinsic_of, locate
from lamward.fixes.refusal import Reason, refuse
from lamward.model.finding import Edit, EditKind
from lamward.model.location import Location
from lamward.sources.node import Document, Mapping, Scalar
from lamward.sources.node import Sequence as SequenceNode
from lamward.sources.project import BUILT


class Planned(Struct, frozen=True):
    """An edit with its explicit path, and its place."""

    edit: Edit
    place: Place


def planned(document: Document, edits: Iterable[Edit]) -> list[Planned]:
    """Find the places of edits; `Refused` when one has none, or two contradict each other."""
    _refuse_generated(document)
    steps: list[Planned] = []
    for edit in (_spelt_out(document, edit) for edit in edits):
        place = locate(document, edit.path)
        if not is_json(edit.value):
            refuse(Reason.VALUE, "the new value is not plain JSON data", edit.location)
        step = Planned(msgspec.structs.replace(edit, path=place.full_path), place)
        if not _satisfied(step):
            _refuse_unfit(step)
            steps.append(step)
    return _without_contradictions(steps)


def _spelt_out(document: Document, edit: Edit) -> Edit:
    """Give what is to be put in for a copy."""
    if edit.kind is not EditKind.COPY:
        return edit
    source = locate(document, edit.value if isinstance(edit.value, tuple | list) else ())
    if source.missing or not source.path:
        refuse(Reason.NOT_WRITTEN, "what is to be copied is not written in this file", edit.location)
    return msgspec.structs.replace(edit, kind=EditKind.ADD, value=content(source.node))


def _refuse_generated(document: Document) -> None:
    start = Location(document.source.span(0, 0))
    if BUILT & set(PurePath(document.source.name).parts):
        refuse(Reason.GENERATED, "the file is built from another; mend that one", start)
    resources = document.root.get("Resources") if isinstance(document.root, Mapping) else None
    for resource in resources.entries.values() if isinstance(resources, Mapping) else ():
        if isinstance(resource, Mapping):
            kind, metadata = resource.get("Type"), resource.get("Metadata")
            made = isinstance(metadata, Mapping) and "aws:cdk:path" in metadata.entries
            if made or (isinstance(kind, Scalar) and kind.text == "AWS::CDK::Metadata"):
                refuse(Reason.GENERATED, "the CDK writes this file; mend the program that makes it", start)


def _satisfied(step: Planned) -> bool:
    """Tell whether the document is as the edit wants it."""
    edit, place = step.edit, step.place
    if edit.kind is EditKind.REMOVE:
        return bool(place.missing)
    if place.missing:
        return False
    there, wanted = content(place.node), canonical(edit.value)
    if edit.kind is EditKind.APPEND:
        return isinstance(there, list) and any(same(item, wanted) for item in there)
    return same(there, wanted)


def _refuse_unfit(step: Planned) -> None:
    edit, place = step.edit, step.place
    where = place.node.location(place.path)
    match edit.kind:
        case EditKind.SET:
            if place.missing:
                refuse(Reason.NOT_WRITTEN, "what is to be replaced is not written in this file", where)
            if place.inside or not place.path or _holds_transform(place):
                refuse(Reason.INTRINSIC, "a function decides what is here", where)
            if _decides(place) and not isinstance(edit.value, dict | list):
                refuse(Reason.INTRINSIC, f"`{intrinsic_of(place.node)}` decides what is here", where)
        case EditKind.REMOVE:
            if place.inside or not place.path or intrinsic_of(place.trail[-2]):
                refuse(Reason.INTRINSIC, "a function decides what is here", where)
        case EditKind.ADD if not place.missing:
            refuse(Reason.ALREADY_THERE, f"`{edit.path[-1]}` is there already, with another value", where)
        case EditKind.ADD | EditKind.APPEND:
            _refuse_homeless(step)


def _decides(place: Place) -> bool:
    """Tell whether an intrinsic says something here: `AWS::NoValue` says that nothing is, which a value replaces."""
    return bool(intrinsic_of(place.node)) and content(place.node) != {"Ref": "AWS::NoValue"}


def _holds_transform(place: Place) -> bool:
    return isinstance(place.node, Mapping) and "Fn::Transform" in place.node.entries


def _refuse_homeless(step: Planned) -> None:
    """Refuse an addition whose place cannot take one."""
    place = step.place
    node, where = place.node, place.node.location(place.path)
    if place.missing and place.path[:1] == ("Resources",) and len(place.path) == 1 < len(place.missing):
        refuse(Reason.NOT_WRITTEN, f"the resource `{place.missing[0]}` is not written in this file", where)
    if any(isinstance(name, int) for name in place.missing):
        refuse(Reason.NOT_WRITTEN, "the list to add to is not written in this file", where)
    function = intrinsic_of(node, inside=place.inside)
    if function:
        refuse(Reason.INTRINSIC, f"`{function}` decides what is here", where)
    if _holds_transform(place):
        refuse(Reason.TRANSFORM, "a transform adds to what is written here", where)
    empty = isinstance(node, Scalar) and node.value is None and not node.tag
    if not empty and not isinstance(node, Mapping if place.missing else SequenceNode):
        wanted = "mapping" if place.missing else "list"
        refuse(Reason.SHAPE, f"there is no {wanted} here to add to", where)


def _without_contradictions(steps: Sequence[Planned]) -> list[Planned]:
    kept: list[Planned] = []
    near: Near[Edit] = Near()
    for step in steps:
        others = list(near.to(step.edit.path))
        if any(alike(step.edit, other) for other in others):
            continue
        if any(contradict(step.edit, other) for other in others):
            refuse(Reason.CONFLICT, "another edit changes the same place", step.edit.location)
        near.put(step.edit.path, step.edit)
        kept.append(step)
    return kept


def alike(one: Edit, other: Edit) -> bool:
    """Tell whether two edits do the same."""
    return (
        one.kind is other.kind
        and one.path == other.path
        and same(canonical(one.value), canonical(other.value))
    )


def contradict(one: Edit, other: Edit) -> bool:
    """Tell whether two different edits with explicit paths meet: at one place, or inside what the other replaces."""
    outer, inner = sorted((one, other), key=lambda edit: len(edit.path))
    if outer.path == inner.path:
        return outer.kind is not EditKind.APPEND or inner.kind is not EditKind.APPEND
    return inner.path[: len(outer.path)] == outer.path and outer.kind is not EditKind.APPEND
