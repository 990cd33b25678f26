"""The lists of packages that call no AWS service contradict no model."""

from __future__ import annotations

import pytest

from lamward.code import packages


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_no_package_with_a_model_is_harmless(language: str) -> None:
    assert not packages.harmless(language) & packages.bundled(language).packages


@pytest.mark.parametrize(
    ("language", "package"),
    [
        ("python", "boto3"),
        ("python", "crhelper"),
        ("python", "datadog_lambda"),
        ("python", "pyarrow"),
        ("javascript", "@aws-crypto/client-node"),
        ("javascript", "@opensearch-project/opensearch"),
        ("javascript", "dynamoose"),
        ("javascript", "multer-s3"),
    ],
)
def test_packages_that_call_aws_are_not_harmless(language: str, package: str) -> None:
    assert package not in packages.harmless(language)
