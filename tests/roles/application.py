"""An application with its code in a folder, and what is planned for its roles."""

from __future__ import annotations

import datetime
import textwrap
from pathlib import Path

from msgspec import Struct

from lamward.facts import Facts
from lamward.fixes.text import Draft, draft
from lamward.roles.plan import Plan, plans
from lamward.roles.texts import Texts
from lamward.sources.node import parse
from lamward.sources.project import LoadOptions, load

TODAY = datetime.date(2026, 11, 21)

CODE = """\
import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

def handler(event, context):
    table.put_item(Item={"pk": "1"})
"""
"""Puts an item into the table that `TABLE` names, and needs nothing else."""

OPEN = """\
import boto3

def handler(event, context):
    getattr(boto3.client("s3"), event["what"])()
"""
"""Calls what only the event knows."""


class Planned(Struct, frozen=True):
    """The plans for one template, and its text with all of them."""

    plans: tuple[Plan, ...]
    text: str

    @property
    def refused(self) -> list[str]:
        """Why nothing is written, one for each role."""
        return [each.refused for each in self.plans if each.refused]

    @property
    def notes(self) -> list[str]:
        """What is said about what stays."""
        return [note for each in self.plans for note in each.notes]


def write(folder: Path, template: str, **code: str) -> Path:
    """Write a template and its code, by default `src/app.py` with `CODE`."""
    (folder / "src").mkdir(exist_ok=True)
    for name, text in (code or {"app": CODE}).items():
        (folder / "src" / f"{name}.py").write_text(text, encoding="utf-8")
    path = folder / "template.yaml"
    path.write_text(textwrap.dedent(template), encoding="utf-8")
    return path


def facts_of(path: Path) -> tuple[Facts, Texts]:
    """Load a template."""
    loaded = load([path], LoadOptions())
    (application,) = loaded.applications
    assert not application.failures, application.failures
    return Facts(application, today=TODAY), Texts(loaded.files)


def planned(path: Path, *, only: str = "", unsafe: bool = False) -> Planned:
    """Plan for a template, and give its text with what is planned; nothing is written."""
    loaded = load([path], LoadOptions())
    (application,) = loaded.applications
    facts = Facts(application, today=TODAY)
    chosen = {each.id for each in application.functions if only in {"", each.id}}
    found = plans(facts, Texts(loaded.files), chosen, unsafe=unsafe)
    (source,) = loaded.files.values()
    edits = [edit for each in found if each.fix for edit in each.fix.edits]
    made = draft(parse(source), edits)
    assert isinstance(made, Draft), made
    return Planned(tuple(found), made.text)
