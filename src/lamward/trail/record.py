"""CloudTrail's records: the few fields that are used, and the shapes in which records come.

One object with an array of `Records` is what CloudTrail writes to S3. `LookupEvents` and CloudTrail Lake give each
record as JSON text in a field, EventBridge puts it into `detail`, and exports have one object a line.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Raw, Struct, field

from lamward.trail.attribution import Identity

_START: Final = b'{"Records":['
_NEXT: Final = b'},{"eventVersion":'
_END: Final = b"]}"
_SPACE: Final = b" \t\r\n"
_NOTHING: Final = Raw(b"null")
_DIGEST: Final = re.compile(rb'"digestStartTime"\s*:')
_DEPTH: Final = 4
_MARK: Final = b"\xef\xbb\xbf"
_RECORDED: Final = frozenset({"", "Management", "Data", "NetworkActivity"})
"""What a record may say that it is; insights and the other things that CloudTrail Lake holds are no calls."""
# An escape in a string: a surrogate pair, half of one, which is no character, or any other.
_ESCAPE: Final = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_TOO_DEEP: Final = "it is nested too deeply"


class Record(Struct, rename="camel", kw_only=True, gc=False):
    """One event, as far as it is used; what is `Raw` is decoded only where it matters.

    The fields are in CloudTrail's order, in which they are found at once.
    """

    user_identity: Identity | None = None
    event_time: Annotated[datetime.datetime, Meta(tz=True)]
    event_source: str
    event_name: str
    aws_region: str = ""
    user_agent: Raw = _NOTHING
    error_code: str | None = None
    error_message: Raw = _NOTHING
    request_parameters: Raw = _NOTHING
    resources: Raw = _NOTHING
    management_event: bool | None = None
    recipient_account_id: str = ""
    event_category: str | None = None

    @property
    def category(self) -> str:
        """Management, Data, Insight or NetworkActivity; records before version 1.07 do not say it."""
        return category(self.event_category, self.management_event)


def category(named: str | None, management: bool | None) -> str:  # noqa: FBT001 a fact, not a switch
    """Tell the category of a record from the two fields that say it."""
    return named or ("Data" if management is False else "Management")


class _File(Struct):
    records: list[Record] = field(name="Records")


class _Wrapping(Struct):
    """An object that may hold records, or be one."""

    records: list[Raw] = field(default_factory=list, name="Records")
    events: list[Raw] = field(default_factory=list, name="Events")
    rows: list[list[Raw]] = field(default_factory=list, name="QueryResultRows")
    text: str = field(default="", name="CloudTrailEvent")
    lake_text: str = field(default="", name="eventJson")
    detail: Raw = _NOTHING


class _Aside(Struct, rename="camel"):
    """Something that is stored like a record."""

    event_category: str = ""
    event_name: Raw = _NOTHING


class Malformed(Exception):
    """The text is not JSON, or none that holds records."""


_FILE: Final = msgspec.json.Decoder(_File)
_RECORDS: Final = msgspec.json.Decoder(list[Record])
_RECORD: Final = msgspec.json.Decoder(Record)
_RAWS: Final = msgspec.json.Decoder(list[Raw])
_WRAPPING: Final = msgspec.json.Decoder(_Wrapping)
_ASIDE: Final = msgspec.json.Decoder(_Aside)


class NotPlain(Exception):
    """The text is not exactly as CloudTrail writes it, or a record is bad: `decode` makes of it what can be made."""


def plain(pieces: Iterable[bytes]) -> Iterator[list[Record]]:
    """Decode a file as CloudTrail writes it, some records at a time: what is used at once stays in the cache.

    Raises `NotPlain`, when it may have given records already. A cut is never at a wrong place unnoticed: within a text
    there is no quote that is not escaped, and within a record what is before the cut leaves its brackets open.
    """
    parts = iter(pieces)
    first = next(parts, b"")
    if not first.startswith(_START):
        raise NotPlain
    held = [first[len(_START) :]]
    for piece in parts:
        end = piece.rfind(_NEXT)
        if end < 0:
            held.append(piece)
            continue
        yield _listed(*held, memoryview(piece)[: end + 1])
        held = [piece[end + 2 :]]
    last = b"".join(held).rstrip(_SPACE)
    if not last.endswith(_END):
        raise NotPlain
    yield _listed(last[: -len(_END)])


def _listed(*parts: bytes | memoryview) -> list[Record]:
    try:
        return _RECORDS.decode(b"".join((b"[", *parts, b"]")))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NotPlain from None


def decode(content: bytes) -> tuple[list[Record], int]:
    """Decode the records of a file; also tell how many could not be.

    Raises `Malformed` where nothing can be made of the file.
    """
    content = content.removeprefix(_MARK)
    if not content.strip(_SPACE):
        raise Malformed("it is empty")
    try:
        return _FILE.decode(content).records, 0
    except msgspec.ValidationError:
        pass  # another shape, or a bad record: look at one at a time
    except (msgspec.DecodeError, UnicodeDecodeError):
        mended = _mended(content)
        if mended != content:
            return decode(mended)
        if b"\n" not in content.strip(_SPACE):
            raise Malformed("it is not JSON, or cut off") from None
    except RecursionError:
        raise Malformed(_TOO_DEEP) from None
    return _one_by_one(content)


def _mended(content: bytes) -> bytes:
    """Replace what is no text: whoever can have it logged, such as in a name, must not spoil the whole file."""

    def replaced(escape: re.Match[bytes]) -> bytes:
        return rb"\ufffd" if escape["half"] else escape[0]

    return _ESCAPE.sub(replaced, content.decode("utf-8", "replace").encode())


def is_digest(content: bytes) -> bool:
    """Tell whether a file is one of the signed lists of log files, which hold no records."""
    return b'"Records"' not in content[:4096] and _DIGEST.search(content[:4096]) is not None


def _one_by_one(content: bytes) -> tuple[list[Record], int]:
    records: list[Record] = []
    bad = 0
    for raw in _found(content):
        try:
            records.append(_RECORD.decode(raw))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            bad += not _is_aside(raw)
    if not records and b'"Records"' not in content and b'"Events"' not in content:
        raise Malformed("it holds no CloudTrail records")
    return records, bad


def _is_aside(raw: bytes | Raw) -> bool:
    """Tell whether something is no bad record, as it is none: it is of no event."""
    try:
        read = _ASIDE.decode(raw)
        return read.event_category not in _RECORDED and bytes(read.event_name) == bytes(_NOTHING)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _found(content: bytes) -> Iterator[bytes | Raw]:
    """Find the records: in one JSON value or, where it is none, in one a line."""
    try:
        msgspec.json.decode(content, type=Raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        for line in content.splitlines():
            if line.strip():
                yield from _unwrapped(line, _DEPTH)
        return
    except RecursionError:
        raise Malformed(_TOO_DEEP) from None
    yield from _unwrapped(content, _DEPTH)


def _unwrapped(content: bytes | Raw, depth: int) -> Iterator[bytes | Raw]:
    """Take records out of what they are wrapped in; what is no wrapping is taken for a record."""
    try:
        is_array = bytes(content).lstrip()[:1] == b"["
        inner = _RAWS.decode(content) if is_array else _inside(_WRAPPING.decode(content))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        yield content
        return
    if inner and depth:
        for each in inner:
            yield from _unwrapped(each, depth - 1)
    elif b"eventName" in bytes(content) or not _is_empty(content):
        yield content


def _inside(wrapping: _Wrapping) -> Sequence[bytes | Raw]:
    texts = [text.encode("utf-8", "surrogatepass") for text in (wrapping.text, wrapping.lake_text) if text]
    rows = [cell for row in wrapping.rows for cell in row]
    detail = [wrapping.detail] if bytes(wrapping.detail)[:1] == b"{" else []
    return [*wrapping.records, *wrapping.events, *rows, *texts, *detail]


def _is_empty(content: bytes | Raw) -> bool:
    """Tell whether a wrapping was empty, which is no bad record."""
    return re.fullmatch(rb'\s*(\[\s*\]|\{\s*("\w+"\s*:\s*\[\s*\]\s*,?\s*)*\})\s*', bytes(content)) is not None
