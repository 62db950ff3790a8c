"""What the pages promise, read from their source."""

import ast
import re
from itertools import pairwise

import pytest
from built_book import ROOT

from optilab.rules import RULES
from optilab.source import code_of

BOOK = ROOT / "book"
THREAD = re.compile(
    r"\[(?P<words>[^\]]+)\]\(https://github\.com/(?P<repo>[\w.-]+/[\w.-]+)/(?:issues|pull)/(?P<n>\d+)\)"
)
CELL = re.compile(
    r"^```(?:\{code-cell\}|python).*\n(?:---\n(?:.*\n)*?---\n|:.*\n)*((?:.*\n)*?)```", re.M
)
MATH = re.compile(
    r"\$\$(.+?)\$\$|\$([^$]+)\$|```\{math\}(.*?)```|:math:`([^`]+)`|\.\. math::(.*?)\n\n", re.S
)
WORDS = re.compile(r"\\(?:text|mathrm|operatorname|label|begin|end)\{[^}]*\}|:label:.*|\\pi")
LETTER = re.compile(
    r"\\(?:(?:var)?epsilon|[Ss]igma|[Dd]elta|ell|alpha|beta|gamma|eta|theta|kappa|lambda|mu|nu|xi"
    r"|rho|tau|phi|psi|omega)\b|(?<![\\A-Za-z])[A-Za-z](?![A-Za-z])"
)

OWN = re.compile(r"^\| \{doc\}`[^<]+<([\w-]+)>`.*\n(?:\| \| .*\n)*", re.M)  # rows of one chapter


def letters(text):
    """Return the letters of the formulas in a text."""
    formulas = ("".join(groups) for groups in MATH.findall(CELL.sub("", text)))
    return {letter for formula in formulas for letter in LETTER.findall(WORDS.sub("", formula))}


def docstrings(code):
    """Return the docstrings of a module and of all in it."""
    documented = ast.Module | ast.ClassDef | ast.FunctionDef
    nodes = (node for node in ast.walk(ast.parse(code)) if isinstance(node, documented))
    return [ast.get_docstring(node) or "" for node in nodes]


def explained(name):
    """Return the letters that the notation page explains, to a chapter those of no other one."""
    text = (BOOK / "notation.md").read_text("utf8")
    if name in OWN.findall(text):
        text = OWN.sub(lambda rows: rows[0] if rows[1] == name else "", text)
    return letters(text)


def consecutive(code):
    """Return the pairs of statements that follow each other, whatever their layout."""
    blocks = (
        block
        for node in ast.walk(ast.parse(code))
        for block in (getattr(node, "body", None), getattr(node, "orelse", None))
        if isinstance(block, list)
    )
    return {pair for block in blocks for pair in pairwise(map(ast.unparse, block))}


RULE_CODE = {pair: name for name, rule in RULES.items() for pair in consecutive(code_of(rule))}


def copied(text):
    """Return the rules of which a page has two statements in a row."""
    cells = CELL.findall(text)
    return {RULE_CODE[pair] for cell in cells for pair in consecutive(cell) & RULE_CODE.keys()}


@pytest.mark.parametrize("name", RULES)
def test_every_rule_has_its_dialects_in_the_book(name):
    pages = (BOOK / f"{page}.md" for page in ("frameworks", "gallery"))
    assert sum(f'show_table("{name}")' in page.read_text("utf8") for page in pages) == 1


def test_threads_are_called_what_they_are():
    text = (BOOK / "museum.md").read_text("utf8")
    assert text.count("github.com") == len(THREAD.findall(text)) > 20
    for thread in THREAD.finditer(text):
        words = thread["words"].split()
        assert words[-1] == f"#{thread['n']}"
        assert words[:-1] in ([], [thread["repo"]])


def test_copies_are_found():
    retyped = """
```{code-cell} ipython3
:tags: [hide-input]

def mine(w, g, v=0, *, lr=1):
    if True:
        v = (beta * v +   g)  # as the package has it
        return w - lr * v, v
```
"""
    assert copied(retyped) == {"momentum"}


@pytest.mark.parametrize("page", sorted(BOOK.glob("*.md")), ids=lambda page: page.stem)
def test_rules_are_shown_never_retyped(page):
    assert copied(page.read_text("utf8")) == set()


@pytest.mark.parametrize(
    "source",
    sorted({*BOOK.glob("*.md"), *(ROOT / "optilab").glob("*.py")} - {BOOK / "_template.md"}),
    ids=lambda source: source.name,
)
def test_the_notation_page_has_every_letter(source):
    text = source.read_text("utf8")
    if source.suffix == ".py":
        text = "\n\n".join(docstrings(text))
    assert letters(text) - explained(source.stem) == set()
