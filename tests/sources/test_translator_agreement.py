"""Our expansion of SAM against the official translator's: the same grants, triggers and routes, function by function.

Both results go through the same reader and evaluator, parameters at their defaults. What the two say differently
about the corpus is listed, with its reason, in `docs/understanding/sam-agreement.md`; of our own templates they
must say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lamward.model.application import Application
from lamward.sources.file import SourceFile
from lamward.sources.node import parse
from lamward.sources.stack import load
from tests.loading import CORPUS
from tests.sources import agreement, translator

OWN = Path(__file__).parent / "sam"
LISTED = Path(__file__).parents[2] / "docs" / "understanding" / "sam-agreement.md"

NO_FILES = Path(__file__).parent / "no-such-folder"
"""The root of both readings: what a template includes or nests is left alone, for the translator cannot read it."""

Difference = tuple[str, str, str]
"""Template, subject and aspect."""


def _application(text: str, name: str, given: dict[str, str]) -> Application:
    document = parse(SourceFile(name, text.encode()))
    return load(document, root=NO_FILES, given=given)[0]


def _compare(text: str) -> tuple[dict[tuple[str, str], tuple[object, object]], set[str]]:
    """Give what differs, by subject and aspect, and the functions there are. Raises `Refused`."""
    template = translator.decode(text)
    given = translator.parameters(template)
    theirs = _application(translator.translate(template), "translated.json", given)
    ours = _application(text, "template.yaml", given)
    said, expected = agreement.facts(ours), agreement.facts(theirs)
    functions = {one.id for one in (*ours.functions, *theirs.functions)}
    different = {
        key: (said.get(key), expected.get(key))
        for key in said.keys() | expected.keys()
        if said.get(key) != expected.get(key)
    }
    return different, functions


@pytest.mark.parametrize("path", sorted(OWN.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_translator_says_the_same_of_our_templates(path: Path) -> None:
    different, functions = _compare(path.read_text(encoding="utf-8"))
    assert different == {}
    assert functions or path.stem.startswith("state_machine")


def test_the_translator_says_the_same_of_the_corpus_but_for_what_is_listed() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real templates is not beside the repository")
    found: set[Difference] = set()
    functions = disagreeing = 0
    for name, text in _serverless():
        try:
            different, ids = _compare(text)
        except translator.Refused:
            found.add((name, "", "refused"))
            continue
        found |= {(name, subject, aspect) for subject, aspect in different}
        functions += len(ids)
        disagreeing += len(ids & {subject for subject, _ in different})
    listed = set(_listed())
    assert sorted(found - listed) == [], "list these with their reasons, or mend the expansion"
    assert sorted(listed - found) == [], "these no longer differ: take them off the list"
    assert functions > 500
    assert 1 - disagreeing / functions >= 0.98


def _serverless() -> Iterator[tuple[str, str]]:
    for path in sorted((*CORPUS.rglob("*.yaml"), *CORPUS.rglob("*.yml"))):
        text = path.read_text(encoding="utf-8")
        if "AWS::Serverless-2016-10-31" in text:
            yield path.relative_to(CORPUS).as_posix(), text


def _listed() -> Iterator[Difference]:
    """Read the rows of the page's table: template, subject, aspect, why."""
    for line in LISTED.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        if len(cells) == 4 and "/" in cells[0]:
            yield cells[0], cells[1], cells[2]
