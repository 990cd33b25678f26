"""What every format promises, whatever a template's author wrote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamward.model.finding import Severity
from lamward.model.report import Report
from lamward.report import FORMATS, render
from lamward.report.layout import columns
from lamward.report.order import file_of
from tests.counting import bend
from tests.report.reading import READERS, Seen, commands
from tests.report.sample import REPORT, SOURCES, at, finding
from tests.strategies import hostile_text, reports, words

HARMFUL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
COMMAND = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)

thorough = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

_LEAD = re.compile(r"^\s*(-->|=|why:|fix:|help:|if:|in:|end:|cut:|not audited:|notice:|\w+\[.*?\]:|==)? ?")


def sources(text: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    line = st.one_of(text, st.integers(0, 300).map("wide 日本 ".__mul__))
    content = st.lists(line, max_size=40).map("\n".join)
    return st.dictionaries(st.sampled_from(["template.yaml", "src/app/template.json"]), content)


@thorough
@given(reports(), sources(hostile_text()), st.booleans())
def test_no_format_emits_control_characters(report: Report, texts: dict[str, str], unanswered: bool) -> None:
    for name in FORMATS:
        found = render(name, report, sources=texts, show_unanswered=unanswered)
        assert not HARMFUL.search(found), name
        found.encode("utf-8")


@thorough
@given(reports(), sources(hostile_text()))
def test_no_format_but_github_s_own_speaks_to_a_build_server(report: Report, texts: dict[str, str]) -> None:
    for name in set(FORMATS) - {"github"}:
        assert not COMMAND.search(render(name, report, sources=texts, show_unanswered=True)), name
    expected = len(report.open) + len(report.failures)
    assert len(commands(render("github", report))) == expected


@thorough
@given(reports(), sources(hostile_text()))
def test_rendering_is_deterministic(report: Report, texts: dict[str, str]) -> None:
    again = msgspec.structs.replace(report)
    for name in FORMATS:
        assert render(name, report, sources=texts) == render(name, again, sources=dict(texts))


@thorough
@given(reports())
def test_every_finding_appears_once_in_every_machine_format(report: Report) -> None:
    expected = Counter(each.check for each in report.open)
    for name in ("json", "gitlab"):
        assert Counter(check for check, _, _ in READERS[name](render(name, report)).elements()) == Counter(
            {_written(check): count for check, count in expected.items()}
        ), name
    for name in ("sarif", "junit", "github"):
        assert READERS[name](render(name, report)).total() == expected.total(), name


@thorough
@given(reports(words()))
def test_the_same_check_file_and_line_in_every_format(report: Report) -> None:
    expected: Seen = Counter(
        (each.check, file_of(each.location, each.application), each.location.span.line)
        for each in report.open
    )
    for name, read in READERS.items():
        assert Counter(map(_relative, read(render(name, report)).elements())) == Counter(
            map(_relative, expected.elements())
        ), name


@thorough
@given(reports(words()))
def test_text_names_the_place_of_every_open_finding(report: Report) -> None:
    text = render("text", report)
    for each in report.open:
        assert f"--> {file_of(each.location, each.application)}:{each.location.span.line}:" in text
        assert f"[{each.check}]" in text


@thorough
@given(reports(), sources(hostile_text()), st.integers(40, 120))
def test_lines_of_text_fit_but_for_a_single_long_word(
    report: Report, texts: dict[str, str], width: int
) -> None:
    *lines, last = render("text", report, sources=texts, width=width, show_unanswered=True).splitlines()
    assert last.startswith("audited ")
    for line in lines:
        assert line == line.rstrip(" ")
        content = _LEAD.sub("", line)
        assert columns(line) <= width or " " not in content.strip() or line.startswith(("==", "unanswered["))


@thorough
@given(reports(), sources(hostile_text()))
def test_colour_adds_nothing_but_known_codes(report: Report, texts: dict[str, str]) -> None:
    coloured = render("text", report, sources=texts, colour=True)
    assert re.sub(r"\x1b\[(0|1|2|1;31|3[1346])m", "", coloured) == render("text", report, sources=texts)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_each_further_finding_costs_the_same(name: str) -> None:
    base = REPORT.findings[0]

    def rendering(size: int) -> Callable[[], object]:
        many = tuple(
            msgspec.structs.replace(
                base,
                check=f"check-{index % 40}",
                severity=list(Severity)[index % 5],
                message=f"a message about `thing-{index}` that is long enough to be wrapped at 80 columns",
                location=at("template.yaml", index % 20 + 1, 3, 9),
                fingerprint=str(index),
            )
            for index in range(1000, 1000 + size)
        )
        report = msgspec.structs.replace(REPORT, findings=many)
        return lambda: render(name, report, sources=SOURCES)

    rendering(50)()  # what is loaded once
    assert bend(rendering, 400) <= 1.03


def test_places_that_no_file_says_belong_to_the_application() -> None:
    nowhere = finding("plain-secret", Severity.LOW, "somewhere", at("", 1))
    report = msgspec.structs.replace(REPORT, findings=(nowhere,))
    for name, read in READERS.items():
        assert read(render(name, report)) == Counter({("plain-secret", "template.yaml", 1): 1}), name


def _written(text: str) -> str:
    return re.sub("[\ud800-\udfff]", lambda match: f"\\u{ord(match.group()):04x}", text)


def _relative(seen: tuple[str, str, int]) -> tuple[str, str, int]:
    """Bring a file to the form that tells nothing of the machine, which SARIF and GitLab ask for."""
    check, file, line = seen
    if file.startswith("/"):
        file = file.rsplit("/", 1)[-1]
    return check, file.removeprefix("../").removeprefix("./"), line
