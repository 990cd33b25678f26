"""Every template comes to an end: what would never do, or would not fit, is a line of the report."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lamward.sources import project, stack
from lamward.sources.file import instead
from lamward.sources.project import Loaded, LoadOptions, load
from tests.loading import application, property_of

TOPIC = "{Type: AWS::SNS::Topic}"


def _load(folder: Path, *paths: str) -> Loaded:
    return load([folder / path for path in paths] or [folder], LoadOptions())


def _kinds(loaded: Loaded) -> set[str]:
    own = (failure for each in loaded.applications for failure in each.failures)
    return {failure.kind for failure in (*loaded.failures, *own)}


def _with(properties: str) -> str:
    return f"Resources:\n  T: {{Type: AWS::SNS::Topic, Properties: {properties}}}\n"


def _nested_loops(body: str, depth: int = 10) -> str:
    for level in reversed(range(depth)):
        body = f'{{"Fn::ForEach::L{level}": [V{level}, [a, b, c, d, e, f, g, h, i, j], {body}]}}'
    return body


def _nested_text(depth: int = 30) -> str:
    text = "x"
    for _ in range(depth):
        text = '!Sub ["${a}${a}${a}", {a: %s}]' % text  # noqa: UP031 - braces all over
    return text


NAME = "T" + "".join(f"${{V{level}}}" for level in range(10))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param(
            f'Resources: {_nested_loops(f"""{{"{NAME}": {TOPIC}}}""")}\nTransform: AWS::LanguageExtensions\n',
            {"unread-loop"},
            id="loops in loops",
        ),
        pytest.param(_with(_nested_text()), set(), id="texts in texts"),
        pytest.param(
            "Mappings: {M: {a: {b: !FindInMap [M, a, b]}}}\n" + _with("{X: !FindInMap [M, a, b]}"),
            set(),
            id="a map made of itself",
        ),
        pytest.param(
            "Conditions:\n"
            + "".join(f"  C{i}: !Not [{{Condition: C{i + 1}}}]\n" for i in range(1500))
            + "  C1500: !Equals [a, b]\nResources:\n  T: {Type: AWS::SNS::Topic, Condition: C0}\n",
            {"too-deep"},
            id="a chain of conditions",
        ),
        pytest.param(
            "Parameters: {P: {Type: String}}\nConditions:\n"
            + "".join(f"  C{i}: !And [{{Condition: C{i + 1}}}, {{Condition: C{i + 1}}}]\n" for i in range(60))
            + "  C60: !Equals [!Ref P, b]\nResources:\n  T: {Type: AWS::SNS::Topic, Condition: C0}\n",
            set(),
            id="conditions that share conditions",
        ),
        pytest.param(
            _with("{A: !Select [inf, [a]], B: !Select [nan, [a]], C: !Select [1e400, [a]]}"), set(), id="inf"
        ),
        pytest.param(
            'Resources:\n  T: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: "a\\0b"}}\n',
            {"missing-nested"},
            id="a name no file can have",
        ),
        pytest.param(
            f"Resources:\n  T: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {'a' * 5000}}}}}\n",
            {"missing-nested"},
            id="a name too long",
        ),
        pytest.param(_with("[a]"), {"malformed"}, id="properties that are a list"),
    ],
)
def test_it_ends(tmp_path: Path, text: str, kinds: set[str]) -> None:
    (tmp_path / "template.yaml").write_text(text)
    loaded = _load(tmp_path)
    assert _kinds(loaded) == kinds


def test_an_include_that_includes_itself(tmp_path: Path) -> None:
    include = "{Name: AWS::Include, Parameters: {Location: more.yaml}}"
    (tmp_path / "template.yaml").write_text(f"Resources:\n  T: {TOPIC}\n  Fn::Transform: {include}\n")
    (tmp_path / "more.yaml").write_text(f"U: {TOPIC}\nFn::Transform: {include}\n")
    loaded = _load(tmp_path)
    assert "cyclic-include" in _kinds(loaded)
    assert set(loaded.applications[0].resources) == {"T", "U"}


def test_what_a_template_includes_as_a_whole(tmp_path: Path) -> None:
    include = "{Name: AWS::Include, Parameters: {Location: more.yaml}}"
    (tmp_path / "template.yaml").write_text(f"Transform: {include}\nResources: {{T: {TOPIC}}}\n")
    (tmp_path / "more.yaml").write_text(f"Resources: {{U: {TOPIC}}}\n")
    loaded = _load(tmp_path, "template.yaml")
    assert set(loaded.applications[0].resources) == {"T", "U"}
    (tmp_path / "template.yaml").write_text(
        f"Transform: {include}\nResources: {{T: {TOPIC}}}\n".replace("more", "s3://more")
    )
    assert _kinds(_load(tmp_path, "template.yaml")) == {"unread-transform"}


def test_a_macro_is_told(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(f"Transform: [Mine]\nResources: {{T: {TOPIC}}}\n")
    assert next(each.what for each in _load(tmp_path).applications[0].coverage.skipped) == "Mine"


def test_a_bug_in_one_template_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(f"Resources: {{T: {TOPIC}}}\n")
    real = stack.load

    def fail(document: object, **options: object) -> object:
        if getattr(document, "source").name.endswith("a.yaml"):  # noqa: B009
            raise KeyError("hunter2")
        return real(document, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(project, "load_stack", fail)
    loaded = _load(tmp_path)
    assert [failure.kind for failure in loaded.failures] == ["crashed-template"]
    assert "hunter2" not in loaded.failures[0].message
    assert [Path(each.name).name for each in loaded.applications] == ["b.yaml"]
    monkeypatch.setenv("LAMWARD_TRACEBACK", "1")
    with pytest.raises(KeyError):
        _load(tmp_path)


def test_pipes_and_links(tmp_path: Path) -> None:
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "real.yaml").write_text(f"Resources: {{T: {TOPIC}}}\n")
    os.mkfifo(folder / "pipe.yaml")
    (folder / "loop.yaml").symlink_to("loop.yaml")
    (folder / "gone.yaml").symlink_to("nothing.yaml")
    (folder / "inside").symlink_to(".")
    (folder / "outside").symlink_to(tmp_path)
    loaded = _load(folder)
    assert len(loaded.applications) == 1
    assert {(Path(each.what).name, each.reason) for each in loaded.skipped} == {
        ("pipe.yaml", "not a regular file"),
        ("loop.yaml", "a link that leads nowhere"),
        ("gone.yaml", "a link that leads nowhere"),
        ("outside", "a link that leaves the audited folder"),
    }
    assert _kinds(_load(folder, "pipe.yaml")) == {"unreadable"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1"])
def test_another_encoding_is_told(tmp_path: Path, encoding: str) -> None:
    text = f"AWSTemplateFormatVersion: '2010-09-09'\nDescription: é\nResources: {{T: {TOPIC}}}\n"
    (tmp_path / "template.yaml").write_text(text, encoding=encoding)
    loaded = _load(tmp_path)
    assert loaded.failures or loaded.skipped
    if encoding != "utf-16-le":
        assert _kinds(loaded) == {"encoding"}


@pytest.mark.parametrize("before", ["---\nkind: Pod\n", "---\n"])
def test_a_template_behind_another_document_is_told(tmp_path: Path, before: str) -> None:
    (tmp_path / "template.yaml").write_text(f"{before}---\nResources: {{T: {TOPIC}}}\n")
    assert _kinds(_load(tmp_path)) == {"several-documents"}


def test_what_is_given_is_read_instead_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "<stdin>"
    with instead({path: f"Resources: {{T: {TOPIC}}}\n".encode()}):
        assert set(load([path], LoadOptions()).applications[0].resources) == {"T"}


def test_a_glob_counts_from_where_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "t.yaml").write_text(f"Resources: {{T: {TOPIC}}}\n")
    monkeypatch.chdir(tmp_path / "new")
    for glob in ("../old/*", "../old/", str(tmp_path / "old")):
        loaded = load([tmp_path], LoadOptions(exclude=(glob,)))
        assert [Path(each.name).parent.name for each in loaded.applications] in (["new"], [""])


LISTS = """\
Parameters: {S: {Type: String}, L: {Type: CommaDelimitedList, Default: "a,b"}, B: {Type: String, Default: true}}
Conditions:
  Empty: !Equals [!Join ["", !Ref L], ""]
  First: !Equals [!Select [0, !Ref L], a]
  Second: !Equals [!Select [1, !Split ["-", !Join ["-", !Ref L]]], c]
  Yes: !Equals [!Ref B, Yes]
