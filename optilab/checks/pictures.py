"""Small figures of an answer beside the right one."""

import base64
import io
import sys

import numpy as np


def curves(exercise, seen, wanted):
    """Return what there is to draw of outcomes, as ``(x label, yours, right)``, or None.

    Of a rule with memory, the weight that is wrong most, step after step, or its memory if the
    weights are right; of other results, their entries in the order of the right ones.  Numbers of
    several cases are put side by side.

    Parameters
    ----------
    exercise : Exercise
    seen, wanted : lists of Outcome
        One pair for each case.
    """
    pairs = [
        (got.result, want.result)
        for got, want in zip(seen, wanted, strict=True)
        if got.result.shape == want.result.shape and not got.error
    ]
    parts = len(getattr(exercise.trial, "parts", ()))
    for got, want in pairs:
        if {got.dtype.kind, want.dtype.kind} - set("iuf"):
            return None
        if exercise.close(got, want) or not want.ndim:
            continue
        if not parts and want.size > 2:
            order = np.argsort(want, axis=None)
            return "entry", got.ravel()[order], want.ravel()[order]
        if parts and len(want) > parts:
            walks = (x.reshape(len(x) // parts, parts, -1).swapaxes(0, 1) for x in (got, want))
            one, other = next(p for p in zip(*walks, strict=True) if not exercise.close(*p))
            worst = np.nan_to_num(np.abs(one - other), nan=np.inf).max(0).argmax()
            return "step", one[:, worst], other[:, worst]
    numbers = [pair for pair in pairs if not pair[1].ndim]
    if len(numbers) < 2:
        return None
    got, want = np.transpose(numbers)
    order = np.argsort(want)
    return "case", got[order], want[order]


def beside(label, yours, right):
    """Draw an answer beside the right one.  The axis has no numbers: they are a later hint."""
    from matplotlib.figure import Figure

    x = np.arange(1, len(right) + 1)
    figure = Figure(figsize=(4.2, 2.2), dpi=100, layout="none")  # type: ignore[arg-type]
    ax = figure.add_axes((0.03, 0.22, 0.94, 0.74))
    ax.plot(x, right, "-o", color="0.35", mfc="white", ms=7, label="as it should be")
    ax.plot(x, yours, "--x", color="tab:red", ms=6, label="yours")
    ax.set(xlabel=label, yticks=[])
    ax.locator_params("x", integer=True)
    ax.legend(frameon=False)
    return figure


def png(figure):
    """Return a figure as a PNG, in base64.  `savefig` draws everything twice, to lay it out."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    file = io.BytesIO()
    FigureCanvasAgg(figure).print_png(file)
    return base64.b64encode(file.getvalue()).decode()


def shell():
    """Return what runs the cells of a notebook; None where there is none."""
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None


def picture(exercise, found):
    """Return the figure of a `Diagnosis` and its words, by MIME type; none where nothing helps."""
    # The first case that differs leads: its curve is the one that is shown.
    i = found.first
    drawn = curves(exercise, found.seen[i:] + found.seen[:i], found.wanted[i:] + found.wanted[:i])
    if drawn is None:
        return {}
    from matplotlib import style

    words = "[Figure: your answer, dashed, beside the right one]"
    with style.context("optilab.course"):
        return {"image/png": png(beside(*drawn)), "text/plain": words}


def show(exercise, found):
    """Display the figure of a `Diagnosis`, if a notebook is there to show it."""
    if shell() and (drawn := picture(exercise, found)):
        from IPython.display import display

        display(drawn, raw=True)
