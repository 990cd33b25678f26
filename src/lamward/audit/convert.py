"""Reading one setting: what was written becomes a value, or an error that says precisely what is wrong where."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from enum import Enum
from glob import escape
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

from msgspec import Struct

from lamward.errors import ConfigurationError
from lamward.model.finding import Confidence, Persona, SecretsIn, Severity

Choice = TypeVar("Choice", bound=Enum)

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MAX_DAYS: Final = 3650
_DIGITS: Final = 5
_ACCOUNT = re.compile(r"[0-9]{12}")


class Given(Struct, frozen=True):
    """Something a person wrote as a setting: its key, the value, and its place.

    `folder` is what relative paths in it start from; `checks` are the names of the checks there are.
    `lines` has the line of every key of the file, by its path in the document.
    """

    key: str
    value: object
    place: str
    folder: str = ""
    checks: tuple[str, ...] = ()
    lines: Mapping[tuple[str | int, ...], int] = {}
    path: tuple[str | int, ...] = ()
    file: str = ""

    def child(self, step: str | int, value: object) -> Given:
        """Step into a table or a list."""
        path = (*self.path, step)
        line = self.lines.get(path)
        place = f"{self.file}:{line}" if line else self.place
        key = f"{self.key}[{step}]" if isinstance(step, int) else f"{self.key}.{step}"
        return Given(key, value, place, self.folder, self.checks, self.lines, path, self.file)


def suggest(word: str, known: Iterable[str]) -> str:
    """Say which known word is probably meant; "" when none is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else ""


def wrong(given: Given, said: str, hint: str = "") -> NoReturn:
    """Refuse a setting; an option or a variable that the sentence names already is not named twice."""
    named = not given.file and f"`{given.key}`" in said
    raise ConfigurationError(said if named else f"{given.place}: {said}", hint)


def text(given: Given) -> str:
    """Read text."""
    if not isinstance(given.value, str):
        wrong(given, f"`{given.key}` must be text, not {_kind(given.value)}", "write it in quotes")
    return given.value


def sentence(given: Given) -> str:
    """Read text that must say something."""
    said = text(given).strip()
    if not said:
        wrong(given, f"`{given.key}` is empty", "say in a few words why")
    return said


def texts(given: Given) -> tuple[str, ...]:
    """Read a list of texts; one text may hold several, separated by commas, where only text can be given."""
    if isinstance(given.value, str) and not given.file:
        return tuple(part.strip() for part in given.value.split(",") if part.strip())
    if not isinstance(given.value, list | tuple):
        wrong(
            given,
            f"`{given.key}` must be a list of texts, not {_kind(given.value)}",
            "write it in square brackets",
        )
    return tuple(text(given.child(index, item)) for index, item in enumerate(given.value))


def globs(given: Given) -> tuple[str, ...]:
    """Read a list of globs over paths: in a file, they start from the file's folder, wherever the audit starts."""
    written = tuple(glob.removeprefix("./").rstrip("/") for glob in texts(given))
    start = os.path.relpath(given.folder) if given.file else os.curdir
    if start == os.curdir:
        return written
    # A glob without a folder speaks of names, which are the same everywhere.
    return tuple(
        Path(escape(start), glob).as_posix() if "/" in glob and not glob.startswith("/") else glob
        for glob in written
    )


def path(given: Given) -> str:
    """Read the path of a file, relative to the place's folder."""
    return os.path.normpath(os.path.join(given.folder, text(given))) if text(given) else ""  # noqa: PTH118


def choice(given: Given, kind: type[Choice]) -> Choice:
    """Read one of an enumeration's words."""
    return kind(word(given, tuple(str(member.value) for member in kind)))


def word(given: Given, words: Sequence[str]) -> str:
    """Read one of a few words."""
    said = text(given)
    if said not in words:
        wrong(given, f"`{given.key}` must be one of {', '.join(words)}, not `{said}`", suggest(said, words))
    return said


def severity(given: Given) -> Severity:
    """Read a severity."""
    return choice(given, Severity)


def severity_or_never(given: Given) -> Severity | None:
    """Read a severity, or None for `never`."""
    said = word(given, (*(severity.value for severity in Severity), "never"))
    return None if said == "never" else Severity(said)


def confidence(given: Given) -> Confidence:
    """Read a confidence."""
    return choice(given, Confidence)


