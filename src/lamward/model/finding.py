"""What a check yields (`Problem`, `Doubt`) and what a report holds (`Finding`)."""

from __future__ import annotations

from enum import Enum, StrEnum

from msgspec import Struct

from lamward.model.location import Location, Step
from lamward.model.value import ALWAYS, Guard


class Severity(Enum):
    """How bad a problem is."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """The position in the order, from 0 (info) to 4 (critical)."""
        return _SEVERITIES.index(self)


_SEVERITIES = tuple(Severity)


class Confidence(Enum):
    """How sure we are that it is a problem."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """The position in the order, from 0 (low) to 2 (high)."""
        return _CONFIDENCES.index(self)


_CONFIDENCES = tuple(Confidence)


class Persona(Enum):
    """Who wants to hear a question: everybody, or somebody who reviews every doubtful place."""

    REGULAR = "regular"
    AUDITOR = "auditor"


class Related(Struct, frozen=True):
    """Another place that belongs to the story of a problem, with a short note."""

    location: Location
    note: str


class FixSafety(StrEnum):
    """Whether a fix may change how the application behaves."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class SecretsIn(StrEnum):
    """Where fixes put the secrets that they take out of templates."""

    PARAMETER = "parameter"
    SECRETS_MANAGER = "secrets-manager"


class EditKind(StrEnum):
    """What an edit does at its place."""

    SET = "set"
    ADD = "add"
    APPEND = "append"
    REMOVE = "remove"
    COPY = "copy"


class Edit(Struct, frozen=True):
    """One symbolic operation on the document that holds `location`; `path` names the place, `location` shows it.

    `SET` replaces the value that is there; `ADD` puts in a key that is not, with the mappings that lead to it (after
    the sibling `after`, or last); `APPEND` puts an item at the end of the list at `path`, if it is not in it yet;
    `REMOVE` takes out a key or an item (with the comment lines directly above it if `comments`); `COPY` puts in a key
    with what stands at the path `value`. All paths are those of the document as it was read. Any other `value` is plain
    JSON data; intrinsics are written in their long form.
    """

    kind: EditKind
    location: Location
    path: tuple[Step, ...]
    value: object = None
    after: str = ""
    comments: bool = False


class Fix(Struct, frozen=True):
    """How to repair a problem: a title, the edits, and why it may change behaviour when it is unsafe."""

    title: str
    edits: tuple[Edit, ...] = ()
    safety: FixSafety = FixSafety.SAFE
    why_unsafe: str = ""


class TextChange(Struct, frozen=True):
    """What a fix does to a file's text: what stands at `location` is replaced by `text`."""

    location: Location
    text: str


class Problem(Struct, frozen=True):
    """Something wrong, as a check says it.

    `message` is one sentence without a full stop, lower case first; `subject` the logical id it is about;
    `discriminator` tells two problems at the same place apart (an action, a variable's name), never a secret.
    `severity`, `confidence` and `persona` override the check's own where this case is worse, better, less sure or of
    interest to fewer people.
    """

    location: Location
    message: str
    when: Guard = ALWAYS
    discriminator: str = ""
    related: tuple[Related, ...] = ()
    severity: Severity | None = None
    confidence: Confidence | None = None
    persona: Persona | None = None
    help: str = ""
    fix: Fix | None = None


class Doubt(Struct, frozen=True):
    """A question that could not be answered for a place, and why."""

    location: Location
    reason: str
    when: Guard = ALWAYS


class Open(Struct, frozen=True, tag="open"):
    """The finding stands."""


class Suppressed(Struct, frozen=True, tag="suppressed"):
    """Somebody accepted it: why, until when (ISO date, "" for ever) and where that is written."""

    reason: str
    until: str = ""
    where: str = ""


class Baselined(Struct, frozen=True, tag="baselined"):
    """It was there when the baseline was written (ISO date)."""

    since: str = ""


class Fixed(Struct, frozen=True, tag="fixed"):
    """lamward repaired it in this run."""


Status = Open | Suppressed | Baselined | Fixed


class Finding(Struct, frozen=True):
    """A problem in a report. `resource` is the logical id, `resource_type` its type as the dialect calls it."""

    check: str
    severity: Severity
    confidence: Confidence
    message: str
    location: Location
    application: str
    resource: str
    resource_type: str
    fingerprint: str
    help: str = ""
    when: Guard = ALWAYS
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    status: Status = Open()
