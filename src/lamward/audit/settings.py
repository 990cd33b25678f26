"""The settings of an audit, where each may be given, and how one layer of settings covers another."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from lamward.audit import convert
from lamward.audit.convert import Given
from lamward.model.finding import Confidence, Persona, SecretsIn, Severity


class Ignore(Struct, frozen=True):
    """A suppression written in a configuration file; empty fields match everything.

    `path` is a glob over template paths below `folder`, the configuration file's own. `until` is its last day.
    """

    check: str
    reason: str
    path: str = ""
    resource: str = ""
    match: str = ""
    until: datetime.date | None = None
    owner: str = ""
    where: str = ""
    folder: str = ""


class Settings(Struct, frozen=True):
    """What an audit does.

    `fail_on` is None for never; `samconfig` is the environment of `samconfig.toml` whose parameters count, or "none";
    `ignores` false shows what is suppressed or in the baseline. `trail` is a ledger's path, `stack` the name that the
    application is deployed under, and what is not used for `unused_days` counts as unused. Fixes put the secrets of
    templates where `secrets` says.
    """

    fail_on: Severity | None = Severity.MEDIUM
    persona: Persona = Persona.REGULAR
    select: tuple[str, ...] = ()
    disable: tuple[str, ...] = ()
    min_severity: Severity = Severity.INFO
    min_confidence: Confidence = Confidence.LOW
    exclude: tuple[str, ...] = ()
    trusted_accounts: frozenset[str] = frozenset()
    parameters: Mapping[str, str] = {}
    samconfig: str = "default"
    baseline: str = ""
    trail: str = ""
    stack: str = ""
    unused_days: int = 90
    secrets: SecretsIn = SecretsIn.PARAMETER
    severities: Mapping[str, Severity] = {}
    ignore: tuple[Ignore, ...] = ()
    ignores: bool = True


class Key(Struct, frozen=True):
    """A key of the configuration: how it is read, and whether an environment variable may give it."""

    name: str
    convert: Callable[[Given], Any]
    field: str
    environment: bool = True

    @property
    def variable(self) -> str:
        """The environment variable that gives it."""
        return "LAMWARD_" + self.name.replace("-", "_").upper()


def _ignores(given: Given) -> tuple[Ignore, ...]:
    return tuple(_ignore(entry) for entry in convert.tables(given))


def _ignore(given: Given) -> Ignore:
    fields = convert.fields(given, tuple(IGNORE_FIELDS), needed=("check", "reason"))
    read = {name: IGNORE_FIELDS[name](value) for name, value in fields.items()}
    return Ignore(**read, where=given.place, folder=given.folder)


def _severities(given: Given) -> dict[str, Severity]:
    checks = convert.fields(given, given.checks, what="check")
    read = {name: convert.fields(table, ("severity",)) for name, table in checks.items()}
    return {name: convert.severity(table["severity"]) for name, table in read.items() if "severity" in table}


IGNORE_FIELDS: Final[Mapping[str, Callable[[Given], Any]]] = {
    "check": convert.check,
    "reason": convert.sentence,
    "path": convert.text,
    "resource": convert.text,
    "match": convert.text,
    "until": convert.date,
    "owner": convert.text,
}

KEYS: Final[tuple[Key, ...]] = (
    Key("fail-on", convert.severity_or_never, "fail_on"),
    Key("persona", convert.persona, "persona"),
    Key("select", convert.checks, "select"),
    Key("disable", convert.checks, "disable"),
    Key("min-severity", convert.severity, "min_severity"),
    Key("min-confidence", convert.confidence, "min_confidence"),
    Key("exclude", convert.globs, "exclude"),
    Key("trusted-accounts", convert.accounts, "trusted_accounts"),
    Key("parameters", convert.parameters, "parameters", environment=False),
    Key("samconfig", convert.text, "samconfig"),
    Key("baseline", convert.path, "baseline"),
    Key("trail", convert.path, "trail"),
    Key("stack", convert.text, "stack"),
    Key("unused-days", convert.days, "unused_days"),
    Key("secrets", convert.secrets, "secrets"),
    Key("checks", _severities, "severities", environment=False),
    Key("ignore", _ignores, "ignore", environment=False),
)


class Setting(Struct, frozen=True):
    """A resolved setting: its value and where that comes from."""

    key: str
    value: Any
    origin: str


class Layer(Struct, frozen=True):
    """Settings from one place, by key, not yet read."""

    given: Mapping[str, Given]


class Resolved(Struct, frozen=True):
    """The settings of an audit with the origin of each; `file` is the configuration file used, "" for none."""

    settings: Settings
    origins: tuple[Setting, ...]
    file: str = ""


def resolve(layers: Sequence[Layer], *, file: str = "", ignores: bool = True) -> Resolved:
    """Read the layers, the strongest first; parameters of all layers add up, anything else is replaced."""
    origins = []
    fields: dict[str, Any] = {}
    for key in KEYS:
        found = [layer.given[key.name] for layer in layers if key.name in layer.given]
        # Every layer is read, even one that is covered: a mistake in it is a mistake all the same.
        read = [key.convert(given) for given in found]
        if not read:
            value, origin = getattr(_DEFAULTS, key.field), "default"
        elif key.name == "parameters":
            value = {name: text for layer in reversed(read) for name, text in layer.items()}
            origin = ", ".join(given.place for given in found)
        else:
            value, origin = read[0], found[0].place
        origins.append(Setting(key.name, value, origin))
        fields[key.field] = value
    return Resolved(Settings(**fields, ignores=ignores), tuple(origins), file)


_DEFAULTS: Final = Settings()
