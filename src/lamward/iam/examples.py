"""The resources an action takes: the shapes of their ARNs, and an example of each."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from lamward.iam import catalogue

_VALUES: Final = {"Partition": "aws", "Region": "us-east-1"}
_PLACEHOLDER: Final = re.compile(r"\$\{(\w+)\}")


@lru_cache(maxsize=4096)
def formats(action: catalogue.Action) -> tuple[str, ...]:
    """Give the ARN patterns of the resources that an action takes."""
    return tuple(shape for each in _types(action) for shape in each.patterns)


@lru_cache(maxsize=4096)
def examples(action: catalogue.Action, account: str) -> tuple[str, ...]:
    """Give an ARN of each kind of resource that an action takes; `*` alone for an action that takes none."""
    if not action.supports_resources:
        return ("*",)
    values = {**_VALUES, "Account": account}
    return tuple(
        _PLACEHOLDER.sub(lambda found: values.get(found[1], "example"), arn)
        for each in _types(action)
        for arn in each.arns
    )


def _types(action: catalogue.Action) -> tuple[catalogue.ResourceType, ...]:
    service = catalogue.service(action.name.partition(":")[0])
    wanted = {each.name for each in action.resource_types}
    return () if service is None else tuple(each for each in service.resource_types if each.name in wanted)
