"""Answers about permissions in words and as data: requests, statements with their places, decisions."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from lamward.cli import terminal
from lamward.iam import documents
from lamward.iam.prove import Answer, Proved, Refuted, Undetermined, Witness
from lamward.iam.prove.sides import NOBODYS
from lamward.model.access import Block, Decision, Determining, Request, Verdict
from lamward.model.location import Location
from lamward.report.encode import encode
from lamward.report.escape import visible
from lamward.report.excerpt import Sources, excerpt_lines, window
from lamward.report.layout import harmless, painted, wrapped

EXCERPT: Final = 8
"""The most lines of a statement that are shown."""

VERSION: Final = 1
"""The version of the JSON of all questions; raised when a key changes its meaning or goes away."""

STYLES: Final = {
    Verdict.ALLOWED: "info",
    Verdict.EXPLICITLY_DENIED: "high",
    Verdict.IMPLICITLY_DENIED: "high",
    Verdict.UNKNOWN: "medium",
}


class Teller:
    """Writes lines for people, hostile text made visible."""

    def __init__(self, texts: Mapping[str, str], *, colour: bool) -> None:
        self.sources = Sources(texts)
        self.colour = colour
        self.width = max(60, terminal.width(sys.stdout))
        self.lines: list[str] = []
        self._shown: set[Location] = set()

    def say(self, text: str, *, indent: int = 0) -> None:
        """Write a sentence, wrapped."""
        self.lines += wrapped(" " * indent, visible(text), self.width, indent=indent + 2)

    def head(self, word: str, rest: str = "", style: str = "strong", *, mark: str = ": ") -> None:
        """Write a line that starts with a word that stands out."""
        line = f"{painted(visible(word), style, colour=self.colour)}{mark if rest else ''}{visible(rest)}"
        self.lines.append(harmless(line))

    def gap(self) -> None:
        """Leave a line empty, once."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def show(self) -> None:
        """Print it all."""
        terminal.show("\n".join(self.lines))

    def request(self, request: Request) -> None:
        """Write a request: who, what, on what, and the context."""
        caller = request.principal
        who = caller.name or "anybody"
        via = f", a session of {caller.issuer}" if caller.issuer and caller.issuer != caller.name else ""
        rows = [
            ("principal", f"{who} ({caller.kind.value}{via})"),
            ("action", request.action),
            ("resource", request.resource),
            *(("context", f"{key} = {_value(held)}") for key, held in sorted(request.context.items())),
            *(("context", f"{key} is not known") for key in request.unknown_keys),
        ]
        if request.resource_account:
            rows.append(("owner", f"account {request.resource_account}"))
        self.lines += [f"  {label:<10} {visible(text)}" for label, text in rows]

    def statement(self, each: Determining, word: str, *, indent: int = 2) -> None:
        """Write a statement: which, where, and its text."""
        self.say(f"{word} {named(each)}", indent=indent)
        self.excerpt(each.location, indent=indent)

    def excerpt(self, location: Location, *, indent: int = 2) -> None:
        """Write the place and, the first time, the first lines of what stands there."""
        span = location.span
        if not span.file:
            return
        blank = " " * indent
        self.lines.append(f"{blank}--> {visible(str(location))}")
        if location in self._shown:
            return
        self._shown.add(location)
        last = max(span.line, span.end_line - (span.end_column == 1))
        lines = self.sources.lines(span.file)[span.line - 1 : last]
        if last == span.line:
            self.lines += [
                f"{blank}{each.gutter} {each.text}"
                for each in excerpt_lines(span, lines, self.width - indent)
            ]
            return
        for number, line in enumerate(lines[:EXCERPT], span.line):
            text = window(line.rstrip("\r"), 0, 0, self.width - indent - 8)[0]
            self.lines.append(f"{blank}  {number:>2} | {text}".rstrip())
        if len(lines) > EXCERPT:
            self.lines.append(f"{blank}     | ... {len(lines) - EXCERPT} more lines")

    def decision(self, decision: Decision, why: Sequence[str]) -> None:
        """Write a decision: what decides, what blocks, what would have to be known."""
        self.head(decision.verdict.value, style=STYLES[decision.verdict])
        word = "allowed by" if decision.allowed else "denied by"
        for each in decision.determining:
            self.statement(each, word)
        told = {f"{block.layer}: {block.reason}" for block in decision.blocked_by}
        for block in decision.blocked_by:
            if block.statement is None or block.statement not in decision.determining:
                self.say(f"blocked by the {block.layer}: {block.reason}", indent=2)
        for line in why:
            if line not in told:
                self.say(f"near: {line}", indent=2)
        for reason in decision.unknowns:
            self.say(f"cannot be told: {reason}", indent=2)

    def witness(self, witness: Witness, allowed_by: str = "allowed by") -> None:
        """Write a request that shows something, what allows it, and why the other side does not."""
        self.request(witness.request)
        if witness.request.resource_account == NOBODYS:
            self.say(
                "the resource is of another account, and the caller's own policies allow everything", indent=2
            )
        for each in _written(witness.allowed_by):
            self.statement(each, allowed_by)
        for line in witness.why_not:
            self.say(f"but not there: {line}", indent=2)
        for name, text in witness.given.items():
            self.say(f"given: {name} = {text}", indent=2)
        if witness.future_action:
            self.say("no action that AWS has today shows this, but one that it may add would", indent=2)


