"""Configuration: where it is found, what covers what, and errors that say what is wrong where."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import pytest

from lamward.audit import configuration
from lamward.audit.settings import KEYS, Resolved, Settings, resolve
from lamward.errors import ConfigurationError
from lamward.model.finding import Confidence, Persona, SecretsIn, Severity

CHECKS = ("bad-word", "loud-word")

EVERYTHING = """
fail-on = "high"
persona = "auditor"
select = ["bad-word"]
disable = ["loud-word"]
min-severity = "low"
min-confidence = "medium"
exclude = ["vendor/*"]
trusted-accounts = ["012345678901"]
baseline = "known.json"
samconfig = "prod"
trail = "seen.ledger"
stack = "shop"
unused-days = 60
secrets = "secrets-manager"

[parameters]
Stage = "prod"
Size = 3
Wide = true
Zones = ["a", "b"]

[checks.loud-word]
severity = "critical"

[[ignore]]
check = "bad-word"
path = "legacy/*"
resource = "Alerts"
match = "TopicName"
reason = "kept for the old clients"
until = 2027-03-01
owner = "team-a"

[[ignore]]
check = "loud-word"
reason = "it must be heard"
until = "2027-03-02"
"""


def _read(folder: Path, text: str, name: str = "lamward.toml") -> Settings:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return resolve([configuration.read(path, checks=CHECKS)]).settings


def test_every_key_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = _read(tmp_path, EVERYTHING)
    assert settings.fail_on is Severity.HIGH
    assert settings.persona is Persona.AUDITOR
    assert (settings.select, settings.disable) == (("bad-word",), ("loud-word",))
    assert (settings.min_severity, settings.min_confidence) == (Severity.LOW, Confidence.MEDIUM)
    assert (settings.exclude, settings.trusted_accounts) == (("vendor/*",), frozenset({"012345678901"}))
    assert settings.parameters == {"Stage": "prod", "Size": "3", "Wide": "true", "Zones": "a,b"}
    assert settings.baseline == str(tmp_path / "known.json")
    assert settings.samconfig == "prod"
    assert (settings.trail, settings.stack) == (str(tmp_path / "seen.ledger"), "shop")
    assert settings.unused_days == 60
    assert settings.secrets is SecretsIn.SECRETS_MANAGER
    assert settings.severities == {"loud-word": Severity.CRITICAL}
    first, second = settings.ignore
    assert (first.check, first.path, first.resource, first.match) == (
        "bad-word",
        "legacy/*",
        "Alerts",
        "TopicName",
    )
    assert (first.reason, first.owner, first.where) == (
        "kept for the old clients",
        "team-a",
        "lamward.toml:26",
    )
    assert (first.until, second.until) == (datetime.date(2027, 3, 1), datetime.date(2027, 3, 2))


def test_every_key_is_tried_above() -> None:
    assert [key.name for key in KEYS if key.name not in EVERYTHING] == []


def test_pyproject_has_a_table(tmp_path: Path) -> None:
    settings = _read(tmp_path, '[tool.lamward]\nfail-on = "low"\n', "pyproject.toml")
    assert settings.fail_on is Severity.LOW


ERRORS = {
    'fail-on = "hgih"': (
        "1: `fail-on` must be one of info, low, medium, high, critical, never, not `hgih`",
        "`high`",
    ),
    'secrets = "vault"': ("1: `secrets` must be one of parameter, secrets-manager, not `vault`", ""),
    "unused-days = 0": ("1: `unused-days` must be a number of days from 1 to 3650, not `0`", ""),
    'unused-days = "60"': ("1: `unused-days` must be a number of days", ""),
    "fail-on = 3": ("1: `fail-on` must be text, not a number", "quotes"),
    '# x\n\nfial-on = "high"': ("3: there is no key `fial-on`", "`fail-on`"),
    'disable = [\n  "bad-wrod"]': ("1: there is no check `bad-wrod`", "`bad-word`"),
    'disable = "bad-word"': ("1: `disable` must be a list of texts, not text", "brackets"),
    'trusted-accounts = ["12"]': ("1: `12` is not an AWS account id", "12 digits"),
    "trusted-accounts = [111122223333]": ("1: `trusted-accounts[0]` must be text, not a number", "quotes"),
    "[parameters]\nStage = {a = 1}": ("2: `parameters.Stage` must be text or a number, not a table", ""),
    "[checks.bad-wrod]\nseverity = 'low'": ("1: there is no check `bad-wrod` in `checks`", "`bad-word`"),
    "[checks.bad-word]\nseverty = 'low'": ("2: there is no key `severty` in `checks.bad-word`", "`severity`"),
    "[ignore]\ncheck = 'bad-word'": ("1: `ignore` must be a list of tables", "[[ignore]]"),
    "[[ignore]]\ncheck = 'bad-word'": ("1: `ignore[0]` has no `reason`", "reason ="),
    "[[ignore]]\nreason = 'why'": ("1: `ignore[0]` has no `check`", "check ="),
    "[[ignore]]\ncheck = 'bad-word'\nreason = ' '": ("3: `ignore[0].reason` is empty", "why"),
    "[[ignore]]\ncheck = 'bad'\nreason = 'why'": ("2: there is no check `bad`", "`lamward checks`"),
    "[[ignore]]\ncheck = 'bad-word'\nreason = 'a'\nuntil = 'soon'": (
        "4: `ignore[0].until` is not a date: `soon`",
        "2027-03-01",
    ),
    "[[ignore]]\ncheck = 'bad-word'\nreason = 'a'\nuntli = 2027-01-01": (
        "4: there is no key `untli` in `ignore[0]`",
        "`until`",
    ),
    "fail-on =": (" not valid TOML: ", ""),
}


@pytest.mark.parametrize(("text", "error"), ERRORS.items(), ids=ERRORS)
def test_errors_are_precise(
    text: str, error: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError) as raised:
        _read(tmp_path, text)
    assert raised.value.message.startswith(f"lamward.toml:{error[0]}")
    assert error[1] in raised.value.hint


def _resolve(
    folder: Path, options: Mapping[str, object], variables: Mapping[str, str], text: str
) -> Resolved:
    path = folder / "lamward.toml"
    path.write_text(text, encoding="utf-8")
    layers = [
        configuration.command_line(options, checks=CHECKS),
        configuration.environment(variables, checks=CHECKS),
        configuration.read(path, checks=CHECKS),
    ]
    return resolve(layers)


def test_option_covers_variable_covers_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = _resolve(
        tmp_path,
        {"fail-on": "critical", "select": (), "persona": None},
        {"LAMWARD_FAIL_ON": "low", "LAMWARD_DISABLE": "bad-word, loud-word", "LAMWARD_PERSONA": ""},
        'fail-on = "info"\npersona = "auditor"\ndisable = []\n',
    )
    assert (found.settings.fail_on, found.settings.persona) == (Severity.CRITICAL, Persona.AUDITOR)
    assert found.settings.disable == CHECKS
    origins = {setting.key: setting.origin for setting in found.origins}
    assert (origins["fail-on"], origins["disable"]) == ("--fail-on", "LAMWARD_DISABLE")
    assert (origins["persona"], origins["select"]) == ("lamward.toml:2", "default")


def test_parameters_add_up(tmp_path: Path) -> None:
    found = _resolve(tmp_path, {"parameters": ("A=1", "B=x=y")}, {}, "[parameters]\nA = 0\nC = 2\n")
    assert found.settings.parameters == {"A": "1", "B": "x=y", "C": "2"}


def test_never_is_a_severity_to_fail_on(tmp_path: Path) -> None:
    assert _resolve(tmp_path, {}, {"LAMWARD_FAIL_ON": "never"}, "").settings.fail_on is None


@pytest.mark.parametrize(
    ("options", "variables", "message"),
    [
        (
            {"fail-on": "x"},
            {},
            "`--fail-on` must be one of info, low, medium, high, critical, never, not `x`",
        ),
        ({"select": ("x",)}, {}, "--select: there is no check `x`"),
        ({"parameters": ("x",)}, {}, "--parameter: `x` is not of the form NAME=VALUE"),
        ({}, {"LAMWARD_PERSONA": "x"}, "`LAMWARD_PERSONA` must be one of regular, auditor, not `x`"),
        (
            {"persona": "regular"},
            {"LAMWARD_PERSONA": "x"},
            "`LAMWARD_PERSONA` must be one of regular, auditor, not `x`",
        ),
    ],
)
def test_errors_name_the_option_or_variable(
    options: Mapping[str, object], variables: Mapping[str, str], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError) as raised:
        _resolve(tmp_path, options, variables, "")
    assert raised.value.message == message


def _tree(root: Path, *files: str) -> None:
    for name in files:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("[tool.lamward]\n" if path.name == "pyproject.toml" else "", encoding="utf-8")


@pytest.mark.parametrize(
    ("files", "audited", "found"),
    [
        (["repo/.git", "repo/lamward.toml"], ["repo/a/b"], "repo/lamward.toml"),
        (["repo/.git", "repo/lamward.toml", "repo/a/lamward.toml"], ["repo/a/b"], "repo/a/lamward.toml"),
        (["repo/.git", "repo/lamward.toml", "repo/a/pyproject.toml"], ["repo/a/b"], "repo/a/pyproject.toml"),
        (["repo/.git", "repo/lamward.toml", "repo/pyproject.toml"], ["repo/a/b"], "repo/lamward.toml"),
        (["repo/.git", "lamward.toml"], ["repo/a/b"], None),
        (
            ["repo/.git", "repo/a/lamward.toml", "repo/lamward.toml"],
            ["repo/a/b", "repo/c"],
            "repo/lamward.toml",
        ),
        (["lamward.toml"], ["repo/a"], None),
        (["repo/a/lamward.toml"], ["repo/a"], "repo/a/lamward.toml"),
    ],
)
def test_nearest_file_up_to_the_repository(
    files: list[str], audited: list[str], found: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _tree(tmp_path, *files)
    for folder in (*audited, "elsewhere"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(tmp_path / "elsewhere")
    nearest = configuration.find([tmp_path / path for path in audited])
    assert nearest == (tmp_path / found if found else None)


def test_outside_of_a_repository_the_current_folder_is_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _tree(tmp_path, "lamward.toml", "here/lamward.toml", "here/below/template.yaml")
    monkeypatch.chdir(tmp_path / "here")
    assert configuration.find([Path("below/template.yaml")]) == tmp_path / "here/lamward.toml"


def test_a_pyproject_without_a_table_is_not_a_configuration(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    assert configuration.find([tmp_path]) is None
    with pytest.raises(ConfigurationError):
        configuration.read(tmp_path / "pyproject.toml", checks=CHECKS)
