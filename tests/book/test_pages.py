"""The built HTML: complete, self-contained, and light."""

import csv
import gzip
import re
from collections import Counter
from functools import cache
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from built_book import PAGES, ROOT, SOURCES

SITE = "http://book.invalid/"
# What a browser fetches by itself, as opposed to what a reader may follow.
LOADED = "[src], link:not([rel=canonical])[href], use[href]"
PLACEHOLDER = re.compile(
    r"\b(TODO|FIXME|TBD|XXX|lorem ipsum|example\.com|ORG/REPO)\b", re.IGNORECASE
)
WEB = re.compile(r"https://([a-z0-9-]+\.)+[a-z]{2,}(/[\w.~:@!$&'()*+,;=%/-]*)?(\?[^#\s]*)?(#\S+)?")
MEGABYTE = 1_000_000


@cache
def read(path):
    return BeautifulSoup(path.read_text("utf8"), "html.parser")


@cache
def anchors(path):
    return {tag["id"] for tag in read(path).select("[id]")}


@pytest.fixture(params=PAGES)
def page(request, site):
    return site / request.param


def article(page):
    return read(page).select_one("article.bd-article")


def local_file(site, page, url):
    """Return the file that a link on a page leads to, and the anchor in it."""
    target, anchor = urldefrag(urljoin(SITE + page.relative_to(site).as_posix(), url))
    return site / unquote(urlsplit(target).path.lstrip("/")), unquote(anchor)


def loaded(page):
    """Return the addresses that opening a page fetches."""
    return {tag.get("src") or tag["href"] for tag in read(page).select(LOADED)}


def is_local(url):
    parts = urlsplit(url)
    return parts.scheme in ("", "data") and not parts.netloc


def test_builds(site):
    """The fixture fails on a warning."""
    assert (site / "index.html").is_file()


def test_every_source_is_a_page(site):
    built = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert {path for path in built if not path.startswith("_static/")} == {
        *PAGES,
        "index.html",
        "search.html",
    }


def test_loads_nothing_from_elsewhere(page):
    assert [url for url in loaded(page) if not is_local(url)] == []
    scripts = "\n".join(script.get_text() for script in read(page).select("script"))
    assert re.findall(r"""(?:import|fetch|from)\s*\(?\s*["'`]https?:.*""", scripts) == []


def test_stylesheets_load_nothing_from_elsewhere(site):
    css = "\n".join(path.read_text("utf8") for path in site.rglob("*.css"))
    urls = re.findall(r"""(?:url\(|@import)\s*["']?([^"')]+)""", css)
    assert [url for url in urls if not is_local(url)] == []


def test_images_have_words(page):
    for image in article(page).select("img"):
        words = image.get("alt", "").strip()
        assert words, f"no alt text: {image}"
        assert not re.search(r"_images/|\.(png|svg|jpe?g|gif|webp)$", words), words


def test_what_moves_has_a_number_and_a_caption(page):
    for moving in article(page).select(".optilab-explorable, figure[aria-label=Animation]"):
        figures = moving.find_parents("figure")
        assert any(figure.select_one(".caption-number") for figure in figures), figures


def test_no_formula_is_parted_from_its_comma(page):
    """Browsers may break a line there, unless told otherwise."""
    for formula in article(page).select("span.math:not(.tied *)"):
        before, after = formula.previous_sibling, formula.next_sibling
        assert not (isinstance(after, str) and re.match(r"\S", after)), f"{formula}{after}"
        assert not (isinstance(before, str) and re.search(r"\S\Z", before)), f"{before}{formula}"


def test_table_headers_have_words_or_formulas(page):
    assert [cell for cell in article(page).select("th") if not cell.get_text(strip=True)] == []


def test_printed_tables_are_tables(page):
    """What code displays as Markdown is set like the text."""
    assert not [p for p in article(page).select(".cell_output p") if p.text.startswith("| ")]


def test_holds_no_placeholder(page):
    hits = PLACEHOLDER.findall(article(page).get_text(" "))
    links = [a["href"] for a in read(page).select("a[href]")]
    assert hits + [link for link in links if PLACEHOLDER.search(link)] == []


def test_internal_links_lead_somewhere(site, page):
    for link in read(page).select("a[href]"):
        if is_local(link["href"]):
            path, anchor = local_file(site, page, link["href"])
            assert path.is_file(), link
            if anchor and path.suffix == ".html":
                assert anchor in anchors(path), link


def test_links_elsewhere_are_well_formed(page):
    """Whether they still lead somewhere, only the network could tell."""
    links = [link["href"] for link in article(page).select("a[href]")]
    assert [link for link in links if not is_local(link) and not WEB.fullmatch(link)] == []


@pytest.mark.parametrize("source", SOURCES)
def test_executed_pages_offer_their_notebook(site, source):
    text = ROOT / f"{source}.md"
    if text.exists() and "{code-cell}" not in text.read_text("utf8"):
        return
    page = site / f"{source}.html"
    files = {local_file(site, page, a["href"])[0] for a in read(page).select("a[href]")}
    notebook = site / "_sources" / f"{source}.ipynb"
    assert notebook in files
    assert notebook.is_file()


def test_every_chapter_has_ten_flash_cards(site):
    """In the file for Anki, which keeps one card per front."""
    lines = (site / "book" / "flash-cards.txt").read_text("utf8").splitlines()
    cards = list(csv.reader([line for line in lines if line[0] != "#"], "excel-tab"))
    assert all(front and back for front, back, _ in cards)
    assert len({front for front, *_ in cards}) == len(cards)
    chapters = [source.removeprefix("book/") for source in SOURCES if re.match(r"book/\d", source)]
    assert Counter(tag for *_, tag in cards) == dict.fromkeys(chapters, 10)


def test_is_light(site, page):
    html = page.read_text("utf8")
    embedded = re.findall(r"data:[\w/+-]+;base64,[\w+/=]+", html)
    for data in embedded:
        html = html.replace(data, "")
    files = {local_file(site, page, url)[0] for url in loaded(page) if urlsplit(url).path}
    code = [path for path in files if path.suffix in (".css", ".js")]
    media = [path for path in files if path not in code]
    weight = compressed(html.encode()) + sum(compressed(path.read_bytes()) for path in code)
    assert weight <= 1.2 * MEGABYTE
    weight += sum(map(len, embedded)) + sum(path.stat().st_size for path in media)
    assert weight <= 4 * MEGABYTE


@cache
def compressed(content):
    return len(gzip.compress(content))
