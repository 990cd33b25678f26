"""Makes text from templates harmless in each language a report is written in."""

from __future__ import annotations

import re

HIDDEN = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # control characters: escape sequences, line ends, tabs
    "\xad\u034f\u061c\u180e\u200b-\u200f"  # invisible, or changing the direction of text
    "\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # line separators, bidirectional overrides and isolates
    "\ud800-\udfff\ufffe\uffff"  # halves of surrogate pairs and what XML does not know
    "\U000e0000-\U000e0fff"  # tags: a second text that nobody sees
    "]"
)
"""What a terminal would obey, or nobody would see."""

_JSON_HIDDEN = re.compile(HIDDEN.pattern.replace("\x00-\x1f", ""))

LOG_COMMAND = re.compile(r"#(?=#\w*\[)")
"""What starts `##[error]` and `##vso[…]`, which build servers obey anywhere in a line."""

_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_MARKDOWN = str.maketrans(
    {character: f"&#{ord(character)};" for character in "\\`*_{}[]<>|~&$!"}
    | {"@": "@&#8203;", "#": "#&#8203;"}  # a mention or a reference to an issue needs its name right behind
)
_CODE = str.maketrans({character: f"&#{ord(character)};" for character in "\\`*_{}[]<>|~&$!\"'@#:"})
_CODE_IN_NEED = re.compile(r"[\\`<>&|#$]|^\s|\s$|^$")


def visible(text: str) -> str:
    r"""Put text on one line with everything shown that a terminal would obey or hide, as `\x1b` or `\u202e`."""
    shown = HIDDEN.sub(_shown, text)
    return LOG_COMMAND.sub(r"#\\", shown) if "##" in shown else shown


def _shown(match: re.Match[str]) -> str:
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    character = match.group()
    code = ord(character)
    if code < 0x100:
        return named.get(character, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def encodable(text: str) -> str:
    """Show halves of surrogate pairs, which no encoding can write; keep all else."""
    return text if text.isascii() else re.sub("[\ud800-\udfff]", _shown, text)


def json_text(encoded: str) -> str:
    """Escape, in JSON text, what a terminal or a build server would obey; the strings keep their meaning.

    Halves of surrogate pairs become visible text, because few readers accept them.
    """
    return LOG_COMMAND.sub(r"\\u0023", _JSON_HIDDEN.sub(_json_escape, encoded))


def _json_escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if 0xD800 <= code <= 0xDFFF:
        return f"\\\\u{code:04x}"
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


def xml_text(text: str) -> str:
    """Escape text for XML content and for attributes in double quotes; it becomes one line.

    A `::` at its start is escaped too: the XML may be printed in a GitHub workflow, which would obey the line.
    """
    shown = visible(text).translate(_XML)
    return f"&#58;{shown[1:]}" if shown.startswith("::") else shown


def workflow_value(text: str) -> str:
    """Escape the message of a GitHub workflow command; its line ends stay line ends."""
    lines = "\n".join(visible(line) for line in text.split("\n"))
    return lines.replace("%", "%25").replace("\n", "%0A")


def workflow_property(text: str) -> str:
    """Escape a property of a GitHub workflow command, such as a file name."""
    return visible(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


def markdown_text(text: str) -> str:
    """Escape text for Markdown, also inside a table: no markup, HTML, mention, reference or link comes of it."""
    return visible(text).translate(_MARKDOWN).replace("://", ":&#8203;//").replace("www.", "www&#8203;.")


def markdown_code(text: str) -> str:
    """Write text as code in Markdown, also inside a table."""
    shown = visible(text)
    if _CODE_IN_NEED.search(shown):  # entities cannot close a `<code>`; backticks and pipes could end a span
        return html_code(text)
    return f"`{shown}`"


def html_code(text: str) -> str:
    """Write text as code where HTML is read but Markdown is not, such as in a `<summary>`."""
    return f"<code>{visible(text).translate(_CODE)}</code>"


def markdown_sentence(text: str) -> str:
    """Escape a message for Markdown; what it has in backticks becomes code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return markdown_text(text)
    return "".join(
        markdown_code(piece) if index % 2 else markdown_text(piece) for index, piece in enumerate(pieces)
    )
