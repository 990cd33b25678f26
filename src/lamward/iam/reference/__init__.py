"""The specification of the engine: obvious, slow, and what everything else is tested against."""

from __future__ import annotations

from lamward.iam.reference.decision import decide

__all__ = ["decide"]
