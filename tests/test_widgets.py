"""What the explorables hand to Jupyter and to a page, without a browser."""

import base64
import json
import re
from html.parser import HTMLParser

import pytest
import traitlets

from optilab.widgets import Basins, Descent1D, Descent2D, LineFits, MomentumMap, NoisyDescent

FIGURES = [Basins, Descent1D, Descent2D, LineFits, MomentumMap, NoisyDescent]


class Page(HTMLParser):
    """The tags of a page, as ``(name, attributes)``."""

    def __init__(self, source):
        super().__init__()
        self.tags = []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def bundle(figure):
    data, _ = figure._repr_mimebundle_()
    return data


def figure_tag(figure):
    return Page(bundle(figure)["text/html"]).tags[0][1]


@pytest.mark.parametrize("figure", FIGURES)
def test_one_cell_serves_jupyter_a_page_and_plain_text(figure):
    widget = figure()
    data = bundle(widget)
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == widget.model_id
    assert re.match(r"(Gradient descent|Momentum) on |Ten points at ", data["text/plain"])
    assert data["text/plain"] in data["text/html"]  # in the noscript


@pytest.mark.parametrize("figure", FIGURES)
def test_the_page_asks_for_nothing(figure):
    source = bundle(figure())["text/html"]
    module = base64.b64decode(re.search(r"base64,([^\"]+)", source)[1]).decode()
    assert {tag for tag, _ in Page(source).tags} == {"div", "noscript", "style", "script"}
    assert not any(attrs.keys() & {"src", "href"} for _, attrs in Page(source).tags)
    assert set(re.findall(r"\w+://[^\s\"]+", source + module)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"\burl\(|@import", source)
    assert re.findall(r'\bfrom "(\w+):', source) == ["data"]
    assert not re.search(r"^import|\bimport\(|\bfetch\b|innerHTML", module, re.M)


def test_every_rendering_has_an_id_of_its_own():
    one, other = Descent1D(), Descent1D()
    ids = [figure_tag(figure)["id"] for figure in (one, one, other)]
    assert len(set(ids)) == 3


def test_settings_reach_the_page():
    settings = json.loads(figure_tag(Descent1D(1.5, curvature=2, w0=-1))["data-settings"])
    assert settings == {"lr": 1.5, "curvature": 2.0, "w0": -1.0, "steps": 20}


def test_text_cannot_break_out_of_the_page():
    class Hostile(Descent1D):
        text = "</noscript><script>alert({lr})</script>"
        note = traitlets.Unicode("\"'><script>alert(1)</script>").tag(sync=True, figure=True)

    tags = Page(bundle(Hostile())["text/html"]).tags
    assert [tag for tag, _ in tags].count("script") == 1
    assert json.loads(tags[0][1]["data-settings"])["note"] == Hostile.note.default_value


def test_a_landscape_brings_its_own_start():
    figure = Descent2D("saddle")
    assert (figure.w0, figure.lr, figure.steps) == ((-1.5, 1e-6), 0.1, 100)
    assert Descent2D("saddle", lr=0.2, w0=[1, 0]).w0 == (1.0, 0.0)


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: Descent1D(-1), r"'lr' trait of a Descent1D .* less than 0"),
        (
            lambda: Descent1D(float("nan")),
            r"'lr' trait of a Descent1D .* a number, not the float nan",
        ),
        (lambda: Descent1D(curvature=0), r"'curvature' trait .* less than 0.001"),
        (lambda: Descent1D(w0=3), r"'w0' trait .* greater than 2"),
        (lambda: Descent1D(steps=1.5), r"'steps' trait .* an int, not the float 1.5"),
        (lambda: Descent2D("bowel"), r"'landscape' trait .* \['bowl', .*\], not the str 'bowel'"),
        (lambda: Descent2D(kappa=0.5), r"'kappa' trait .* less than 1"),
        (lambda: Descent2D(lr=10), r"'lr' trait .* greater than 3"),
        (lambda: Descent2D(steps=0), r"'steps' trait .* less than 1"),
        (lambda: Descent2D(w0=(1, 3)), r"w0 = \(1.0, 3.0\) is off the map, .* -2 to 2"),
        (lambda: Descent2D(w0=(1, float("nan"))), r"w0 = \(1.0, nan\) is off the map"),
        (lambda: Basins(1), r"'beta' trait of a Basins .* greater than 0.99"),
        (lambda: Basins(w0=2.1), r"'w0' trait .* greater than 2"),
        (lambda: MomentumMap(4.5), r"'lr' trait of a MomentumMap .* greater than 4.2"),
        (lambda: MomentumMap(beta=1), r"'beta' trait .* greater than 0.99"),
        (lambda: MomentumMap(steps=101), r"'steps' trait .* greater than 100"),
        (lambda: LineFits([0] * 9), r"'y' trait of a LineFits .* length 10"),
        (lambda: LineFits([51] * 10), r"'y' trait .* greater than 50"),
        (lambda: NoisyDescent("cosin"), r"'schedule' trait .* not the str 'cosin'"),
        (lambda: NoisyDescent(lr=3), r"'lr' trait of a NoisyDescent .* greater than 2.4"),
        (lambda: NoisyDescent(curvature=[0.5]), r"'curvature' trait .* less than 1"),
        (lambda: NoisyDescent(length=0), r"'length' trait .* less than 20"),
        (lambda: NoisyDescent(noise=-1), r"'noise' trait .* less than 0"),
        (lambda: Descent2D(w0=1), r"'w0' trait .* a tuple, not the int 1"),
    ],
)
def test_wrong_settings_are_named(make, words):
    with pytest.raises(traitlets.TraitError, match=words):
        make()


def test_a_wrong_change_leaves_the_figure_as_it_was():
    figure = Descent1D(0.5)
    with pytest.raises(traitlets.TraitError, match="less than 0"):
        figure.lr = -1
    assert figure.lr == 0.5


def test_unknown_settings_are_refused():
    with pytest.raises(TypeError, match="learning_rate"):
        Descent1D(learning_rate=0.3)
