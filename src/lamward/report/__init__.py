"""The formats of a report: each a pure function, loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType

from msgspec import Struct

from lamward.errors import UsageError
from lamward.model.finding import TextChange
from lamward.model.report import Report
from lamward.report.options import Options


class Format(Struct, frozen=True):
    """A format: the module that renders it, and whom it is for."""

    module: str
    title: str


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "text": Format("text", "for people: grouped findings with excerpts, reasons and remedies"),
        "concise": Format("concise", "one line for each finding, for editors and problem matchers"),
        "json": Format("machine", "everything, for programs; versioned, with a published schema"),
        "sarif": Format("sarif", "SARIF 2.1.0, for code scanning"),
        "github": Format("github", "annotations of GitHub Actions"),
        "gitlab": Format("gitlab", "a Code Quality report of GitLab"),
        "junit": Format("junit", "JUnit XML, for build servers"),
        "markdown": Format("markdown", "a summary for a pull request"),
    }
)


def render(
    format_name: str,
    report: Report,
    *,
    sources: Mapping[str, str] = {},
    colour: bool = False,
    width: int = 80,
    show_unanswered: bool = False,
    changes: Mapping[tuple[str, str], tuple[TextChange, ...]] = {},
) -> str:
    """Render a report in a format of `FORMATS`.

    `sources` has the decoded text of files by the name their spans carry; `colour`, `width` (in columns) and
    `show_unanswered` matter to the text format only; `changes`, what fixes do to the text by a finding's application
    and fingerprint, to SARIF only. The result ends with a line end, or is empty.
    """
    if format_name not in FORMATS:
        raise UsageError(f"there is no format `{format_name}`", f"use one of {', '.join(FORMATS)}")
    renderer: Callable[[Report, Options], str] = import_module(
        f"{__name__}.{FORMATS[format_name].module}"
    ).render
    return renderer(report, Options(sources, colour, width, show_unanswered, changes))
