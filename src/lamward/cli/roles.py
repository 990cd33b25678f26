"""`lamward roles`: the least policy of every function, derived from its code and settings, and proved."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from lamward.cli import options, terminal
from lamward.cli.codes import ExitCode
from lamward.errors import NothingToAudit, UsageError

if TYPE_CHECKING:
    from lamward.facts import Facts
    from lamward.facts.needs.least import Least
    from lamward.model.report import Failure
    from lamward.roles.change import Change
    from lamward.sources.project import Loaded
    from lamward.trail.ledger import Ledger

FORMATS: Final = ("text", "json", "sam", "cloudformation", "terraform", "policy")
BARE: Final = ("sam", "cloudformation", "terraform", "policy")
"""The formats that have no room for what is not known."""


@click.command(
    "roles",
    epilog=(
        "Exit codes: 0 fine, 1 with --write or --diff: a role is not as it should be, 2 usage, 3 nothing to look at, "
        "4 incomplete (with --strict: any function), 70 bug."
    ),
)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--function", "names", metavar="NAME", multiple=True, help="Only this function. Repeatable.")
@click.option(
    "--format",
    "format_name",
    metavar="FORMAT",
    help="What to print: text (default), json, sam, cloudformation, terraform or policy (JSON documents).",
)
@click.option("--explain", "action", metavar="ACTION", help="Tell why functions need this action.")
@click.option(
    "--write", is_flag=True, help="Put least policies into the templates, one role for each function."
)
@click.option("--diff", is_flag=True, help="Show what --write would change, and write nothing.")
@click.option("--interactive", is_flag=True, help="With --write: show each change and ask.")
@click.option(
    "--unsafe",
    is_flag=True,
    help="With --write or --diff: take away what nothing is known to need, even where not all is known.",
)
@click.option(
    "--trail",
    metavar="LEDGER",
    help="Take what `lamward trail read` learned from CloudTrail into account.",
)
@click.option(
    "--stack",
    metavar="NAME",
    default="",
    help="The stack the template is deployed as: functions are named after it.",
)
@click.option("--strict", is_flag=True, help="Exit with 4 where the needs of a function are not all known.")
@click.option(
    "--parameter",
    "parameters",
    metavar="NAME=VALUE",
    multiple=True,
    help="The value of a template's parameter. Repeatable.",
)
@click.option("--exclude", metavar="GLOB", multiple=True, help="Leave these files out. Repeatable.")
@click.option("--allow-partial", is_flag=True, help="Do not exit with 4 when a template could not be read.")
@options.today_option
@options.color_option
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Derive and prove the least policy of every function.

    What a function needs is read from its code (nothing is run) and from its settings; every grant says why. What
    could not be resolved is told, never granted and never left out in silence.
    """
    _refuse_contradictions(given)
    _refuse_no_action(given["action"])
    wanted = options.one_of("--format", given["format_name"] or "text", FORMATS)
    if given["write"] or given["diff"]:
        return _write(options.existing(paths), given)
    loaded = _loaded(options.existing(paths), given)
    _refuse_unknown(loaded, given["names"])
    looked = _found(loaded, given)
    if wanted in BARE and not given["action"]:
        terminal.show(_snippet(loaded, looked, wanted))
        _warn([each for _, each in looked], logs=wanted != "sam")
    else:
        terminal.show(_rendered(looked, wanted, given, loaded.failed))
    _tell(loaded.failed, loaded, given)
    incomplete = bool(loaded.failed) and not given["allow_partial"]
    unknown = given["strict"] and not all(each.needs.whole for _, each in looked)
    return ExitCode.INCOMPLETE if incomplete or unknown else ExitCode.CLEAN


def _refuse_contradictions(given: dict[str, Any]) -> None:
    """Refuse options that would do nothing beside the others: whoever gave them expects something."""
    if given["write"] and given["diff"]:
        raise UsageError("`--write` and `--diff` exclude each other", "leave one of them out")
    if given["interactive"] and not given["write"]:
        raise UsageError("`--interactive` is for `--write`", "add it")
    writing = given["write"] or given["diff"]
    if given["unsafe"] and not writing:
        raise UsageError("`--unsafe` is for `--write` or `--diff`", "add one of them")
    if given["action"] and given["format_name"]:
        raise UsageError("`--explain` and `--format` exclude each other", "leave one of them out")
    for option, name in (("--format", "format_name"), ("--explain", "action")):
        if given[name] and writing:
            raise UsageError(
                f"`{option}` is for what is printed, not for `--write` or `--diff`", "leave it out"
            )


def _refuse_no_action(name: str | None) -> None:
    """Refuse to explain what is no action: that nothing needs it would say nothing."""
    from lamward.iam import catalogue

    if name and catalogue.action(name) is None:
        near = " or ".join(f"`{each}`" for each in catalogue.suggest(name))
        hint = f"did you mean {near}?" if near else "write it as policies do: `s3:GetObject`"
        raise UsageError(f"there is no action `{name}`", hint)


