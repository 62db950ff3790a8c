"""The zip of the book: unpacked anywhere, it opens from disk."""

from zipfile import ZipFile

import pytest
from offline import NAME, write
from watch import settle, watched


@pytest.fixture(scope="module")
def archive(site, tmp_path_factory):
    path = tmp_path_factory.mktemp("zip") / "book.zip"
    write(site, path)
    return path


def test_same_site_same_bytes(archive, site, tmp_path):
    write(site, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()


def test_has_the_site_and_a_note(archive, site):
    with ZipFile(archive) as packed:
        files = {name.removeprefix(f"{NAME}/") for name in packed.namelist()}
        note = packed.read(f"{NAME}/READ ME FIRST.txt").decode()
    built = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert files == built - {".buildinfo"} | {"READ ME FIRST.txt"}
    assert "index.html" in note


def test_opens_from_disk(archive, browser, tmp_path):
    folder = tmp_path / "a folder, élan & 100%"  # as people name them
    with ZipFile(archive) as packed:
        packed.extractall(folder)
    with watched(browser, folder.as_uri()) as (page, complaints):
        page.goto((folder / NAME / "index.html").as_uri())
        page.wait_for_url("**/intro.html")
        page.get_by_role("link", name="2. Gradient descent").first.click()
        page.wait_for_url("**/02-gradient-descent.html")
        settle(page)
        assert page.locator("mjx-container").count() > 100
        assert complaints == []
        # Browsers let no page read another from disk: results come without an excerpt.
        page.goto((folder / NAME / "search.html").as_uri() + "?q=momentum")
        page.wait_for_selector("#search-results li a")
