"""Finding templates on disk: by content, below the root only, and nothing silently left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from lamward.errors import UsageError
from lamward.model.value import at
from lamward.sources import file
from lamward.sources.project import Loaded, LoadOptions, load
from lamward.sources.samconfig import MAX_BYTES
from tests.loading import CORPUS, shown

TEMPLATE = "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n"


def loaded(folder: Path, **options: object) -> Loaded:
    return load([folder], LoadOptions(**options))  # type: ignore[arg-type]


def names(found: Loaded, folder: Path) -> list[str]:
    return [Path(one.name).relative_to(folder).as_posix() for one in found.applications]


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_DOT_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_templates_are_found_by_content(tmp_path: Path) -> None:
    write(
        tmp_path,
        deployment_DOT_yaml="kind: Deployment\n",
        stack_DOT_template=TEMPLATE,
        infra__app_DOT_yml=TEMPLATE,
        data_DOT_json='{"Resources": [1, 2], "text": "AWS::SQS::Queue"}',
        cloud_DOT_json='{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}',
    )
    found = loaded(tmp_path)
    assert names(found, tmp_path) == ["cloud.json", "stack.template", "infra/app.yml"]
    assert found.failures == ()


@pytest.mark.parametrize("folder", [".aws-sam/build", "cdk.out", "node_modules/x", ".git"])
def test_built_output_is_ignored(tmp_path: Path, folder: str) -> None:
    inner = tmp_path / folder
    inner.mkdir(parents=True)
    (inner / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    assert loaded(tmp_path).applications == ()


def test_virtual_environments_are_ignored_whatever_their_name(tmp_path: Path) -> None:
    write(tmp_path, env__pyvenv_DOT_cfg="", env__lib__template_DOT_yaml=TEMPLATE)
    assert loaded(tmp_path).applications == ()


def test_a_missing_path_is_an_error_of_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no"):
        loaded(tmp_path / "nowhere")


def test_a_broken_template_is_a_failure_and_the_rest_is_loaded(tmp_path: Path) -> None:
    write(tmp_path, a_DOT_yaml=TEMPLATE + "  Bad: [", b_DOT_yaml=TEMPLATE)
    found = loaded(tmp_path)
    assert names(found, tmp_path) == ["b.yaml"]
    assert [failure.kind for failure in found.failures] == ["malformed"]


def test_a_rendered_template_is_asked_for(tmp_path: Path) -> None:
    write(tmp_path, a_DOT_yaml="Resources:\n{% if x %}\n  Q: {Type: AWS::SQS::Queue}\n{% endif %}\n")
    (failure,) = loaded(tmp_path).failures
    assert (failure.kind, failure.location.span.line) == ("template-language", 2)


def test_other_encodings_are_a_failure(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(TEMPLATE.encode() + b"# \xe9\n")
    (failure,) = loaded(tmp_path).failures
    assert failure.kind == "encoding"


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbf" + TEMPLATE.replace("\n", "\r\n").encode())
    (application,) = loaded(tmp_path).applications
    assert list(application.resources) == ["Queue"]


def test_huge_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "MAX_BYTES", 1000)
    write(tmp_path, a_DOT_yaml=TEMPLATE + "#" * 2000)
    (failure,) = loaded(tmp_path).failures
    assert failure.kind == "too-large"


def test_links_that_leave_the_folder_are_not_followed_and_said(tmp_path: Path) -> None:
    write(tmp_path, outside__secret_DOT_yaml=TEMPLATE)
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.yaml").symlink_to(tmp_path / "outside" / "secret.yaml")
    found = loaded(inside)
    assert found.applications == ()
    assert [one.reason for one in found.skipped] == ["a link that leaves the audited folder"]


def test_includes_read_below_the_root_only(tmp_path: Path) -> None:
    template = (
        "Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      Body:\n        Fn::Transform:\n"
        "          Name: AWS::Include\n          Parameters: {Location: PLACE}\n"
    )
    write(
        tmp_path,
        secret_DOT_yaml="info: outside",
        app__good_DOT_yaml=template.replace("PLACE", "api.yaml"),
        app__bad_DOT_yaml=template.replace("PLACE", "../secret.yaml"),
        app__api_DOT_yaml="info: {title: mine}",
    )
    found = loaded(tmp_path / "app")
    bad, good = found.applications
    assert [failure.kind for failure in bad.failures] == ["missing-include"]
    assert shown(at(good.resources["Api"].properties, "Body")) == {"info": {"title": "mine"}}


def test_nested_stacks_belong_to_their_parent(tmp_path: Path) -> None:
    parent = (
        "Resources:\n  Data:\n    Type: AWS::CloudFormation::Stack\n"
        "    Properties: {TemplateURL: ./data.yaml, Parameters: {Name: orders}}\n"
        "  Thing: {Type: AWS::Test::Thing, Properties: {Value: !GetAtt Data.Outputs.Arn}}\n"
    )
    child = (
        "Parameters:\n  Name: {Type: String}\nResources:\n"
        "  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Name}}\n"
        "Outputs:\n  Arn: {Value: !GetAtt Queue.Arn}\n"
    )
    write(tmp_path, parent_DOT_yaml=parent, data_DOT_yaml=child)
    found = loaded(tmp_path)
    assert names(found, tmp_path) == ["parent.yaml"]
    (application,) = found.applications
    assert shown(at(application.resources["Data/Queue"].properties, "QueueName")) == "orders"
    assert shown(at(application.resources["Thing"].properties, "Value")) == "${Data/Queue.Arn}"


def test_stacks_that_nest_themselves_end(tmp_path: Path) -> None:
    template = "Resources:\n  Me: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: a.yaml}}\n"
    write(tmp_path, a_DOT_yaml=template)
    found = loaded(tmp_path)
    (application,) = found.applications
    assert "cyclic-nesting" in {failure.kind for failure in application.failures}


def test_samconfig_gives_parameters_and_the_command_line_wins(tmp_path: Path) -> None:
    template = (
        "Parameters:\n  A: {Type: String}\n  B: {Type: String}\nResources:\n"
        "  Thing: {Type: AWS::Test::Thing, Properties: {A: !Ref A, B: !Ref B}}\n"
    )
    config = "[default.deploy.parameters]\nparameter_overrides = \"A=one B='two words'\"\n"
    write(tmp_path, template_DOT_yaml=template, samconfig_DOT_toml=config)

    def properties(**options: object) -> object:
        (application,) = loaded(tmp_path, **options).applications
        return shown(application.resources["Thing"].properties)

    assert properties() == {"A": "one", "B": "two words"}
    assert properties(parameters={"A": "mine"}) == {"A": "mine", "B": "two words"}
    assert properties(samconfig=False) == {"A": "${A}", "B": "${B}"}


def test_a_samconfig_that_is_too_large_is_told(tmp_path: Path) -> None:
    template = "Resources: {Thing: {Type: AWS::Test::Thing}}\n"
    write(tmp_path, template_DOT_yaml=template, samconfig_DOT_toml="#" * (MAX_BYTES + 1))
    (failure,) = loaded(tmp_path).failures
    assert (failure.kind, failure.message) == (
        "too-large",
        "samconfig.toml cannot be read: it has more than 1 MB",
    )


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real templates is not beside the checkout")
def test_every_template_of_the_corpus_loads_and_explains_its_coverage() -> None:
    found = load([CORPUS], LoadOptions())
    assert len(found.applications) + len(found.skipped) + len(found.failures) >= 530
    for application in found.applications:
        coverage = application.coverage
        assert coverage.files
        skipped = sum(int(one.reason.split()[0]) for one in coverage.skipped if "no check asks" in one.reason)
        assert coverage.understood + skipped == len(application.resources)
        for failure in application.failures:
            assert failure.location.span.file
            assert failure.hint
