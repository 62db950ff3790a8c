"""Numbers in the prose that the build re-computes.

A code cell calls ``optilab.notebook.claim("rate-100", value)`` and the text prints
``{claim}`0.9802 <rate-100>` ``.  The printed digits must be those of the value: as many as are
printed, correctly rounded.  A claim belongs to its page, and to both sides of it: what is printed
must be computed, and what is computed must be printed.
"""

import difflib
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import ReferenceRole, SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
NUMBER = re.compile(
    r"""(?P<sign>-?)
        (?P<whole>\d{1,3}(?:[,\u2009\u202f]\d{3})+ | \d+)      # 6,908 or 6908
        (?P<fraction>(?:\.\d+)?)
        (?: e(?P<e>-?\d+)
          | \s?\N{MULTIPLICATION SIGN}\s?10(?:\^(?P<hat>-?\d+) | (?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)) )?
        \s?%?""",
    re.VERBOSE,
)


def read_number(text: str) -> Decimal | None:
    """Read a number as prose prints it; its exponent tells the last digit that is printed."""
    match = NUMBER.fullmatch(text.replace("\N{MINUS SIGN}", "-"))
    if match is None:
        return None
    whole = re.sub(r"\D", "", match["whole"])
    exponent = match["e"] or match["hat"] or (match["raised"] or "0").translate(SUPERSCRIPTS)
    return Decimal(f"{match['sign']}{whole}{match['fraction']}e{exponent}")


def agrees(printed: Decimal, value: Decimal) -> bool:
    """Tell whether ``printed`` is ``value`` rounded to as many digits; a tie goes either way."""
    exponent = printed.as_tuple().exponent
    assert isinstance(exponent, int)
    return value.is_finite() and abs(printed - value) <= Decimal(5).scaleb(exponent - 1)


def objection(name: str, text: str, computed: dict[str, str]) -> str | None:
    """Say what is wrong with a printed claim, if anything is."""
    if name not in computed:
        near = difflib.get_close_matches(name, computed, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"claim {name!r}: the text says {text}, nothing on the page computes it{hint}"
    printed = read_number(text)
    if printed is None:
        return f"claim {name!r}: the text says {text!r}, which is not a number"
    if not agrees(printed, Decimal(computed[name])):
        return f"claim {name!r}: the text says {text}, the page computes {computed[name]}"
    return None


class Claim(nodes.inline):
    """A printed number with the name of its claim."""


class ClaimRole(ReferenceRole):
    """``{claim}`text <name>` ``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Print the text and remember the name."""
        node = Claim(self.rawtext, self.title, claim=self.target)
        self.set_source_info(node)
        return [node], []


def check(app: Sphinx, document: nodes.document) -> None:
    """Compare the claims that a page prints with those that it computes."""
    page = app.env.docname
    run = NbMetadataCollector.get_exec_data(app.env, page)
    if run and not run["succeeded"]:
        return  # myst-nb names the cell; what comes after it is no news
    computed = computed_claims(app, page)
    printed: dict[str, str] = {}
    for node in document.findall(Claim):
        name, text = node["claim"], node.astext()
        if message := objection(name, text, computed):
            logger.warning(message, location=node, type="claim")
        if name not in printed:
            node["ids"].append(nodes.make_id(f"claim-{name}"))
        printed.setdefault(name, text)
    for name in sorted(computed.keys() - printed.keys()):
        message = f"claim {name!r}: the page computes {computed[name]}, the text never says it"
        logger.warning(message, location=page, type="claim")
    app.env.metadata[page]["claims"] = [
        (name, text, float(computed[name])) for name, text in printed.items() if name in computed
    ]


def computed_claims(app: Sphinx, page: str) -> dict[str, str]:
    """Return the values that the page's cells handed over, run just now or taken from the cache."""
    names = NbMetadataCollector.get_doc_data(app.env)[page].get("glue", [])
    if not names:
        return {}
    folder = Path(app.env.mystnb_config.output_folder)  # type: ignore[attr-defined]
    glue = json.loads((folder / f"{page}.glue.json").read_text("utf8"))
    return {name: glue[name]["data"]["text/plain"] for name in names}


class ClaimTable(nodes.General, nodes.Element):
    """Stands where ``{claims}`` was until all pages are read."""


class ClaimTableDirective(SphinxDirective):
    """``{claims}``: every claim of the book, its value, and the page that makes it."""

    def run(self) -> list[nodes.Node]:
        """Leave a mark; the page is outdated whenever another one is."""
        self.env.note_reread()
        return [ClaimTable()]


def fill_tables(app: Sphinx, document: nodes.document, page: str) -> None:
    """Put the table of all claims where the mark is."""
    for mark in list(document.findall(ClaimTable)):
        mark.replace_self(_table(["Claim", "Printed", "Computed", "Page"], _rows(app, page)))


def _rows(app: Sphinx, page: str) -> Iterator[list[nodes.Node]]:
    for other in sorted(app.env.metadata):
        for name, text, value in app.env.metadata[other].get("claims", []):
            target = nodes.make_id(f"claim-{name}")
            link = make_refnode(app.builder, page, other, target, nodes.Text(name))
            title = app.env.titles[other].astext()
            yield [link, *map(nodes.Text, (text, f"{value:.10g}", title))]


def _table(head: list[str], rows: Iterator[list[nodes.Node]]) -> nodes.table:
    def row(cells: list[nodes.Node]) -> nodes.row:
        return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", c)) for c in cells))

    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in head), cols=len(head))
    group += nodes.thead("", row([nodes.Text(word) for word in head]))
    group += nodes.tbody("", *(row(cells) for cells in rows))
    return nodes.table("", group)


def visit_claim(self: HTML5Translator, node: Claim) -> None:
    """Mark the number: readers may want to know that it cannot be stale."""
    title = "Computed and checked when this page was built"
    self.body.append(self.starttag(node, "span", "", CLASS="claim", TITLE=title))


def depart_claim(self: HTML5Translator, node: Claim) -> None:
    """Close the mark."""
    self.body.append("</span>")


def setup(app: Sphinx) -> None:
    """Add the role, the check and the table."""
    app.add_node(Claim, html=(visit_claim, depart_claim))
    app.add_role("claim", ClaimRole())
    app.add_directive("claims", ClaimTableDirective)
    app.connect("doctree-read", check)
    app.connect("doctree-resolved", fill_tables)
