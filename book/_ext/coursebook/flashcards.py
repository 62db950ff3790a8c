"""Flash cards: a list per page, the glossary behind it, and one file for Anki.

``{flashcards}`` holds a list.  An item is a term, whose back is its definition in the glossary, or
``front | back``.  Below the cards stand the key terms of the page: those that the glossary sends to
it.  ``{all-flashcards}`` collects the cards of all pages.
"""

import csv
import difflib
import html
import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

# https://docs.ankiweb.net/importing/text-files.html#file-headers
ANKI_HEAD = """\
#separator:tab
#html:true
#deck:Optimizers of Deep Learning
#columns:Front\tBack\tTags
#tags column:3
"""
ANKI_MARKUP = {
    nodes.emphasis: ("<i>", "</i>"),
    nodes.literal: ("<code>", "</code>"),
    nodes.math: (r"\(", r"\)"),
    nodes.strong: ("<b>", "</b>"),
}


class Deck(nodes.container):
    """The cards of a page."""


class Card(nodes.container):
    """A `Front` and a `Back`; with a ``term``, the glossary will fill the back."""


class Front(nodes.paragraph):
    """What is asked."""


class Back(nodes.container):
    """What to answer."""


class Collection(nodes.container):
    """The decks of all pages."""


class FlashcardsDirective(SphinxDirective):
    """``{flashcards}``: a list of terms, and of ``front | back``."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Make the cards; terms wait for the glossary, which may not be read yet."""
        if not self.content or not self.content[0].startswith("- "):
            raise self.error("each card is an item of a list: - term, or - front | back")
        self.env.metadata[self.env.docname]["flashcards"] = True
        deck = Deck()
        for line, text in items(self.content):
            front, bar, back = map(str.strip, text.partition(" | "))
            line += self.lineno + self.content_offset + 1
            card = Card("", self.side(Front, front, line), term="" if bar else front)
            card.source, card.line = self.get_source_info()[0], line
            if bar:
                card += Back("", self.side(nodes.paragraph, back, line))
            deck += card
        return [deck]

    def side(self, kind: type[nodes.Element], text: str, line: int) -> nodes.Element:
        """Read the text of one side."""
        children, messages = self.parse_inline(text, lineno=line)
        return kind("", "", *children, *messages)


def items(content: StringList) -> Iterator[tuple[int, str]]:
    """Yield each item of a list with the number of its first line."""
    starts = [i for i, line in enumerate(content) if line.startswith("- ")]
    for start, end in zip(starts, [*starts[1:], len(content)], strict=True):
        yield start, " ".join(content[start:end]).removeprefix("- ")


class AllFlashcardsDirective(SphinxDirective):
    """``{all-flashcards}``: every deck of the book, and the file for Anki."""

    def run(self) -> list[nodes.Node]:
        """Leave a mark; the page is outdated whenever another one is."""
        self.env.note_reread()
        return [Collection()]


class Glossary:
    """Definitions by term."""

    def __init__(self, env: BuildEnvironment):
        self.env, self.terms = env, terms(env)
        pages = {page for page, _ in self.terms.values()}
        self.entries = {
            (page, label): entry.parent[-1]
            for page in pages
            for entry in env.get_doctree(page).findall(nodes.term)
            for label in entry["ids"]
        }

    def definition(self, card: Card) -> nodes.Element | None:
        """Return the definition that a card asks for; warn if there is none."""
        term = card["term"]
        if term not in self.terms:
            near = difflib.get_close_matches(term, self.terms, n=1, cutoff=0)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            message = f"flash card {term!r} is not in the glossary{hint}"
            logger.warning(message, location=card, type="flashcard", once=True)
            return None
        return self.entries[self.terms[term]].deepcopy()

    def about(self, page: str) -> Iterator[str]:
        """Yield the terms that send the reader to a page."""
        labels = self.env.domains["std"].anonlabels
        for term in sorted(self.terms, key=str.casefold):
            links = self.entries[self.terms[term]].findall(pending_xref)
            targets = (link["reftarget"] for link in links)
            if any(target in labels and labels[target][0] == page for target in targets):
                yield term


def terms(env: BuildEnvironment) -> dict[str, tuple[str, str]]:
    """Return where each term is defined: the page, and the place on it."""
    objects = env.domains["std"].objects.items()
    return {name: place for (kind, name), place in objects if kind == "term"}


