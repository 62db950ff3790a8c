"""What the pages promise, read from their source."""

import re

import pytest
from built_book import ROOT

from optilab.rules import RULES

BOOK = ROOT / "book"
THREAD = re.compile(
    r"\[(?P<words>[^\]]+)\]\(https://github\.com/(?P<repo>[\w.-]+/[\w.-]+)/(?:issues|pull)/(?P<n>\d+)\)"
)


@pytest.mark.parametrize("name", RULES)
def test_every_rule_has_its_dialects_in_the_book(name):
    pages = (BOOK / f"{page}.md" for page in ("frameworks", "gallery"))
    assert sum(f'show_table("{name}")' in page.read_text("utf8") for page in pages) == 1


def test_threads_are_called_what_they_are():
    text = (BOOK / "museum.md").read_text("utf8")
    assert text.count("github.com") == len(THREAD.findall(text)) > 20
    for thread in THREAD.finditer(text):
        words = thread["words"].split()
        assert words[-1] == f"#{thread['n']}"
        assert words[:-1] in ([], [thread["repo"]])
