"""Proofs over all requests: each answer is proved, refuted by a request, or undetermined for a reason."""

from __future__ import annotations

from lamward.iam.prove.answers import Answer, Proved, Refuted, Undetermined, Witness
from lamward.iam.prove.questions import (
    Options,
    Subject,
    always_denies,
    disjoint,
    equivalent,
    grants,
    implies,
    public,
)

__all__ = [
    "Answer",
    "Options",
    "Proved",
    "Refuted",
    "Subject",
    "Undetermined",
    "Witness",
    "always_denies",
    "disjoint",
    "equivalent",
    "grants",
    "implies",
    "public",
]