class FillCards(SphinxPostTransform):
    """Collect the decks, and put definitions behind the terms, before references are resolved."""

    default_priority = 5

    def run(self, **kwargs: object) -> None:
        """Fill the cards of one page."""
        page = self.env.docname
        decks = list(self.document.findall(Deck))  # its own, before it collects
        for collection in self.document.findall(Collection):
            collection += collected(self.app, page)
        if not (cards := list(self.document.findall(Card))):
            return
        glossary = Glossary(self.env)
        for card in cards:
            if card["term"] and (definition := glossary.definition(card)):
                card += Back("", *definition.children)
            for reference in card.findall(pending_xref):
                reference["refdoc"] = page
        for deck in decks[-1:]:
            deck.parent.insert(deck.parent.index(deck) + 1, key_terms(self.app, glossary))
        # Else Sphinx loads MathJax only where a page's own source has a formula.
        self.env.domains["math"].data["has_equations"][page] = True


def key_terms(app: Sphinx, glossary: Glossary) -> list[nodes.Node]:
    """Return a line of links to the terms of a page, if there are any."""
    page = app.env.docname
    links: list[nodes.Node] = []
    for term in glossary.about(page):
        link = make_refnode(app.builder, page, *glossary.terms[term], nodes.Text(term))
        links += [nodes.Text(", " if links else " "), link]
    label = nodes.strong("", "Key terms:")
    return [nodes.paragraph("", "", label, *links, classes=["key-terms"])] if links else []


def collected(app: Sphinx, page: str) -> Iterator[nodes.Node]:
    """Yield a section for every page with a deck, under a link to the file for Anki."""
    if app.builder.name == "html":
        name = Path(page).with_suffix(".txt").name
        link = f'<p><a download href="{name}">All cards as a file for Anki</a></p>'
        yield nodes.raw("", link, format="html")
    for other in pages(app.env):
        heading = nodes.title("", app.env.titles[other].astext())
        decks = [deck.deepcopy() for deck in app.env.get_doctree(other).findall(Deck)]
        for deck in decks:
            for node in deck.findall(nodes.Element):
                node["ids"] = []  # a claim has its place on the other page
        yield nodes.section("", heading, *decks, ids=[f"cards-{Path(other).name}"])


def pages(env: BuildEnvironment) -> list[str]:
    """Return the pages with a deck."""
    return sorted(page for page, data in env.metadata.items() if "flashcards" in data)


def write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages that show definitions older than the glossary."""
    read = max((env.all_docs[page] for page, _ in terms(env).values()), default=0) / 1e6
    written = {page: Path(app.outdir, page).with_suffix(".html") for page in pages(env)}
    return [p for p, file in written.items() if file.exists() and file.stat().st_mtime < read]


def export(app: Sphinx, document: nodes.document, page: str) -> None:
    """Write the file that Anki imports, beside the page with all cards."""
    for collection in document.findall(Collection):
        if app.builder.name == "html":
            path = Path(app.outdir, page).with_suffix(".txt")
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w", encoding="utf8", newline="") as file:
                file.write(ANKI_HEAD)
                # All fields quoted: a line must not begin with "#".
                csv.writer(file, "excel-tab", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
                    [*map(anki_html, card.children), section["ids"][0].removeprefix("cards-")]
                    for section in collection.findall(nodes.section)
                    for card in section.findall(Card)
                )


def anki_html(node: nodes.Node) -> str:
    """Return a side of a card as HTML without links, its formulas as Anki's MathJax reads them."""
    if isinstance(node, nodes.Text):
        return re.sub(r"\s+", " ", html.escape(node, quote=False))
    start, end = ANKI_MARKUP.get(type(node), ("", ""))
    return start + "".join(map(anki_html, node.children)) + end


def _tag(name: str, **attributes: str) -> tuple:
    """Return what writes a node as an element."""

    def visit(self: HTML5Translator, node: nodes.Element) -> None:
        # The script knows a card by its front, whatever MathJax makes of it.
        front = {"data-front": node[0].astext()} if isinstance(node, Card) else {}
        self.body.append(self.starttag(node, name, "", **attributes, **front))

    def depart(self: HTML5Translator, node: nodes.Element) -> None:
        self.body.append(f"</{name}>\n")

    return visit, depart


def setup(app: Sphinx) -> None:
    """Add the directives, and what fills, writes and exports the cards."""
    app.add_node(Deck, html=_tag("div", CLASS="flashcards"))
    app.add_node(Card, html=_tag("details", CLASS="flashcard"))
    app.add_node(Front, html=_tag("summary"))
    app.add_node(Back, html=_tag("div"))
    app.add_node(Collection, html=_tag("div"))
    app.add_directive("flashcards", FlashcardsDirective)
    app.add_directive("all-flashcards", AllFlashcardsDirective)
    app.add_post_transform(FillCards)
    app.connect("env-updated", write_again)
    app.connect("doctree-resolved", export)
