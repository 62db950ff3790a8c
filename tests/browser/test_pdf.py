"""The PDF has all of the book, in order, and can be followed on paper and on a screen."""

import re

from bs4 import BeautifulSoup
from built_book import PAGES
from pdf import write
from pypdf import PdfReader

RAW_TEX = re.compile(r"\\[(\[]|\$\$|\\(begin|frac|mathrm|eta)\b")


def test_is_the_whole_book(browser, site, tmp_path):
    """One test, since printing takes long."""
    write(browser, site, tmp_path / "book.pdf")
    pdf = PdfReader(tmp_path / "book.pdf")
    check_contents(pdf, [title(site / page) for page in PAGES])
    check_links(pdf)
    sample = (words(page) for page in pdf.pages[::5])  # formulas that fail, fail everywhere
    assert [text for text in sample if RAW_TEX.search(text)] == []


def title(page):
    article = BeautifulSoup(page.read_text("utf8"), "html.parser").article
    return article.h1.get_text().removesuffix("#")


def words(page):
    return " ".join(page.extract_text().split())


def check_contents(pdf, titles):
    """Every page of the site is there, has its running title, and is where the contents say."""
    chapters = [entry for entry in pdf.outline if not isinstance(entry, list)]
    assert [chapter.title for chapter in chapters] == [titles[0], "Contents", *titles[1:]]
    _, start, *starts = map(pdf.get_destination_page_number, chapters)
    assert starts == sorted(starts)
    contents = " ".join(map(words, pdf.pages[start : starts[0]]))
    for name, i in zip(titles[1:], starts, strict=True):
        assert f"{name} {i + 1}" in contents
        assert words(pdf.pages[i]).startswith(f"{name} {i + 1}")


def check_links(pdf):
    """Links lead into the book or to the web."""
    links = [link.get_object() for page in pdf.pages for link in page.get("/Annots", [])]
    inside = {link["/Dest"] for link in links if "/Dest" in link}
    assert len(inside) > 100
    assert inside <= pdf.named_destinations.keys()
    addresses = [link["/A"]["/URI"] for link in links if "/A" in link]
    assert [url for url in addresses if not url.startswith("https://")] == []


def test_a_page_in_the_dark_is_printed_on_white(browser, site):
    theme = "document.documentElement.dataset.theme"
    with browser.new_page(color_scheme="dark") as page:
        page.goto((site / PAGES[0]).as_uri())
        assert page.evaluate(theme) == "dark"
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate(theme) == "light"
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.evaluate(theme) == "dark"
