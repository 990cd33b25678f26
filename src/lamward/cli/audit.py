"""`lamward audit`: find problems in templates."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lamward.cli import compliance, options, terminal
from lamward.cli.codes import code_for
from lamward.errors import UsageError

if TYPE_CHECKING:
    from typing import Protocol

    from lamward.audit.pipeline import Audited
    from lamward.compliance.assess import Assessment
    from lamward.model.finding import TextChange

    class Rendering(Protocol):
        """A result in a format, for the terminal or for a file."""

        def __call__(self, name: str, *, printed: bool) -> str:
            """Give the text of a format."""


@click.command(
    "audit", epilog="Exit codes: 0 fine, 1 findings, 2 usage, 3 nothing to audit, 4 incomplete, 70 bug."
)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option(
    "--format",
    "format_name",
    metavar="FORMAT",
    default="text",
    help="What to print: text (default), concise, json, sarif, github, gitlab, junit or markdown.",
)
@click.option("--output", "outputs", metavar="FORMAT=FILE", multiple=True, help="Write this too. Repeatable.")
@options.settings_options
@click.option("--allow-partial", is_flag=True, help="Do not exit with 4 when something could not be audited.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found or could not be audited.")
@click.option("--show-unanswered", is_flag=True, help="Show the questions that could not be answered.")
@options.today_option
@options.color_option
@click.option("--quiet", "-q", is_flag=True, help="Say nothing on stderr but errors.")
@click.option(
    "--compliance",
    "frameworks",
    metavar="NAMES",
    help="Judge the requirements of frameworks instead, such as cis-compute,pci-dss, or all; as text, json, csv or "
    "markdown.",
)
def command(paths: tuple[str, ...], today: str | None, frameworks: str | None, **given: Any) -> int:
    """Find problems in SAM and CloudFormation templates.

    PATH is a template, or a folder to look for templates in; the current folder if there is none. `-` is a template
    from standard input.
    """
    from lamward.audit.pipeline import run
    from lamward.checks import CHECKS
    from lamward.sources.file import instead

    shown = {
        name: given.pop(name) for name in ("format_name", "outputs", "show_unanswered", "color", "quiet")
    }
    leniency = {name: given.pop(name) for name in ("allow_partial", "exit_zero")}
    names = compliance.wanted(frameworks)
    wanted = _wanted(shown["format_name"], shown["outputs"], _formats(names))
    where = options.existing([path for path in paths if path != "-"]) if set(paths) != {"-"} else []
    contents = options.standard_input() if "-" in paths else {}
    where += contents
    settings = options.resolved(where, given).settings
    settings = compliance.asking_all(settings) if names else settings
    with instead({path.absolute(): content for path, content in contents.items()}):
        audited = run(where, settings, checks=CHECKS, today=options.day(today))
    _spare(audited.loaded.files, wanted)
    if names:
        assessments = compliance.assessed(names, audited.report)
        _deliver(wanted, _assessments(assessments, shown), quiet=shown["quiet"])
        return compliance.code_for(assessments, audited.report, **leniency)
    _deliver(wanted, _findings(audited, shown), quiet=shown["quiet"])
    return code_for(audited.report, settings.fail_on, **leniency)


def _formats(frameworks: Sequence[str]) -> tuple[str, ...]:
    if frameworks:
        from lamward.compliance import render

        return tuple(render.FORMATS)
    from lamward.report import FORMATS

    return tuple(FORMATS)


def _wanted(
    format_name: str, outputs: Sequence[str], formats: Sequence[str]
) -> list[tuple[str, Path | None]]:
    """Say which formats go where; None is stdout."""
    wanted: list[tuple[str, Path | None]] = [(options.one_of("--format", format_name, formats), None)]
    for output in outputs:
        name, equals, file = output.partition("=")
        if not equals or not file:
            raise UsageError(
                f"`--output` is not of the form FORMAT=FILE: `{output}`", "for example `sarif=lamward.sarif`"
            )
        if file == "-":
            raise UsageError("`--output` writes files, and `-` is none", f"print it with `--format {name}`")
        if Path(file) in [path for _, path in wanted]:
            raise UsageError(f"`{file}` is written twice", "give each format a file of its own")
        wanted.append((options.one_of("--output", name, formats), Path(file)))
    return wanted


def _spare(files: Iterable[str], wanted: Sequence[tuple[str, Path | None]]) -> None:
    """Refuse to write a report over what it is about."""
    read = {os.path.realpath(name) for name in files}
    for _, path in wanted:
        if path is not None and os.path.realpath(path) in read:
            raise UsageError(f"`{path}` is a template: it would be overwritten", "name another file")


def _findings(audited: Audited, shown: dict[str, Any]) -> Rendering:
    """Render the report itself."""
    from lamward.report import render

    def rendered(name: str, *, printed: bool) -> str:
        return render(
            name,
            audited.report,
            sources=audited.sources,
            colour=printed and options.coloured(shown["color"]),
            width=terminal.width(sys.stdout) if printed else terminal.DEFAULT_WIDTH,
            show_unanswered=shown["show_unanswered"],
            changes=_changes(audited) if name == "sarif" else {},
        )

    return rendered


def _changes(audited: Audited) -> dict[tuple[str, str], tuple[TextChange, ...]]:
    # Few formats show the texts of fixes, and what makes them takes a moment to load.
    from lamward.cli.repairing import changes

    return changes(audited)


def _assessments(assessments: Sequence[Assessment], shown: dict[str, Any]) -> Rendering:
    """Render what the report says of frameworks."""
    from lamward.compliance.render import render

    def rendered(name: str, *, printed: bool) -> str:
        return render(
            name,
            assessments,
            colour=printed and options.coloured(shown["color"]),
            width=terminal.width(sys.stdout) if printed else terminal.DEFAULT_WIDTH,
        )

    return rendered


def _deliver(wanted: Sequence[tuple[str, Path | None]], rendered: Rendering, *, quiet: bool) -> None:
    """Render everything before anything is written, so that a result is there whole or not at all."""
    texts = [rendered(name, printed=path is None) for name, path in wanted]
    for (_, path), text in zip(wanted, texts, strict=True):
        if path is not None:
            terminal.save(path, text)
            if not quiet:
                terminal.note(f"written: {path}")
    terminal.show(texts[0])
