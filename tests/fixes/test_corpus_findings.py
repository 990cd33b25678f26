"""The fixes of all findings of a sample of real templates: none wrong, none refused, none left for a second run.

`python -m bench.repairs` does it for all of them.
"""

from __future__ import annotations

import pytest

from bench.repairs import tally, templates
from tests.loading import CORPUS

ONE_IN = 30


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real templates is not beside the checkout")
def test_fixes_of_a_sample_of_the_corpus() -> None:
    counted = tally(templates()[::ONE_IN])
    assert counted.templates >= 15
    assert counted.fixable >= counted.templates
    assert counted.messages == []
    assert counted.wrong == 0
    assert counted.together == counted.fixable
    assert counted.again == []
