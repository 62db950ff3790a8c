"""Each chapter as a notebook to download: nothing run, and text that reads well in Jupyter."""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from myst_nb.sphinx_ import NbMetadataCollector
from nbformat.v4 import new_markdown_cell
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

FENCES = MarkdownIt().use(colon_fence_plugin)
DIRECTIVE = re.compile(r"\{(?P<name>[\w:-]+)\}\s*(?P<title>.*)")
OPTIONS = re.compile(r"\A\s*(?:---\n(?:.*\n)*?---\n|(?::[\w-]+:.*(?:\n|\Z))*)")
LABEL = re.compile(r"^:?label: (\S+)", re.MULTILINE)
TITLED_ROLE = re.compile(r"\{[\w:-]+\}`([^`<]+?)\s*<[^`>]+>`")
ROLE = re.compile(r"\{(?P<name>[\w:-]+)\}`(?P<target>[^`]+)`")
TARGET = re.compile(r"^\([\w:.-]+\)=\n", re.MULTILINE)


def add_download(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Write the notebook of a chapter and let the theme link it.

    The theme does both only for pages with a launch button, and copies outputs or not depending
    on the execution cache.
    """
    if not NbMetadataCollector.get_exec_data(app.env, page):
        return
    folder = Path(app.env.mystnb_config.output_folder)  # type: ignore[attr-defined]
    notebook = nbformat.read(folder / f"{page}.ipynb", as_version=4)
    target = Path(app.outdir, "_sources", f"{page}.ipynb")
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(clean(notebook, printed_names(app.env)), target)
    context["ipynb_source"] = f"{page}.ipynb"


def printed_names(env: BuildEnvironment) -> dict[str, str]:
    """Return what the book prints where it refers to a label: "(3)", "Figure 2", "Goh (2017)"."""
    names = {label: title for label, (_, _, title) in env.get_domain("std").labels.items()}  # type: ignore[attr-defined]
    for kinds in env.toc_fignumbers.values():
        for kind, numbers in kinds.items():
            for label, number in numbers.items():
                names[label] = f"{kind.capitalize()} {'.'.join(map(str, number))}"
    for label, (_, number) in env.get_domain("math").equations.items():  # type: ignore[attr-defined]
        names[label] = f"({number})"
    for key, entry in env.get_domain("cite").bibdata.data.entries.items():  # type: ignore[attr-defined]
        family = [" ".join(person.last_names) for person in entry.persons["author"]]
        authors = " and ".join(family) if len(family) < 3 else f"{family[0]} et al."
        names[key] = f"{authors} ({entry.fields['year']})"
    return names


def clean(notebook: nbformat.NotebookNode, names: Mapping[str, str]) -> nbformat.NotebookNode:
    """Return the notebook without results, its captions as text: the same after every build."""
    notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"]}
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        if cell.cell_type == "markdown":
            cell.source = readable(cell.source, names)
            continue
        cell.outputs, cell.execution_count = [], None
        if figure := cell.metadata.get("mystnb", {}).get("figure"):
            number = names.get(figure.get("name"), "Figure")
            cells.append(new_markdown_cell(f"**{number}.** {readable(figure['caption'], names)}"))
    for i, cell in enumerate(cells):
        cell.id = f"cell-{i}"
    notebook.cells = cells
    return notebook


def readable(text: str, names: Mapping[str, str]) -> str:
    """Turn MyST's directives and roles into Markdown that Jupyter shows."""
    lines = text.split("\n")
    for token in reversed(FENCES.parse(text)):
        if token.map and token.type in ("fence", "colon_fence") and token.info.startswith("{"):
            lines[slice(*token.map)] = [*_unwrap(token, names).split("\n"), ""]
    text = TARGET.sub("", "\n".join(lines))
    return ROLE.sub(partial(_untie, names=names), TITLED_ROLE.sub(r"\1", text))


def _unwrap(token: Token, names: Mapping[str, str]) -> str:
    """Return what a directive holds, under its number and title."""
    directive = DIRECTIVE.match(token.info)
    assert directive is not None
    body = OPTIONS.sub("", token.content)
    label = LABEL.search(token.content.removesuffix(body))
    number = names.get(label[1], "") if label else ""
    body = body.strip("\n")
    if directive["name"] == "math":
        return f"$$\n{body}" + (rf" \tag{{{number.strip('()')}}}" if number else "") + "\n$$"
    if directive["name"] in ("code", "code-block"):
        return f"```{directive['title']}\n{body}\n```"
    title = ". ".join(filter(None, [number, directive["title"]]))
    return (f"**{title}**\n\n" if title else "") + readable(body, names)


def _untie(role: re.Match[str], names: Mapping[str, str]) -> str:
    """Return what the book prints for a role without a title of its own."""
    target = role["target"]
    return f"${target}$" if role["name"] == "math" else names.get(target, target)


def setup(app: Sphinx) -> None:
    """Connect the download; the theme draws header buttons at priority 501."""
    app.connect("html-page-context", add_download, priority=500)
