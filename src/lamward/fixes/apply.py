"""Verified application: per file the largest set of fixes that pass every gate, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from lamward.fixes.choose import compatible
from lamward.fixes.effects import unexpected
from lamward.fixes.gate import proven
from lamward.fixes.near import pairs
from lamward.fixes.page import Page
from lamward.fixes.plan import alike, contradict
from lamward.fixes.refusal import Reason, Refusal
from lamward.fixes.text import draft
from lamward.fixes.write import write
from lamward.model.application import Application
from lamward.model.finding import Edit, EditKind, Finding, Fix
from lamward.model.location import Location, Step
from lamward.model.report import Failure
from lamward.sources.file import SourceFile
from lamward.sources.node import Document, parse


class Examined(Struct, frozen=True):
    """The applications a file belongs to, what the checks find in them, and what could not be read.

    `sources` are the texts of their files as they may be shown; `for_auditors` names the checks that only auditors ask.
    """

    applications: tuple[Application, ...]
    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    sources: Mapping[str, str] = {}
    for_auditors: frozenset[str] = frozenset()


Examine = Callable[[str, Mapping[Path, bytes]], Examined]
"""Load the applications a file belongs to, with other bytes in place of some files, and ask the checks again."""


class Repaired(Struct, frozen=True):
    """What became of one file: the fixes that passed, those that did not and why, and both texts.

    `shown` are the texts before and after as they may be shown, secrets covered.
    """

    before: SourceFile
    after: SourceFile
    fixed: tuple[Finding, ...] = ()
    refused: tuple[tuple[Finding, Refusal], ...] = ()
    shown: tuple[str, str] = ("", "")

    @property
    def changed(self) -> bool:
        """Whether there is something to write."""
        return self.before.content != self.after.content


def repair(findings: Iterable[Finding], files: Mapping[str, SourceFile], examine: Examine) -> list[Repaired]:
    """Find out for every file which of the findings' fixes can be applied; writes nothing."""
    by_file: dict[str, list[tuple[Finding, Fix]]] = {}
    for finding in findings:
        if finding.fix is not None and finding.fix.edits:
            by_file.setdefault(_file_of(finding.fix), []).append((finding, finding.fix))
    return [_File(files[name], examine).repaired(each) for name, each in by_file.items() if name in files]


def commit(repaired: Repaired) -> Repaired:
    """Write a repaired file; when that is refused nothing of it counts as fixed."""
    refusal = write(repaired.before, repaired.after) if repaired.changed else None
    if refusal is None:
        return repaired
    refused = (*repaired.refused, *((finding, refusal) for finding in repaired.fixed))
    return msgspec.structs.replace(repaired, after=repaired.before, fixed=(), refused=refused)


def _file_of(fix: Fix) -> str:
    return fix.edits[0].location.span.file


class _Candidate(Struct, frozen=True):
    """A finding and its edits with explicit paths."""

    finding: Finding
    edits: tuple[Edit, ...]


