"""A browser, a server of the built book, and its pages, watched while they are open."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from built_book import PAGES, ROOT, site  # noqa: F401
from playwright.sync_api import sync_playwright
from watch import settle, watched

sys.path.insert(0, str(ROOT / "book" / "_ext"))
import lite
from chromium import CHROMIUM, FLAGS


def pytest_configure(config):
    config.addinivalue_line("markers", "browser: needs Chromium; skipped where there is none")


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@contextmanager
def served(folder):
    """Serve a folder as any static host would; give its address."""
    handler = partial(QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def base(site):  # noqa: F811
    """Address of the book."""
    with served(site) as address:
        yield address


@pytest.fixture(scope="session")
def base_with_lite(site, tmp_path_factory):  # noqa: F811
    """Address of a book whose exercises are worked in the browser."""
    folder = tmp_path_factory.mktemp("lite") / "site"
    shutil.copytree(site, folder)
    try:
        lite.build(folder)
    except subprocess.CalledProcessError:
        lacking("Pyodide cannot be downloaded")
    with served(folder) as address:
        yield address


def lacking(why):
    """Skip what cannot be tested here, but never in the gate."""
    pytest.fail(why) if os.environ.get("CI") == "true" else pytest.skip(why)


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        lacking("no Chromium on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module", params=[*PAGES, "search.html"])
def path(request):
    return request.param


@pytest.fixture(scope="module")
def opened(path, browser, base):
    """An open page, and what it did that no page may do, up to now."""
    with watched(browser, base) as (page, complaints):
        page.goto(f"{base}/{path}")
        settle(page)
        yield page, complaints


@pytest.fixture
def page(opened):
    """The page as a reader finds it; at the end nothing may have gone wrong on it."""
    page, complaints = opened
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    settle(page)
    yield page
    assert complaints == []
