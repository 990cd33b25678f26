"""`lamward policy lint`: what is wrong in policies, or without effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import click
from msgspec import Struct

from lamward.cli import options
from lamward.cli.codes import ExitCode
from lamward.cli.policy import options as policy_options
from lamward.cli.policy import telling
from lamward.cli.policy.reading import STANDARD_INPUT, Input
from lamward.errors import UsageError
from lamward.iam.lint import Kind, Remark, lint
from lamward.model.location import Location
from lamward.model.policy import Effect, Policy
from lamward.model.report import Failure
from lamward.model.value import text_of
from lamward.report.escape import visible
from lamward.report.layout import harmless
from lamward.report.summary import counted
from lamward.sources.cloudformation.template import is_template
from lamward.sources.file import SourceFile, contents, held
from lamward.sources.node import parse
from lamward.sources.policies import has_principals, remedy

FORMATS: Final = ("text", "concise", "json")
KINDS: Final = {
    "inline": Kind.INLINE,
    "managed": Kind.MANAGED,
    "resource": Kind.RESOURCE,
    "trust": Kind.TRUST,
    "scp": Kind.SERVICE_CONTROL,
    "rcp": Kind.RESOURCE_CONTROL,
}


class Found(Struct, frozen=True, order=True):
    """One finding with its place."""

    file: str
    line: int
    column: int
    name: str
    message: str
    hint: str
    location: Location
    statement: int | None


@click.command(
    "lint",
    epilog=f"Exit codes: 0 clean, 1 findings, {policy_options.CODES}",
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--kind",
    metavar="KIND",
    help=f"What the policies are for: {', '.join(KINDS)}. If not given, their principals and actions tell.",
)
@click.option(
    "--no-proofs", is_flag=True, help="Do not look for statements without effect, which takes longer."
)
@policy_options.format_options(*FORMATS)
def command(files: tuple[str, ...], kind: str | None, format_name: str, color: str, **given: Any) -> int:
    """Find what is wrong in policies, or without effect.

    That is in syntax, names, shapes of resources, operators; statements without effect are proved to be so.
    FILE is a policy in JSON or YAML, or a template, of which every policy is looked at; `-` is standard input.
    """
    wanted = policy_options.chosen_format(format_name, FORMATS, as_json=given["as_json"])
    colour = options.coloured(color)
    chosen = KINDS[options.one_of("--kind", kind, tuple(KINDS))] if kind else None
    _insist(files)
    source = Input()
    policies = [each for name in files for each in _policies(source, name)]
    found = [_of_failure(each) for each in source.reader.failures if each.kind != "not-a-policy"]
    for policy in policies:
        remarks = lint(policy, chosen or guess(policy), proofs=not given["no_proofs"])
        found += [_of_remark(each, policy) for each in remarks]
    found = sorted(dict.fromkeys(found), key=lambda each: (each.file, each.line, each.column, each.name))
    _show(wanted, found, len(policies), telling.Teller(source.texts, colour=colour))
    partial = bool(source.unseen)
    source.tell_unseen()
    return ExitCode.FINDINGS if found else ExitCode.INCOMPLETE if partial else ExitCode.CLEAN


def _insist(files: Sequence[str]) -> None:
    """Refuse names of files that are not there: a broken file is a finding, a misspelt name is a mistake."""
    for name in files:
        if not name.startswith("arn:") and name != STANDARD_INPUT and not Path(name).is_file():
            raise UsageError(f"there is no file `{name}`", "name policies in JSON or YAML, or templates")


def _policies(source: Input, name: str) -> Iterator[Policy]:
    """Read the policies of a file: its one, or all of a template."""
    path = None if name.startswith("arn:") else source.file(name)
    if path is None or not _is_template(path):
        yield source.policy(name if path is None else str(path))
        return
    for application in source.loaded(str(path)).applications:
        for role in application.roles:
            yield from role.policies
            if role.trust is not None:
                yield role.trust
        yield from (each.policy for each in application.identity_policies)
        yield from (each.policy for each in application.resource_policies)


def _is_template(path: Path) -> bool:
    content = held(path)
    try:
        content = contents(path) if content is None else content
        return b"Resources" in content and is_template(parse(SourceFile(path.as_posix(), content)).root)
    except (OSError, UnicodeDecodeError):
        return False  # as a policy, it is told what is wrong with it


def guess(policy: Policy) -> Kind:
    """Tell what a policy is for by what it says."""
    if not has_principals(policy):
        return Kind.INLINE
    actions = [
        text_of(case.value) or ""
        for statement in policy.statements
        if statement.effect is Effect.ALLOW
        for case in statement.actions or ()
    ]
    without = all(each.resources is None and each.not_resources is None for each in policy.statements)
    trust = without and all(each.lower().startswith("sts:") for each in actions)
    return Kind.TRUST if trust else Kind.RESOURCE


def _of_failure(failure: Failure) -> Found:
    span = failure.location.span
    return Found(
        span.file, span.line, span.column, failure.kind, failure.message, failure.hint, failure.location, None
    )


def _of_remark(remark: Remark, policy: Policy) -> Found:
    where = remark.location if remark.location.span.file else policy.location
    span = where.span
    number = None if remark.statement is None else remark.statement + 1
    file = span.file or policy.name
    hint = remedy(remark.message) if remark.name == "unreadable" and not remark.hint else remark.hint
    return Found(file, span.line, span.column, remark.name, remark.message, hint, where, number)


def _show(wanted: str, found: Sequence[Found], policies: int, teller: telling.Teller) -> None:
    if wanted == "json":
        telling.show_json("lint", {"policies": policies, "findings": [_record(each) for each in found]})
        return
    for each in found:
        place = f"{each.file}:{each.line}:{each.column}"
        if wanted == "concise":
            hint = f"; {each.hint}" if each.hint else ""
            teller.lines.append(harmless(visible(f"{place}: {each.name}: {each.message}{hint}")))
            continue
        teller.head(each.name, each.message, "medium")
        teller.excerpt(each.location)
        if each.hint:
            teller.say(f"= help: {each.hint}", indent=5)
        teller.gap()
    teller.lines.append(
        f"{counted(len(found), 'finding')} in {counted(policies, 'policy', 'policies')}"
        if found
        else f"{counted(policies, 'policy', 'policies')}: nothing found"
    )
    teller.show()


def _record(found: Found) -> dict[str, Any]:
    return {
        "name": found.name,
        "message": found.message,
        "hint": found.hint,
        "statement": found.statement,
        "location": telling.place_record(found.location),
    }