class _File:
    """One file's search for the fixes that go together."""

    def __init__(self, source: SourceFile, examine: Examine) -> None:
        self.source = source
        self.examine = examine
        self.document: Document = parse(source)
        self.page = Page(self.document)
        self.path = Path(source.name).resolve()
        self.before = examine(source.name, {})
        self.shown = self.before.sources
        self.accepted: list[_Candidate] = []
        self.after = source
        self.refused: list[tuple[Finding, Refusal]] = []

    def repaired(self, wanted: Sequence[tuple[Finding, Fix]]) -> Repaired:
        """Choose, try, and give what passed."""
        candidates = [made for finding, fix in wanted if (made := self._candidate(finding, fix))]
        chosen = compatible(candidates, _clash, pairs=pairs(map(_places, candidates)))
        self._extend(chosen)
        had_its_turn = set(map(id, chosen))
        for candidate in candidates:
            # What gave way to a fix that then failed gets its turn after all.
            if id(candidate) in had_its_turn:
                continue
            if any(_clash(candidate, other) for other in self.accepted):
                self._refuse(candidate, Reason.CONFLICT, "another fix changes the same place")
            else:
                self._extend([candidate])
        name = self.source.name
        return Repaired(
            self.source,
            self.after,
            tuple(candidate.finding for candidate in self.accepted),
            tuple(self.refused),
            (self.before.sources.get(name, ""), self.shown.get(name, "")),
        )

    def _candidate(self, finding: Finding, fix: Fix) -> _Candidate | None:
        """Look at one fix alone: it must have a text, and speak of this file only."""
        if any(edit.location.span.file != self.source.name for edit in fix.edits):
            message = "its edits belong to several files"
            self.refused.append((finding, Refusal(Reason.SEVERAL_FILES, message, finding.location)))
            return None
        made = draft(self.document, fix.edits, like=self.page)
        if isinstance(made, Refusal):
            self.refused.append((finding, made))
            return None
        return _Candidate(finding, made.edits)

    def _refuse(self, candidate: _Candidate, reason: Reason, message: str) -> None:
        self.refused.append((candidate.finding, Refusal(reason, message, candidate.finding.location)))

    def _extend(self, candidates: Sequence[_Candidate]) -> None:
        """Accept all of them at once if they pass, else the halves one after the other."""
        if not candidates:
            return
        refusal = self._try([*self.accepted, *candidates])
        if refusal is None:
            self.accepted.extend(candidates)
        elif len(candidates) == 1:
            self.refused.append((candidates[0].finding, refusal))
        else:
            middle = len(candidates) // 2
            self._extend(candidates[:middle])
            self._extend(candidates[middle:])

    def _try(self, candidates: Sequence[_Candidate]) -> Refusal | None:
        """Pass every gate with these fixes, or say at which they fail."""
        edits = [edit for candidate in candidates for edit in candidate.edits]
        outcome = proven(self.document, edits)
        if isinstance(outcome, Refusal):
            return outcome
        examined = self.examine(self.source.name, {self.path: outcome.source.content})
        refusal = self._judge(examined, edits, [candidate.finding for candidate in candidates])
        if refusal is None:
            self.after, self.shown = outcome.source, examined.sources
        return refusal

    def _judge(self, after: Examined, edits: Sequence[Edit], fixed: Sequence[Finding]) -> Refusal | None:
        start = Location(self.source.span(0, 0))
        worse = Counter(map(_words, after.failures)) - Counter(map(_words, self.before.failures))
        if worse:
            return Refusal(Reason.MALFORMED, f"something could no longer be read: {min(worse)[1]}", start)
        other = unexpected(self.before.applications, after.applications, edits)
        if other:
            return Refusal(
                Reason.OTHER_FACTS, f"it would change `{other}` too, which it does not name", start
            )
        return _remaining(self.before, after, fixed)


def _words(failure: Failure) -> tuple[str, str]:
    return (failure.kind, failure.message)


def _places(candidate: _Candidate) -> list[tuple[Step, ...]]:
    """List what a fix changes, and what it copies: only others near to one of them can clash with it."""
    return [*(edit.path for edit in candidate.edits), *_copied(candidate.finding).values()]


def _clash(one: _Candidate, other: _Candidate) -> bool:
    contradicting = any(
        contradict(mine, yours) and not alike(mine, yours) for mine in one.edits for yours in other.edits
    )
    return contradicting or _copies_what_changes(one, other) or _copies_what_changes(other, one)


def _copies_what_changes(one: _Candidate, other: _Candidate) -> bool:
    return any(
        edit.path[: len(source)] == source for source in _copied(one.finding).values() for edit in other.edits
    )


def _copied(finding: Finding) -> dict[str, tuple[Step, ...]]:
    """Give the path of the resource each new resource is a copy of."""
    edits = finding.fix.edits if finding.fix else ()
    return {
        str(edit.path[-1]): tuple(edit.value)
        for edit in edits
        if edit.kind is EditKind.COPY and isinstance(edit.value, tuple | list)
    }


def _remaining(before: Examined, after: Examined, fixed: Sequence[Finding]) -> Refusal | None:
    """Compare findings: nothing new, and each fixed one gone.

    What only auditors ask is a matter of taste, and left to them: whether a queue that a fix inserts should have a key.
    What is found in a copy was found in the original.
    Equal findings of one resource are numbered, so that the number of the second changes when the first is gone:
    how many are left of each kind counts.
    """
    known = {(finding.application, finding.fingerprint) for finding in before.findings}
    copies = {copy: str(path[-1]) for each in fixed for copy, path in _copied(each).items()}
    originals = {(finding.application, finding.check, finding.resource) for finding in before.findings}
    new = [
        finding
        for finding in after.findings
        if (finding.application, finding.fingerprint) not in known
        and (finding.application, finding.check, copies.get(finding.resource, "")) not in originals
        and finding.check not in after.for_auditors
    ]
    if new:
        message = f"it would lead to a new finding, `{new[0].check}`: {new[0].message}"
        return Refusal(Reason.NEW_FINDING, message, new[0].location)
    left, were = Counter(map(_kind, after.findings)), Counter(map(_kind, before.findings))
    for kind, count in Counter(map(_kind, fixed)).items():
        if left[kind] > were[kind] - count:
            finding = next(each for each in fixed if _kind(each) == kind)
            return Refusal(Reason.STILL_FOUND, "the finding would still be there", finding.location)
    return None


def _kind(finding: Finding) -> tuple[str, str, str]:
    return (finding.application, finding.check, finding.resource)


__all__ = ["Examine", "Examined", "Repaired", "commit", "repair"]
