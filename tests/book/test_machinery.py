"""The extension at work: tiny books of the real configuration, extension and package."""

import csv
import json
import os
import re
import shutil
import subprocess

import coursebook
from bs4 import BeautifulSoup
from built_book import ROOT, build, warnings

REMOTE = "https://someone:secret@github.com/course/optimizers.git"
REPOSITORY = "https://github.com/course/optimizers"
PAGES = ("right", "widget", "exercises/one/one")


class TinyBook:
    """Pages of tests/book/tiny, with all else as in the real book."""

    def __init__(self, folder, root, *chapters):
        self.folder = folder
        shutil.copytree(ROOT / "tests" / "book" / "tiny", folder)
        for part in ("book/_ext", "book/_static", "optilab"):
            shutil.copytree(ROOT / part, folder / part)
        for part in ("_config.yml", "requirements.txt", "book/references.bib"):
            shutil.copy(ROOT / part, folder / part)
        (folder / "optilab" / "answer.py").write_text("VALUE = 42\n")
        toc = {"format": "jb-book", "root": root, "chapters": [{"file": c} for c in chapters]}
        (folder / "_toc.yml").write_text(json.dumps(toc))  # JSON is YAML

    def replace(self, path, old, new):
        text = (self.folder / path).read_text("utf8")
        assert old in text
        (self.folder / path).write_text(text.replace(old, new), "utf8")

    def build(self):
        """Build what changed; return the warnings, each of which must make the build fail."""
        done = build(self.folder, self.folder)
        warned = warnings(done).replace(f"{self.folder}/", "").splitlines()
        assert bool(done.returncode) == bool(warned), done.stdout
        return warned

    def page(self, name):
        path = self.folder / "_build" / "html" / f"{name}.html"
        return BeautifulSoup(path.read_text("utf8"), "html.parser")

    def links(self, name):
        return {link.get("href") for link in self.page(name).find_all("a")}

    def execution(self):
        """Name the execution that the output on the page comes from."""
        return re.search(r"run [\w-]{36}", self.page("right").get_text()).group()


def test_a_number_cannot_be_wrong_or_stale(tmp_path):
    book = TinyBook(tmp_path / "book", "right", "wrong")
    book.replace("right.md", "6,908", "6,909")
    off = "right.md:25: WARNING: claim 'big': the text says 6,909, the page computes 6907.755"
    assert book.build() == [
        off,
        "wrong.md:21: WARNING: claim 'rate-100': the text says 0.9812,"
        " the page computes 0.98019802",
        "wrong.md:23: WARNING: claim 'rate-10': the text says 0.82,"
        " nothing on the page computes it; did you mean 'rate-100'?",
        "wrong.md: WARNING: claim 'silent': the page computes 1.0, the text never says it",
    ]
    first = book.execution()

    book.replace("wrong.md", "{claim}`0.9812 <rate-100>`", "{claim}`0.9802 <rate-100>`")
    book.replace("wrong.md", "{claim}`0.82 <rate-10>`", "{claim}`1 <silent>`")
    assert book.build() == [off], "an unchanged page must not pass because it is not read anew"
    assert book.execution() == first, "new prose must not execute anything"

    book.replace("right.md", "6,909", "6,908")
    book.replace("optilab/answer.py", "42", "43")
    assert book.build() == [
        "right.md:25: WARNING: claim 'answer': the text says 42, the page computes 43.0",
        "right.md:25: WARNING: claim 'answer': the text says 42.0, the page computes 43.0",
    ]
    assert book.execution() != first


def test_pages_promise_nothing_that_is_not_there(tmp_path):
    book = TinyBook(tmp_path / "book", *PAGES)
    assert book.build() == []
    public = re.compile("github|gitlab|mybinder|colab")
    for name in PAGES:
        assert not public.search(str(book.page(name))), name
    check_claims(book)
    check_widget(book)
    check_download(book)

    git = ["git", "-C", str(book.folder)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "remote", "add", "origin", REMOTE], check=True)
    assert book.build() == []
    assert {REPOSITORY, f"{REPOSITORY}/edit/main/widget.md"} <= book.links("widget")
    assert (
        "https://mybinder.org/v2/gh/course/optimizers/main"
        "?urlpath=lab/tree/exercises/one/one.ipynb" in book.links("exercises/one/one")
    )
    assert "_sources/widget.ipynb" in book.links("widget")
    for name in PAGES:
        assert "secret" not in str(book.page(name)), name


