"""One function with its code beside its template, and what it needs as lines."""

from __future__ import annotations

import datetime
import textwrap
from pathlib import Path

from lamward.facts import Facts
from lamward.facts.needs.needed import Needed, needed
from lamward.model.application import Function
from lamward.model.evidence import Access
from lamward.model.value import Known
from lamward.sources.project import LoadOptions, load

HEAD = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: src/
"""

AWS = "arn:${AWS::Partition}:"
HERE = ":${AWS::Region}:${AWS::AccountId}:"


def loaded(folder: Path, template: str, code: str = "", name: str = "app.py") -> tuple[Facts, Function]:
    """Write an application into a folder and load it; `template` goes on after `HEAD` unless it is a whole one."""
    whole = template if template.startswith(("Transform", "{")) else HEAD + textwrap.indent(template, "  ")
    (folder / "src").mkdir(exist_ok=True)
    (folder / "src" / name).write_text(textwrap.dedent(code), encoding="utf-8")
    path = folder / "template.yaml"
    path.write_text(whole, encoding="utf-8")
    (application,) = load([path], LoadOptions()).applications
    assert not application.failures, application.failures
    return Facts(application, today=datetime.date(2026, 11, 21)), application.functions[0]


def needs(folder: Path, template: str, code: str = "") -> Needed:
    """Say what the one function needs."""
    return needed(*loaded(folder, template, code))


def lines(accesses: tuple[Access, ...], *, but: str = "logs:") -> list[str]:
    """Write accesses briefly, without those that every function needs."""
    return [line(each) for each in accesses if not each.action.startswith(but)]


def line(access: Access) -> str:
    """Write one access: `action resource if key=value`."""
    shown = str(access.resource.value) if isinstance(access.resource, Known) else str(access.resource)
    conditions = "".join(f" if {key}={getattr(value, 'value', value)}" for _, key, value in access.conditions)
    return f"{access.action} {shown.replace(AWS, '').replace(HERE, '::')}{conditions}"