def named(each: Determining) -> str:
    """Name a statement: its number, sid, policy and layer."""
    sid = f" `{each.sid}`" if each.sid else ""
    policy = f" of `{each.policy}`" if each.policy else ""
    return f"statement {each.index + 1}{sid}{policy} ({each.layer})"


def _written(statements: Sequence[Determining]) -> list[Determining]:
    """Leave out the statements that nobody wrote: those that the question itself was put in."""
    return [each for each in statements if each.policy or each.location.span.file]


def _value(held: str | tuple[str, ...]) -> str:
    return held if isinstance(held, str) else f"[{', '.join(held)}]"


def place_record(location: Location) -> dict[str, Any] | None:
    """Write a place as data; None for nowhere."""
    span = location.span
    if not span.file:
        return None
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


def statement_record(each: Determining) -> dict[str, Any]:
    """Write a statement that decided as data; `statement` counts from 1."""
    return {
        "layer": each.layer.value,
        "policy": each.policy,
        "statement": each.index + 1,
        "sid": each.sid,
        "location": place_record(each.location),
    }


def _block_record(block: Block) -> dict[str, Any]:
    return {
        "layer": block.layer.value,
        "reason": block.reason,
        "statement": None if block.statement is None else statement_record(block.statement),
    }


def decision_record(decision: Decision) -> dict[str, Any]:
    """Write a decision as data."""
    return {
        "verdict": decision.verdict.value,
        "determining": [statement_record(each) for each in decision.determining],
        "blocked_by": [_block_record(each) for each in decision.blocked_by],
        "unknowns": list(decision.unknowns),
    }


def answer_record(answer: Answer) -> dict[str, Any]:
    """Write the answer of a proof as data: always the same keys, null where they do not apply."""
    witness = answer.witness if isinstance(answer, Refuted) else None
    return {
        "answer": word_for(answer),
        "assumptions": list(answer.assumptions) if isinstance(answer, Proved) else [],
        "reason": answer.reason if isinstance(answer, Undetermined) else None,
        "witness": None if witness is None else _witness_record(witness),
    }


def _witness_record(witness: Witness) -> dict[str, Any]:
    return {
        "request": documents.request_data(witness.request),
        "allowed_by": [statement_record(each) for each in _written(witness.allowed_by)],
        "why_not": list(witness.why_not),
        "other": None if witness.other is None else decision_record(witness.other),
        "given": dict(witness.given),
        "future_action": witness.future_action,
    }


def word_for(answer: Answer) -> str:
    """Name the kind of an answer."""
    match answer:
        case Proved():
            return "proved"
        case Refuted():
            return "refuted"
        case Undetermined():
            return "undetermined"


def code_of(answers: Sequence[Answer]) -> int:
    """Give the exit code of some answers: refuted before undetermined before proved."""
    words = set(map(word_for, answers))
    return 1 if "refuted" in words else 4 if "undetermined" in words else 0


def show_json(question: str, record: Mapping[str, Any]) -> None:
    """Print a result as JSON, with its version and the question it answers."""
    terminal.show(encode({"version": VERSION, "question": question, **record}))