"""


@pytest.mark.parametrize(
    ("condition", "list_given", "expected"),
    [("Empty", "", "y"), ("Empty", "x,y", "n"), ("First", "a,c", "y"), ("First", "b", "n")],
)
def test_conditions_about_lists(condition: str, list_given: str, expected: str) -> None:
    value = property_of(LISTS, f"!If [{condition}, y, n]", L=list_given)
    assert isinstance(value, dict)
    assert list(value.values()) == [expected]


def test_every_boolean_of_yaml_is_the_same() -> None:
    value = property_of(LISTS, "!If [Yes, y, n]", B="true")
    assert value == {"condition `Yes` is true": "y"}


def test_loops_in_properties() -> None:
    loop = '{"Fn::ForEach::K": [x, [a, b], {"Fn::ForEach::J": [y, [1, 2], {"k${x}${y}": !Sub "${x}.${y}"}]}]}'
    assert property_of(LISTS, loop) == {"ka1": "a.1", "ka2": "a.2", "kb1": "b.1", "kb2": "b.2"}


def test_loops_over_a_parameters_default(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        "Transform: [AWS::LanguageExtensions]\n"
        "Parameters: {L: {Type: CommaDelimitedList, Default: 'a,b'}}\n"
        "Resources:\n  Fn::ForEach::R: [N, !Ref L, {'T${N}': {Type: AWS::SNS::Topic}}]\n"
        "Outputs:\n  Fn::ForEach::O: [N, !Ref L, {'O${N}': {Value: !Ref N}}]\n"
    )
    loaded = _load(tmp_path)
    (application,) = loaded.applications
    assert _kinds(loaded) == set()
    assert {name: [str(each) for each in one.when] for name, one in application.resources.items()} == {
        "Ta": ["parameter `L` keeps its default"],
        "Tb": ["parameter `L` keeps its default"],
    }
    assert [output.id for output in application.outputs] == ["Oa", "Ob"]


def test_a_loop_over_conditions_is_said_and_what_depends_on_them_stays() -> None:
    loaded = application(
        "Transform: AWS::LanguageExtensions\n"
        "Conditions:\n  Fn::ForEach::L: [N, [a, b], {'Is${N}': !Equals [!Ref AWS::Region, !Ref N]}]\n"
        "Resources:\n  Topic: {Type: AWS::SNS::Topic, Condition: Isa}\n"
    )
    assert [each.kind for each in loaded.failures] == ["unread-loop"]
    assert list(loaded.resources) == ["Topic"]
