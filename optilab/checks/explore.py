"""Figures of a learner's own functions, which may not be written yet.  Never part of a grade."""

import contextlib
import html

import numpy as np
from IPython.display import display
from matplotlib.figure import Figure

from optilab.checks.pictures import png

UNWRITTEN = "A function is not written yet. Write it above, run its cell, then run this one again."
UNRUN = "There is no {} yet: was the cell run that makes it? Or is the name misspelt?"


@contextlib.contextmanager
def when_written():
    """Run the block; say so in a line if it needs what is not written, or not run."""
    try:
        yield
    except (NotImplementedError, NameError) as error:
        if not (first := _first(error)):
            raise
        print(first)


def _first(error):
    """Return what to do before there is anything to see; "" for an error in the code."""
    if type(error) is NotImplementedError:
        return UNWRITTEN
    return UNRUN.format(error.name) if type(error) is NameError else ""


def sliders(draw, **ranges):
    """Display a figure that follows sliders.

    Without ipywidgets, or where nothing runs them, the figure is displayed as it starts.

    Parameters
    ----------
    draw : function ``(ax, **values) -> str``
        Draws on empty axes and says in a sentence what is to be seen.
    **ranges : (low, high, start)
        One slider each.
    """
    start = {name: value for name, (_, _, value) in ranges.items()}
    picture, sentence = _picture(draw, start)
    still = {"image/png": picture, "text/plain": sentence}
    try:
        import ipywidgets as widgets  # type: ignore[import-untyped]
    except ModuleNotFoundError:
        display(still, raw=True)
        return
    figure = widgets.HTML(_markup(picture, sentence))
    knobs = {
        name: widgets.FloatSlider(start[name], min=low, max=high, step=0.01, description=name)
        for name, (low, high, _) in ranges.items()
    }

    def follow(change):
        values = {name: knob.value for name, knob in knobs.items()}
        figure.value = _markup(*_picture(draw, values))

    for knob in knobs.values():
        knob.observe(follow, "value")
    live = widgets.VBox([*knobs.values(), figure])._repr_mimebundle_()
    display(live | still, raw=True)


def _picture(draw, values):
    """Return the figure as PNG and its sentence; an error in the learner's code is a sentence."""
    figure = Figure(dpi=100, layout="none")  # type: ignore[arg-type]  # its stub lacks none
    ax = figure.add_axes((0.14, 0.14, 0.84, 0.84))
    try:
        with np.errstate(all="ignore"):
            sentence = draw(ax, **values)
            ax.minorticks_off()  # most of the time of a logarithmic axis
    except Exception as error:
        crash = f"Nothing to draw: your code stops with {type(error).__name__}: {error}"
        sentence = _first(error) or crash
    return png(figure), sentence


def _markup(picture, sentence):
    """Return the figure and its sentence, which serves those who do not see it as well."""
    return f'<img alt="" src="data:image/png;base64,{picture}"><p>{html.escape(sentence)}</p>'
