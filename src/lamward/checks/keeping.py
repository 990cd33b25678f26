"""The queue that fixes insert for events which would be lost: encrypted, and closed to plain HTTP."""

from __future__ import annotations

from typing import Any

from lamward.checks.repairs import Inserted, Written, all_of, insert
from lamward.checks.stock import QUEUE_OF_FAILURES, policy_of_queue
from lamward.facts import Facts
from lamward.model.value import Guard


def queue_for(
    facts: Facts,
    beside: Written,
    suffix: str,
    *,
    when: Guard,
    allowed: dict[str, Any] | None = None,
    ordered: bool = False,
) -> Inserted:
    """Insert a queue with its policy; `allowed` is the principal and condition of a service that sends to it."""
    made = {**QUEUE_OF_FAILURES, "FifoQueue": True} if ordered else QUEUE_OF_FAILURES
    queue = insert(facts, beside, suffix, "AWS::SQS::Queue", made, when=when)
    statements = [{**allowed, "Action": "sqs:SendMessage", "Resource": queue.arn}] if allowed else []
    settings = policy_of_queue(queue.ref, queue.arn, *statements)
    policy = insert(facts, beside, f"{suffix}Policy", "AWS::SQS::QueuePolicy", settings, when=when)
    return Inserted(queue.id, all_of(queue.edits, policy.edits))
