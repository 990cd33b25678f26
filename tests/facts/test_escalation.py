"""Paths to more: the cheap look before the engine misses none of its ways."""

from __future__ import annotations

from lamward.facts.actions import step_services
from lamward.iam.escalation import ways


def test_every_way_up_begins_with_a_step() -> None:
    unseen = [
        way.id
        for way in ways()
        if way.result in {"target", "administrator"}
        # Waiting for somebody to deploy a changed artifact is left out on purpose.
        and "artifact" not in way.on.values()
        and not any(map(step_services, way.actions))
    ]
    assert unseen == []
