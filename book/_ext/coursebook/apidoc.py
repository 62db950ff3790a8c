"""Docstrings for autodoc: types such as ``array (steps, *sweep)`` are words, not markup."""

import re
from typing import Any

from sphinx.application import Sphinx

TYPED = re.compile(r"^(?P<names>\*{0,2}\w[\w, *]* : )(?P<type>.+)$")


def quote_types(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]
) -> None:
    """Escape what reST would read in the ``name : type`` lines of a numpydoc docstring.

    Napoleon puts the type between asterisks, where neither code nor a bare asterisk can stand.
    """
    for i, line in enumerate(lines):
        if match := TYPED.match(line):
            type_ = match["type"].replace("``", "").replace("*", r"\*")
            lines[i] = match["names"] + type_


def setup(app: Sphinx) -> None:
    """Connect before napoleon."""
    app.connect("autodoc-process-docstring", quote_types, priority=400)
