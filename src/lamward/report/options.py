"""What a caller may wish of a format besides the report itself."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from lamward.model.finding import TextChange


class Options(Struct, frozen=True):
    """The source text by file name for excerpts, and how the text format looks.

    `changes` are what fixes do to the text of files, by a finding's application and fingerprint.
    """

    sources: Mapping[str, str] = {}
    colour: bool = False
    width: int = 80
    show_unanswered: bool = False
    changes: Mapping[tuple[str, str], tuple[TextChange, ...]] = {}
