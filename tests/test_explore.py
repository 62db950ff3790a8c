import base64
import sys

import numpy as np
import pytest

from optilab.checks import explore


@pytest.fixture
def shown(monkeypatch):
    """Return what is displayed, output by output."""
    bundles = []
    monkeypatch.setattr(explore, "display", lambda bundle, raw: bundles.append(bundle))
    return bundles


@pytest.fixture
def knobs(monkeypatch):
    """Return every slider made, by its name."""
    import ipywidgets

    made = {}

    class Knob(ipywidgets.FloatSlider):
        def __init__(self, *args, **settings):
            super().__init__(*args, **settings)
            made[self.description] = self

    monkeypatch.setattr(ipywidgets, "FloatSlider", Knob)
    return made


def line(ax, slope):
    ax.plot([0, slope])
    return f"The slope is {slope}."


def test_a_picture_follows_the_sliders(shown, knobs):
    calls = []

    def draw(ax, slope, start):
        calls.append((slope, start))
        return line(ax, slope)

    explore.sliders(draw, slope=(0, 2, 1), start=(-1, 1, 0.5))
    knobs["slope"].value = 1.5
    knobs["start"].value = -1
    assert calls == [(1, 0.5), (1.5, 0.5), (1.5, -1)]
    (bundle,) = shown
    assert bundle["text/plain"] == "The slope is 1."
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_the_markup_changes_with_the_picture():
    first, second = (explore._markup(*explore._picture(line, {"slope": s})) for s in (1, 2))
    assert first != second
    assert "<p>The slope is 2.</p>" in second


def test_without_ipywidgets_there_is_the_picture(shown, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    explore.sliders(line, slope=(0, 2, 1))
    (bundle,) = shown
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert bundle["text/plain"] == "The slope is 1."


def unwritten(ax, slope):
    raise NotImplementedError


def unrun(ax, slope):
    return my_rule(slope)  # noqa: F821


def broken(ax, slope):
    return np.zeros(3)[5]


def misplaced(ax, slope):
    for height in []:
        ax.plot(height)
    return height


SAID = {
    unwritten: "not written yet",
    unrun: "There is no my_rule yet: was the cell run that makes it?",
    broken: "IndexError",
    misplaced: "UnboundLocalError",
}


@pytest.mark.parametrize("draw, says", SAID.items())
def test_what_cannot_be_drawn_makes_a_sentence(draw, says, shown):
    explore.sliders(draw, slope=(0, 2, 1))
    assert says in shown[0]["text/plain"]


@pytest.mark.parametrize("draw, error", [(broken, IndexError), (misplaced, UnboundLocalError)])
def test_a_block_waits_until_its_functions_are_there(draw, error, capsys):
    for waits in (unwritten, unrun):
        with explore.when_written():
            waits(None, 1)
        assert SAID[waits] in capsys.readouterr().out
    with pytest.raises(error), explore.when_written():
        draw(None, 1)