def persona(given: Given) -> Persona:
    """Read a persona."""
    return choice(given, Persona)


def secrets(given: Given) -> SecretsIn:
    """Read where fixes put secrets."""
    return choice(given, SecretsIn)


def check(given: Given) -> str:
    """Read the name of a check."""
    name = text(given)
    if name not in given.checks:
        hint = suggest(name, given.checks) or "`lamward checks` lists the checks there are"
        wrong(given, f"there is no check `{name}`", hint)
    return name


def checks(given: Given) -> tuple[str, ...]:
    """Read a list of checks' names."""
    return tuple(check(given.child(index, name)) for index, name in enumerate(texts(given)))


def date(given: Given) -> datetime.date:
    """Read a day such as 2027-03-01."""
    if isinstance(given.value, datetime.date) and not isinstance(given.value, datetime.datetime):
        return given.value
    day = as_date(given.value) if isinstance(given.value, str) else None
    if day is None:
        wrong(given, f"`{given.key}` is not a date: `{given.value}`", "write year, month and day: 2027-03-01")
    return day


def as_date(written: str) -> datetime.date | None:
    """Read a day such as 2027-03-01; None for anything else."""
    try:
        return datetime.date.fromisoformat(written) if _DATE.fullmatch(written) else None
    except ValueError:
        return None


def days(given: Given) -> int:
    """Read a number of days; an option or a variable gives it as text."""
    said = given.value
    if isinstance(said, str) and not given.file and said.isascii() and said.isdecimal():
        said = int(said[:_DIGITS])
    if isinstance(said, bool) or not isinstance(said, int) or not 1 <= said <= MAX_DAYS:
        wrong(given, f"`{given.key}` must be a number of days from 1 to {MAX_DAYS}, not `{given.value}`")
    return said


def accounts(given: Given) -> frozenset[str]:
    """Read a list of AWS account ids."""
    for account in texts(given):
        if not _ACCOUNT.fullmatch(account):
            wrong(given, f"`{account}` is not an AWS account id", "it has 12 digits, in quotes")
    return frozenset(texts(given))


def parameters(given: Given) -> dict[str, str]:
    """Read values for a template's parameters: a table, or a list of NAME=VALUE."""
    if isinstance(given.value, list | tuple):
        return dict(_pair(given, item) for item in given.value)
    return {name: _parameter(given.child(name, value)) for name, value in table(given).items()}


def _pair(given: Given, written: object) -> tuple[str, str]:
    name, equals, value = str(written).partition("=")
    if not equals or not name:
        wrong(given, f"`{written}` is not of the form NAME=VALUE", "for example `Stage=prod`")
    return name, value


def _parameter(given: Given) -> str:
    match given.value:
        case bool():
            return "true" if given.value else "false"
        case str() | int() | float():
            return str(given.value)
        case list() as items if all(isinstance(item, str) for item in items):
            return ",".join(items)
        case _:
            wrong(given, f"`{given.key}` must be text or a number, not {_kind(given.value)}")


def table(given: Given) -> dict[str, Any]:
    """Read a table."""
    if not isinstance(given.value, dict):
        wrong(given, f"`{given.key}` must be a table, not {_kind(given.value)}")
    return given.value


def tables(given: Given) -> tuple[Given, ...]:
    """Read a list of tables."""
    if not isinstance(given.value, list):
        wrong(given, f"`{given.key}` must be a list of tables", f"write each below `[[{given.key}]]`")
    return tuple(given.child(index, item) for index, item in enumerate(given.value))


def fields(
    given: Given, known: Sequence[str], *, needed: Sequence[str] = (), what: str = "key"
) -> dict[str, Given]:
    """Read a table whose keys are known; some must be there."""
    children = {name: given.child(name, value) for name, value in table(given).items()}
    for name, child in children.items():
        if name not in known:
            hint = suggest(name, known) or (
                f"known: {', '.join(known)}" if what == "key" else "see `lamward checks`"
            )
            wrong(child, f"there is no {what} `{name}` in `{given.key}`", hint)
    for name in needed:
        if name not in children:
            wrong(given, f"`{given.key}` has no `{name}`", f"add `{name} = ...`")
    return children


def _kind(value: object) -> str:
    names = {
        str: "text",
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "a table",
    }
    return names.get(type(value), "this")