def test_pages_compute_in_one_thread_unless_told_otherwise(monkeypatch):
    for given, used in (("2", "2"), (None, "1")):
        monkeypatch.setenv("OMP_NUM_THREADS", given or "")
        if given is None:
            monkeypatch.delenv("OMP_NUM_THREADS")
        coursebook.spare_threads(None, None)
        assert os.environ["OMP_NUM_THREADS"] == used


def check_claims(book):
    """The table has every claim once, with a link to where it is printed."""
    rows = book.page("right").select("table tbody tr")
    assert [row.get_text(" ", strip=True) for row in rows] == [
        "answer 42 42 Right",
        "big 6,908 6907.755 Right",
    ]
    assert [row.a["href"] for row in rows] == ["#claim-answer", "#claim-big"]
    assert len(book.page("right").select("#claim-answer")) == 1


def check_widget(book):
    """A widget that also comes as HTML is shown as HTML, and nothing of ipywidgets is loaded."""
    page = book.page("widget")
    assert page.find("p", string="complete without a kernel")
    assert not page.find("script", type=re.compile("widget"))
    assert not re.search("require|embed-amd", str(page.find_all("script")))


def check_download(book):
    """The notebook to download has no results, and text that reads well in Jupyter."""
    assert "_sources/right.ipynb" in book.links("right")
    source = book.folder / "_build" / "html" / "_sources" / "right.ipynb"
    notebook = json.loads(source.read_text("utf8"))
    assert notebook["metadata"].keys() == {"kernelspec"}
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["outputs"] for cell in code] == [[]]
    text = "".join(line for cell in notebook["cells"] for line in cell["source"])
    assert "The answer is 42, and again 42.0; 6,908 is big." in text
    assert "**Remember this**\n\nEquation (1) says\n$$\n1 = 1 \\tag{1}\n$$" in text


def test_flash_cards_are_as_the_glossary_says(tmp_path):
    book = TinyBook(tmp_path / "book", "right", "cards")
    book.replace("cards.md", "- this", "- thin")
    unknown = "cards.md:4: WARNING: flash card 'thin' is not in the glossary; did you mean 'this'?"
    assert book.build() == [unknown]
    book.replace("cards.md", "- thin", "- this")
    assert book.build() == []
    check_cards(book, "A thing.")
    book.replace("right.md", "A thing.", "Another thing.")
    assert book.build() == []
    check_cards(book, "Another thing.")
    assert not book.page("cards").select(".key-terms")
    book.replace("right.md", "Another thing.", "Another thing. See {ref}`cards <deck>`.")
    book.replace("cards.md", "# Cards", "(deck)=\n# Cards")
    assert book.build() == []
    (term,) = book.page("cards").select(".key-terms a")
    assert term.get_text() == "this"
    assert term["href"] == "right.html#term-this"


def check_cards(book, definition):
    """Each card stands on its page, on the page of all, and in the file that Anki imports."""
    page = book.page("cards")
    cards = [card.get_text(" ", strip=True) for card in page.select(".flashcards > details")]
    assert cards == 2 * [
        f"this {definition}",
        r'"1" & \(1 < 2\) ? Yes , as this says.',
    ]
    link = page.select_one("a[download]")["href"]
    lines = (book.folder / "_build" / "html" / link).read_text("utf8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    assert head == [
        "#separator:tab",
        "#html:true",
        "#deck:Optimizers of Deep Learning",
        "#columns:Front\tBack\tTags",
        "#tags column:3",
    ]
    assert list(csv.reader(lines[len(head) :], "excel-tab")) == [
        ["this", definition, "cards"],
        [r'<code>"1"</code> &amp; \(1 &lt; 2\)?', "<i>Yes</i>, as this says.", "cards"],
    ]
