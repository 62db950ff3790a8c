"""What the tools below leave in the pages: state nothing reads, markup that fails readers."""

import re
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx

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
    """Connect both."""
    app.connect("doctree-read", drop_widget_state)
    app.connect("build-finished", mend_pages)
