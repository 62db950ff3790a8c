"""The book, built from nothing once per session, for the tests that read or open its pages."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = re.findall(r"(?:root|file): (\S+)", (ROOT / "_toc.yml").read_text("utf8"))
PAGES = [f"{source}.html" for source in SOURCES]
JUPYTER_BOOK = shutil.which("jupyter-book", path=os.path.dirname(sys.executable))


def build(source, output):
    """Run the build of the README; return the process with all that it said."""
    return subprocess.run(
        [JUPYTER_BOOK, "build", source, "--path-output", output, "-W", "-n", "--keep-going"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf8",
    )


def warnings(done):
    """Return what Sphinx warned of, line by line, without colours."""
    said = re.sub(r"\x1b\[[\d;]*m", "", done.stdout)
    return "\n".join(re.findall(r"^\S+ WARNING: .*", said, re.MULTILINE))


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Folder of the built HTML."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # the workers of one session share it
    failure = folder / "book.warnings"
    with one_at_a_time(folder / "book.lock"):
        if not (folder / "_build").exists():
            done = build(ROOT, folder)
            if done.returncode:
                failure.write_text(warnings(done) or done.stdout, "utf8")
    if failure.exists():
        pytest.fail(f"the book does not build:\n{failure.read_text('utf8')}", pytrace=False)
    return folder / "_build" / "html"


@contextmanager
def one_at_a_time(path):
    """Hold a lock that other processes wait for: SQLite has one on every platform."""
    with closing(sqlite3.connect(path, timeout=600, isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        yield
