"""Laws of the analysis: it always answers, it points at the text it means, and dead code changes nothing."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lamward.code.analysis import Analysis
from lamward.code.python import analyse_text
from lamward.code.source import Extent, Source
from lamward.model.location import Location
from tests.code.casefile import cases

FOLDER = Path(__file__).with_name("cases")
PROGRAMS = [
    case.files["app.py"]
    for path in sorted(FOLDER.glob("*.md"))
    for case in cases(path)
    if case.handler.startswith("app.") and "app.py" in case.files
]

WORDS = (
    "import boto3\n", "s3 = boto3.client('s3')\n", "def lambda_handler(event, context):\n", "    return ",
    "    for x in ", "    ", "event", "s3", ".put_item(", ".get_object(", "Bucket=", "x", "'a'", "f'{x}'",
    ")", "(", "[", "]", "{", "}", ":", ",", "=", "+", "%", "if ", "else ", "lambda x: ", "await ", "yield ",
    "*", "**", "class A(", "@", "\n", "try:\n", "except:\n", "with ", " as y", "self", ".", "'%s' % ",
    "match ", "case ", "del ", "global x\n", "not ", "ä", "\0", "\r", "None", "1", "import ",
    "from . import ", "from x import *\n", "super()", "getattr(s3, ", ":=", "async ", "\\", "\t",
)  # fmt: skip


def analysed(text: str) -> Analysis:
    return analyse_text("app.lambda_handler", text, file="app.py")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40).map("".join) | st.text(max_size=80))
@example("def lambda_handler(e, c):\n    return " + "(" * 300 + ")" * 300)
@example("def lambda_handler(e, c):\n    return " + "-" * 3000 + "1")
@example("x = " + "+".join(["'a'"] * 3000))
@example("x = a" + ".b()" * 400)
@example("\ufeff\x0c")
def test_any_text_is_answered(text: str) -> None:
    analysis = analysed(text)
    assert analysis.failures or analysis.unresolved or "lambda_handler" in text


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(PROGRAMS), st.data())
def test_programs_with_lines_left_out_are_answered(program: str, data: st.DataObject) -> None:
    lines = program.splitlines(keepends=True)
    kept = data.draw(st.lists(st.booleans(), min_size=len(lines), max_size=len(lines)))
    analysed("".join(line for line, keep in zip(lines, kept, strict=True) if keep))


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_call_points_at_its_text(program: str) -> None:
    analysis = analysed(program)
    for call in (*analysis.calls, *analysis.unreached):
        for location in (call.location, *call.chain):
            assert_points_at_text(location, program)


def assert_points_at_text(location: Location, program: str) -> None:
    span = location.span
    piece = program[span.start : span.end]
    ast.parse(f"({piece}\n)", mode="eval")  # a whole expression
    assert Source("app.py", program).span(Extent(span.start, span.end)) == span
    lines = program.split("\n")
    assert lines[span.line - 1][span.column - 1 :].startswith(piece.split("\n")[0])


DEAD = """
import boto3 as dead_boto3
def dead_function(client):
    dead_boto3.client("iam").delete_user(UserName="u")
    client.put_item(Item={})
class DeadClass:
    table = "dead"
    def work(self):
        dead_boto3.resource("dynamodb").Table(self.table).delete()
if __name__ == "__main__":
    dead_function(dead_boto3.client("dynamodb"))
"""


@pytest.mark.parametrize("program", PROGRAMS)
def test_dead_code_changes_no_reachable_call(program: str) -> None:
    without, having = analysed(program), analysed(program + DEAD)
    assert having.calls == without.calls
    assert having.unresolved == without.unresolved
    if not without.failures:
        assert {"DeleteUser", "DeleteTable"} <= {call.operation for call in having.unreached}


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_same_program_gives_the_same_answer(program: str) -> None:
    assert analysed(program) == analysed(program)
