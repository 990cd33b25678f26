"""Who anybody at all is: a caller of an account nobody named, with what such a one can bring along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec.structs import replace

from lamward.iam.prove.sides import STRANGER, Perspective
from lamward.model.access import CallerKind

_SOURCE = (f"arn:*:*:*:{STRANGER}:*", "arn:aws:s3:::stranger*")
TRUST_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:sourcearn": _SOURCE,
    "aws:sourceaccount": (STRANGER,),
    "aws:sourceowner": (STRANGER,),
    "aws:sourcevpc": ("vpc-stranger",),
    "aws:sourcevpce": ("vpce-stranger",),
    "aws:sourceorgid": ("o-stranger",),
    "aws:sourceorgpaths": ("o-stranger/r-stranger/",),
    "aws:principalorgid": ("o-stranger",),
    "aws:principalorgpaths": ("o-stranger/r-stranger/",),
    "aws:principalarn": (f"arn:aws:iam::{STRANGER}:*",),
    "aws:principalaccount": (STRANGER,),
    "aws:userid": ("AROASTRANGER:stranger",),
    "lambda:eventsourcetoken": ("stranger",),
    "s3:dataaccesspointaccount": (STRANGER,),
    "s3:dataaccesspointarn": (f"arn:aws:s3:*:{STRANGER}:accesspoint/*",),
    "kms:calleraccount": (STRANGER,),
    "sts:externalid": ("stranger",),
}
"""A request that needs one of these to have some fixed value comes from somebody in particular.

The values are those that a stranger can bring: only wildcards match them.
"""


def strangers(callers: Iterable[Perspective]) -> tuple[Perspective, ...]:
    """Keep the callers that are nobody in particular, and say what their trust keys may hold."""
    return tuple(
        replace(
            seen,
            fixed={key: value for key, value in seen.fixed.items() if key not in TRUST_KEYS or value is None},
            shaped=TRUST_KEYS,
        )
        for seen in callers
        if seen.caller.kind is CallerKind.ANONYMOUS or seen.caller.account == STRANGER
    )
