"""The page of all mistakes: each is there, with its line and its sentence, and as mere text."""

import re
from html import unescape

import pytest

from optilab.checks import EXERCISES
from optilab.checks.gallery import gallery


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))
def test_every_mistake_is_shown(exercise):
    page = gallery([exercise]).data
    said = re.findall(r"<span>(.+?)</span> <b>(.+?)</b>", page)
    assert [unescape(sentence) for _, sentence in said] == list(exercise.mistakes)
    assert len(re.findall(r"<pre>[^<]|<pre><del>", page)) == len(said)


def test_curves_show_the_wrong_beside_the_right():
    page = gallery([EXERCISES["momentum"]]).data
    curves = re.findall(
        r'<polyline class="right" points="([^"]+)"/><polyline class="wrong" points="([^"]+)"/>',
        page,
    )
    assert len(curves) >= 15
    assert all(right != wrong for right, wrong in curves)
    assert "nan" not in page


def test_code_is_text():
    page = gallery([EXERCISES["backtracking"]]).data
    assert "&gt;" in page
    tags = set(re.findall(r"<(\w+)", page))
    ours = "details summary code ul li svg polyline div pre p span b del"
    assert tags <= set(ours.split(" "))
