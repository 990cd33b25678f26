"""`lamward policy test`: unit tests of policies, written as data beside them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click
from msgspec import Struct

from lamward.cli import options
from lamward.cli.policy import junit, telling
from lamward.cli.policy import options as policy_options
from lamward.cli.policy.reading import Input
from lamward.errors import UsageError
from lamward.iam import documents, suite
from lamward.iam.prove import Refuted
from lamward.iam.suite import Case, Outcome, Property, Result, Suite
from lamward.report.layout import painted
from lamward.report.summary import counted
from lamward.sources import policy_tests

FORMATS: Final = ("text", "json", "junit")
_STYLES: Final = {Outcome.PASSED: "info", Outcome.FAILED: "high", Outcome.UNDETERMINED: "medium"}


class Ran(Struct, frozen=True):
    """A file's tests and what became of each, in its order."""

    file: str
    tests: tuple[Case | Property, ...]
    results: tuple[Result, ...]
    seconds: float


@click.command(
    "test",
    epilog=f"Exit codes: 0 all passed, 1 some failed, {policy_options.CODES}",
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--verbose", "-v", is_flag=True, help="Name the tests that passed, too.")
@policy_options.format_options(*FORMATS)
def command(files: tuple[str, ...], format_name: str, color: str, *, as_json: bool, verbose: bool) -> int:
    """Run unit tests of policies.

    FILE has, in YAML or JSON, `cases` (a request, the policies, the decision that is expected), `properties` to
    prove, and `policies` that they share. A policy may be written there or be named as a file, from FILE's folder.
    """
    wanted = policy_options.chosen_format(format_name, FORMATS, as_json=as_json)
    colour = options.coloured(color)
    found = Input()
    suites = [(name, policy_tests.read(found.reader, _existing(name))) for name in files]
    found.finish()
    ran = [_run(name, each) for name, each in suites if each is not None]
    if wanted == "json":
        telling.show_json("test", _record(ran))
    elif wanted == "junit":
        junit.show(ran)
    else:
        teller = telling.Teller(found.texts, colour=colour)
        for each in ran:
            _tell(teller, each, verbose=verbose)
        _sum(teller, ran)
        teller.show()
    return _code([result for each in ran for result in each.results])


def _existing(name: str) -> Path:
    if not Path(name).exists():
        raise UsageError(f"there is no file `{name}`", "name a file of policy tests")
    return Path(name)


def _run(name: str, tests: Suite) -> Ran:
    started = time.perf_counter()
    results = tuple(suite.run(tests))
    return Ran(
        Path(name).as_posix(), (*tests.cases, *tests.properties), results, time.perf_counter() - started
    )


def _code(results: Sequence[Result]) -> int:
    outcomes = {result.outcome for result in results}
    if Outcome.FAILED in outcomes:
        return 1
    return 4 if Outcome.UNDETERMINED in outcomes else 0


def _tell(teller: telling.Teller, ran: Ran, *, verbose: bool) -> None:
    for test, result in zip(ran.tests, ran.results, strict=True):
        if result.outcome is Outcome.PASSED and not verbose:
            continue
        teller.head(result.outcome.value, f"{ran.file}: {result.name}", _STYLES[result.outcome])
        if result.outcome is not Outcome.PASSED:
            _explain(teller, test, result)
            teller.gap()


def _explain(teller: telling.Teller, test: Case | Property, result: Result) -> None:
    """Write what was expected and what is, then the request and what decides it."""
    if result.decision is None or not isinstance(test, Case):
        witness = result.answer.witness if isinstance(result.answer, Refuted) else None
        for line in result.difference if witness is None else result.difference[:1]:
            teller.say(line, indent=2)
        if witness is not None:
            teller.witness(witness)
        return
    for sign, word, style in (
        ("-", str(test.expected), "info"),
        ("+", result.decision.verdict.value, "high"),
    ):
        if not test.is_met(result.decision.verdict):
            teller.lines.append("  " + painted(f"{sign} {word}", style, colour=teller.colour))
    for line in result.difference:
        if not line.startswith((f"expected {test.expected}", "allowed by")):
            teller.say(line, indent=2)
    teller.request(test.request)
    for each in result.decision.determining:
        teller.statement(each, "allowed by" if result.decision.allowed else "denied by")


def _sum(teller: telling.Teller, ran: Sequence[Ran]) -> None:
    outcomes = Counter(result.outcome for each in ran for result in each.results)
    total, seconds = sum(outcomes.values()), sum(each.seconds for each in ran)
    parts = [f"{outcomes[each]} {each.value}" for each in Outcome if outcomes[each]]
    teller.gap()
    teller.lines.append(f"{counted(total, 'test')} in {seconds:.2f} s: {', '.join(parts) or 'none'}")


def _record(ran: Sequence[Ran]) -> dict[str, Any]:
    outcomes = Counter(result.outcome for each in ran for result in each.results)
    return {
        **{outcome.value: outcomes[outcome] for outcome in Outcome},
        "files": [
            {
                "file": each.file,
                "seconds": round(each.seconds, 3),
                "tests": [_test(*pair) for pair in zip(each.tests, each.results, strict=True)],
            }
            for each in ran
        ],
    }


def _test(test: Case | Property, result: Result) -> dict[str, Any]:
    return {
        "name": result.name,
        "kind": "case" if isinstance(test, Case) else "property",
        "outcome": result.outcome.value,
        "difference": list(result.difference),
        "request": documents.request_data(test.request) if isinstance(test, Case) else None,
        "decision": None if result.decision is None else telling.decision_record(result.decision),
        "answer": None if result.answer is None else telling.answer_record(result.answer),
    }
