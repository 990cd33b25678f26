"""What fixes insert: resources that no check finds anything wrong with."""

from __future__ import annotations

from typing import Any, Final

QUEUE_OF_FAILURES: Final[dict[str, Any]] = {"SqsManagedSseEnabled": True, "MessageRetentionPeriod": 1209600}
"""A queue for what failed: encrypted, and kept as long as SQS keeps anything, 14 days."""

KEPT_DAYS: Final = 90
"""How long logs are kept where nobody says otherwise."""