def _write(paths: Sequence[Path], given: dict[str, Any]) -> int:
    from lamward.audit.settings import Settings
    from lamward.cli.fix import asked
    from lamward.cli.granting import Granting, Look, changes
    from lamward.cli.repairing import difference
    from lamward.roles import change

    loaded = _loaded(paths, given)
    _refuse_unknown(loaded, given["names"])
    settings = Settings(parameters=options.parameter_values(given["parameters"]), exclude=given["exclude"])
    day, ledger = options.day(given["today"]), _ledger(given["trail"])
    look = Look(day, ledger, given["stack"])
    granting = Granting(paths, settings, look, names=given["names"], unsafe=given["unsafe"])
    tried = bool(given["diff"])
    granted = granting.try_out() if tried else granting.write(asked if given["interactive"] else None)
    made = changes(granted)
    told = change.told(
        made, tried=tried, colour=options.coloured(given["color"]), width=terminal.width(sys.stdout)
    )
    if tried:
        lines = [line for each in granted.repaired for line in difference(each)]
        terminal.show(terminal.harmless("\n".join(lines)))
        terminal.note(told.rstrip("\n"))
    else:
        terminal.show(told)
    _tell(granted.failures, loaded, given)
    return _code(given, made, complete=not granted.failures, tried=tried)


def _code(given: dict[str, Any], made: Sequence[Change], *, complete: bool, tried: bool) -> int:
    known = all(after.needs.whole for each in made for _, after in each.functions)
    if not (complete or given["allow_partial"]) or (given["strict"] and not known):
        return ExitCode.INCOMPLETE
    open_ = any(each.refused or (tried and each.done) for each in made)
    return ExitCode.FINDINGS if open_ else ExitCode.CLEAN


def _loaded(paths: Sequence[Path], given: dict[str, Any]) -> Loaded:
    from lamward.sources.project import LoadOptions, load

    loaded = load(
        paths, LoadOptions(parameters=options.parameter_values(given["parameters"]), exclude=given["exclude"])
    )
    if not any(application.functions for application in loaded.applications) and not loaded.failed:
        where = ", ".join(f"`{path}`" for path in paths)
        raise NothingToAudit(f"no function found in {where}", loaded.remedy)
    return loaded


def _tell(failures: Sequence[Failure], loaded: Loaded, given: dict[str, Any]) -> None:
    """Say on stderr what could not be looked at, with its place, and which parameters no template has."""
    for failure in failures:
        terminal.complain(f"{failure.location}: {failure.message}", failure.hint)
    values = options.parameter_values(given["parameters"])
    if values:
        # Who gives no values needs none of the checks, which come with it.
        from lamward.audit.pipeline import unused_parameters

        for notice in unused_parameters(loaded, values):
            terminal.complain(notice.message, notice.hint, lead="notice")


def _refuse_unknown(loaded: Loaded, names: Sequence[str]) -> None:
    known = {
        function.declared_by or function.id for each in loaded.applications for function in each.functions
    }
    known |= {function.id for each in loaded.applications for function in each.functions}
    for name in names:
        if name not in known:
            from lamward.audit.convert import suggest

            hint = suggest(name, sorted(known)) or "`lamward roles` lists the functions there are"
            raise UsageError(f"there is no function `{name}`", hint)


def _found(loaded: Loaded, given: dict[str, Any]) -> list[tuple[Facts, Least]]:
    from lamward.facts import Facts
    from lamward.facts.needs.least import least

    today, ledger, names = options.day(given["today"]), _ledger(given["trail"]), set(given["names"])
    found: list[tuple[Facts, Least]] = []
    for application in loaded.applications:
        facts = Facts(application, today=today, trail=ledger, stack=given["stack"])
        found += [
            (facts, least(facts, function))
            for function in application.functions
            if not names or {function.declared_by, function.id} & names
        ]
    return found


def _ledger(path: str | None) -> Ledger | None:
    if path is None:
        return None
    from lamward.trail.store import shown

    with shown(Path(path)) as store:
        return store.load()


def _snippet(loaded: Loaded, looked: Sequence[tuple[Facts, Least]], wanted: str) -> str:
    from lamward.roles import snippet
    from lamward.roles.circles import Circles
    from lamward.roles.terraform import terraform
    from lamward.roles.texts import Texts

    texts = Texts(loaded.files)
    circles = {id(facts): Circles(facts, texts) for facts, _ in looked}
    sheets = [snippet.Sheet(each, facts, circles[id(facts)]) for facts, each in looked]
    write = {"sam": snippet.sam, "cloudformation": snippet.cloudformation, "terraform": terraform}
    return write[wanted](sheets) if wanted in write else snippet.policy_json([each for _, each in looked])


def _warn(found: Sequence[Least], *, logs: bool) -> None:
    """Say beside bare policies what they do not say themselves; `logs` where they speak of log groups."""
    from lamward.roles.told import about_logs, caveats

    for least in found:
        for each in caveats(least):
            name = least.function.declared_by or least.function.id
            terminal.complain(f"{name}: {each}", lead="notice")
    if logs and about_logs(found):
        terminal.complain(about_logs(found), lead="notice")


def _rendered(
    looked: Sequence[tuple[Facts, Least]], wanted: str, given: dict[str, Any], failures: Sequence[Failure]
) -> str:
    from lamward.facts.needs.used import idle
    from lamward.roles import machine, told

    found = [each for _, each in looked]
    if given["action"]:
        return told.explained(found, given["action"])
    applications = {id(facts): facts for facts, _ in looked}
    unused = [role for facts in applications.values() for role in idle(facts)]
    if wanted == "json":
        return machine.machine(found, unused, failures)
    coloured = options.coloured(given["color"])
    return told.text(found, idle=unused, colour=coloured, width=terminal.width(sys.stdout))
