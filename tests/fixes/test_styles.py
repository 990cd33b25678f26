"""How a template is written does not matter: the same findings, and after their fixes the same template.

Each check's example is written in other styles than its documentation has, audited and repaired in each.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from lamward.audit.pipeline import Audited, run
from lamward.audit.settings import Settings
from lamward.checks import CHECKS
from lamward.checks.framework import Check, documentation
from lamward.cli.repairing import examiner
from lamward.fixes.apply import repair
from lamward.model.finding import Persona, SecretsIn
from tests.checks import casefile
from tests.checks.casefile import Case
from tests.plain import decode


class _Writer(yaml.SafeDumper):
    """Writes equal parts again instead of referring to them."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def _yaml(flow: bool) -> Callable[[Any], str]:
    return lambda data: yaml.dump(data, Dumper=_Writer, default_flow_style=flow, sort_keys=False, width=90)


def _with_comments(data: Any) -> str:
    lines = _yaml(flow=False)(data).splitlines()
    return "\ufeff" + "\r\n".join(
        f"{line} # {{kept: it's}}" if line.endswith(":") else line for line in lines
    )


STYLES: dict[str, tuple[str, Callable[[Any], str]]] = {
    "block": ("yaml", _yaml(flow=False)),
    "flow": ("yaml", _yaml(flow=True)),
    "one line of JSON": ("json", lambda data: json.dumps(data, separators=(",", ":"))),
    "comments, CRLF and a byte order mark": ("yaml", _with_comments),
}


def _audit(paths: Sequence[Path], case: Case, secrets: SecretsIn) -> Audited:
    settings = Settings(
        persona=Persona.AUDITOR,
        samconfig="none",
        secrets=secrets,
        parameters=dict(case.parameters),
        trusted_accounts=case.trusted_accounts,
    )
    return run(paths, settings, checks=CHECKS, today=case.today)


def _outcome(case: Case, path: Path, secrets: SecretsIn) -> tuple[set[tuple[str, str | None]], Any]:
    """Give what is found in a file, and the document that it is after all fixes."""

    def again(paths: Sequence[Path]) -> Audited:
        return _audit(paths, case, secrets)

    audited = again([path])
    assert audited.report.failures == ()
    open_ = audited.report.open
    repaired = repair(open_, audited.loaded.files, examiner(audited, again))
    text = repaired[0].after.content if repaired else path.read_bytes()
    return {(each.check, each.resource) for each in open_}, decode(text)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_findings_and_fixes_do_not_depend_on_the_style(check: Check, tmp_path: Path) -> None:
    _alike_in_all_styles(check, tmp_path, SecretsIn.PARAMETER)


@pytest.mark.parametrize("name", ["literal-secret-in-environment", "literal-secret-in-property"])
def test_moved_secrets_do_not_depend_on_the_style_either(name: str, tmp_path: Path) -> None:
    (check,) = (each for each in CHECKS if each.name == name)
    _alike_in_all_styles(check, tmp_path, SecretsIn.SECRETS_MANAGER)


def _alike_in_all_styles(check: Check, folder: Path, secrets: SecretsIn) -> None:
    case = next(iter(casefile.parse(documentation(check).section("Example"))))
    data = decode(casefile.template(case)[0])
    outcomes = {}
    for number, (style, (ending, write)) in enumerate(STYLES.items()):
        path = folder / str(number) / f"template.{ending}"
        path.parent.mkdir()
        path.write_bytes(write(data).encode())
        outcomes[style] = _outcome(case, path, secrets)
    expected = outcomes.pop("block")
    assert expected[0]
    for style, outcome in outcomes.items():
        assert outcome == expected, style
