"""The PDF has all of the book, in order, and can be followed on paper and on a screen."""

import re
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from built_book import PAGES
from pdf import write
from pypdf import PdfReader

RAW_TEX = re.compile(r"\\[(\[]|\$\$|\\(begin|frac|mathrm|eta)\b")


@pytest.fixture(scope="module")
def pdf(browser, site, tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "book.pdf"
    write(browser, site, path)
    return PdfReader(path)


@pytest.fixture(scope="module")
def text(pdf):
    """The words of each page."""
    return [" ".join(page.extract_text().split()) for page in pdf.pages]


@pytest.fixture(scope="module")
def titles(site):
    pages = (BeautifulSoup((site / page).read_text("utf8"), "html.parser") for page in PAGES)
    return [page.select_one("article h1").get_text().removesuffix("#") for page in pages]


def test_has_every_page_of_the_site_in_order(pdf, titles):
    chapters = [entry for entry in pdf.outline if not isinstance(entry, list)]
    assert [chapter.title for chapter in chapters] == [titles[0], "Contents", *titles[1:]]
    assert all(a < b for a, b in pairwise(map(pdf.get_destination_page_number, chapters)))


def test_contents_have_the_numbers_that_pages_print(pdf, text, titles):
    chapters = [entry for entry in pdf.outline if not isinstance(entry, list)]
    start, end = map(pdf.get_destination_page_number, chapters[1:3])
    contents = " ".join(text[start:end])
    for chapter in chapters[2:]:
        i = pdf.get_destination_page_number(chapter)
        assert f"{chapter.title} {i + 1}" in contents
        assert text[i].startswith(f"{chapter.title} {i + 1}")


def test_formulas_are_set(text):
    assert [page for page in text if RAW_TEX.search(page)] == []


def test_links_lead_into_the_book_or_to_the_web(pdf):
    links = [link.get_object() for page in pdf.pages for link in page.get("/Annots", [])]
    inside = {link["/Dest"] for link in links if "/Dest" in link}
    assert len(inside) > 100
    assert inside <= pdf.named_destinations.keys()
    addresses = [link["/A"]["/URI"] for link in links if "/A" in link]
    assert [url for url in addresses if not url.startswith("https://")] == []
