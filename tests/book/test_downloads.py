"""Notebooks to download: text that Jupyter knows, and code that runs wherever optilab is."""

import ast
import subprocess
import sys

import nbformat
import pytest
from built_book import ROOT
from coursebook.downloads import clean, readable
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

NAMES = {"eq-gd": "(1)", "fig-map": "Figure 4", "lem": "Lemma 1", "goh2017": "Goh (2017)"}


@pytest.mark.parametrize(
    "myst, plain",
    [
        ("plain *text*, `code` and $x$", "plain *text*, `code` and $x$"),
        ("{claim}`0.98 <rate-100>` a step", "0.98 a step"),
        ("{term}`Hessian`, {term}`eigenvalues <eigenvalue>`", "Hessian, eigenvalues"),
        ("as {eq}`eq-gd` says", "as (1) says"),
        ("{numref}`fig-map`, {cite:t}`goh2017`, {prf:ref}`lem`", "Figure 4, Goh (2017), Lemma 1"),
        ("{doc}`the next chapter <../03>`", "the next chapter"),
        ("{math}`x^2`", "$x^2$"),
        ("(label)=\n## Section", "## Section"),
        ("```python\nx = {1}\n```", "```python\nx = {1}\n```"),
        ("```{math}\nx = 1\n```", "$$\nx = 1\n$$"),
        ("```{math}\n:label: eq-gd\nx = 1\n```", "$$\nx = 1 \\tag{1}\n$$"),
        (
            "```{prf:lemma} Descent\n:label: lem\nIt falls.\n```",
            "**Lemma 1. Descent**\n\nIt falls.",
        ),
        ("```{code-block} python\nx = 1\n```", "```python\nx = 1\n```"),
        (":::{tip}\n---\nname: x\n---\nTry it.\n:::\n", "Try it."),
        (
            "before\n\n:::{admonition} A {term}`title`\n:class: tip\nbody\n:::\nafter",
            "before\n\n**A title**\n\nbody\n\nafter",
        ),
        (
            ":::::{admonition} Which?\n:class: quiz\n\n::::{dropdown} This\nNo.\n::::\n"
            "::::{dropdown} That\nYes: {eq}`eq-gd`.\n::::\n:::::",
            "**Which?**\n\n**This**\n\nNo.\n\n**That**\n\nYes: (1).",
        ),
    ],
)
def test_readable(myst, plain):
    assert readable(myst, NAMES).rstrip("\n") == plain


def test_clean():
    figure = {"name": "fig-map", "caption": "Best {term}`learning rate <lr>` of each."}
    code = new_code_cell("1 + 1", outputs=[new_output("stream", text="2")], execution_count=1)
    code.metadata = {"mystnb": {"figure": figure}, "tags": ["hide-input"]}
    kernel = {"name": "python3", "display_name": "Python 3"}
    metadata = {"kernelspec": kernel, "widgets": {"state": {}}, "source_map": [1]}
    cells = [new_markdown_cell("as {eq}`eq-gd`"), code]
    notebook = clean(new_notebook(cells=cells, metadata=metadata), NAMES)
    assert notebook.metadata == {"kernelspec": kernel}
    assert [cell.source for cell in notebook.cells] == [
        "as (1)",
        "1 + 1",
        "**Figure 4.** Best learning rate of each.",
    ]
    assert notebook.cells[1].outputs == []
    assert notebook.cells[1].execution_count is None
    assert [cell.id for cell in notebook.cells] == ["cell-0", "cell-1", "cell-2"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with optilab as ``pip install`` leaves it, far from the repository."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--no-build-isolation", "--target", folder, ROOT], check=True)
    return folder


# The shortest, and one with an explorable and a player; all run in the build, from the repository.
@pytest.mark.parametrize("chapter", ["00-start-here", "04-momentum"])
def test_runs_with_optilab_alone(site, installed, chapter, tmp_path, monkeypatch):
    notebook = nbformat.read(site / "_sources" / "book" / f"{chapter}.ipynb", as_version=4)
    notebook.cells.append(new_code_cell("import optilab; print(optilab.__file__)"))
    monkeypatch.setenv("PYTHONPATH", str(installed))
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": tmp_path}}).execute()
    assert notebook.cells[-1].outputs[0].text.startswith(str(installed))
    assert list(tmp_path.iterdir()) == []


def test_needs_nothing_but_optilab(site):
    known = {"optilab", "numpy", "matplotlib", *sys.stdlib_module_names}
    for path in sorted((site / "_sources" / "book").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        assert {module for cell in cells for module in imported(cell)} <= known, path.name


def imported(code):
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        if isinstance(node, ast.ImportFrom):
            yield node.module.partition(".")[0]
