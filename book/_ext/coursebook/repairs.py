"""What the tools below leave in the pages: state nothing reads, markup that fails readers."""

import re
from collections.abc import Iterator
from itertools import chain, groupby
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

# Fault and cure.  Tests run axe on every page: a fault that a new version words anew comes back.
REPAIRS = [
    # sphinx-book-theme 1.3: the title in the sidebar lies outside of all landmarks.
    (
        r'<div class="sidebar-primary-item">(?=\s*<a class="navbar-brand)',
        '<div class="sidebar-primary-item" role="navigation" aria-label="Home">',
    ),
    # pydata-sphinx-theme 0.17, myst-nb 1.4: a name other than the words that are seen (WCAG 2.5.3).
    (r'(<button class="btn search-button-field[^>]*?) aria-label="[^"]*"', r"\1"),
    (r'(<i class="theme-switch[^>]*?)\s+title="[^"]*"', r"\1"),
    (r'<summary aria-label="Toggle hidden content">', "<summary>"),
    # docutils 0.21: a list with other children than its items, and items of a role now deprecated.
    (r'<div role="list" class="citation-list">', '<div class="citation-list">'),
    (r'(<div class="citation" id="[^"]*") role="doc-biblioentry"', r"\1"),
    # Markdown: an empty corner of a table is no header.
    (r'<th class="head">(<p></p>)?</th>', "<td></td>"),
]


class TieFormulas(SphinxPostTransform):
    """Keep a formula on the line of the comma after it: browsers break lines on both its sides."""

    default_priority = 500

    def run(self, **kwargs: object) -> None:
        """Tie each formula to the text that touches it."""
        parents = {
            id(formula.parent): formula.parent for formula in self.document.findall(nodes.math)
        }
        for parent in parents.values():
            parent[:] = list(tied(parent.children))


def tied(children: list[nodes.Node]) -> Iterator[nodes.Node]:
    """Yield the nodes, what no space parts from a formula in one node with it."""
    pieces = chain.from_iterable(
        map(nodes.Text, re.findall(r"\s+|\S+", node)) if isinstance(node, nodes.Text) else [node]
        for node in children
    )
    for joins, run in groupby(
        pieces,
        lambda node: isinstance(node, nodes.math | nodes.Text) and not node.astext().isspace(),
    ):
        word = list(run)
        if joins and len(word) > 1 and any(isinstance(node, nodes.math) for node in word):
            word = [nodes.inline("", "", *word, classes=["tied"])]
        yield from word


def drop_widget_state(app: Sphinx, document: nodes.document) -> None:
    """Leave out the saved state of ipywidgets: pages load nothing that could read it."""
    NbMetadataCollector.get_doc_data(app.env)[app.env.docname].pop("js_files", None)


def mend_pages(app: Sphinx, exception: Exception | None) -> None:
    """Apply REPAIRS to the pages written."""
    if exception or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        html = path.read_text("utf8")
        for fault, cure in REPAIRS:
            html = re.sub(fault, cure, html)
        path.write_text(html, "utf8")


def setup(app: Sphinx) -> None:
    """Connect all."""
    app.add_post_transform(TieFormulas)
    app.connect("doctree-read", drop_widget_state)
    app.connect("build-finished", mend_pages)
