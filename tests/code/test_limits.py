"""Where the analysis gives something up it says so, and it ends in time."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.inputs import python
from lamward.code import files
from lamward.code.analysis import Analysis, Why
from lamward.code.calls import interpreter
from lamward.code.python import analyse, analyse_text
from tests.counting import bend, calls


def test_too_many_steps_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "MAX_STEPS", 20)
    code = (
        "import boto3\n" + "".join(f"x{n} = {n}\n" for n in range(50)) + "def h(e, c):\n    return work(e)\n"
    )
    analysis = analyse_text(
        "app.h", code + "def work(e):\n    return boto3.client('s3').list_buckets()\n", file="app.py"
    )
    assert Why.LIMIT in {each.why for each in analysis.unresolved}
    assert not analysis.complete


def test_more_contexts_than_are_kept_apart_are_joined_and_lose_nothing() -> None:
    calls = "".join(f"    get('table-{n}')\n" for n in range(40))
    code = "import boto3\nd = boto3.client('dynamodb')\ndef get(name):\n    d.scan(TableName=name)\n"
    analysis = analyse_text("app.h", f"{code}def h(e, c):\n{calls}", file="app.py")
    written = {str(pattern) for call in analysis.calls for pattern in call.parameters["TableName"]}
    lost = [n for n in range(40) if f"table-{n}" not in written]
    assert not lost or any(each.startswith("table-") and each.endswith("${?}") for each in written)


def test_an_object_among_too_many_is_not_dropped() -> None:
    tables = ", ".join(f"'t{n}': boto3.resource('dynamodb').Table('t{n}')" for n in range(80))
    code = f"import boto3\nT = {{{tables}}}\ndef h(e, c):\n    T[e['t']].put_item(Item={{}})\n"
    analysis = analyse_text("app.h", code, file="app.py")
    assert analysis.calls
    assert analysis.unresolved


def test_a_function_that_calls_itself_with_more_and_more_ends() -> None:
    code = (
        "def grow(*args, **more):\n    return grow('x', *args, y=more, **more)\ndef h(e, c):\n    grow(e)\n"
    )
    assert analyse_text("app.h", code, file="app.py").complete


def test_a_text_that_grows_wherever_it_is_kept_comes_to_rest() -> None:
    loop = "for part in parts:\n{0}    path = path + '/' + part\n"
    code = loop.format("") + "class C:\n    " + loop.format("    ")
    text = f"{code}def h(e, c): pass\n"
    assert analyse_text("app.h", text, file="app.py").complete
    assert calls(lambda: analyse_text("app.h", text, file="app.py")) < 20_000


def test_files_that_are_too_large_are_failures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    (tmp_path / "app.py").write_text("def h(event, context): pass\n", encoding="utf-8")
    analysis = analyse("app.h", [tmp_path])
    assert [each.kind for each in analysis.failures] == ["too-large"]
    assert [each.why for each in analysis.unresolved] == [Why.HANDLER]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"# coding: latin-1\nx = '\xe4'\ndef h(e, c): pass\n", ""),
        (b"\xef\xbb\xbfdef h(e, c): pass\n", ""),
        (b"x = '\xe4'\ndef h(e, c): pass\n", "unreadable"),
        (b"# coding: no-such-thing\ndef h(e, c): pass\n", "unreadable"),
        (b"x = '\0'\n", "syntax"),
        (b"print 'old'\n", "syntax"),
    ],
)
def test_encodings_are_those_the_file_declares(content: bytes, kind: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(content)
    assert [each.kind for each in analyse("app.h", [tmp_path]).failures] == ([kind] if kind else [])


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text("import boto3\nboto3.client('s3').list_buckets()\n", encoding="utf-8")
    root = tmp_path / "root"
    root.mkdir()
    (root / "app.py").write_text("import linked\ndef h(e, c): pass\n", encoding="utf-8")
    (root / "linked.py").symlink_to(outside)
    analysis = analyse("app.h", [root])
    assert analysis.calls == ()
    assert analysis.files == ((root / "app.py").as_posix(),)


def test_layers_are_searched_after_the_function(tmp_path: Path) -> None:
    for folder, name in (("function", "one"), ("layer", "two")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.py").write_text(
            f"import boto3\ndef run():\n    boto3.client('sns').publish(TopicArn='{name}')\n",
            encoding="utf-8",
        )
    (tmp_path / "layer" / "one.py").write_text("def run(): pass\n", encoding="utf-8")
    (tmp_path / "function" / "app.py").write_text(
        "import one, two\ndef h(e, c):\n    one.run()\n    two.run()\n", encoding="utf-8"
    )
    found = analyse("app.h", [tmp_path / "function", tmp_path / "layer"])
    assert sorted(str(call.parameters["TopicArn"][0]) for call in found.calls) == ["one", "two"]


@pytest.mark.parametrize(
    "handler", ["app.missing", "nowhere.h", "h", "", "app..h", "../app.h", "app.h\0", "/app.h"]
)
def test_a_handler_that_is_not_there_is_reported(handler: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("x = 1\n", encoding="utf-8")
    analysis = analyse(handler, [tmp_path])
    assert Why.HANDLER in {each.why for each in analysis.unresolved}


def test_each_further_function_costs_the_same() -> None:
    def analysed(size: int) -> Analysis:
        return analyse_text("app.handler", python(size), file="app.py")

    assert len(analysed(330).calls) == 660
    assert bend(lambda size: lambda: analysed(size), 60) <= 1.05
