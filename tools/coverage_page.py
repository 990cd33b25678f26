"""The page that says, for every question known tools ask, which check of ours answers it or why none does."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import msgspec

from tools.check_pages import cell

ROWS: Final = Path(__file__).resolve().parent / "coverage"
PAGE: Final = Path("docs/reference/coverage.md")

_NOTE: Final = "<!-- Made from `tools/coverage/*.toml` by `python -m tools.generate write`. -->"

SECTIONS: Final[Mapping[str, tuple[str, int]]] = {
    "I": ("Identity: the execution role", 24),
    "R": ("Who may invoke or change a function", 19),
    "S": ("Secrets and encryption", 11),
    "P": ("Runtime, package, supply chain", 15),
    "N": ("Network", 10),
    "D": ("Resilience and denial of wallet", 11),
    "L": ("Logging, tracing, detection", 14),
    "A": ("The API front door", 19),
    "E": ("Event sources and data stores", 14),
    "K": ("Keys, secrets, parameters", 8),
    "G": ("Platform and stack", 7),
    "": ("What no other tool asks", 59),
}
"""The catalogue's sections by the letter of their rows, with the number of the last row."""

_ABOUT: Final = """\
# What is asked, and by whom

The rows are the union of what the tools below ask about Lambda functions and what surrounds them, read in November
2026, and, in the last section, what none of them asks. Equivalence is ours: a peer's check may be narrower or wider.

`CKV` checkov 3.3.30, `PRW` Prowler 5.46.0, `TRV` Trivy checks (August 2026), `KICS` (first digits of the query's id),
`NAG` cfn-nag, `GRD` AWS Guard rules registry, `LINT` cfn-lint 1.58.0, `CDK` cdk-nag, `SRL` serverless-rules, `SH`
Security Hub, `CFG` AWS Config, `CIS` CIS AWS Compute Services Benchmark 1.0.0, `CSP` CloudSploit, `SCT` ScoutSuite,
`STP` Steampipe, `LG` LambdaGuard, `LSS` lambda-security-scanner 1.0.2, `C7N` Cloud Custodian, `DD` Datadog, `PSC`
PureSec, `TFL` tflint.

Why a row, or a part of it, has no check: **live**, only the account knows; **code**, the function's code or package
would have to be read; **taste**, harmless either way; **elsewhere**, another part of lamward or another kind of tool
answers it."""


class Left(StrEnum):
    """Why a row, or a part of it, has no check."""

    LIVE = "live"
    CODE = "code"
    TASTE = "taste"
    ELSEWHERE = "elsewhere"


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question: what it asks, the checks that answer it, why it is (partly) left, and the peers' ids for it."""

    asks: str
    checks: tuple[str, ...] = ()
    left: Left | None = None
    why: str = ""
    peers: tuple[str, ...] = ()


class CoveragePage:
    """One table a section, of all rows."""

    name = "the coverage page"

    def produce(self) -> dict[Path, str]:
        """Return the page."""
        return {PAGE: page(rows())}


def rows(folder: Path = ROWS) -> dict[str, Row]:
    """Read all rows by id, in the catalogue's order; an id that is there twice is an error."""
    found: dict[str, Row] = {}
    for path in sorted(folder.glob("*.toml")):
        for identifier, fields in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if identifier in found:
                raise ValueError(f"{path.name}: row {identifier} is there twice")
            found[identifier] = _row(path, identifier, fields)
    order = expected()
    unknown = sorted(found.keys() - set(order))
    if unknown:
        raise ValueError(f"rows that the catalogue does not have: {', '.join(unknown)}")
    return {identifier: found[identifier] for identifier in order if identifier in found}


def expected() -> tuple[str, ...]:
    """List the ids of all rows."""
    return tuple(
        f"{letter}{number}" for letter, (_, last) in SECTIONS.items() for number in range(1, last + 1)
    )


def _row(path: Path, identifier: str, fields: Any) -> Row:
    try:
        return msgspec.convert(fields, Row)
    except msgspec.ValidationError as problem:
        raise ValueError(f"{path.name}: row {identifier}: {problem}") from None


def page(found: Mapping[str, Row]) -> str:
    """Write the page."""
    answered = sum(bool(row.checks) for row in found.values())
    parts = [_ABOUT, _NOTE, f"{answered} of {len(found)} rows are answered by a check, in whole or in part."]
    for letter, (title, _) in SECTIONS.items():
        members = {key: row for key, row in found.items() if re.sub(r"\d+$", "", key) == letter}
        if members:
            parts += [f"## {title}", "\n".join(_table(members, peers=bool(letter)))]
    return "\n\n".join(parts) + "\n"


def _table(members: Mapping[str, Row], *, peers: bool) -> Iterator[str]:
    yield "| row | asks whether | checks, or why not |" + (" peers |" if peers else "")
    yield "|---|---|---|" + ("---|" if peers else "")
    for identifier, row in members.items():
        cells = [identifier, row.asks, _answer(row), *([", ".join(row.peers)] if peers else [])]
        yield f"| {' | '.join(map(cell, cells))} |"


def _answer(row: Row) -> str:
    links: Sequence[str] = [f"[{name}](checks/{name}.md)" for name in row.checks]
    reason = f"*{row.left}*: {row.why}" if row.left else ""
    return "; ".join(filter(None, (", ".join(links), reason)))
