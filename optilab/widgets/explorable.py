"""Figures that answer: live widgets in Jupyter, the same figures in a page with no kernel."""

import base64
import html
import json
import math
import re
import uuid
from pathlib import Path

import anywidget
import traitlets

HERE = Path(__file__).parent

# Tags of a trait that is synchronised with the kernel, and written into the page.
SETTING = {"sync": True, "figure": True}

# Sphinx and a browser take this as it is: it asks for no file, no library and no network, so it
# also works from file://, where a page may not import a module from beside it.
PAGE = """\
<div class="optilab-explorable" id="{id}" data-settings="{settings}">
<noscript>{text} This figure needs JavaScript.</noscript>
</div>
<style>
{css}</style>
<script type="module">
import figure, {{ mount }} from "data:text/javascript;base64,{module}";
mount(figure, document.getElementById("{id}"));
</script>
"""


def module(name):
    """Return an ES module of this folder as one text.

    Neither a notebook nor a page that stands alone can follow an import of a file, so the text
    of ``explorable.js`` stands in its place: the two share one scope of names.
    """
    shared, own = ((HERE / file).read_text(encoding="utf-8") for file in ("explorable.js", name))
    return re.sub(r'import \{[^}]*\} from "./explorable.js";', lambda _: shared, own)


class Number(traitlets.Float):
    """A float within bounds; traitlets lets NaN pass them, and JSON has no word for it."""

    info_text = "a number"

    def validate(self, obj, value):
        """Refuse NaN, too."""
        value = super().validate(obj, value)
        if math.isnan(value):
            self.error(obj, value)
        return value


class Explorable(anywidget.AnyWidget):
    """A figure whose module exports ``render({model, el})``; as HTML it is its own page.

    Attributes
    ----------
    text : str
        What the figure shows, for readers without it; names of settings stand in braces.
    """

    _css = (HERE / "explorable.css").read_text(encoding="utf-8")
    text = ""

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        assert bundle is not None  # which only a widget without a view returns
        data, metadata = bundle
        settings = {name: getattr(self, name) for name in self.traits(figure=True)}
        text = self.text.format(**settings)
        page = PAGE.format(
            id=f"optilab-{uuid.uuid4().hex}",
            settings=html.escape(json.dumps(settings)),
            text=html.escape(text),
            css=self._css,
            module=base64.b64encode(self._esm.encode()).decode(),
        )
        return data | {"text/plain": text, "text/html": page}, metadata
