"""From a call and its parameters to what it needs: each action, on which ARN, and what could not be told."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Protocol

from msgspec import Struct

from lamward.iam.operations.resources import Deployment, fill
from lamward.iam.operations.table import Entry, entries
from lamward.model.access import Truth
from lamward.model.value import Known, Symbolic, Text, Unknown


class Parameters(Protocol):
    """The parameters of a call, as far as they are known.

    A path leads through them as in `operations.toml`: `CopySource.Bucket`, `RequestItems.*` (the keys),
    `Entries[].EventBusName` (of every item).
    """

    def texts(self, path: str) -> tuple[Text, ...]:
        """Give the possible texts at a path; () where nothing is there."""

    def present(self, path: str) -> Truth:
        """Tell whether something is there."""

    def arn(self, text: Text) -> Text | None:
        """Give the ARN that a text stands for because it refers to a resource; None where it is just a text."""


class Need(Struct, frozen=True):
    """An action on a resource that a call needs.

    `resource` is an ARN, with `*` for what is not known; `unknowns` say why. `sure` is YES where every such call
    needs it, UNKNOWN where that depends on what is not known. `conditions` are what may be demanded of the request.
    """

    action: str
    resource: Known | Symbolic
    sure: Truth = Truth.YES
    conditions: tuple[tuple[str, Known | Symbolic], ...] = ()
    unknowns: tuple[str, ...] = ()
    advice: bool = False


def needs(
    service: str, operation: str, parameters: Parameters, deployment: Deployment
) -> tuple[Need, ...] | None:
    """List what a call needs; () where it needs no permission, None where no action is known for it."""
    found = entries(service, operation)
    if found is None:
        return None
    listed: dict[tuple[object, ...], Need] = {}
    for entry in found:
        sure = _applies(entry, parameters) & (Truth.UNKNOWN if entry.likely else Truth.YES)
        if sure is Truth.NO:
            continue
        for need in _of(entry, sure, parameters, deployment):
            key = (need.action, need.resource, need.conditions)
            if key not in listed or listed[key].sure < need.sure or listed[key].advice:
                listed[key] = need
    return tuple(listed.values())


def untold(service: str, operation: str, parameters: Parameters) -> tuple[str, ...]:
    """Say what a service does for the caller of an operation, with the caller's permissions, on what no call tells."""
    found = entries(service, operation) or ()
    return tuple(each.untold for each in found if each.untold and _applies(each, parameters) is not Truth.NO)


def _of(entry: Entry, sure: Truth, parameters: Parameters, deployment: Deployment) -> list[Need]:
    return [
        Need(action, filled.text, sure, conditions, filled.unknowns, entry.advice)
        for conditions in _conditions(entry, parameters, deployment)
        for template in entry.resources
        for filled in fill(template, parameters, deployment)
        for action in entry.actions
    ]


def _conditions(
    entry: Entry, parameters: Parameters, deployment: Deployment
) -> Iterator[tuple[tuple[str, Known | Symbolic], ...]]:
    """Give the conditions whose value is known, once for each value; one that is not known cannot be demanded."""
    demanded: list[list[tuple[str, Known | Symbolic]]] = []
    for key, template in entry.condition.items():
        values = fill(template, parameters, deployment)
        if not any(each.unknowns for each in values):
            demanded.append([(key, each.text) for each in values])
    return itertools.product(*demanded)


def _applies(entry: Entry, parameters: Parameters) -> Truth:
    answer = Truth.YES
    for atom in entry.when:
        wanted = atom.removeprefix("!")
        holds = _holds(wanted, parameters)
        answer &= ~holds if atom != wanted else holds
    return answer


def _holds(atom: str, parameters: Parameters) -> Truth:
    for mark in ("~", "="):
        path, found, wanted = atom.partition(mark)
        if found:
            answers = [
                _compare(text, wanted.split("|"), whole=mark == "=") for text in parameters.texts(path)
            ]
            return _any(answers) & parameters.present(path)
    return parameters.present(atom)


def _any(answers: list[Truth]) -> Truth:
    """Alternatives that disagree leave it open."""
    if not answers:
        return Truth.NO
    return answers[0] if len(set(answers)) == 1 else Truth.UNKNOWN


def _compare(text: Text, wanted: list[str], *, whole: bool) -> Truth:
    match text:
        case Known(value=value):
            said = str(value).strip().lower()
            return Truth.YES if (said in wanted if whole else said.startswith(tuple(wanted))) else Truth.NO
        case Symbolic(parts=(str() as first, *_)) if not whole and len(first.strip()) >= max(
            map(len, wanted)
        ):
            return Truth.YES if first.strip().lower().startswith(tuple(wanted)) else Truth.NO
        case Symbolic() | Unknown():
            return Truth.UNKNOWN
