"""The list of formats: complete, lazy, and an unknown one is the user's error."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from lamward.errors import UsageError
from lamward.report import FORMATS, render
from tests.report.reading import READERS, Seen
from tests.report.sample import REPORT

EXPECTED: Seen = Counter(
    {
        ("public-function-url", "template.yaml", 6): 1,
        ("wildcard-action", "template.yaml", 9): 1,
        ("deprecated-runtime", "template.yaml", 12): 1,
        ("deprecated-runtime", "template.yaml", 16): 1,
        ("deprecated-runtime", "template.yaml", 20): 1,
        ("deprecated-runtime", "template.yaml", 24): 1,
    }
)


@pytest.mark.parametrize("name", sorted(READERS))
def test_every_format_tells_the_same_findings(name: str) -> None:
    assert READERS[name](render(name, REPORT)) == EXPECTED


def test_every_format_but_text_is_read_back() -> None:
    assert set(READERS) == set(FORMATS) - {"text"}


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError) as raised:
        render("html", REPORT)
    assert raised.value.message == "there is no format `html`"
    assert "sarif" in raised.value.hint


def test_a_format_is_loaded_when_it_is_used() -> None:
    program = (
        "import sys\n"
        "import lamward.report\n"
        "loaded = [name for name in sys.modules if name.startswith('lamward.report.')]\n"
        "assert loaded == ['lamward.report.options'], loaded\n"
        "import lamward.report.text\n"
        "assert 'json' not in sys.modules\n"
        "assert 'urllib.parse' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-S", "-c", program], check=True, env={"PYTHONPATH": ":".join(sys.path)})
