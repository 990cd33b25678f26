"""Laws of the analysis: it always answers, it points at the text it means, and dead code changes nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bench.inputs import javascript
from lamward.code import files
from lamward.code.analysis import Analysis, Why
from lamward.code.javascript import analyse, analyse_text
from lamward.code.javascript.syntax import parse
from lamward.code.source import Extent, Source
from tests.code.casefile import cases
from tests.counting import bend

FOLDER = Path(__file__).with_name("cases")
PROGRAMS = [
    (name, text)
    for path in sorted(FOLDER.glob("*.md"))
    for case in cases(path)
    for name, text in case.files.items()
    if name in ("index.js", "index.ts") and case.handler == "index.handler"
]

WORDS = (
    "const { S3 } = require('@aws-sdk/client-s3');\n", "exports.handler = ", "async (event) => ", "function f(", "{",
    "}", "(", ")", "[", "]", ";\n", ",", "=>", "=", "...", "?.", "??", "||", "&&", "?", ":", "`a${", "}`", "`", "'x'",
    "event", "new S3({})", ".send(", ".getObject({ Bucket: 'b' })", "class A extends ", "constructor", "super(", "this",
    "#x", "static ", "get ", "async ", "await ", "yield ", "function* ", "for (const x of ", "for (;;) ", "switch (",
    "case 1: ", "default ", "try {", "} catch (e) {", "} finally {", "if (", "else ", "return ", "throw ", "break ",
    "import x from './y';\n", "export ", "import(", "typeof ", "delete ", "<div>", "</div>", "enum E { A }", "as any",
    "!", ": string", "@dec ", "ä", "😀", "\0", "\\", "/x/", "//", "/*", "1", "+", ".then(", "arguments", "let x",
    "var y", "module.exports", "process.env", "label: ", "continue ", "do ", "while (", "namespace N ", "\n",
)  # fmt: skip


def analysed(text: str, file: str = "index.js") -> Analysis:
    return analyse_text("index.handler", text, file=file)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=40).map("".join) | st.text(max_size=80),
    st.sampled_from(["index.js", "index.ts", "index.tsx"]),
)
@example("exports.handler = " + "(" * 2000 + ")" * 2000, "index.js")
@example("exports.handler = " + "[" * 600 + "]" * 600, "index.js")
@example("exports.handler = () => " + "!" * 3000 + "1", "index.js")
@example("x = " + "+".join(["'a'"] * 3000), "index.js")
@example("x = a" + ".b()" * 400, "index.js")
@example("{" * 3000, "index.ts")
@example("\ufeff\x0c", "index.js")
def test_any_text_is_answered(text: str, file: str) -> None:
    analysis = analysed(text, file)
    assert analysis.failures or analysis.unresolved or "handler" in text


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(PROGRAMS), st.data())
def test_programs_with_lines_left_out_are_answered(program: tuple[str, str], data: st.DataObject) -> None:
    name, text = program
    lines = text.splitlines(keepends=True)
    kept = data.draw(st.lists(st.booleans(), min_size=len(lines), max_size=len(lines)))
    analysed("".join(line for line, keep in zip(lines, kept, strict=True) if keep), name)


@pytest.mark.parametrize(("name", "program"), PROGRAMS)
@pytest.mark.parametrize("before", ["", "/* ä😀 */ "])
def test_every_call_points_at_its_text(name: str, program: str, before: str) -> None:
    text = before + program
    analysis = analysed(text, name)
    for call in (*analysis.calls, *analysis.unreached):
        for location in (call.location, *call.chain):
            span = location.span
            piece = text[span.start : span.end]
            assert Source(name, text).span(Extent(span.start, span.end)) == span
            root = parse(f"({piece})", dialect="typescript" if name.endswith("ts") else "javascript")
            assert not root.errors or piece.startswith("import"), piece  # a whole expression


DEAD = """
import * as deadS3 from "@aws-sdk/client-s3";
function deadFunction(client) { new deadS3.S3({}).deleteBucket({ Bucket: "dead" }); client.putItem({ Item: 1 }); }
class DeadClass { table = "dead"; work() { return new deadS3.S3().createBucket({ Bucket: this.table }); } }
"""


@pytest.mark.parametrize(("name", "program"), PROGRAMS)
def test_dead_code_changes_no_reachable_call(name: str, program: str) -> None:
    without, having = analysed(program, name), analysed(program + DEAD, name)
    assert having.calls == without.calls
    assert having.unresolved == without.unresolved
    if not without.failures:
        assert {"DeleteBucket", "CreateBucket"} <= {call.operation for call in having.unreached}


@pytest.mark.parametrize(("name", "program"), PROGRAMS)
def test_the_same_program_gives_the_same_answer(name: str, program: str) -> None:
    assert analysed(program, name) == analysed(program, name)


def test_files_that_are_too_large_are_failures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    (tmp_path / "index.js").write_text("exports.handler = () => 1;\n", encoding="utf-8")
    analysis = analyse("index.handler", [tmp_path])
    assert [each.kind for each in analysis.failures] == ["too-large"]
    assert [each.why for each in analysis.unresolved] == [Why.HANDLER]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.js"
    outside.write_text(
        "const { S3 } = require('@aws-sdk/client-s3'); new S3().listBuckets({});", encoding="utf-8"
    )
    root = tmp_path / "root"
    root.mkdir()
    (root / "index.js").write_text(
        "require('./linked'); require('../outside'); exports.handler = () => 1;\n", encoding="utf-8"
    )
    (root / "linked.js").symlink_to(outside)
    analysis = analyse("index.handler", [root])
    assert analysis.calls == ()
    assert [each.why for each in analysis.unresolved] == [Why.PACKAGE, Why.PACKAGE]


def test_a_function_that_calls_itself_with_more_and_more_ends() -> None:
    code = (
        "function grow(...args) { return grow('x', { args }, ...args); }\nexports.handler = (e) => grow(e);\n"
    )
    assert analysed(code).complete


def test_each_further_function_costs_the_same() -> None:
    assert len(analysed(javascript(140)).calls) == 280
    assert bend(lambda size: lambda: analysed(javascript(size)), 40) <= 1.05


@pytest.mark.parametrize(
    "command", ["import lamward", "import lamward.code.javascript, lamward.facts.needs.code"]
)
def test_parsers_are_loaded_only_for_code(command: str) -> None:
    code = f"{command}; import sys; sys.exit(any(name.startswith('tree_sitter') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
