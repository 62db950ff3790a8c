"""Display helpers for notebook cells: code and tables as they stand in the package, and claims."""

from IPython.display import Code, Markdown, display

from optilab.dialects import table
from optilab.source import code_of, diff_of


def show(*functions):
    """Display the source of functions, without docstrings."""
    return Code("\n\n".join(code_of(f) for f in functions), language="python")


def show_diff(before, after):
    """Display what changes from one rule to the next."""
    return Code(diff_of(before, after), language="diff")


def show_table(rule):
    """Display what the libraries call a rule and its settings, by the name of the rule."""
    return Markdown(table(rule))


def claim(name, value):
    """Hand a computed number to the prose of the page.

    The text prints it with the role ``{claim}`0.98 <name>` ``.  The build fails when the
    printed digits are not those of ``value``, when a claim is never printed, and when a
    printed claim was never computed.

    Parameters
    ----------
    name : str
        Unique on the page.
    value : float or int
        In the unit that the text prints: 51.7 for 51.7 %.
    """
    value = float(value)
    bundle = {f"{CLAIM}text/plain": repr(value)}
    display(bundle, raw=True, metadata={"scrapbook": {"name": name, "mime_prefix": CLAIM}})


# How myst-nb's glue marks an output that the page uses elsewhere and Jupyter does not show.
CLAIM = "application/papermill.record/"
