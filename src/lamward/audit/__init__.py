"""The pipeline: load, derive facts, ask the checks, and say what was found."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lamward.model.report import Report


class _Pipeline(ModuleType):
    """This package, which may be called: `lamward.audit` is both it and, by the public API, what it does."""

    def __call__(self, *arguments: Any, **options: Any) -> Report:
        from lamward.audit.library import audit

        return audit(*arguments, **options)


# Whichever part of lamward is imported first, `lamward.audit` is this package: a function of the same name in
# `lamward` would come and go with the order of imports.
sys.modules[__name__].__class__ = _Pipeline
