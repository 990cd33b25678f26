"""Laws of edits, on random documents in every style."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from lamward.fixes.content import content, intended, same
from lamward.fixes.gate import Proven, proven
from lamward.fixes.page import changed
from lamward.fixes.plan import contradict
from lamward.fixes.text import Draft, draft
from lamward.model.finding import Edit, EditKind
from lamward.sources.file import SourceFile
from lamward.sources.node import Document, parse
from tests.fixes.documents import edits_of, written


def _document(text: str) -> Document:
    document = parse(SourceFile("template.yaml", text.encode()))
    assume(document.root is not None and not document.failures)
    return document


def _content(document: Document) -> Any:
    assert document.root is not None
    return content(document.root)


def _proven(document: Document, *edits: Edit) -> Proven:
    outcome = proven(document, edits)
    assert isinstance(outcome, Proven), (outcome, document.source.text)
    return outcome


@given(st.data())
def test_the_document_says_what_was_intended(data: st.DataObject) -> None:
    document = _document(data.draw(written()))
    before = _content(document)
    edit = data.draw(edits_of(before))
    after = _proven(document, edit)
    again = parse(SourceFile("template.yaml", after.source.content))
    assert same(_content(again), intended(before, after.draft.edits))


@given(st.data())
def test_text_outside_the_edits_stays(data: st.DataObject) -> None:
    document = _document(data.draw(written()))
    made = draft(document, [data.draw(edits_of(_content(document)))])
    assert isinstance(made, Draft), made
    assert all(one.end <= other.start for one, other in pairwise(made.changes))
    assert made.text == changed(document.source.text, made.changes)
    if made.edits and made.edits[0].kind in {EditKind.ADD, EditKind.APPEND}:
        # What is added puts text in; only an empty collection, or one that gets too long a line, is written anew.
        replaced = [document.source.text[change.start : change.end] for change in made.changes]
        assert all(
            text.partition("#")[0].strip(" -") in {"", "{}", "[]", "null", "~"} or ":" in text
            for text in replaced
        )


@given(st.data())
def test_a_second_time_nothing_changes(data: st.DataObject) -> None:
    document = _document(data.draw(written()))
    edit = data.draw(edits_of(_content(document)))
    assume(edit.kind is not EditKind.REMOVE or isinstance(edit.path[-1], str))
    again = draft(_proven(document, edit).document, [edit])
    assert isinstance(again, Draft)
    assert again.changes == ()


@given(st.data())
def test_edits_that_do_not_contradict_commute(data: st.DataObject) -> None:
    document = _document(data.draw(written()))
    before = _content(document)
    edits = data.draw(st.lists(edits_of(before), min_size=2, max_size=4))
    assume(not any(contradict(one, other) for index, one in enumerate(edits) for other in edits[:index]))
    assume(len({str(edit.path) for edit in edits}) == len(edits))
    one, other = _proven(document, *edits), _proven(document, *reversed(edits))
    assert same(_content(one.document), _content(other.document))
    assert sorted(one.source.text) == sorted(other.source.text)
