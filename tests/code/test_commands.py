"""What handlers hand to shells: the text as it is put together, and nothing where no shell reads it."""

from __future__ import annotations

import pytest

from lamward.code import javascript, python
from lamward.code.pattern import shown

KEY = "${event.Records.0.s3.object.key}"


def commands(language: str, *lines: str) -> list[tuple[str, str, int]]:
    """Give what obeys, the text, and the line, of a handler that has these lines."""
    if language == "python":
        head = "import asyncio, os, shlex, subprocess\nfrom urllib.parse import unquote_plus\n"
        head += "def handler(event, context):\n    key = unquote_plus(event['Records'][0]['s3']['object']['key'])\n"
        text = head + "".join(f"    {line}\n" for line in lines)
        found = python.analyse_text("index.handler", text, file="index.py").commands
    else:
        head = "const { exec, execSync, spawn } = require('child_process');\nconst util = require('util');\n"
        head += "exports.handler = async (event) => {\n"
        head += "  const key = decodeURIComponent(event.Records[0].s3.object.key);\n"
        text = head + "".join(f"  {line}\n" for line in lines) + "};\n"
        found = javascript.analyse_text("index.handler", text, file="index.js").commands
    return [(each.callee, shown(each.texts), each.location.span.line) for each in found]


@pytest.mark.parametrize(
    ("line", "callee", "text"),
    [
        ("os.system(f'file /tmp/{key}')", "os.system", f"file /tmp/{KEY}"),
        ("os.popen('file {}'.format(key))", "os.popen", f"file {KEY}"),
        ("subprocess.run('file ' + key, shell=True)", "subprocess.run", f"file {KEY}"),
        (
            "subprocess.check_output(args='file %s' % key, shell=True)",
            "subprocess.check_output",
            f"file {KEY}",
        ),
        ("subprocess.run(['/bin/sh', '-c', f'file {key}'])", "subprocess.run", f"file {KEY}"),
        ("eval(key)", "builtins.eval", KEY),
    ],
)
def test_python(line: str, callee: str, text: str) -> None:
    assert commands("python", line) == [(callee, text, 5)]


@pytest.mark.parametrize(
    ("line", "callee", "text"),
    [
        ("execSync(`file /tmp/${key}`);", "child_process.execSync", f"file /tmp/{KEY}"),
        ("exec('file ' + key, {timeout: 3});", "child_process.exec", f"file {KEY}"),
        ("await util.promisify(exec)(`file ${key}`);", "child_process.exec", f"file {KEY}"),
        ("spawn('file ' + key, {shell: true});", "child_process.spawn", f"file {KEY}"),
        ("spawn('bash', ['-c', `file ${key}`]);", "child_process.spawn", f"file {KEY}"),
        ("eval(key);", "eval", KEY),
    ],
)
def test_javascript(line: str, callee: str, text: str) -> None:
    assert commands("javascript", line) == [(callee, text, 5)]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("python", "subprocess.run(['file', key])"),
        ("python", "subprocess.run('file', shell=False)"),
        ("python", "subprocess.run(['file', '-c', key])"),
        ("javascript", "spawn('file', [key]);"),
        ("javascript", "spawn('file', ['-c', key], {shell: false});"),
    ],
)
def test_a_program_with_arguments_is_no_shell(language: str, line: str) -> None:
    assert commands(language, line) == []


def test_what_is_quoted_is_no_part_of_the_event_any_more() -> None:
    ((_, text, _),) = commands("python", "os.system('file ' + shlex.quote(key))")
    assert text == "file ${?}"


def test_what_is_not_reached_hands_over_nothing() -> None:
    assert commands("python", "return key", "def other():", "    os.system(key)") == []


def test_the_way_to_it_is_told() -> None:
    text = "import os\ndef look(name):\n    os.system(name)\ndef handler(event, context):\n    look(event['name'])\n"
    (found,) = python.analyse_text("index.handler", text, file="index.py").commands
    assert (found.location.span.line, [place.span.line for place in found.chain]) == (3, [5])
