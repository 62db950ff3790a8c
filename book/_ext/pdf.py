"""Print the built book as one PDF: ``make pdf``.

The pages of the site become one document, which Chromium sets: figures, formulas and numbers are
those of the site.  How any page of it is printed stands in course.css.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urldefrag, urljoin

import yaml
from bs4 import BeautifulSoup, Tag
from chromium import CHROMIUM, FLAGS
from playwright.sync_api import Browser, sync_playwright
from pypdf import PdfReader

ROOT = Path(__file__).parents[2]
HEAD = "link[rel=stylesheet], script:-soup-contains('window.MathJax'), script[src*=mathjax]"
READY = "async () => { await MathJax.startup.promise; await document.fonts.ready; }"
NUMBER_CONTENTS = """pages => {
  for (const link of document.querySelectorAll(".table-of-contents a"))
    link.dataset.page = pages[decodeURIComponent(link.hash)] + 1;
}"""


class Chapter:
    """A page of the site, to stand in the document under a name of its own.

    Parameters
    ----------
    site : Path
        Folder of the built HTML.
    source : str
        The page as _toc.yml names it.
    """

    def __init__(self, site: Path, source: str):
        path = site / f"{source}.html"
        self.url = path.as_uri()
        self.name = source.replace("/", "-")
        self.page = BeautifulSoup(path.read_text("utf8"), "html.parser")
        self.article = one(self.page, "article.bd-article")
        for tag in self.article.select("a.headerlink"):
            tag.decompose()
        self.title = one(self.article, "h1")

    def contents(self) -> Iterator[str]:
        """Yield its lines in the table of contents."""
        yield f'<a href="#{self.name}">{self.title.decode_contents()}</a>'
        for section in self.article.select("section[id]:has(> h2)"):
            title = one(section, "h2").decode_contents()
            yield f'<a class="section" href="#{self.name}.{section["id"]}">{title}</a>'

    def adapted(self, names: dict[str, str]) -> str:
        """Return the text, its addresses being those of the document; ``names`` are by url."""
        for link in self.article.select("a[href]"):
            url, anchor = urldefrag(urljoin(self.url, str(link["href"])))
            if url in names:
                link["href"] = "#" + ".".join(filter(None, [names[url], anchor]))
            elif url.startswith("file:"):
                link.unwrap()  # a download has no place on paper
        for image in self.article.select("img[src]"):
            image["src"] = urljoin(self.url, str(image["src"]))
        # Scripts find what they draw by ids that no two figures share.
        for tag in self.article.select("[id]:not(.cell_output *)"):
            tag["id"] = f"{self.name}.{tag['id']}"
        self.article["id"] = self.name
        self.article["style"] = f"page: {self.name}"
        return str(self.article)

    def running_title(self) -> str:
        """Return the rule that prints the title on each of its pages."""
        title = self.title.get_text().replace("\\", r"\\").replace('"', r"\"")
        return f'@page {self.name} {{ @top-right {{ content: "{title}"; }} }}'


def one(within: Tag, selector: str) -> Tag:
    """Return the first element that a selector finds, where there is one."""
    tag = within.select_one(selector)
    assert tag is not None, selector
    return tag


def document(site: Path) -> str:
    """Return the whole book as one page."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))
    intro = Chapter(site, toc["root"])
    parts = {
        part["caption"]: [Chapter(site, chapter["file"]) for chapter in part["chapters"]]
        for part in toc["parts"]
    }
    chapters = [chapter for part in parts.values() for chapter in part]
    names = {chapter.url: chapter.name for chapter in [intro, *chapters]}

    contents = ["<h1>Contents</h1>"]
    for caption, part in parts.items():
        contents += [f"<h2>{caption}</h2>", *(line for c in part for line in c.contents())]
    head = intro.page.select(HEAD)
    for tag in head:
        for attribute in {"href", "src"} & tag.attrs.keys():
            tag[attribute] = urljoin(intro.url, str(tag[attribute]))
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en" data-theme="light">\n<meta charset="utf-8">',
            f"<title>{intro.title.decode_contents()}</title>",
            *map(str, head),
            "<style>",
            *(chapter.running_title() for chapter in chapters),
            "</style>",
            intro.adapted(names),
            '<nav class="bd-article table-of-contents">',
            *contents,
            "</nav>",
            *(chapter.adapted(names) for chapter in chapters),
        ]
    )


def write(browser: Browser, site: Path, target: Path) -> None:
    """Write the PDF of a site.

    Chromium cannot print the page that a link leads to: it prints once to find out, and again.
    """
    with TemporaryDirectory() as folder, browser.new_page() as page:
        source = Path(folder, "book.html")
        source.write_text(document(site), "utf8")
        page.goto(source.as_uri())
        page.evaluate(READY)
        for _ in range(2):
            page.pdf(
                path=target,
                print_background=True,
                tagged=True,
                outline=True,
                prefer_css_page_size=True,
            )
            page.evaluate(NUMBER_CONTENTS, page_indices(target))


def page_indices(path: Path) -> dict[str, int | None]:
    """Return the place of each anchor of a PDF."""
    pdf = PdfReader(path)
    return {
        f"#{name.lstrip('/')}": pdf.get_destination_page_number(destination)
        for name, destination in pdf.named_destinations.items()
    }


def main() -> None:
    """Print the site that ``make book`` has built."""
    if CHROMIUM is None:
        raise SystemExit("needs Chromium on the PATH")
    target = ROOT / "_build" / "optimizers-of-deep-learning.pdf"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        write(browser, ROOT / "_build" / "html", target)
        browser.close()
    print(f"open {target}")


if __name__ == "__main__":
    main()
